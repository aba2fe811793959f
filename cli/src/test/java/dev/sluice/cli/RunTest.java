package dev.sluice.cli;

import static dev.sluice.cli.Typed.sluice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.fuse.Mount;
import dev.sluice.testing.Child;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real programs on a real mount. */
class RunTest {
    @TempDir
    private Path folder;

    private Path work;

    @BeforeEach
    void canMount() throws IOException {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        work = Files.createDirectory(folder.resolve("work"));
    }

    @AfterEach
    void nothingIsMountedAnyMore() throws IOException {
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(folder.toString());
    }

    private String flow(String rules) throws IOException {
        return Files.writeString(folder.resolve("flow.json"), """
            { "name": "test",
              "IO_Graph": [
                { "name": "make", "input_stream": [], "output_stream": ["data"]%s },
                { "name": "use", "input_stream": ["data"], "output_stream": ["result"] }
              ] }
            """.formatted(rules))
                .toString();
    }

    private static final String STREAMING =
            ", \"streaming\": [ { \"name\": [\"data\"], \"committed\": \"on_close\", \"mode\": \"no_update\" } ]";

    private Typed run(String flow, String make, String use, String... more) {
        return sluice((Object[]) Stream.concat(
                        Stream.of(
                                "run",
                                flow,
                                "--dir",
                                work.toString(),
                                "--step",
                                "make=" + make,
                                "--step",
                                "use=" + use),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    @Test
    void aStepReadsWhatAnotherOneIsStillWriting() throws IOException {
        Path seen = folder.resolve("seen");
        // The writer goes on only when the reader has got the first line.
        Typed run = run(
                flow(STREAMING),
                "{ echo one; while [ ! -e " + seen + " ]; do sleep 0.02; done; echo two; } > " + work + "/data",
                "while read -r line; do echo got $line; touch " + seen + "; done < " + work + "/data > " + work
                        + "/result");

        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(work.resolve("result")).hasContent("got one\ngot two\n");
        assertThat(work.resolve("data")).as("is temporary").doesNotExist();
    }

    @Test
    void anOutputThatNobodyHasMadeIsTold() throws IOException {
        String made = "data is an output of step make, as the flow says, and no process has made it in " + work;
        Typed unasked = run(flow(STREAMING), "true", "echo x > " + work + "/result");
        assertThat(unasked.status()).isZero();
        assertThat(unasked.err()).isEqualTo("sluice: " + made + "\n");

        Typed asked = run(flow(STREAMING), "true", "cat " + work + "/data || echo none > " + work + "/result");
        assertThat(asked.status()).as("both steps had 0").isZero();
        assertThat(asked.err()).contains("sluice: " + made + "\n");

        Typed removed = run(
                flow(STREAMING), "echo x > " + work + "/data; rm " + work + "/data", "echo x > " + work + "/result");
        assertThat(removed.err()).as("it was made").isEmpty();
        assertThat(run(flow(STREAMING), "exit 3", "echo x > " + work + "/result")
                        .err())
                .doesNotContain(made);
    }

    @Test
    void whoFailsBeforeItHasWrittenAnythingHandsOverNoEmptyFile() throws IOException {
        Typed run = run(
                flow(STREAMING),
                "sh -c 'exit 3' > " + work + "/data",
                "wc -c < " + work + "/data > " + work + "/result");
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err()).contains("sluice: data is not complete: step make that writes it has failed");
        assertThat(work.resolve("result")).as("there was nothing to count").doesNotExist();

        Typed well = run(
                flow(STREAMING),
                "sh -c 'exit 3' > " + work + "/data; true",
                "wc -c < " + work + "/data > " + work + "/result");
        assertThat(well.err()).isEmpty();
        assertThat(work.resolve("result")).as("the step has ended well").hasContent("0\n");
    }

    @Test
    void theListOfWhatAFailedStepHasMadeIsNoWholeList() throws IOException {
        String flow = flow(STREAMING).toString();
        Files.writeString(Path.of(flow), Files.readString(Path.of(flow)).replace("\"data\"", "\"parts/*\""));
        Files.createDirectory(work.resolve("parts"));
        Typed run = run(
                flow,
                "echo 1 > " + work + "/parts/1; exit 3",
                "ls " + work + "/parts > " + folder + "/list; echo $? > " + folder + "/status");
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err()).contains("use | ls:", "Input/output error");
        assertThat(folder.resolve("list")).isEmptyFile();
        assertThat(folder.resolve("status")).hasContent("2\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "copy", "passthrough"})
    void whoeverMovesTheBytesTheyAreTheSame(String tier) throws IOException {
        assumeTrue(!tier.equals("passthrough") || mayPassThrough(), "passing through needs root and Linux 6.9");
        Path sums = folder.resolve("sums");
        // What is complete is passed through, where it is: it is more than fits into a slot of small files.
        Typed run = run(
                flow(""),
                "seq 500000 | tee " + work + "/data | sha256sum > " + sums,
                "cat " + work + "/data | sha256sum > " + work + "/result; cat " + work + "/data > " + work + "/copy",
                "--tier",
                tier);

        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(work.resolve("result")).hasSameTextualContentAs(sums);
        assertThat(work.resolve("copy")).hasSize(3_388_895);
    }

    private static boolean mayPassThrough() {
        return ModuleDescriptor.Version.parse(System.getProperty("os.version"))
                                .compareTo(ModuleDescriptor.Version.parse("6.9"))
                        >= 0
                && System.getProperty("user.name").equals("root");
    }

    @Test
    void whoMovesTheBytesIsOneOfThree() throws IOException {
        Typed run = run(flow(STREAMING), "true", "true", "--tier", "fast");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("--tier", "auto, passthrough or copy is expected, not fast");
    }

    @Test
    void memoryIsMoreThanNothing() throws IOException {
        Typed run = run(flow(STREAMING), "true", "true", "--memory", "0");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .contains("a number of bytes above 0 is expected, or one with K, M, G or T behind it, not 0");
    }

    @Test
    void underUpdateTheReaderWaitsForTheWholeFile() throws IOException {
        Typed run = run(
                flow(""),
                "echo half > " + work + "/data; sleep 0.2; echo whole > " + work + "/data",
                "cat " + work + "/data | tee " + work + "/result");

        assertThat(run.status()).isZero();
        assertThat(run.out()).isEqualTo("use | whole\n");
        assertThat(work.resolve("result")).hasContent("whole\n");
    }

    @Test
    void whatNobodyMakesIsToldBeforeTheStepsBegin() throws IOException {
        String flow = flow(STREAMING).toString();
        Files.writeString(
                Path.of(flow),
                Files.readString(Path.of(flow))
                        .replace(
                                "[\"data\"], \"output_stream\": [\"result",
                                "[\"date\"], \"output_stream\": [\"result"));
        Typed run = run(flow, "echo x > " + work + "/data", "true");

        assertThat(run.err()).contains("no step produces date, which step use reads; did you mean \"data\"?");
        Files.writeString(work.resolve("date"), "is there");
        assertThat(run(flow, "echo x > " + work + "/data", "true").err()).doesNotContain("no step produces");
    }

    @Test
    void allStaysIfItIsAskedFor() throws IOException {
        Typed run = run(
                flow(""),
                "echo x > " + work + "/data",
                "wc -c < " + work + "/data > " + work + "/result",
                "--keep",
                "all");

        assertThat(run.status()).isZero();
        assertThat(work.resolve("data")).hasContent("x\n");
        assertThat(work.resolve("result")).hasContent("2\n");
    }

    @Test
    void theFirstFailureIsTheStatus() throws IOException {
        Typed run = run(
                flow(STREAMING),
                "echo part > " + work + "/data; exec 3>>" + work + "/data; echo oh >&2; exit 7",
                "cat " + work + "/data > /dev/null || exit 9");

        assertThat(run.status()).isEqualTo(7);
        assertThat(run.err()).contains("make | oh\n").contains("sluice: step make failed with status 7: echo part");
    }

    @Test
    void whoReadsWhatAFailedStepHasWrittenGetsAnError() throws IOException {
        Typed run = run(flow(""), "echo part > " + work + "/data; exit 3", "cat " + work + "/data");

        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err())
                .contains("use | cat: " + work + "/data: Input/output error")
                .contains("sluice: data is not complete: step make that writes it has failed")
                .contains("sluice: data.incomplete holds what there is of a file that is not complete")
                .contains("sluice: step use wanted data, and got an error (EIO) because a step that writes it has"
                        + " failed");
        assertThat(work.resolve("data.incomplete")).hasContent("part\n");
        assertThat(work.resolve("data")).doesNotExist();
    }

    @Test
    void aStepHasEndedWhenItsLastProcessHas() throws IOException {
        Typed run = run(
                flow(""),
                "(setsid sh -c 'sleep 0.3; echo late >> " + work + "/data' &) ; echo early > " + work + "/data",
                "cat " + work + "/data > " + work + "/result");

        assertThat(run.status()).isZero();
        assertThat(work.resolve("result")).hasContent("early\nlate\n");
    }

    @Test
    void aCircleOfWaitsIsToldAndBroken() throws IOException {
        String flow = Files.writeString(folder.resolve("flow.json"), """
            { "name": "circle",
              "IO_Graph": [
                { "name": "make", "input_stream": ["result"], "output_stream": ["data"] },
                { "name": "use", "input_stream": ["data"], "output_stream": ["result"] }
              ] }
            """).toString();
        Typed run =
                run(flow, "cat " + work + "/result > " + work + "/data", "cat " + work + "/data > " + work + "/result");

        assertThat(run.status()).isNotZero();
        assertThat(run.err()).contains("sluice: steps wait for each other: ").contains("(EDEADLK)");
    }

    @Test
    void aWaitCanBeBounded() throws IOException {
        Typed run = run(
                flow(""),
                "while [ ! -e " + folder + "/go ]; do sleep 0.02; done",
                "cat " + work + "/data; touch " + folder + "/go; exit 4",
                "--timeout",
                "200ms");

        assertThat(run.status()).isEqualTo(4);
        assertThat(run.err()).contains("step use has waited too long for data and got an error (ETIMEDOUT)");
    }

    @Test
    void severalRunsOfAStepAreOneStep() throws IOException {
        String flow = Files.writeString(folder.resolve("flow.json"), """
            { "name": "many",
              "IO_Graph": [
                { "name": "part", "input_stream": [], "output_stream": ["part-*"] },
                { "name": "join", "input_stream": ["part-*"], "output_stream": ["result"] }
              ] }
            """).toString();
        Typed run = sluice(
                "run",
                flow,
                "--dir",
                work.toString(),
                "--step",
                "part=echo a > " + work + "/part-a",
                "--step",
                "part=sleep 0.2; echo b > " + work + "/part-b",
                "--step",
                "join=cat " + work + "/part-a " + work + "/part-b > " + work + "/result");

        assertThat(run.status()).isZero();
        assertThat(work.resolve("result")).hasContent("a\nb\n");
    }

    @Test
    void stepsKnowWhatCapioWouldTellThem() throws IOException {
        Typed run = run(
                flow(""),
                "echo $CAPIO_APP_NAME $CAPIO_WORKFLOW_NAME $SLUICE_STEP > " + work + "/data",
                "test $CAPIO_DIR -ef " + work + " && cat " + work + "/data");

        assertThat(run.status()).isZero();
        assertThat(run.out()).isEqualTo("use | make test make\n");
    }

    @Test
    void theMountOfADeadRunIsRemovedAlsoWhenItsWatchdogIsDead() throws IOException {
        try (Child dead = Child.of(RunLine.of(Path.of(flow("")), work, "make=echo up; sleep 1000"))
                .start()
                .untilItSays("make | up")) {
            dead.kill(); // and all that it has started, the watchdog too
            dead.finish();
        }
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).contains(work.toString());

        Typed run = run(flow(""), "echo x > " + work + "/data", "cp " + work + "/data " + work + "/result");
        assertThat(run.err()).contains("a run that was killed has left its mount over " + work);
        assertThat(run.status()).isZero();
        assertThat(work.resolve("result")).hasContent("x\n");
    }

    @Test
    void whatMakesNoSenseIsRefused() throws IOException {
        Typed unknown = run(flow(""), "true", "true", "--step", "uses=true");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err()).startsWith("sluice run: there is no step \"uses\"; did you mean");

        Typed empty = sluice("run", flow(""), "--dir", work.toString(), "--step", "make");
        assertThat(empty.status()).isEqualTo(2);
        assertThat(empty.err())
                .isEqualTo(
                        "sluice run: --step needs NAME=COMMAND, such as --step 'sort=sort in > out', and is: make\n");
    }
}
