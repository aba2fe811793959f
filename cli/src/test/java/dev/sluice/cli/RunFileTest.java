package dev.sluice.cli;

import static dev.sluice.cli.Typed.sluice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.fuse.Mount;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.stream.Limits;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFileTest {
    @TempDir
    private Path folder;

    private Path flow;
    private Path work;
    private final StringWriter told = new StringWriter();

    @BeforeEach
    void aFlow() throws IOException {
        work = Files.createDirectory(folder.resolve("work"));
        flow = Files.writeString(folder.resolve("flow.json"), """
            { "name": "test",
              "IO_Graph": [
                { "name": "make", "input_stream": [], "output_stream": ["data"] },
                { "name": "use", "input_stream": ["data"], "output_stream": ["result"] }
              ] }
            """);
    }

    private RunFile read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("flow.run.yaml"), text);
        return RunFile.read(
                file,
                dev.sluice.language.Contracts.of(FlowFile.of(flow, false).read().orRefuse(new PrintWriter(told, true))),
                new PrintWriter(told, true));
    }

    private List<String> problems(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(Refusal.class)
                .hasMessageEndingWith("mend what is said above");
        return told.toString()
                .replace(folder + "/flow.run.yaml", "FILE")
                .lines()
                .filter(line -> line.startsWith("FILE"))
                .toList();
    }

    @Test
    void stepsAndOptionsAreRead() throws IOException {
        RunFile file = read("""
            steps:
              make: |
                seq 3 > work/data
              use:            # two at once
                - wc -l < work/data
                - true
            dir: work
            keep: all
            timeout: 90s
            memory: 512M
            overflow: wait
            """);

        assertThat(file.steps())
                .containsExactly(
                        new StepCommand("make", "seq 3 > work/data\n"),
                        new StepCommand("use", "wc -l < work/data"),
                        new StepCommand("use", "true"));
        assertThat(file.directory()).isEqualTo(work);
        assertThat(file.keep()).isEqualTo(Keep.ALL);
        assertThat(file.timeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(file.memory()).isEqualTo(512L << 20);
        assertThat(file.overflow()).isEqualTo(Limits.Overflow.WAIT);
    }

    @Test
    void jsonIsReadToo() throws IOException {
        RunFile file = read("{\n\t\"steps\": {\n\t\t\"make\": [\"a \\\"b\\\"\", \"c\"]\n\t},\n\t\"timeout\": 5\n}\n");

        assertThat(file.steps()).containsExactly(new StepCommand("make", "a \"b\""), new StepCommand("make", "c"));
        assertThat(file.timeout()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void everyProblemIsToldWithItsPlace() {
        assertThat(problems("""
            steps:
              mkae: true
              use:
                - [a]
                - " "
              make: x
              make: y
            dir: nowhere
            keep: some
            timeout: soon
            memory: {}
            color: blue
            """))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("FILE:2:3: error: there is no step \"mkae\"; did you mean \"make\"?")
                                .endsWith("[unknown-step, $.steps.mkae]"),
                        line -> assertThat(line)
                                .startsWith("FILE:4:7: error: this is a list;")
                                .endsWith("$.steps.use[0]]"),
                        line -> assertThat(line).startsWith("FILE:5:7: error: a command of step use is blank"),
                        line -> assertThat(line).startsWith("FILE:7:3: error: the key \"make\" is there twice"),
                        line -> assertThat(line)
                                .startsWith("FILE:8:6: error: \"dir\" cannot be \"nowhere\"; there is no"),
                        line -> assertThat(line)
                                .startsWith("FILE:9:7: error: \"keep\" cannot be \"some\"; all, permanent or none"),
                        line -> assertThat(line)
                                .startsWith("FILE:10:10: error: \"timeout\" cannot be \"soon\"; a number"),
                        line -> assertThat(line).startsWith("FILE:11:9: error: this is a mapping; write a word"),
                        line -> assertThat(line)
                                .startsWith(
                                        "FILE:12:1: error: there is no key \"color\" in a run file; keys are dir,"));
    }

    @Test
    void whatIsNoYamlIsToldWithItsPlace() {
        assertThat(problems("steps:\n  make: [a\ndir: work\n"))
                .singleElement()
                .asString()
                .startsWith("FILE:3:")
                .contains("this is neither YAML nor JSON");
    }

    @Test
    void anAliasIsTheValueItselfAndNothingGrowsByIt() throws IOException {
        assertThat(read("steps:\n  make: &c echo\n  use: *c\n").steps())
                .containsExactly(new StepCommand("make", "echo"), new StepCommand("use", "echo"));

        StringBuilder laughs = new StringBuilder("x0: &a0 [lol]\n");
        for (int i = 1; i < 60; i++) {
            laughs.append("x%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(10)));
        }
        assertThat(problems(laughs.toString())).hasSize(60).allMatch(line -> line.contains("there is no key"));
    }

    @Test
    void depthsWithoutEndAreRefused() {
        assertThat(problems("[".repeat(100_000)))
                .singleElement()
                .asString()
                .contains("more than 20 lists and mappings lie in each other");
    }

    @Test
    void nothingIsMadeOfTags() throws IOException {
        assertThat(read("steps:\n  make: !!javax.script.ScriptEngineManager echo\n")
                        .steps())
                .containsExactly(new StepCommand("make", "echo"));
    }

    @Test
    void moreThanOneBesideTheFlowIsRefused() throws IOException {
        assertThat(RunFile.beside(flow)).isNull();
        Path yaml = Files.writeString(folder.resolve("flow.run.yaml"), "");
        assertThat(RunFile.beside(flow)).isEqualTo(yaml);
        Files.writeString(folder.resolve("flow.run.json"), "{}");
        assertThatThrownBy(() -> RunFile.beside(flow))
                .hasMessageStartingWith("there are several run files beside")
                .hasMessageContaining("--run");
    }

    @Test
    void theFileBesideTheFlowIsRunAndOptionsWin() throws IOException {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        Files.writeString(folder.resolve("flow.run.yaml"), """
            dir: work
            keep: all
            steps:
              make: echo file > %1$s/data
              use: cat %1$s/data > %1$s/result
            """.formatted(work));

        assertThat(sluice("run", flow).status()).isZero();
        assertThat(work.resolve("data")).hasContent("file\n");
        assertThat(work.resolve("result")).hasContent("file\n");

        Typed other = sluice("run", flow, "--keep", "permanent", "--step", "make=echo option > " + work + "/data");
        assertThat(other.err()).isEmpty();
        assertThat(other.status()).isZero();
        assertThat(work.resolve("data")).doesNotExist();
        assertThat(work.resolve("result")).hasContent("option\n");
    }

    @Test
    void withoutCommandsThereIsNothingToRun() {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        Typed run = sluice("run", flow);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("sluice run: no step has a command; say --step NAME=COMMAND, or write a run file");
    }
}
