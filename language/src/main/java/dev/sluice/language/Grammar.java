package dev.sluice.language;

import dev.sluice.language.Flow.Alias;
import dev.sluice.language.Flow.Version;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes a flow of a JSON document, and finds all that its grammar does not allow. One thread at a time.
 *
 * <p>Strictly, it accepts what CAPIO-CL's schema and parser accept; leniently also what only its documents show.
 */
final class Grammar {
    private static final Set<String> SECTIONS =
            Set.of("name", "IO_Graph", "aliases", "permanent", "exclude", "home_node_policies", "storage");
    /** A version that is written as a string. */
    private static final Pattern VERSION = Pattern.compile("1|1\\.[01]");

    private static final String PATHS = "write [\"path\", ...]";

    private final Shapes shapes;
    private final Problems problems;
    /** Rules with errors: what became of them is not what was meant. */
    private final Set<At> broken = new HashSet<>();

    private final Version version;
    private final @Nullable Flow flow;

    Grammar(Json document, Reading.Mode mode, Problems problems) {
        this.problems = problems;
        shapes = new Shapes(mode, problems);
        if (document instanceof Json.Obj object) {
            version = version(object);
            flow = flow(object);
        } else {
            version = Version.V1_0;
            flow = null;
            problems.error(
                    "wrong-type",
                    At.ROOT,
                    document,
                    "a flow is an object, and this is " + document.kind(),
                    "write { \"name\": ..., \"IO_Graph\": [ ... ] }");
        }
    }

    /** The version that the document says. */
    Version version() {
        return version;
    }

    /** The flow; with errors, what could be made of it; nothing when it is none at all. */
    @Nullable
    Flow flow() {
        return flow;
    }

    /** Are all names and paths known? Else, what is missing would look like mistakes elsewhere. */
    boolean isWhole() {
        return flow != null && shapes.isWhole();
    }

    /** The places of rules with errors. */
    Set<At> broken() {
        return broken;
    }

    private Version version(Json.Obj document) {
        At at = At.ROOT.key("version");
        Json value = document.member("version").orElse(null);
        if (value == null) {
            return Version.V1_0;
        }
        String text = switch (value) {
            case Json.Num number -> number.text();
            case Json.Text string -> string.value();
            default -> value.kind();
        };
        double number =
                value instanceof Json.Num || VERSION.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
        if (number == 1.1) {
            if (value instanceof Json.Text) {
                shapes.tolerate("version", at, value, "the version is a string", "write \"version\": 1.1");
            }
            return Version.V1_1;
        }
        if (number == 1.0) {
            shapes.tolerate(
                    "version",
                    at,
                    value,
                    "a flow of version 1.0 has no key \"version\"",
                    "leave it out, or write \"version\": 1.1");
            return Version.V1_0;
        }
        problems.error(
                "version",
                at,
                value,
                "there is no version " + text + " of CAPIO-CL",
                "write \"version\": 1.1, or leave it out");
        return Version.V1_1;
    }

    private Flow flow(Json.Obj document) {
        Set<String> known = new TreeSet<>(SECTIONS);
        known.add("version");
        known.add("configuration");
        Map<String, Json.Member> sections =
                shapes.members(document, At.ROOT, "a flow", known, Map.of("home_node_policy", "home_node_policies"));
        shapes.require(sections, document, At.ROOT, "a flow", "name", "IO_Graph");
        String name = shapes.text(sections, At.ROOT, "name");
        return new Flow(
                name,
                configuration(sections),
                aliases(sections),
                steps(sections),
                shapes.texts(sections, At.ROOT, "permanent", PATHS),
                shapes.texts(sections, At.ROOT, "exclude", PATHS),
                homeNodes(sections),
                storage(sections));
    }

    private String configuration(Map<String, Json.Member> sections) {
        String file = shapes.text(sections, At.ROOT, "configuration");
        Json.Member member = sections.get("configuration");
        if (member != null && version == Version.V1_0 && !sections.containsKey("version")) {
            shapes.tolerate(
                    "version",
                    At.ROOT.key("configuration"),
                    member.value(),
                    "\"configuration\" came with version 1.1, and this flow does not say that it is one",
                    "write \"version\": 1.1");
        }
        if (member != null && member.value() instanceof Json.Text && file.isEmpty()) {
            problems.error(
                    "empty-path",
                    At.ROOT.key("configuration"),
                    member.value(),
                    "\"configuration\" names no file",
                    "name a TOML file, or leave the key out");
        }
        return file;
    }

