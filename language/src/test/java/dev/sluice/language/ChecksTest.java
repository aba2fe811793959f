package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.Reading.Mode;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each check finds what it looks for, and leaves alone what is nearly so. */
class ChecksTest {
    private static final Path MANAGED = Path.of("/data/run");
    /** What is there before the run; the managed directory always is. */
    private static final Set<String> THERE = Set.of("in", "in.txt", "in/0.csv");

    private static boolean isThere(String pattern) {
        return THERE.stream().anyMatch(path -> Contracts.matches(pattern, path));
    }

    private static List<Problem> check(String json) {
        Reading reading = Reading.of("flow.json", json, Mode.STRICT);
        assertThat(reading.problems()).as(json).isEmpty();
        return reading.check(MANAGED, ChecksTest::isThere);
    }

    /** One step that reads in.txt and writes, and one that reads that. */
    private static String flow(String outputs, String rules, String inputs, String sections) {
        return """
            { "name": "w", "IO_Graph": [
            { "name": "one", "input_stream": ["in.txt"], "output_stream": [%s], "streaming": [%s] },
            { "name": "two", "input_stream": [%s], "output_stream": ["end.txt"] } ]%s }
            """.formatted(outputs, rules, inputs, sections.isEmpty() ? "" : ",\n" + sections);
    }

    private static List<String> codes(List<Problem> problems) {
        return problems.stream()
                .map(problem -> (problem.isError() ? "!" : "") + problem.code())
                .sorted()
                .toList();
    }

    private static List<String> words(String codes) {
        return codes == null ? List.of() : List.of(codes.split(" "));
    }

