package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.Flow.Version;
import dev.sluice.language.Reading.Mode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule of the grammar holds, and is told when it is broken. */
class GrammarTest {
    private static Reading strict(String json) {
        return Reading.of("flow.json", json, Mode.STRICT);
    }

    private static Reading lenient(String json) {
        return Reading.of("flow.json", json, Mode.LENIENT);
    }

    /** A flow with one more section. */
    private static String section(String section) {
        return "{\"name\": \"w\", \"IO_Graph\": [], " + section + "}";
    }

    /** A flow with one step. */
    private static String step(String step) {
        return "{\"name\": \"w\", \"IO_Graph\": [" + step + "]}";
    }

    /** A flow with one rule. */
    private static String rule(String rule) {
        return step(
                "{\"name\": \"s\", \"input_stream\": [], \"output_stream\": [\"f\"], \"streaming\": [" + rule + "]}");
    }

    private static Rule ruleOf(Reading reading) throws FlowException {
        return reading.orThrow().steps().getFirst().rules().getFirst();
    }

    private static void assertErrors(Reading reading, String... codes) {
        assertThat(reading.flow()).isEmpty();
        assertThat(reading.problems().stream().filter(Problem::isError).map(Problem::code))
                .containsExactlyInAnyOrder(codes);
        assertThat(reading.problems()).allSatisfy(problem -> {
            assertThat(problem.line()).isPositive();
            assertThat(problem.column()).isPositive();
            assertThat(problem.message()).isNotEmpty();
            assertThat(problem.advice()).isNotEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\": \"w\", \"IO_Graph\": []}",
                "{\"IO_Graph\": [], \"name\": \"\"}",
                "{\"name\": \"w\", \"IO_Graph\": [], \"version\": 1.1}",
                "{\"name\": \"w\", \"IO_Graph\": [], \"version\": 1.10}",
                "{\"name\": \"w\", \"IO_Graph\": [], \"version\": 11e-1}",
                "{\"name\": \"w\", \"IO_Graph\": [], \"version\": 1.1, \"configuration\": \"c.toml\"}",
                "{\"name\": \"w\", \"IO_Graph\": [], \"aliases\": [], \"permanent\": [], \"exclude\": [],"
                        + " \"home_node_policies\": {}, \"storage\": {}}",
                "{\"name\": \"w\", \"IO_Graph\": [], \"aliases\": [{\"group_name\": \"g\", \"files\": []},"
                        + " {\"files\": [\"a\", \"b\"], \"group_name\": \"h\"}]}",
                "{\"name\": \"w\", \"IO_Graph\": [], \"permanent\": [\"p\"], \"exclude\": [\"e\", \"\"]}",
                "{\"name\": \"w\", \"IO_Graph\": [], \"home_node_policies\": {\"create\": [\"a\"], \"hashing\":"
                        + " [\"b\"], \"manual\": [{\"name\": [\"c\"], \"app_node\": \"s:0\"}]}}",
                "{\"name\": \"w\", \"IO_Graph\": [], \"storage\": {\"memory\": [\"m\"], \"fs\": [\"f\"]}}",
                "{\"name\": \"w\", \"IO_Graph\": [{\"name\": \"s\", \"input_stream\": [], \"output_stream\": []}]}",
                "{\"name\": \"w\", \"IO_Graph\": [{\"name\": \"s\", \"input_stream\": [\"i\"], \"output_stream\":"
                        + " [\"o\"], \"streaming\": []}]}"
            })
    void aFlowThatKeepsTheGrammarIsRead(String json) {
        assertThat(strict(json).problems()).isEmpty();
        assertThat(strict(json).flow()).isPresent();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        []                                                                     | wrong-type
        "flow"                                                                 | wrong-type
        null                                                                   | wrong-type
        {}                                                                     | missing-key missing-key
        {"name": "w"}                                                          | missing-key
        {"IO_Graph": []}                                                       | missing-key
        {"name": 1, "IO_Graph": []}                                            | wrong-type
        {"name": null, "IO_Graph": []}                                         | wrong-type
        {"name": "w", "IO_Graph": {}}                                          | wrong-type
        {"name": "w", "IO_Graph": [], "permanant": []}                         | unknown-key
        {"name": "w", "IO_Graph": [], "": []}                                  | unknown-key
        {"name": "w", "IO_Graph": [], "configuration": "c.toml"}               | version
        {"name": "w", "IO_Graph": [], "version": 1.1, "configuration": 1}      | wrong-type
        {"name": "w", "IO_Graph": [], "version": 1.1, "configuration": ""}     | empty-path
        {"name": "w", "IO_Graph": [], "version": 1}                            | version
        {"name": "w", "IO_Graph": [], "version": 1.0}                          | version
        {"name": "w", "IO_Graph": [], "version": "1.0"}                        | version
        {"name": "w", "IO_Graph": [], "version": "1.1"}                        | version
        {"name": "w", "IO_Graph": [], "version": "1.1f"}                       | version
        {"name": "w", "IO_Graph": [], "version": 1.2}                          | version
        {"name": "w", "IO_Graph": [], "version": 2}                            | version
        {"name": "w", "IO_Graph": [], "version": null}                         | version
        {"name": "w", "IO_Graph": [], "version": []}                           | version
        {"name": "w", "IO_Graph": [], "version": "one"}                        | version
        """)
    void aFlowThatBreaksTheGrammarIsRefused(String json, String codes) {
        assertErrors(strict(json), codes.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        "aliases": {}                                                             | wrong-type
        "aliases": ["a"]                                                          | wrong-type
        "aliases": [{}]                                                           | missing-key missing-key
        "aliases": [{"group_name": "g"}]                                          | missing-key
        "aliases": [{"files": []}]                                                | missing-key
        "aliases": [{"group_name": 1, "files": []}]                               | wrong-type
        "aliases": [{"group_name": "g", "files": "f"}]                            | wrong-type
        "aliases": [{"group_name": "g", "files": [1]}]                            | wrong-type
        "aliases": [{"group_name": "g", "files": [], "x": 1}]                     | unknown-key
        "aliases": [{"group_name": "g", "files": []}, {"group_name": "g", "files": []}] | duplicate-alias
        "permanent": "p"                                                          | wrong-type
        "permanent": [1, null]                                                    | wrong-type wrong-type
        "exclude": {}                                                             | wrong-type
        "exclude": [[]]                                                           | wrong-type
        "home_node_policies": []                                                  | wrong-type
        "home_node_policies": {"create": "c"}                                     | wrong-type
        "home_node_policies": {"create": [1]}                                     | wrong-type
        "home_node_policies": {"hashing": "h"}                                    | wrong-type
        "home_node_policies": {"hashing": [true]}                                 | wrong-type
        "home_node_policies": {"manual": {}}                                      | wrong-type
        "home_node_policies": {"manual": [1]}                                     | wrong-type
        "home_node_policies": {"manual": [{}]}                                    | missing-key missing-key
        "home_node_policies": {"manual": [{"name": "n", "app_node": "s"}]}        | wrong-type
        "home_node_policies": {"manual": [{"name": ["n"], "app_node": []}]}       | wrong-type
        "home_node_policies": {"manual": [{"name": ["n"], "app_node": "s", "x": 1}]} | unknown-key
        "home_node_policies": {"random": []}                                      | unknown-key
        "home_node_policy": {}                                                    | renamed-key
        "storage": "memory"                                                       | wrong-type
        "storage": {"memory": "m"}                                                | wrong-type
        "storage": {"memory": [], "fs": "f"}                                      | wrong-type
        "storage": {"fs": [{}]}                                                   | wrong-type
        "storage": {"disk": []}                                                   | unknown-key
        """)
    void aSectionThatBreaksTheGrammarIsRefused(String section, String codes) {
        assertErrors(strict(section(section)), codes.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {}                                                                      | missing-key missing-key missing-key
        "s"                                                                     | wrong-type
        {"name": "s"}                                                           | missing-key missing-key
        {"name": "s", "input_stream": []}                                       | missing-key
        {"name": "s", "output_stream": []}                                      | missing-key
        {"input_stream": [], "output_stream": []}                               | missing-key
        {"name": ["s"], "input_stream": [], "output_stream": []}                | wrong-type
        {"name": " ", "input_stream": [], "output_stream": []}                  | blank-step
        {"name": "s", "input_stream": "i", "output_stream": []}                 | wrong-type
        {"name": "s", "input_stream": [1], "output_stream": []}                 | wrong-type
        {"name": "s", "input_stream": [], "output_stream": "o"}                 | wrong-type
        {"name": "s", "input_stream": [], "output_stream": [false]}             | wrong-type
        {"name": "s", "input_stream": [], "output_stream": [], "streaming": {}} | wrong-type
        {"name": "s", "input_stream": [], "output_stream": [], "stream": []}    | unknown-key
        """)
    void aStepThatBreaksTheGrammarIsRefused(String step, String codes) {
        assertErrors(strict(step(step)), codes.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"name": ["f"]}                                                   | FILE      | on_termination | no_update
        {"name": []}                                                      | FILE      | on_termination | no_update
        {"dirname": ["f"]}                                                | DIRECTORY | on_termination | no_update
        {"name": ["f"], "committed": "on_termination"}                    | FILE      | on_termination | no_update
        {"name": ["f"], "committed": "on_close"}                          | FILE      | on_close       | no_update
        {"name": ["f"], "committed": "on_close:1"}                        | FILE      | on_close       | no_update
        {"name": ["f"], "committed": "on_close:10"}                       | FILE      | on_close:10    | no_update
        {"name": ["f"], "committed": "on_close:2147483647"}               | FILE      | on_close:2147483647 | no_update
        {"name": ["f"], "committed": "on_close:0000000000000000000000002"} | FILE     | on_close:2     | no_update
        {"name": ["f"], "committed": "on_file", "file_deps": ["d"]}       | FILE      | on_file        | no_update
        {"dirname": ["f"], "committed": "on_file", "file_deps": ["d"]}    | DIRECTORY | on_file        | no_update
        {"dirname": ["f"], "committed": "on_close:3"}                     | DIRECTORY | on_close:3     | no_update
        {"dirname": ["f"], "committed": "on_n_files", "n_files": 4}       | DIRECTORY | on_n_files     | no_update
        {"dirname": ["f"], "committed": "on_n_files", "n_files": 4.0}     | DIRECTORY | on_n_files     | no_update
        {"dirname": ["f"], "committed": "on_n_files", "n_files": 4e0}     | DIRECTORY | on_n_files     | no_update
        {"name": ["f"], "mode": "update"}                                 | FILE      | on_termination | update
        {"name": ["f"], "mode": "no_update"}                              | FILE      | on_termination | no_update
        {"name": ["f"], "file_deps": []}                                  | FILE      | on_termination | no_update
        """)
    void aRuleThatKeepsTheGrammarIsRead(String rule, Rule.Kind kind, String commit, String fire) throws Exception {
        Reading reading = strict(rule(rule));

        assertThat(reading.problems()).isEmpty();
        Rule read = ruleOf(reading);
        assertThat(read.kind()).isEqualTo(kind);
        assertThat(read.commit()).hasToString(commit);
        assertThat(read.fire()).hasToString(fire);
        if (read.commit() instanceof CommitRule.OnNFiles full) {
            assertThat(full.files()).isEqualTo(4);
        }
        if (read.commit() instanceof CommitRule.OnFile with) {
            assertThat(with.files()).containsExactly("d");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {}                                                                | rule-without-paths
        []                                                                | wrong-type
        {"name": ["f"], "dirname": ["g"]}                                 | name-and-dirname
        {"name": "f"}                                                     | wrong-type
        {"name": [1]}                                                     | wrong-type
        {"dirname": "f"}                                                  | wrong-type
        {"dirname": [{}]}                                                 | wrong-type
        {"name": ["f"], "comitted": "on_close"}                           | unknown-key
        {"name": ["f"], "committed": []}                                  | wrong-type
        {"name": ["f"], "committed": ""}                                  | commit-rule
        {"name": ["f"], "committed": "a:b"}                               | commit-rule
        {"name": ["f"], "committed": "On_close"}                          | commit-rule
        {"name": ["f"], "committed": " on_close"}                         | commit-rule
        {"name": ["f"], "committed": "on_close\\n"}                       | commit-rule
        {"name": ["f"], "committed": "on_close:"}                         | commit-rule
        {"name": ["f"], "committed": "on_close:-1"}                       | commit-rule
        {"name": ["f"], "committed": "on_close:1x"}                       | commit-rule
        {"name": ["f"], "committed": "on_close:\u0663"}                   | commit-rule
        {"name": ["f"], "committed": "on_close:2147483648"}               | close-count
        {"name": ["f"], "committed": "on_close:99999999999999999999999"}  | close-count
        {"name": ["f"], "committed": "on_termination:1"}                  | commit-rule
        {"name": ["f"], "committed": "on_file"}                           | missing-key
        {"name": ["f"], "committed": "on_file:d"}                         | commit-rule
        {"name": ["f"], "committed": "on_file", "file_deps": "d"}         | wrong-type
        {"name": ["f"], "committed": "on_file", "file_deps": [1]}         | wrong-type
        {"name": ["f"], "committed": "on_file", "files_deps": ["d"]}      | renamed-key
        {"name": ["f"], "committed": "on_n_files", "n_files": 1}          | commit-rule
        {"dirname": ["f"], "committed": "on_n_files"}                     | missing-key
        {"dirname": ["f"], "committed": "on_n_files:3"}                   | commit-rule
        {"dirname": ["f"], "committed": "n_files:3"}                      | commit-rule
        {"dirname": ["f"], "committed": "n_files:failMe"}                 | commit-rule
        {"dirname": ["f"], "committed": "on_n_files", "n_files": 0}       | n-files
        {"dirname": ["f"], "committed": "on_n_files", "n_files": -1}      | n-files
        {"dirname": ["f"], "committed": "on_n_files", "n_files": "3"}     | wrong-type
        {"dirname": ["f"], "committed": "on_n_files", "n_files": 1.5}     | wrong-type
        {"dirname": ["f"], "committed": "on_n_files", "n_files": null}    | wrong-type
        {"dirname": ["f"], "n_files": 1e-3}                               | wrong-type
        {"name": ["f"], "mode": "failMe"}                                 | fire-rule
        {"name": ["f"], "mode": ["update"]}                               | wrong-type
        {"name": ["f"], "mode": ""}                                       | fire-rule
        """)
    void aRuleThatBreaksTheGrammarIsRefused(String rule, String codes) {
        assertErrors(strict(rule(rule)), codes.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"name": ["f"], "committed": "on_close:0"}                   | close-count
        {"name": ["f"], "committed": "on_file", "file_deps": []}     | empty-deps
        {"name": ["f"], "file_deps": ["d"]}                          | no-effect
        {"name": ["f"], "n_files": 3}                                | no-effect
        {"dirname": ["f"], "n_files": 0}                             | no-effect
        {"dirname": ["f"], "n_files": -99999999999999999999999}      | no-effect
        {"dirname": ["f"], "n_files": 1e5000}                        | no-effect
        {"dirname": ["f"], "n_files": 0e5}                           | no-effect
        {"name": ["f"], "mode": "update", "mode": 7}                 | duplicate-key
        """)
    void whatTheGrammarAllowsAndNobodyMeansIsWarnedOf(String rule, String code) {
        Reading reading = strict(rule(rule));

        assertThat(reading.flow()).isPresent();
        assertThat(reading.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(code);
            assertThat(problem.isError()).isFalse();
        });
    }

    @Test
    void ofTwoEqualKeysTheFirstCounts() throws Exception {
        Reading reading = strict("{\"name\": \"first\", \"name\": \"second\", \"IO_Graph\": [], \"IO_Graph\": 1}");

        assertThat(reading.orThrow().name()).isEqualTo("first");
        assertThat(reading.problems()).extracting(Problem::code).containsExactly("duplicate-key", "duplicate-key");
        assertThat(reading.problems()).extracting(Problem::column).containsExactly(19, 53);
    }

    @Test
    void ofTwoVersionsTheFirstCountsToo() {
        assertThat(strict(section("\"version\": 1.1, \"version\": 7")).version())
                .isEqualTo(Version.V1_1);
    }

    @Test
    void halfACharacterIsRefused() {
        assertErrors(strict(section("\"permanent\": [\"\\ud800\"]")), "half-character");
        assertThat(strict(section("\"permanent\": [\"\\ud83d\\ude00\"]")).flow())
                .isPresent();
    }

    @Test
    void allProblemsAreToldAtOnceInTheirOrder() {
        Reading reading = strict("""
            {
              "nam": "w",
              "IO_Graph": [
                { "name": "a", "input_stream": [], "output_stream": [1] },
                { "name": "b", "input_stream": [],
                  "streaming": [ { "name": ["x"], "committed": "on_clos" } ] }
              ],
              "storage": { "memory": {} }
            }
            """);

        assertThat(reading.problems())
                .extracting(problem ->
                        problem.line() + ":" + problem.column() + " " + problem.code() + " " + problem.path())
                .containsExactly(
                        "1:1 missing-key $",
                        "2:3 unknown-key $.nam",
                        "4:58 wrong-type $.IO_Graph[0].output_stream[0]",
                        "5:5 missing-key $.IO_Graph[1]",
                        "6:52 commit-rule $.IO_Graph[1].streaming[0].committed",
                        "8:26 wrong-type $.storage.memory");
        assertThat(reading.problems())
                .extracting(Problem::advice)
                .contains("did you mean \"name\"?", "did you mean \"on_close\"?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        "version": 1.0                            | version     | write "version": 1.1
        "version": "1.0"                          | version     | write "version": 1.1
        "version": 1                              | version     | write "version": 1.1
        "version": "1.1"                          | version     | write "version": 1.1
        "configuration": "c.toml"                 | version     | write "version": 1.1
        "home_node_policy": {"create": ["p"]}     | renamed-key | write "home_node_policies"
        """)
    void whatOnlyTheDocumentsShowOfAFlowIsReadLeniently(String section, String code, String advice) throws Exception {
        assertErrors(strict(section(section)), code);
        Reading reading = lenient(section(section));
        assertThat(reading.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isFalse();
            assertThat(problem.code()).isEqualTo(code);
            assertThat(problem.advice()).contains(advice);
        });
        Flow flow = reading.orThrow();
        assertThat(reading.version()).isEqualTo(section.contains("\"1.1\"") ? Version.V1_1 : Version.V1_0);
        assertThat(flow.configuration()).isEqualTo(section.contains("toml") ? "c.toml" : "");
        assertThat(flow.homeNodes().create()).hasSize(section.contains("home") ? 1 : 0);
    }

    /** Documents and parser accept it both, and take it for different things. */
    @Test
    void aRuleWithoutModeIsToldLenientlyOnly() throws Exception {
        String json = rule("{\"name\": [\"f\"], \"committed\": \"on_close\"}");
        assertThat(strict(json).problems()).isEmpty();
        assertThat(lenient(json).problems()).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isFalse();
            assertThat(problem.code()).isEqualTo("default-mode");
            assertThat(problem.advice()).startsWith("write \"mode\": \"no_update\"");
        });
        assertThat(lenient(json).orThrow()).isEqualTo(strict(json).orThrow());
    }

    @Test
    void aStepMayLeaveOutItsStreamsLeniently() throws Exception {
        String json = step("{\"name\": \"s\"}");
        assertErrors(strict(json), "missing-key", "missing-key");
        Reading reading = lenient(json);
        assertThat(reading.problems())
                .extracting(Problem::advice)
                .containsExactly("write \"input_stream\": []", "write \"output_stream\": []");
        assertThat(reading.orThrow().steps()).containsExactly(new Step("s", List.of(), List.of(), List.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"name": ["f"], "mode": "no_update", "committed": "on_file:d"}                        | on_file    | write "on_file" and "file_deps": ["d"]
        {"name": ["f"], "mode": "no_update", "committed": "on_file", "files_deps": ["d"]}     | on_file    | write "file_deps"
        {"dirname": ["f"], "mode": "no_update", "committed": "on_n_files:3"}                  | on_n_files | write "on_n_files" and "n_files": 3
        {"dirname": ["f"], "mode": "no_update", "committed": "n_files:3"}                     | on_n_files | write "on_n_files" and "n_files": 3
        {"name": ["f"], "mode": "no_update", "committed": "on_n_files", "n_files": 3}         | on_n_files | write "dirname" instead of "name"
        """)
    void whatOnlyTheDocumentsShowOfARuleIsReadLeniently(String rule, String commit, String advice) throws Exception {
        assertThat(strict(rule(rule)).flow()).isEmpty();
        Reading reading = lenient(rule(rule));
        assertThat(reading.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isFalse();
            assertThat(problem.advice()).isEqualTo(advice);
        });
        CommitRule read = ruleOf(reading).commit();
        assertThat(read).hasToString(commit);
        switch (read) {
            case CommitRule.OnFile with -> assertThat(with.files()).containsExactly("d");
            case CommitRule.OnNFiles full -> assertThat(full.files()).isEqualTo(3);
            case CommitRule.OnClose _, CommitRule.OnTermination _ -> throw new AssertionError(read);
        }
    }

    @Test
    void whatIsWrongForSchemaAndDocumentsIsWrongLenientlyToo() {
        assertErrors(lenient(rule("{\"dirname\": [\"f\"], \"committed\": \"on_n_files:0\"}")), "n-files");
        assertErrors(lenient(rule("{\"name\": [\"f\"], \"committed\": \"n_files:failMe\"}")), "commit-rule");
        assertErrors(lenient(section("\"version\": \"1.0f\"")), "version");
        assertErrors(lenient(section("\"version\": 1.2")), "version");
    }

    /** What upstream's tests feed its parser, of both versions, and what it says of each. */
    @ParameterizedTest
    @EnumSource(Version.class)
    void refusesWhatUpstreamsTestsExpectToBeRefused(Version version) {
        String head = version == Version.V1_0 ? "" : "\"version\": 1.1";
        assertErrors(strict("{" + head + "}"), "missing-key", "missing-key");
        String start = "{" + head + (head.isEmpty() ? "" : ", ");
        for (String rest : List.of(
                "\"name\": []}",
                "\"name\": \"test\"}",
                "\"name\": \"test\", \"IO_Graph\": \"fail\"}",
                "\"name\": \"test\", \"IO_Graph\": [{}]}",
                "\"name\": \"test\", \"IO_Graph\": [{\"name\": [\"failMe\"]}]}",
                "\"name\": \"test\", \"IO_Graph\": [{\"name\": \"failMe\"}]}",
                "\"name\": \"test\", \"IO_Graph\": [{\"name\": \"step\", \"input_stream\": \"failMe\"}]}",
                "\"name\": \"test\", \"IO_Graph\": [{\"name\": \"step\", \"input_stream\": [\"file\"]}]}",
                upstream("failMe", ""),
                upstream("file1", "{}"),
                upstream("file1", "{\"name\": \"failMe\"}"),
                upstream("file1", "{\"name\": [\"test\"], \"committed\": []}"),
                upstream("file1", "{\"name\": [\"test\"], \"committed\": \"a:b\"}"),
                upstream("file1", "{\"name\": [\"test\"], \"committed\": \"failMe\"}"),
                upstream("file1", "{\"name\": [\"test\"], \"committed\": \"on_file\"}"),
                upstream("file1", "{\"name\": [\"test\"], \"committed\": \"on_termination\", \"mode\": [\"failMe\"]}"),
                upstream("file1", "{\"name\": [\"test\"], \"committed\": \"on_termination\", \"mode\": \"failMe\"}"),
                upstream("file1", GOOD_RULE, "\"storage\": \"failMe\""),
                upstream("file1", GOOD_RULE, "\"storage\": {\"memory\": \"failMe\"}"),
                upstream("file1", GOOD_RULE, "\"storage\": {\"memory\": [], \"fs\": \"failMe\"}"),
                upstream(
                        "file1",
                        "{\"dirname\": [\"test\"], \"committed\": \"on_termination\", \"n_files\": \"failMe\"}"),
                upstream(
                        "file1",
                        "{\"dirname\": [\"test\"], \"committed\": \"n_files:failMe\", \"mode\": \"no_update\"}"))) {
            assertThat(strict(start + rest).flow()).as(rest).isEmpty();
        }
        assertThat(strict("{\"version\": \"1234.5678\", " + upstream("file1", ""))
                        .flow())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void readsWhatUpstreamsTestsExpectToBeRead(Version version) throws Exception {
        String start = version == Version.V1_0 ? "{" : "{\"version\": 1.1, ";
        Flow flow = strict(start + """
            "name": "test", "IO_Graph": [{"name": "step", "input_stream": ["/tmp/file", "file3"],
            "output_stream": ["file1", "file2"], "streaming": [{"name": ["/tmp/file"],
            "committed": "on_termination", "mode": "no_update"}, {"name": ["/tmp/file1"]}]}], "storage": {}}
            """).orThrow();
        assertThat(flow)
                .isEqualTo(Flow.builder("test")
                        .step(
                                "step",
                                List.of("/tmp/file", "file3"),
                                List.of("file1", "file2"),
                                Rule.files("/tmp/file"),
                                Rule.files("/tmp/file1"))
                        .build());

        Flow small = strict(start + upstream("file1", "")).orThrow();
        assertThat(small.steps()).containsExactly(new Step("step", List.of("file"), List.of("file1"), List.of()));
    }

    private static final String GOOD_RULE =
            "{\"name\": [\"test\"], \"committed\": \"on_termination\", \"mode\": \"no_update\"}";

    private static String upstream(String output, String rule, String... sections) {
        String written = output.equals("failMe") ? "\"failMe\"" : "[\"" + output + "\"]";
        String more = sections.length == 0 ? "" : ", " + String.join(", ", sections);
        return "\"name\": \"test\", \"IO_Graph\": [{\"name\": \"step\", \"input_stream\": [\"file\"],"
                + " \"output_stream\": "
                + written + (rule.isEmpty() ? "" : ", \"streaming\": [" + rule + "]") + "}]" + more + "}";
    }
}
