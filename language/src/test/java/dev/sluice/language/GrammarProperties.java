package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.GsonNode;
import dev.sluice.language.Flow.Version;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What we refuse strictly is what the schema refuses that we ship, but for what is written here. */
class GrammarProperties {
    /** What a schema cannot say, or upstream's schema forgets to: its parser fails on it, or makes nonsense of it. */
    private static final Set<String> BEYOND_THE_SCHEMA =
            Set.of("n-files", "close-count", "blank-step", "duplicate-alias", "empty-path", "half-character");

    private static final Map<Version, URI> SCHEMAS = new EnumMap<>(Version.class);
    private static final Validator VALIDATOR =
            new ValidatorFactory().withJsonNodeFactory(new GsonNode.Factory()).createValidator();

    static {
        for (Version version : Version.values()) {
            SCHEMAS.put(version, VALIDATOR.registerSchema(URI.create("urn:" + version), Flow.schema(version)));
        }
    }

    /** JSON that is written as it is. */
    private record Raw(String text) {}

    @Property(tries = 1000)
    void goodFlowsAreGoodForBoth(@ForAll Random random) {
        String json = new Documents(random, 0).flow();
        assertThat(schemaAccepts(json)).as(json).isTrue();
        assertThat(Reading.of("flow", json, Reading.Mode.STRICT).flow())
                .as(json)
                .isPresent();
    }

    @Property(tries = 6000)
    void mutatedFlowsAreRefusedByBothOrNone(@ForAll Random random) {
        assertSameVerdict(new Documents(random, 1 + random.nextInt(30)).flow());
    }

    @Example
    void bothVerdictsAreFrequent() {
        Random random = new Random(42);
        int refused = 0;
        for (int i = 0; i < 1000; i++) {
            refused += schemaAccepts(new Documents(random, 1 + random.nextInt(30)).flow()) ? 0 : 1;
        }
        assertThat(refused).isBetween(200, 800);
    }

    private static void assertSameVerdict(String json) {
        Reading reading = Reading.of("flow", json, Reading.Mode.STRICT);
        boolean refused = reading.flow().isEmpty();
        if (schemaAccepts(json)) {
            assertThat(BEYOND_THE_SCHEMA)
                    .as(json)
                    .containsAll(reading.problems().stream()
                            .filter(Problem::isError)
                            .map(Problem::code)
                            .toList());
        } else {
            assertThat(refused).as("refused: " + json).isTrue();
        }
        // Whatever else, leniently no less is read than strictly.
        boolean refusedLeniently =
                Reading.of("flow", json, Reading.Mode.LENIENT).flow().isEmpty();
        assertThat(refused || !refusedLeniently).as(json).isTrue();
    }

    /** The parser for CAPIO-CL takes the schema of the version that the document says. */
    private static boolean schemaAccepts(String json) {
        Version version = Version.V1_0;
        if (com.google.gson.JsonParser.parseString(json) instanceof com.google.gson.JsonObject object
                && object.get("version") != null) {
            String said = object.get("version").isJsonPrimitive()
                    ? object.get("version").getAsString()
                    : "";
            if (!said.equals("1.0") && !said.equals("1.1")) {
                return false;
            }
            version = said.equals("1.1") ? Version.V1_1 : Version.V1_0;
        }
        return VALIDATOR.validate(SCHEMAS.get(version), json).isValid();
    }

    /** Makes documents; with so many mutations in a thousand parts. */
    private static final class Documents {
        private static final List<Object> ODD = List.of(
                new Raw("1"),
                new Raw("-3"),
                new Raw("2.5"),
                new Raw("7.0"),
                new Raw("1e3"),
                new Raw("true"),
                new Raw("null"),
                new Raw("[]"),
                new Raw("{}"),
                new Raw("99999999999999999999999"),
                "",
                "x",
                "on_close",
                "on_file",
                List.of("x"),
                List.of(new Raw("1")),
                Map.of("name", "x"));
        private static final List<String> KEYS = List.of(
                "name",
                "dirname",
                "committed",
                "mode",
                "file_deps",
                "files_deps",
                "n_files",
                "version",
                "configuration",
                "streaming",
                "input_stream",
                "output_stream",
                "storage",
                "fs",
                "memory",
                "group_name",
                "files",
                "create",
                "app_node",
                "x",
                "",
                "home_node_policy");
        private static final List<String> COMMITS =
                List.of("on_close", "on_close:1", "on_close:20", "on_termination", "on_file");
        private static final List<String> ODD_COMMITS = List.of(
                "on_n_files",
                "on_close:0",
                "on_close:",
                "on_close:99999999999",
                "on_close:x",
                "on_files",
                "on_n_files:2",
                "on_file:x",
                "n_files:3",
                "ON_CLOSE",
                "on_close ",
                "on_termination:1",
                "");

        private final Random random;
        private final int mutations;

        Documents(Random random, int mutations) {
            this.random = random;
            this.mutations = mutations;
        }