    /** Codes of errors have a mark of exclamation. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        # what is written       | rules                     | what is read    | problems
        "a.txt"                 |                           | "a.txt"         |
        "a/*.txt"               |                           | "a/*.txt"       |
        "a"                     |                           | "a"             |
        "a"                     |                           | "a/1.txt"       |
        "a/1.txt"               |                           | "a"             |
        "a/*"                   |                           | "a/1.txt"       |
        "a/1.txt"               |                           | "a/*"           |
        "a.txt"                 |                           | "b.txt"         | never-produced
        "a.txt"                 |                           | "a.txt", "in.txt" |
        "a.txt"                 |                           | "a.txt", "in/0.csv" |
        "a.txt"                 |                           | "a.txt", "in/*.csv" |
        "a.txt"                 |                           | "a.txt", "*.csv" |
        "a.txt"                 |                           | "a.txt", "no/*.csv" | never-produced
        "a.txt"                 |                           | "a.txt", "in/1.csv" | never-produced
        "a.txt"                 |                           | "a.txt", ""     | empty-path
        "a.txt"                 |                           | "a.txt", "../x" | !outside
        "a.txt"                 |                           | "a.txt", "/data/x" | !outside
        "a.txt"                 |                           | "/data/run/a.txt" |
        "a.txt"                 |                           | "./a.txt"       |
        "a.txt"                 |                           | "x/../a.txt"    |
        "run/a.txt"             |                           | "run/a.txt"     | own-name
        "run/a.txt"             |                           | "run/*", "run"  | own-name
        "runs/a.txt"            |                           | "runs/*"        |
        "a.txt"                 |                           | "a.txt", "in/../../x" | !outside
        "a.txt"                 |                           | "a.txt", "a.txt" | path-twice
        "a.txt"                 |                           | "a.txt", "./a.txt" | path-twice
        "a.txt", "a.txt"        |                           | "a.txt"         | path-twice
        "a.txt"                 |                           | "a.txt", "."    | whole-directory
        "a.txt"                 |                           | "a.txt", "/data/run" | whole-directory
        ".", "a.txt"            |                           | "a.txt"         | whole-directory
        "~/a.txt"               |                           | "~/a.txt"       | not-expanded not-expanded
        "$HOME/a.txt"           |                           | "$HOME/a.txt"   | not-expanded not-expanded
        "${OUT}/a.txt"          |                           | "${OUT}/a.txt"  | not-expanded not-expanded
        "{a,b}.txt"             |                           | "{a,b}.txt"     | not-expanded not-expanded
        "a.txt"                 |                           | "a.txt", "~/in" | not-expanded
        "a~", "a$1", "{a}.txt"  |                           | "a~", "a$1", "{a}.txt" |
        "a.txt"                 |                           | "a.txt", "/data/ru*" |
        "a\\u0000"              |                           | "a\\u0000"      | !path !path
        "a/b.txt"               |                           | "**/b.txt"      | double-star
        "a/b.txt"               |                           | "**.txt"        |
        "a.txt"                 | {"name": ["a.txt"], "committed": "on_close", "mode": "no_update"} | "a.txt" |
        "a.txt"                 | {"name": ["b.txt"], "committed": "on_close"} | "a.txt" | rule-without-files
        "a.txt"                 | {"name": ["*.txt"], "committed": "on_close"} | "a.txt" |
        "a"                     | {"name": ["a/*"], "committed": "on_close"}  | "a" |
        "a"                     | {"dirname": ["a"], "committed": "on_n_files", "n_files": 2} | "a" |
        "a"                     | {"dirname": ["a"], "committed": "on_close"} | "a" | directory-on-close
        "a"                     | {"dirname": ["a"], "committed": "on_termination"} | "a" |
        "a.txt"                 | {"name": ["a.txt"], "committed": "on_close"}, {"name": ["a.txt"], "committed": "on_close"} | "a.txt" | rule-twice
        "a.txt"                 | {"name": ["a.txt"], "committed": "on_close"}, {"name": ["a.txt"]} | "a.txt" | rule-conflict
        "a.txt"                 | {"name": ["a.txt", "a.txt"], "committed": "on_close"} | "a.txt" | path-twice
        "a.txt", "b.txt"        | {"name": ["a.txt"], "committed": "on_file", "file_deps": ["b.txt", "b.txt"]} | "a.txt", "b.txt" | path-twice
        "a.txt"                 | {"name": ["a.txt"], "committed": "on_close"}, {"name": ["*.txt"]} | "a.txt" |
        "a*"                    | {"name": ["a*t"], "committed": "on_close"}, {"name": ["*xt"]} | "a*" | overlap
        "a*"                    | {"name": ["a*t"], "committed": "on_close"}, {"name": ["*xt"], "committed": "on_close"} | "a*" |
        "a*"                    | {"name": ["a*t"], "committed": "on_close"}, {"name": ["b*t"]} | "a*" | rule-without-files
        "a*"                    | {"name": ["a**"], "committed": "on_close"}, {"name": ["a*"]} | "a*" | hidden-rule
        "a*"                    | {"name": ["a??*"], "committed": "on_close"}, {"name": ["a*"]} | "a*" | overlap
        "a.txt", "b"            | {"name": ["a.txt"], "committed": "on_file", "file_deps": ["b"]} | "a.txt", "b" |
        "a.txt"                 | {"name": ["a.txt"], "committed": "on_file", "file_deps": ["in.txt"]} | "a.txt" |
        "a.txt"                 | {"name": ["a.txt"], "committed": "on_file", "file_deps": ["b"]} | "a.txt" | !dependency-never-produced
        "a.txt", "b/*"          | {"name": ["a.txt"], "committed": "on_file", "file_deps": ["b/1"]} | "a.txt", "b/1" |
        "a.txt", "b/1"          | {"name": ["a.txt"], "committed": "on_file", "file_deps": ["b/*"]} | "a.txt", "b/1" |
        "a.txt"                 | {"name": ["a.txt"], "committed": "on_file", "file_deps": ["a.txt"]} | "a.txt" | !dependency-circle
        "a", "b"                | {"name": ["a"], "committed": "on_file", "file_deps": ["b"]}, {"name": ["b"], "committed": "on_file", "file_deps": ["a"]} | "a", "b" | !dependency-circle
        "a", "b"                | {"name": ["a"], "committed": "on_file", "file_deps": ["b"]}, {"name": ["b"], "committed": "on_close"} | "a", "b" |
        "a", "b"                | {"name": ["?"], "committed": "on_file", "file_deps": ["b"]} | "a", "b" | !dependency-circle
        "a", "b"                | {"name": ["?"], "committed": "on_file", "file_deps": ["b"]}, {"name": ["b"]} | "a", "b" |
        """)
    void ofWhatOneStepWritesAndAnotherReads(String outputs, String rules, String inputs, String codes) {
        List<Problem> problems = check(flow(outputs, rules == null ? "" : rules, inputs, ""));

        assertThat(codes(problems)).isEqualTo(words(codes));
        assertThat(problems).allSatisfy(problem -> {
            assertThat(problem.line()).isPositive();
            assertThat(problem.advice()).isNotEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        "permanent": ["a/1.txt", "end.txt"]                              |
        "permanent": ["a"]                                               |
        "permanent": ["."]                                               |
        "exclude": ["."]                                                 | rule-of-excluded whole-directory
        "permanent": ["end.txt", "end.txt"]                              | path-twice
        "permanent": ["*"]                                               |
        "permanent": ["end"]                                             | unknown-alias
        "permanent": ["emd.txt"]                                         | unknown-path
        "permanent": ["log.txt", "A/1.txt/", "a/4.txt"]                  | unknown-path unknown-path
        "storage": {"memory": ["ned.txt"]}                               | unknown-path
        "exclude": ["*.tmp", "*~", "log.txt"]                            |
        "exclude": ["grupp"], "aliases": [{"group_name": "group", "files": ["x.txt"]}] | unknown-alias unused-alias
        "exclude": ["group"], "aliases": [{"group_name": "group", "files": ["x.txt"]}] |
        "exclude": ["group"], "aliases": [{"group_name": "group", "files": []}]        | empty-alias
        "aliases": [{"group_name": "group", "files": ["x.txt"]}]                       | unused-alias
        "aliases": [{"group_name": "group", "files": ["x"]}]                           | unused-alias
        "exclude": ["g"], "aliases": [{"group_name": "g", "files": ["h"]}, {"group_name": "h", "files": ["x.txt"]}] |
        "exclude": ["g"], "aliases": [{"group_name": "g", "files": ["h"]}, {"group_name": "h", "files": ["g"]}] | !alias-circle !alias-circle
        "exclude": ["a/1.txt"]                                           | rule-of-excluded
        "exclude": ["a/*"]                                               | rule-of-excluded
        "exclude": ["a"]                                                 | rule-of-excluded
        "exclude": ["?"]                                                 | rule-of-excluded
        "exclude": ["*2.txt"]                                            |
        "storage": {"memory": ["a/*"], "fs": ["end.txt"]}                |
        "storage": {"memory": ["a/*"], "fs": ["a/*"]}                    | listed-twice
        "home_node_policies": {"create": ["a/*"], "hashing": ["end.txt"]} |
        "home_node_policies": {"create": ["a/*"], "hashing": ["a/*"]}    | listed-twice
        "home_node_policies": {"manual": [{"name": ["a/*"], "app_node": "two:1"}]} |
        "home_node_policies": {"manual": [{"name": ["a/*"], "app_node": "tow:1"}]} | unknown-step
        """)
    void ofSections(String section, String codes) {
        List<Problem> problems = check(flow(
                "\"a/1.txt\", \"a/2.txt\"",
                "{\"name\": [\"a/1.txt\"], \"committed\": \"on_close\"}",
                "\"a/1.txt\", \"a/2.txt\"",
                section));
        assertThat(codes(problems)).isEqualTo(words(codes));
    }

    /** An index beside a file has its name and more; that does not make it what was meant. */
    @Test
    void whatAStepMakesItselfAndWhatIsNamedAfterAFileIsNotProposedInItsPlace() {
        List<Problem> problems = check("""
            { "name": "w", "IO_Graph": [
              { "name": "index", "input_stream": ["ref/genome.fa", "genome_0.fa"],
                "output_stream": ["ref/genome.fa.bwt", "genome_1.fa"] },
              { "name": "align", "input_stream": ["ref/genome.fa", "ref/genome.fa.bwt", "genom_1.fa"],
                "output_stream": ["x.bam"] } ] }
            """);

        assertThat(problems.stream().filter(problem -> problem.code().equals("never-produced")))
                .extracting(Problem::advice)
                .containsExactly(
                        "it must be there before the run, or the step finds no such file",
                        "it must be there before the run, or the step finds no such file",
                        "did you mean \"genome_1.fa\"?");
    }

    /** All that a pattern matches may be excluded by a wider one, or by a directory. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        # excluded        | the rule is for      | it is told by
        "*"               | "a/*.txt"            | "*"
        "*.txt"           | "a/*.txt"            | "*.txt"
        "b.txt", "a/*.t*" | "a/*.txt"            | "a/*.t*"
        "a"               | "a/*.txt"            | "a"
        "./a/"            | "a/*.txt"            | "./a/"
        "group"           | "a/*.txt"            | "group"
        "/data/run/a"     | "a/*.txt"            | "/data/run/a"
        "/data/run/a/*"   | "/data/run/a/*.txt"  | "/data/run/a/*"
        "a/1*"            | "a/*.txt"            |
        "b/*"             | "a/*.txt"            |
        "a/*.txt"         | "a/*"                |
        "a"               | "a*"                 |
        "ab"              | "a/*.txt"            |
        "*"               |                      |
        """)
    void aRuleThatOnlySpeaksOfExcludedFilesIsToldWithWhatExcludesThem(String excluded, String rule, String by) {
        String rules = rule == null ? "" : "{\"name\": [%s], \"committed\": \"on_close\"}".formatted(rule);
        String sections = "\"exclude\": [%s], \"aliases\": [{\"group_name\": \"group\", \"files\": [\"?/*\"]}]"
                .formatted(excluded);
        List<Problem> problems = check(flow("\"a/*.txt\"", rules, "\"a/1.txt\"", sections));

        assertThat(problems.stream()
                        .filter(problem -> problem.code().equals("rule-of-excluded"))
                        .map(Problem::message))
                .isEqualTo(
                        by == null
                                ? List.of()
                                : List.of(rule.replace("\"", "").replace("/data/run/", "") + " is excluded by " + by
                                        + ", so this rule has no effect"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        # steps: name reads writes rules
        s >           ; t a.txt > b.txt                               | idle-step never-produced
        s > a.txt     ; t a.txt > b.txt ; s > c.txt                   | step-twice
        s > a.txt     ; t a.txt > b.txt ; u in.txt > c.txt            | lonely-step
        s in.txt > a.txt                                              |
        s > a.txt     ; t > a.txt ; u a.txt >                         | !two-producers
        s > a.txt @on_close:2 ; t > a.txt ; u a.txt >                 |
        s > a         ; t > a ; u a >                                 | two-producers
        s > a         ; t > a ; u a/1 >                               |
        s > a/s.txt   ; t > a/t.txt ; u a >                           |
        s > a/* ; t > a/* ; u a/1.txt >                               | two-producers
        s b.txt > a.txt ; t a.txt > b.txt                             | !step-circle
        s b.txt > a.txt @on_close ; t a.txt > b.txt                   | step-circle
        s a.txt > a.txt ; t a.txt > b.txt                             | own-file
        s c.txt > a.txt ; t a.txt > b.txt ; u b.txt > c.txt           | !step-circle
        s d/t.txt > d ; t in.txt > d/t.txt                            |
        s > a.txt ; t a.txt @on_close > b.txt                         |
        s > a.txt @on_close=b.txt ; t a.txt > b.txt                   | rule-of-stranger
        """)
    void ofSteps(String steps, String codes) {
        StringBuilder json = new StringBuilder("{ \"name\": \"w\", \"IO_Graph\": [\n");
        String comma = "";
        for (String step : steps.split(";", -1)) {
            String text = step.strip();
            String commit =
                    text.contains("@") ? text.substring(text.indexOf('@') + 1).split(" ", -1)[0] : "";
            String[] sides = text.replaceAll(" @\\S+", "").split(">", -1);
            String[] head = sides[0].strip().split(" ", -1);
            String output = sides[1].strip();
            String ruled = commit.contains("=") ? commit.split("=", -1)[1] : output;
            json.append(comma)
                    .append("{ \"name\": \"%s\", \"input_stream\": [%s], \"output_stream\": [%s], \"streaming\": [%s] }"
                            .formatted(
                                    head[0],
                                    head.length > 1 ? "\"" + head[1] + "\"" : "",
                                    output.isEmpty() ? "" : "\"" + output + "\"",
                                    commit.isEmpty()
                                            ? ""
                                            : "{\"name\": [\"%s\"], \"committed\": \"%s\"}"
                                                    .formatted(ruled, commit.split("=", -1)[0])));
            comma = ",\n";
        }
        assertThat(codes(check(json.append("] }").toString()))).isEqualTo(words(codes));
    }

    /** What an error makes of a rule is not what was meant, and nothing more is said of it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        {"name": ["a.txt"], "committed": "on_clos"}, {"name": ["a.txt"], "committed": "on_close"} | !commit-rule
        {"name": ["a.txt"], "committed": "on_clos"}, {"name": ["a.txt"], "committed": "on_termination"} | !commit-rule
        {"name": ["a.t*"], "mode": "no"}, {"name": ["a.*"], "committed": "on_close"} | !fire-rule
        {"name": ["a.txt"], "committed": "on_termination", "mode": "updat"} | !fire-rule
        {"name": ["a.txt"], "committed": "on_close", "mode": "upd"} | !fire-rule
        """)
    void ofARuleWithAnErrorNothingMoreIsSaid(String rules, String codes) {
        Reading reading = Reading.of("flow.json", flow("\"a.txt\"", rules, "\"a.txt\"", ""), Mode.STRICT);
        assertThat(codes(reading.check(MANAGED, ChecksTest::isThere))).isEqualTo(words(codes));
    }

    @Test
    void aDeadLockByAMisspeltRuleIsNone() {
        Reading reading = Reading.of("flow.json", """
            { "name": "w", "IO_Graph": [
              { "name": "one", "input_stream": ["b.txt"], "output_stream": ["a.txt"],
                "streaming": [ { "name": ["a.txt"], "committed": "on_clos", "mode": "update" } ] },
              { "name": "two", "input_stream": ["a.txt"], "output_stream": ["b.txt"] } ] }
            """, Mode.STRICT);
        assertThat(codes(reading.check(MANAGED, ChecksTest::isThere))).containsExactly("!commit-rule", "step-circle");
    }

    @Test
    void blankStepsAreToldAsSuchOnly() {
        for (String name : List.of("\"\"", "\" \"", "\"\\ud800\"", "1")) {
            Reading reading = Reading.of("flow.json", """
                { "name": "w", "IO_Graph": [
                  { "name": %s, "input_stream": [], "output_stream": ["a.txt"] },
                  { "name": %s, "input_stream": ["a.txt"], "output_stream": [] } ] }
                """.formatted(name, name), Mode.STRICT);
            assertThat(reading.check(MANAGED, ChecksTest::isThere))
                    .as(name)
                    .hasSize(2)
                    .allMatch(Problem::isError);
        }
    }

    @Test
    void aZeroByteInTheNameOfAStepIsAnError() {
        assertThat(codes(check("""
            { "name": "w", "IO_Graph": [ { "name": "a\\u0000b", "input_stream": ["in.txt"], "output_stream": ["x"] } ] }
            """))).containsExactly("!step-name");
    }

    @Test
    void anUnusedAliasIsWrittenWhereSomethingLikeItStands() {
        assertThat(check(flow(
                        "\"raeds\"",
                        "",
                        "\"raeds\"",
                        "\"aliases\": [{\"group_name\": \"reads\", \"files\": [\"x\"]}]")))
                .filteredOn(problem -> problem.code().equals("unused-alias"))
                .extracting(Problem::advice)
                .containsExactly("write \"reads\" where \"raeds\" stands, if that was meant");
    }

    @Test
    void aNumberOfFilesBelowOneIsPointedTo() {
        Reading reading = Reading.of(
                "flow.json",
                flow("\"a\"", "{\"dirname\": [\"a\"], \"committed\": \"on_n_files\", \"n_files\": 0}", "\"a\"", ""),
                Mode.STRICT);
        String line = flow(
                        "\"a\"", "{\"dirname\": [\"a\"], \"committed\": \"on_n_files\", \"n_files\": 0}", "\"a\"", "")
                .split("\n", -1)[1];
        assertThat(reading.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("n-files");
            assertThat(problem.line()).isEqualTo(2);
            assertThat(problem.column()).isEqualTo(line.indexOf("0}") + 1);
        });
    }

    @Test
    void moreProblemsThanAreListedAreCounted() {
        String[] inputs = new String[1500];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = "none" + i;
        }
        List<Problem> problems = Flow.builder("w")
                .step("s", List.of(inputs), List.of("x"))
                .build()
                .check(null, _ -> false);
        assertThat(problems).hasSize(1001);
        assertThat(problems.getLast().message()).isEqualTo("there are 500 more warnings");
        assertThat(problems).extracting(Problem::count).contains(1, 500);
    }

    @Test
    @Timeout(30)
    void manyPatternsThatBeginAlikeAreComparedInSeconds() {
        Flow.Builder flow = Flow.builder("w");
        String[] outputs = new String[20_000];
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = "out/part-*-" + i + ".dat";
        }
        flow.step("s", List.of(), List.of(outputs), Rule.files(outputs)).step("t", List.of(outputs), List.of());
        assertThat(flow.build().check(MANAGED, ChecksTest::isThere)).isEmpty();
    }

    @Test
    void aFlowWithoutStepsIsTold() {
        assertThat(codes(check("{\"name\": \"w\", \"IO_Graph\": []}"))).containsExactly("no-steps");
    }

    @Test
    void problemsPointToTheirPlaces() {
        List<Problem> problems = check("""
            { "name": "w", "IO_Graph": [
              { "name": "one", "input_stream": ["in.txt"], "output_stream": ["parts/0.dat"],
                "streaming": [ { "name": ["part/*.dat"], "committed": "on_close" } ] },
              { "name": "two", "input_stream": ["parts/*.dat", "../x"], "output_stream": ["end.txt"] } ],
              "permanent": [ "end.txt" ],
              "home_node_policies": { "manual": [ { "name": ["end.txt"], "app_node": "tow" } ] } }
            """);
        assertThat(problems)
                .extracting(problem -> problem.line() + ":" + problem.column() + " " + problem.code())
                .containsExactly("3:31 rule-without-files", "4:52 outside", "6:74 unknown-step");
        assertThat(problems.getLast().advice()).isEqualTo("did you mean \"two\"?");
    }

    /** What people write who know what they do. */
    @Test
    void anOrdinaryFlowIsWithoutAnyProblem() {
        assertThat(check("""
            { "name": "genome", "version": 1.1,
              "aliases": [ { "group_name": "reports", "files": ["report/*.html", "report/style.css"] } ],
              "IO_Graph": [
                { "name": "split", "input_stream": ["in/*.csv", "in.txt"], "output_stream": ["chunks"],
                  "streaming": [ { "dirname": ["chunks"], "committed": "on_n_files", "n_files": 10, "mode": "no_update" },
                                 { "name": ["chunks/*.csv"], "committed": "on_close", "mode": "no_update" } ] },
                { "name": "align", "input_stream": ["chunks"], "output_stream": ["aligned/*.sam", "logs"],
                  "streaming": [ { "name": ["aligned/*.sam"], "committed": "on_close", "mode": "no_update" },
                                 { "dirname": ["logs"], "committed": "on_termination" } ] },
                { "name": "merge", "input_stream": ["aligned/*.sam"], "output_stream": ["merged.bam", "merged.bai"],
                  "streaming": [ { "name": ["merged.bam"], "committed": "on_file", "file_deps": ["merged.bai"] },
                                 { "name": ["merged.bai"], "committed": "on_close", "mode": "update" } ] },
                { "name": "report", "input_stream": ["merged.bam", "logs"], "output_stream": ["reports"] } ],
              "permanent": ["reports", "logs", "merged.*"],
              "exclude": ["*.tmp", "*~", ".git/*"],
              "home_node_policies": { "create": ["chunks"], "manual": [ { "name": ["merged.bam"], "app_node": "merge:0" } ] },
              "storage": { "memory": ["chunks"], "fs": ["merged.bam"] } }
            """)).isEmpty();
    }

    @Test
    void aHundredThousandRulesAreCheckedInSeconds() {
        Flow.Builder flow = Flow.builder("w");
        int steps = 100;
        for (int i = 0; i < steps; i++) {
            Rule[] rules = new Rule[1000];
            String[] outputs = new String[1000];
            for (int j = 0; j < rules.length; j++) {
                outputs[j] = j % 2 == 0 ? "d" + i + "/" + j + ".dat" : "*_" + i + "_" + j + ".dat";
                rules[j] = Rule.files(outputs[j]).commits(CommitRule.onClose(1 + j % 3));
            }
            flow.step("s" + i, i == 0 ? List.of() : List.of("d" + (i - 1) + "/*"), List.of(outputs), rules);
        }
        assertThat(flow.build().check(MANAGED, ChecksTest::isThere)).isNotNull();
    }

    @Test
    void aHundredThousandMistakesAreToldInSeconds() {
        Flow.Builder flow = Flow.builder("w");
        Rule[] rules = new Rule[50_000];
        String[] inputs = new String[rules.length];
        for (int j = 0; j < rules.length; j++) {
            rules[j] = Rule.files("f" + j + ".dat").commits(CommitRule.onFile("f" + (j + 1) + ".dat", "none"));
            inputs[j] = "g" + j + ".dat";
        }
        flow.step("s", List.of(), List.of("out.txt"), rules).step("t", List.of(inputs), List.of());
        assertThat(flow.build().check(MANAGED, ChecksTest::isThere)).hasSize(2002);
    }

    @Test
    @Timeout(30)
    void manyStepsInALineAreCheckedInSeconds() {
        Flow.Builder flow = Flow.builder("w");
        for (int i = 0; i < 5000; i++) {
            flow.step("s" + i, List.of("f" + i), List.of("f" + (i + 1)));
        }
        assertThat(flow.build().check(MANAGED, Set.of("f0")::contains)).isEmpty();
    }
}