    private List<Alias> aliases(Map<String, Json.Member> sections) {
        Map<String, Alias> aliases = new LinkedHashMap<>();
        At at = At.ROOT.key("aliases");
        int index = 0;
        for (Json value : shapes.items(sections, At.ROOT, "aliases")) {
            At here = at.item(index++);
            Map<String, Json.Member> members =
                    shapes.members(value, here, "an alias", Set.of("group_name", "files"), Map.of());
            shapes.require(members, value, here, "an alias", "group_name", "files");
            String name = shapes.text(members, here, "group_name");
            Alias alias = new Alias(name, shapes.texts(members, here, "files", PATHS));
            if (aliases.putIfAbsent(name, alias) != null) {
                problems.error(
                        "duplicate-alias",
                        here.key("group_name"),
                        value,
                        "there are two aliases \"" + name + "\"",
                        "give one of them another name, or make them one");
            }
        }
        return List.copyOf(aliases.values());
    }

    private List<Step> steps(Map<String, Json.Member> sections) {
        List<Step> steps = new ArrayList<>();
        At at = At.ROOT.key("IO_Graph");
        for (Json value : shapes.items(sections, At.ROOT, "IO_Graph")) {
            steps.add(step(value, at.item(steps.size())));
        }
        return steps;
    }

    private Step step(Json value, At at) {
        Map<String, Json.Member> members = shapes.members(
                value, at, "a step", Set.of("name", "input_stream", "output_stream", "streaming"), Map.of());
        shapes.require(members, value, at, "a step", "name");
        for (String optional : List.of("input_stream", "output_stream")) {
            if (value instanceof Json.Obj && !members.containsKey(optional)) {
                shapes.tolerate(
                        "missing-key",
                        at,
                        value,
                        "a step needs \"" + optional + "\"",
                        "write \"" + optional + "\": []");
            }
        }
        String name = shapes.text(members, at, "name");
        Json.Member member = members.get("name");
        if (member != null
                && member.value() instanceof Json.Text text
                && text.value().isBlank()) {
            shapes.notWhole();
            problems.error("blank-step", at.key("name"), member.value(), "a step's name is blank", "give it a name");
        }
        List<Rule> rules = new ArrayList<>();
        At streaming = at.key("streaming");
        for (Json rule : shapes.items(members, at, "streaming")) {
            At here = streaming.item(rules.size());
            int errors = problems.errors();
            rules.add(new RuleGrammar(shapes, problems, rule, here).rule());
            if (problems.errors() > errors) {
                broken.add(here);
            }
        }
        return new Step(
                name.isBlank() ? "?" : name,
                shapes.texts(members, at, "input_stream", PATHS),
                shapes.texts(members, at, "output_stream", PATHS),
                rules);
    }

    private HomeNodes homeNodes(Map<String, Json.Member> sections) {
        Json.Member section = sections.get("home_node_policies");
        if (section == null) {
            return HomeNodes.UNSAID;
        }
        At at = At.ROOT.key("home_node_policies");
        Map<String, Json.Member> members = shapes.members(
                section.value(), at, "\"home_node_policies\"", Set.of("create", "hashing", "manual"), Map.of());
        List<HomeNodes.Manual> manual = new ArrayList<>();
        for (Json value : shapes.items(members, at, "manual")) {
            At here = at.key("manual").item(manual.size());
            Map<String, Json.Member> parts =
                    shapes.members(value, here, "a manual policy", Set.of("name", "app_node"), Map.of());
            shapes.require(parts, value, here, "a manual policy", "name", "app_node");
            manual.add(new HomeNodes.Manual(
                    shapes.texts(parts, here, "name", PATHS), shapes.text(parts, here, "app_node")));
        }
        return new HomeNodes(
                shapes.texts(members, at, "create", PATHS), shapes.texts(members, at, "hashing", PATHS), manual);
    }

    private Storage storage(Map<String, Json.Member> sections) {
        Json.Member section = sections.get("storage");
        if (section == null) {
            return Storage.UNSAID;
        }
        At at = At.ROOT.key("storage");
        Map<String, Json.Member> members =
                shapes.members(section.value(), at, "\"storage\"", Set.of("memory", "fs"), Map.of());
        return new Storage(shapes.texts(members, at, "memory", PATHS), shapes.texts(members, at, "fs", PATHS));
    }
}