        private boolean some(int percent) {
            return random.nextInt(100) < percent;
        }

        private <T> T of(List<T> all) {
            return all.get(random.nextInt(all.size()));
        }

        private boolean mutates() {
            return random.nextInt(1000) < mutations;
        }

        String flow() {
            Map<String, Object> flow = new LinkedHashMap<>();
            flow.put("name", "w");
            boolean newer = some(50);
            if (newer) {
                flow.put("version", new Raw("1.1"));
                if (mutates()) {
                    flow.put("version", of(List.of(new Raw("1.0"), new Raw("1"), new Raw("2"), "1.1", "1.0", "")));
                }
            }
            if (newer && some(40)) {
                flow.put("configuration", "settings.toml");
            }
            flow.put("IO_Graph", list(3, this::step));
            if (some(30)) {
                int[] names = {0};
                flow.put(
                        "aliases",
                        list(3, () -> object("group_name", mutates() ? "0" : "" + names[0]++, "files", texts())));
            }
            for (String section : List.of("permanent", "exclude")) {
                if (some(30)) {
                    flow.put(section, texts());
                }
            }
            if (some(30)) {
                Map<String, Object> policies = new LinkedHashMap<>();
                if (some(50)) {
                    policies.put("create", texts());
                }
                if (some(50)) {
                    policies.put("hashing", texts());
                }
                if (some(50)) {
                    policies.put("manual", list(2, () -> object("name", texts(), "app_node", "s:0")));
                }
                flow.put("home_node_policies", mutated(policies));
            }
            if (some(30)) {
                Map<String, Object> storage = new LinkedHashMap<>();
                if (some(50)) {
                    storage.put("memory", texts());
                }
                if (some(50)) {
                    storage.put("fs", texts());
                }
                flow.put("storage", mutated(storage));
            }
            StringBuilder json = new StringBuilder();
            write(json, mutated(flow));
            return json.toString();
        }

        private Object step() {
            Map<String, Object> step = new LinkedHashMap<>();
            step.put("name", mutates() ? of(List.of("", " ", "\t")) : "s");
            step.put("input_stream", texts());
            step.put("output_stream", texts());
            if (some(70)) {
                step.put("streaming", list(3, this::rule));
            }
            return mutated(step);
        }

        private Object rule() {
            Map<String, Object> rule = new LinkedHashMap<>();
            boolean directory = some(50);
            rule.put(directory ? "dirname" : "name", texts());
            String commit = directory && some(30) ? "on_n_files" : mutates() ? of(ODD_COMMITS) : of(COMMITS);
            if (some(80)) {
                rule.put("committed", commit);
            }
            if (commit.equals("on_file") || some(10)) {
                rule.put("file_deps", texts());
            }
            if (commit.equals("on_n_files") || some(10)) {
                rule.put("n_files", mutates() ? of(ODD) : new Raw(of(List.of("1", "5", "3.0", "2e2"))));
            }
            if (some(60)) {
                rule.put("mode", mutates() ? "updates" : of(List.of("update", "no_update")));
            }
            return mutated(rule);
        }

        private List<Object> texts() {
            List<Object> texts = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                texts.add(mutates() ? of(ODD) : of(List.of("a", "b/*", "c.dat", "", "\u00e9\"\\")));
            }
            return texts;
        }

        private Object list(int most, java.util.function.Supplier<Object> item) {
            List<Object> list = new ArrayList<>();
            for (int i = random.nextInt(most + 1); i > 0; i--) {
                list.add(item.get());
            }
            return mutates() ? of(ODD) : list;
        }

        private Object object(String one, Object value, String other, Object otherValue) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put(one, value);
            object.put(other, otherValue);
            return mutated(object);
        }

        private Object mutated(Map<String, Object> object) {
            if (mutates()) {
                object.put(of(KEYS), of(ODD));
            }
            object.keySet().removeIf(_ -> mutates());
            object.replaceAll((_, value) -> mutates() ? of(ODD) : value);
            return object;
        }

        private static void write(StringBuilder json, Object value) {
            switch (value) {
                case Raw raw -> json.append(raw.text);
                case Map<?, ?> map -> {
                    String[] comma = {"{"};
                    map.forEach((key, item) -> {
                        json.append(comma[0]);
                        comma[0] = ", ";
                        write(json, key);
                        json.append(": ");
                        write(json, item);
                    });
                    json.append(map.isEmpty() ? "{}" : "}");
                }
                case List<?> list -> {
                    String comma = "[";
                    for (Object item : list) {
                        json.append(comma);
                        comma = ", ";
                        write(json, item);
                    }
                    json.append(list.isEmpty() ? "[]" : "]");
                }
                default ->
                    json.append('"')
                            .append(value.toString()
                                    .replace("\\", "\\\\")
                                    .replace("\"", "\\\"")
                                    .replace("\t", "\\t"))
                            .append('"');
            }
        }
    }
}
