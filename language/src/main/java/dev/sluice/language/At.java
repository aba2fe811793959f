package dev.sluice.language;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A place in a flow, as a JSON path: {@code $.IO_Graph[0].name}. */
record At(String text) {
    static final At ROOT = new At("$");

    private static final Pattern PART = Pattern.compile("\\.([A-Za-z_]+)|\\[(\\d+)]");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_]+");

    At key(String name) {
        return new At(
                PLAIN.matcher(name).matches()
                        ? text + "." + name
                        : text + "['" + name.replace("\\", "\\\\").replace("'", "\\'") + "']");
    }

    At item(int index) {
        return new At(text + "[" + index + "]");
    }

    /** The first index in it, which in {@code IO_Graph} is that of a step. */
    int index() {
        Matcher part = PART.matcher(text);
        while (part.find()) {
            if (part.group(2) != null) {
                return Integer.parseInt(part.group(2));
            }
        }
        throw new IllegalStateException("no index in " + text);
    }

    /** The innermost value on the way to this place that a document has; for what was left out, what it was left out of. */
    Json in(Json document) {
        Json here = document;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            Optional<Json> next =
                    part.group(1) != null ? member(here, part.group(1)) : item(here, Integer.parseInt(part.group(2)));
            if (next.isEmpty()) {
                return here;
            }
            here = next.get();
        }
        return here;
    }

    private static Optional<Json> member(Json value, String name) {
        return value instanceof Json.Obj object
                ? object.members().stream()
                        .filter(member -> member.name().equals(name))
                        .map(Json.Member::value)
                        .findFirst()
                : Optional.empty();
    }

    private static Optional<Json> item(Json value, int index) {
        return value instanceof Json.Arr array && index < array.items().size()
                ? Optional.of(array.items().get(index))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return text;
    }
}
