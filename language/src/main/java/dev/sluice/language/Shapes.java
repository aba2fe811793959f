package dev.sluice.language;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes JSON values for what they should be, and says where they are not. One thread at a time. */
final class Shapes {
    private final Reading.Mode mode;
    private final Problems problems;
    private boolean whole = true;

    Shapes(Reading.Mode mode, Problems problems) {
        this.mode = mode;
        this.problems = problems;
    }

    /** Could every name and path be read? */
    boolean isWhole() {
        return whole;
    }

    /** What the documents of CAPIO-CL show and its schema refuses: an error, or leniently a warning. */
    void tolerate(String code, At at, Json where, String message, String advice) {
        if (mode == Reading.Mode.LENIENT) {
            problems.warning(code, at, where, message, advice);
        } else {
            problems.error(code, at, where, message, advice);
        }
    }

    /** What documents and schema both accept and take for different things: leniently a warning. */
    void tell(String code, At at, Json where, String message, String advice) {
        if (mode == Reading.Mode.LENIENT) {
            problems.warning(code, at, where, message, advice);
        }
    }

    /** The names cannot be told apart, so nothing more can be said. */
    void notWhole() {
        whole = false;
    }

    /**
     * The members of an object by name; of those with the same name the first, as the parser for CAPIO-CL does.
     *
     * @param known the names that may be there
     * @param renamed names that the documents show, and what the schema calls them
     */
    Map<String, Json.Member> members(Json value, At at, String what, Set<String> known, Map<String, String> renamed) {
        Map<String, Json.Member> members = new LinkedHashMap<>();
        if (!(value instanceof Json.Obj object)) {
            wrongType(at, value, what, "an object", "write { ... }");
            return members;
        }
        for (Json.Member member : object.members()) {
            String name = member.name();
            String schemaName = renamed.get(name);
            if (schemaName != null) {
                tolerate(
                        "renamed-key",
                        at.key(name),
                        at(member),
                        "the schema does not know \"" + name + "\"",
                        "write \"" + schemaName + "\"");
                name = schemaName;
            }
            if (!known.contains(name)) {
                problems.error(
                        "unknown-key",
                        at.key(name),
                        at(member),
                        "there is no key \"" + name + "\" in " + what,
                        Similar.advice(
                                name,
                                known,
                                "keys are "
                                        + String.join(
                                                ", ", known.stream().sorted().toList())));
            } else if (members.putIfAbsent(name, member) != null) {
                problems.warning(
                        "duplicate-key",
                        at.key(name),
                        at(member),
                        "the key \"" + name + "\" is there twice, and the first one counts",
                        "remove one of them");
            }
        }
        return members;
    }

    private static Json at(Json.Member member) {
        return new Json.Word(member.line(), member.column(), member.name());
    }

    void require(Map<String, Json.Member> members, Json value, At at, String what, String... names) {
        if (!(value instanceof Json.Obj)) {
            return;
        }
        for (String name : names) {
            if (!members.containsKey(name)) {
                whole = false;
                problems.error("missing-key", at, value, what + " needs \"" + name + "\"", "add it");
            }
        }
    }

    /** The string with a name; an empty one when there is none. */
    String text(Map<String, Json.Member> members, At at, String name) {
        Json.Member member = members.get(name);
        return member == null ? "" : text(member.value(), at.key(name), "\"" + name + "\"");
    }

    private String text(Json value, At at, String what) {
        if (!(value instanceof Json.Text text)) {
            wrongType(at, value, what, "a string", "write \"...\"");
            return "";
        }
        if (hasHalfCharacters(text.value())) {
            whole = false;
            problems.error(
                    "half-character",
                    at,
                    value,
                    what + " has half a character (\\ud800 to \\udfff alone)",
                    "write it whole");
            return "";
        }
        return text.value();
    }

    private static boolean hasHalfCharacters(String text) {
        return text.codePoints()
                .anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    /** The strings of the array with a name. */
    List<String> texts(Map<String, Json.Member> members, At at, String name, String advice) {
        List<String> texts = new ArrayList<>();
        for (Json item : items(members, at, name, advice)) {
            texts.add(text(item, at.key(name).item(texts.size()), "an item of \"" + name + "\""));
        }
        return texts;
    }

    /** The items of the array with a name. */
    List<Json> items(Map<String, Json.Member> members, At at, String name) {
        return items(members, at, name, "write [ ... ]");
    }

    private List<Json> items(Map<String, Json.Member> members, At at, String name, String advice) {
        Json.@Nullable Member member = members.get(name);
        if (member == null) {
            return List.of();
        }
        if (member.value() instanceof Json.Arr array) {
            return array.items();
        }
        wrongType(at.key(name), member.value(), "\"" + name + "\"", "an array", advice);
        return List.of();
    }

    private void wrongType(At at, Json value, String what, String expected, String advice) {
        whole = false;
        problems.error("wrong-type", at, value, what + " must be " + expected + ", and is " + value.kind(), advice);
    }
}
