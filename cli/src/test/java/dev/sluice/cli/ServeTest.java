package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.fuse.Mount;
import dev.sluice.jvm.MeetingPoint;
import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import dev.sluice.testing.Nobody;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers, and the commands that find them: real processes on real mounts. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ServeTest {
    @TempDir
    private Path folder;

    private Path work;
    private Path runtime;
    private Path state;
    private String flow;
    private final List<Child> children = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        work = Files.createDirectory(folder.resolve("work"));
        runtime = Files.createDirectory(folder.resolve("run"));
        Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwx------"));
        state = folder.resolve("state");
        flow = Files.writeString(folder.resolve("flow.json"), """
            { "name": "test",
              "IO_Graph": [
                { "name": "make", "input_stream": [], "output_stream": ["data-*"],
                  "streaming": [ { "name": ["data-*"], "committed": "on_close", "mode": "no_update" } ] },
                { "name": "use", "input_stream": ["data-*"], "output_stream": ["result"] }
              ] }
            """).toString();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        if (Files.exists(socket())) {
            sluice("stop", "--now").finish();
        }
        children.forEach(Child::close);
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(folder.toString());
    }

    private Path sockets() {
        return runtime.resolve("sluice");
    }

    private Path socket() throws IOException {
        Path all = sockets();
        if (Files.exists(all)) {
            try (Stream<Path> files = Files.list(all)) {
                return files.filter(file -> file.toString().endsWith(".socket"))
                        .findAny()
                        .orElse(all.resolve("none"));
            }
        }
        return all.resolve("none");
    }

    private Child prepared(List<String> command) {
        Child child =
                Child.of(command).with("XDG_RUNTIME_DIR", runtime.toString()).with("XDG_STATE_HOME", state.toString());
        children.add(child);
        return child;
    }

    /** The program, with --dir. */
    private Child sluice(String command, String... words) {
        List<String> all = new ArrayList<>(List.of(command, "--dir", work.toString()));
        all.addAll(List.of(words));
        return prepared(Child.java(Main.class.getName(), Main.class, List.of(), all.toArray(String[]::new)))
                .start();
    }

    private Child serve(String... words) {
        return sluice("serve", Stream.concat(Stream.of(flow), Stream.of(words)).toArray(String[]::new))
                .untilItSays("ready: test on " + work);
    }

    private Child exec(String step, String script, String... words) {
        return sluice(
                "exec",
                Stream.concat(Stream.of(words), Stream.of("--step", step, "--", "sh", "-c", script))
                        .toArray(String[]::new));
    }

    /** What `sluice status --json` tells, asked of the server itself, which costs no JVM. */
    private Message status() {
        try (Wire wire = new Wire(SocketChannel.open(UnixDomainSocketAddress.of(socket())), 1 << 20)) {
            return wire.ask(Message.of().with("do", "status").with("most", 100), Deadline.LONG);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private long ofStep(String step, String field) {
        return status().messages("steps").stream()
                .filter(each -> each.text("name").equals(step))
                .findAny()
                .orElseThrow()
                .number(field);
    }

    @Test
    void stepsThatComeOneByOneShareAStreamAndStatusTellsWhoWaits() {
        Child server = serve();
        Child use = exec("use", "cat " + work + "/data-1 > " + work + "/result");
        Deadline.until("use waits", () -> status().number("allWaits") == 1);

        assertThat(sluice("status").finish().output())
                .contains("test on " + work)
                .containsPattern("make +expected +0 of 1 +-")
                .containsPattern("use +running +1 of 1 +[12]")
                .containsPattern("data-1 +expected +0 B +make +use +1")
                .contains("step use opens data-1 and waits");
        assertThat(sluice("stop").finish())
                .isEqualTo(new Child.Outcome(
                        1, "sluice stop: steps still run: use; wait for them, or end them with --now\n"));

        assertThat(exec("make", "echo $SLUICE_STEP $CAPIO_APP_NAME $CAPIO_WORKFLOW_NAME > $SLUICE_DIR/data-1")
                        .finish())
                .isEqualTo(new Child.Outcome(0, ""));
        assertThat(use.finish()).isEqualTo(new Child.Outcome(0, ""));
        assertThat(sluice("stop").finish()).isEqualTo(new Child.Outcome(0, ""));
        assertThat(server.finish().exit()).isZero();
        assertThat(work).isDirectoryNotContaining("glob:**data-1");
        assertThat(work.resolve("result")).hasContent("make make test\n");
    }

    @Test
    void whoWaitsForAStepThatNobodyHasStartedIsToldSo() {
        Child server = serve();
        Child use = exec("use", "cat " + work + "/data-1 > " + work + "/result")
                .untilItSays(
                        "sluice exec: step use waits for data-1, which step make makes, and nobody has started make;"
                                + " start it before use or at the same time");
        assertThat(exec("make", "true").finish().exit()).isZero();

        assertThat(use.finish().exit()).isEqualTo(1);
        sluice("stop").finish();
        server.finish();
    }

    @Test
    void whatNobodyHasMadeIsToldToWhoEndsLastAndToWhoStops() throws IOException {
        Files.writeString(Path.of(flow), Files.readString(Path.of(flow)).replace("data-*", "data-1"));
        String sentence =
                "sluice: data-1 is an output of step make, as the flow says, and no process has made it in " + work;
        assertThat(exec("make", "true", "--flow", flow).finish().exit()).isZero();
        assertThat(exec("use", "echo x > " + work + "/result", "--flow", flow).finish())
                .satisfies(outcome -> assertThat(outcome.output()).contains(sentence))
                .satisfies(outcome -> assertThat(outcome.exit()).isZero());

        Child server = serve();
        exec("make", "true").finish();
        exec("use", "echo x > " + work + "/result").finish();
        assertThat(sluice("stop").finish())
                .satisfies(outcome -> assertThat(outcome.output()).contains(sentence))
                .satisfies(outcome -> assertThat(outcome.exit()).isZero());
        server.finish();
    }

    @Test
    void whoMayNotAskTheServerIsToldThatThereIsOne() {
        Child server = serve();
        Child elsewhere = prepared(
                        Child.java(Main.class.getName(), Main.class, List.of(), "status", "--dir", work.toString()))
                .with("XDG_RUNTIME_DIR", folder.resolve("elsewhere").toString())
                .with("TMPDIR", folder.toString());
        assertThat(elsewhere.start().finish().output())
                .contains("nobody serves " + work + " whom you may ask: a mount of Sluice is there");
        assertThat(sluice("stop", "--now").finish().exit()).isEqualTo(1);
        assertThat(server.finish().output()).contains("step make was expected to run 1 time");
    }

    @Test
    void whoComesBeforeTheServerWaitsForIt() {
        Child make = exec("make", "echo x > " + work + "/data-1").untilItSays("nobody serves " + work + " yet");
        serve("--runs", "use=0");
        assertThat(make.finish().exit()).isZero();
        assertThat(sluice("stop").finish().exit()).isZero();
    }

    @Test
    void whoWaitsInVainSaysWhatWouldHelp() {
        Child.Outcome outcome = exec("make", "true", "--wait", "50ms").finish();
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.output())
                .contains("no server of " + work + " has come within 50 ms", "sluice serve FLOW --dir", "--flow FLOW");
    }

    @Test
    void manyAtOnceStartOneServerWhichEndsByItselfBeforeTheLastDoes() throws IOException {
        String[] words = {"--flow", flow, "--runs", "make=4", "--wait", "2m"};
        List<Child> makers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            makers.add(exec("make", "echo " + i + " > " + work + "/data-" + i, words));
        }
        makers.forEach(child -> assertThat(child.finish()).isEqualTo(new Child.Outcome(0, "")));
        assertThat(ofStep("make", "started")).isEqualTo(4);

        assertThat(exec("use", "cat " + work + "/data-* > " + work + "/result", words)
                        .finish())
                .isEqualTo(new Child.Outcome(0, ""));
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(folder.toString());
        assertThat(work).isDirectoryNotContaining("glob:**data-*");
        assertThat(work.resolve("result")).hasContent("0\n1\n2\n3\n");
        assertThat(socket()).doesNotExist();
    }

    @Test
    void aFlowThatIsNotValidIsToldAndNoServerIsStarted() throws IOException {
        Files.writeString(Path.of(flow), "{ \"name\": ");
        Child.Outcome outcome = exec("make", "true", "--flow", flow).finish();
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.output()).contains("flow.json:1", "flow.json is not valid; mend what is said above");
        assertThat(runtime).isEmptyDirectory();
    }

    @Test
    void theStatusIsTheCommandsAndWhatIsNotExpectedIsRefused() {
        serve();
        assertThat(exec("make", "echo out; echo err >&2; exit 7").finish())
                .isEqualTo(new Child.Outcome(7, "out\nerr\n"));
        assertThat(exec("mak", "true").finish())
                .isEqualTo(new Child.Outcome(2, "sluice exec: there is no step \"mak\"; did you mean \"make\"?\n"));
        assertThat(sluice("exec", "--step", "use", "--", "no-such-command", "@x", "--help")
                        .finish())
                .isEqualTo(new Child.Outcome(
                        127, "sluice exec: no-such-command cannot be started: No such file or directory\n"));
        assertThat(sluice("exec", "--step", "use", "echo x > y").finish())
                .isEqualTo(new Child.Outcome(
                        127,
                        "sluice exec: echo x > y cannot be started: No such file or directory;"
                                + " a line for a shell is run by -- sh -c 'LINE'\n"));
        Child.Outcome end = sluice("stop").finish();
        assertThat(end.exit()).isEqualTo(7);
        assertThat(end.output()).contains("sluice: step make failed with status 7: sh -c echo out");
    }

    @Test
    void signalsGoToTheCommandAndItsEndByOneIsTold() {
        serve();
        Child make = exec("make", "trap 'echo got it; exit 9' TERM; echo up; while :; do sleep 0.05; done")
                .untilItSays("up");
        make.signal("TERM");
        assertThat(make.finish()).isEqualTo(new Child.Outcome(9, "up\ngot it\n"));
        assertThat(exec("use", "kill -KILL $$").finish().exit()).isEqualTo(137);
    }

    @Test
    void stoppingNowEndsTheSteps() {
        Child server = serve();
        Child make = exec("make", "echo part > " + work + "/data-1; exec 3>>" + work + "/data-1; echo up; sleep 1000")
                .untilItSays("up");
        Child.Outcome stop = sluice("stop", "--now").finish();
        assertThat(stop.exit()).isEqualTo(143);
        assertThat(stop.output()).contains("sluice: step make failed with status 143");
        assertThat(make.finish().exit()).isEqualTo(143);
        assertThat(server.finish().exit()).isEqualTo(143);
        assertThat(work.resolve("data-1")).as("stays, to be looked at").hasContent("part\n");
    }

    /** So that one may ask for the report, and begin anew, as soon as `sluice stop` has ended. */
    @Test
    void whoStopsAServerIsAnsweredWhenAllIsDone() throws IOException {
        serve("--runs", "use=0");
        assertThat(exec("make", "true").finish().exit()).isZero();
        try (Wire wire = new Wire(SocketChannel.open(UnixDomainSocketAddress.of(socket())), 1 << 20)) {
            Message end = wire.ask(Message.of().with("do", "stop"), Deadline.LONG);
            try (Station.Claim claim = new Station(new MeetingPoint(MeetingPoint.identity(work), sockets())).claim()) {
                assertThat(claim).as("the right to be the next").isNotNull();
            }
            assertThat(end.is("over")).isTrue();
        }
        try (Stream<Path> runs = Files.list(state.resolve("sluice").resolve("runs"))) {
            assertThat(runs.filter(run -> !run.toString().contains("part"))).hasSize(1);
        }
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(folder.toString());
    }

    /** Also when it is ended at the same time by a signal. */
    @Test
    void whoWaitsForTheEndOfAServerIsAnsweredBeforeASignalHasEndedIt() throws IOException {
        Child server = serve();
        exec("make", "trap '' TERM; echo up; sleep 1000").untilItSays("up");
        try (Wire wire = new Wire(SocketChannel.open(UnixDomainSocketAddress.of(socket())), 1 << 20)) {
            wire.send(Message.of().with("do", "stop").with("now", true));
            server.signal("TERM");
            assertThat(wire.receive()).isNotNull();
        }
    }

    @Test
    void termEndsTheServerAsItEndsARun() {
        Child server = serve();
        Child make = exec("make", "echo up; sleep 1000").untilItSays("up");
        server.signal("TERM");
        Child.Outcome outcome = server.finish();
        assertThat(outcome.exit()).isEqualTo(143);
        assertThat(outcome.output()).contains("sluice: interrupted; the steps are ended");
        assertThat(make.finish().exit()).isEqualTo(143);
    }

    @Test
    void aStepWhoseExecIsKilledHasFailedWhenItsProcessesAreGone() throws IOException {
        serve();
        Path go = folder.resolve("go");
        Child make = exec(
                "make", "echo up; while [ ! -e " + go + " ]; do sleep 0.05; done; echo late > " + work + "/data-1");
        make.untilItSays("up");
        Deadline.until("its process is known", () -> ofStep("make", "processes") > 0);
        make.signal("KILL");
        assertThat(make.finish().exit()).isEqualTo(137);
        assertThat(ofStep("make", "running")).isEqualTo(1);

        Files.createFile(go);
        Deadline.until("it has ended", () -> ofStep("make", "running") == 0);
        Child.Outcome stop = sluice("stop").finish();
        assertThat(stop.exit()).isEqualTo(1);
        assertThat(stop.output()).contains("step make failed with status 1: its `sluice exec` has ended before");
    }

    @Test
    void aServerThatIsKilledIsNoticedAndItsRestsAreRemoved() throws IOException {
        Child server = serve();
        Child use = exec("use", "cat " + work + "/data-1 || exit 5");
        Deadline.until("use waits", () -> status().number("allWaits") == 1);
        server.signal("KILL");
        Child.Outcome outcome = use.finish();
        // The command has an error, and is ended: by its `exec`, or by who ends the steps of a killed server.
        assertThat(outcome.exit()).isIn(5, 143, 137);
        assertThat(outcome.output()).contains("sluice exec: the server has ended before step use");

        assertThat(socket()).exists();
        assertThat(sluice("status").finish().output()).contains("nobody serves " + work);
        assertThat(serve().said()).contains("sluice: a server of " + work + " was killed; what it has left is removed");
    }

    @Test
    void aStepWhoseServerEndsBeforeItKnowsOfItIsEnded() throws Exception {
        Path all = Files.createDirectory(
                sockets(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path socket = new MeetingPoint(MeetingPoint.identity(work), all).socket();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Child use = exec("use", "exec sleep 1000");
            try (Wire wire = new Wire(server.accept(), 1 << 20)) {
                assertThat(wire.receive().text("do")).isEqualTo("join");
                wire.send(Message.of().with("ok", true));
                assertThat(wire.receive().text("do")).isEqualTo("started");
            }
            Child.Outcome outcome = use.finish();
            assertThat(outcome.exit()).isEqualTo(143);
            assertThat(outcome.output()).contains("sluice exec: the server has ended before step use");
        } finally {
            Files.deleteIfExists(socket);
        }
    }

    @Test
    void twoServersOfOneDirectoryAreRefused() throws IOException {
        serve();
        Child.Outcome second = sluice("serve", flow).finish();
        assertThat(second.exit()).isEqualTo(1);
        assertThat(second.output()).contains(work + " is served already", "sluice stop ends it");

        Path link = Files.createSymbolicLink(folder.resolve("link"), work);
        Child.Outcome run = Child.run(Child.java(
                Main.class.getName(),
                Main.class,
                List.of(),
                "run",
                flow,
                "--dir",
                link.toString(),
                "--step",
                "make=true"));
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.output()).contains("is served already, by sluice run or sluice serve");
    }

    private String stateOf(String path) {
        return status().messages("files").stream()
                .filter(each -> each.text("path").equals(path))
                .map(each -> each.text("state"))
                .findAny()
                .orElse("unknown");
    }

    @Test
    void aProducerThatHasFailedIsRepeatedAndItsConsumerGetsTheWholeFile() throws IOException {
        Child server = serve();
        Child early = exec("use", "cat " + work + "/data-1 > " + work + "/result");
        Deadline.until("use waits", () -> status().number("allWaits") == 1);
        assertThat(exec("make", "exec 3> " + work + "/data-1; echo part >&3; exit 3")
                        .finish()
                        .exit())
                .isEqualTo(3);
        assertThat(early.finish()).satisfies(outcome -> {
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.output()).contains("Input/output error");
        });
        assertThat(stateOf("data-1")).isEqualTo("failed");
        assertThat(work.resolve("data-1")).as("the kernel knows it").exists();

        Path go = folder.resolve("go");
        Child make = exec(
                "make",
                "ls " + work + "; echo up; while [ ! -e " + go + " ]; do sleep 0.05; done; echo whole > " + work
                        + "/data-1");
        make.untilItSays("up");
        assertThat(make.said()).as("what the first run has left").doesNotContain("data-1");
        Child use = exec("use", "cat " + work + "/data-1 > " + work + "/result");
        Deadline.until("use waits", () -> status().number("allWaits") == 1);
        Files.createFile(go);
        assertThat(make.finish().exit()).isZero();
        assertThat(use.finish()).isEqualTo(new Child.Outcome(0, ""));
        assertThat(exec("make", "true").finish().output()).contains("step make has run as often as was expected (2)");
        assertThat(sluice("stop").finish()).isEqualTo(new Child.Outcome(0, ""));
        assertThat(server.finish().exit()).isZero();
        assertThat(work.resolve("result")).hasContent("whole\n");
        assertThat(work.resolve("data-1")).doesNotExist();
    }

    @Test
    void aStepThatHasEndedWellRunsOnceMoreWhenThatIsSaid() throws IOException {
        serve();
        String copy = "cat " + work + "/data-1 > " + work + "/result";
        assertThat(exec("make", "echo one > " + work + "/data-1").finish().exit())
                .isZero();
        assertThat(exec("use", copy, "--again").finish().exit()).isZero();
        assertThat(exec("make", "true").finish())
                .isEqualTo(new Child.Outcome(
                        1,
                        "sluice exec: step make has run as often as was expected (1), so its files are complete;"
                                + " start it with sluice exec --again to run it once more and make them anew, or say"
                                + " --runs make=N where the server is started\n"));
        assertThat(work.resolve("data-1")).hasContent("one\n");
        Path go = folder.resolve("go");
        Child make = exec(
                        "make",
                        "echo up; while [ ! -e " + go + " ]; do sleep 0.05; done; echo the second > " + work
                                + "/data-1",
                        "--again")
                .untilItSays("up");
        assertThat(exec("make", "true", "--again").finish().output()).contains("step make still runs");
        Child use = exec("use", copy, "--again");
        Deadline.until("use waits", () -> status().number("allWaits") == 1);
        Files.createFile(go);
        assertThat(make.finish().exit()).isZero();
        assertThat(use.finish().exit()).isZero();
        assertThat(sluice("stop").finish()).isEqualTo(new Child.Outcome(0, ""));
        assertThat(work.resolve("result")).hasContent("the second\n");
    }

    @Test
    void ofSeveralRunsTheOneThatFailedIsRepeated() {
        serve("--runs", "make=2");
        assertThat(exec("make", "echo one > " + work + "/data-1").finish().exit())
                .isZero();
        assertThat(exec("make", "exec 3> " + work + "/data-2; exit 4").finish().exit())
                .isEqualTo(4);
        assertThat(exec("make", "echo two > " + work + "/data-2").finish().exit())
                .isZero();
        assertThat(exec("make", "true", "--again").finish().output())
                .contains("which of its runs is to be repeated nobody can tell");
        assertThat(exec("use", "cat " + work + "/data-1 " + work + "/data-2 > " + work + "/result")
                        .finish()
                        .exit())
                .isZero();
        assertThat(sluice("stop").finish()).isEqualTo(new Child.Outcome(0, ""));
        assertThat(work.resolve("result")).hasContent("one\ntwo\n");
    }

    private Child run(String make, String use) {
        return sluice("run", flow, "--step", "make=" + make, "--step", "use=" + use);
    }

    @Test
    void aRunTellsWhoWaitsAndIsEndedByStop() throws IOException {
        Child run = run(
                "echo up >&2; sleep 1000; echo x > " + work + "/data-1",
                "cat " + work + "/data-1 > " + work + "/result");
        run.untilItSays("make | up");
        Deadline.until("use waits", () -> status().number("allWaits") == 1);

        assertThat(sluice("status").finish().output())
                .contains("test on " + work + ", run for ")
                .containsPattern("use +running +1 of 1 +[12]")
                .containsPattern("data-1 +expected +0 B +make +use +1")
                .contains("step use opens data-1 and waits");
        assertThat(status().is("run")).isTrue();
        assertThat(exec("make", "true").finish())
                .isEqualTo(new Child.Outcome(
                        1,
                        "sluice exec: " + work + " has a sluice run, which starts its steps itself; wait for its end,"
                                + " or end it with sluice stop, and use sluice serve for steps that others start\n"));
        Child.Outcome second = run("true", "true").finish();
        assertThat(second.exit()).isEqualTo(1);
        assertThat(second.output()).contains(work + " is served already, by sluice run or sluice serve");

        Child.Outcome stop = sluice("stop").finish();
        assertThat(stop.exit()).isEqualTo(143);
        assertThat(stop.output()).containsPattern("sluice: step (make|use) failed with status 143");
        Child.Outcome end = run.finish();
        assertThat(end.exit()).isEqualTo(143);
        assertThat(end.output()).contains("sluice: sluice stop was said; the steps are ended");
        assertThat(socket()).doesNotExist();
        assertThat(sluice("status").finish().output())
                .contains("nobody serves " + work + ": neither sluice run nor sluice serve is at work there");
    }

    @Test
    void aRunThatEndsByItselfLeavesNoSocketAndItsDirectoryIsFree() throws IOException {
        for (int i = 0; i < 2; i++) {
            Child.Outcome run = run("echo x > " + work + "/data-1", "cat " + work + "/data-1 > " + work + "/result")
                    .finish();
            assertThat(run).isEqualTo(new Child.Outcome(0, ""));
            assertThat(socket()).doesNotExist();
        }
    }

    @Test
    void aRunNeedsNoPrivateFolder() throws IOException {
        Files.createDirectory(sockets());
        Files.setPosixFilePermissions(sockets(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Child.Outcome run = run("echo x > " + work + "/data-1", "cat " + work + "/data-1 > " + work + "/result")
                .finish();
        assertThat(run.exit()).isZero();
        assertThat(run.output())
                .contains("sluice status and sluice stop will not find this run: " + runtime
                        + "/sluice must be a folder that is yours alone");
        assertThat(work.resolve("result")).hasContent("x\n");
    }

    @Test
    void aRunThatFindsItsFlowOutIsEndedByStop() {
        Child run = sluice(
                        "run",
                        "--infer",
                        "-o",
                        folder.resolve("found.json").toString(),
                        "--step",
                        "a=echo up; sleep 1000")
                .untilItSays("a | up");
        assertThat(sluice("stop").finish().exit()).isEqualTo(143);
        assertThat(run.finish().exit()).isEqualTo(143);
        assertThat(folder.resolve("found.json")).doesNotExist();
    }

    @Test
    void anotherFlowThanTheServersIsRefused() throws IOException {
        serve();
        String other = Files.writeString(folder.resolve("other.json"), Files.readString(Path.of(flow)) + " ")
                .toString();
        assertThat(exec("make", "true", "--flow", other).finish().output())
                .contains("the directory is served with another flow file");
        Child wrong = prepared(
                        Child.java(Main.class.getName(), Main.class, List.of(), "exec", "--step", "make", "--", "true"))
                .with("CAPIO_DIR", work.toString())
                .with("CAPIO_WORKFLOW_NAME", "another")
                .start();
        assertThat(wrong.finish().output()).contains("served for the workflow test, not for another");
    }

    @Test
    void whatCapioSaysIsUnderstood() throws IOException {
        serve("--runs", "use=0");
        Child make = prepared(Child.java(
                        Main.class.getName(), Main.class, List.of(), "exec", "--", "sh", "-c", "echo $SLUICE_STEP"))
                .with("CAPIO_DIR", work.toString())
                .with("CAPIO_APP_NAME", "make")
                .with("CAPIO_WORKFLOW_NAME", "test")
                .start();
        assertThat(make.finish()).isEqualTo(new Child.Outcome(0, "make\n"));
    }

    @Test
    void whoSpeaksNonsenseIsToldSoAndHarmsNobody() throws IOException {
        serve();
        assertThat(said("nonsense\n")).contains("one JSON object on a line is expected");
        assertThat(said("{\"do\":\"status\"}\n")).contains("speaks version 0");
        assertThat(said("{\"sluice\":2,\"do\":\"status\"}\n")).contains("speaks version 2", "use the same Sluice");
        assertThat(said("{\"sluice\":1,\"do\":\"fly\"}\n")).contains("status, stop, join or enter is expected");
        assertThat(said("x".repeat(70_000))).contains("a message has more than 65536 bytes");
        assertThat(said("{\"sluice\":1,\"do\":\"join\",\"step\":\"\"}\n")).contains("\"ok\":false");
        assertThat(status().is("ok")).isTrue();
    }

    /** What the server answers to bytes. */
    private String said(String bytes) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket()));
            int _ = channel.write(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.UTF_8)));
            ByteBuffer answer = ByteBuffer.allocate(10_000);
            while (channel.read(answer) >= 0 && answer.get(Math.max(0, answer.position() - 1)) != '\n') {}
            return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theKernelSaysWhoAsksAndAnotherUserIsRefused() throws IOException {
        Nobody.assumeThere();
        String script = "use IO::Socket::UNIX; my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die \"no: $!\\n\";"
                + " print $s \"{\\\"sluice\\\":1,\\\"do\\\":\\\"stop\\\"}\\n\"; $s->flush; print <$s>;";
        List<String> ask = new ArrayList<>(Nobody.does(List.of("perl", "-e", script)));
        assertThat(Child.run(Stream.concat(ask.stream(), Stream.of("/none")).toList())
                        .output())
                .contains("no: No such file");
        serve();
        ask.add(socket().toString());
        assertThat(Child.run(ask).output()).contains("no: Permission denied");

        // As if all permissions were wrong.
        for (Path path : List.of(folder, runtime, sockets(), socket())) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        assertThat(Child.run(ask).output()).contains("\"ok\":false", "is served by another user");
        Files.setPosixFilePermissions(sockets(), PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void aFolderThatIsNotPrivateOrALinkIsNotUsed() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwx------"));
        Files.createSymbolicLink(sockets(), elsewhere);
        Child.Outcome linked = sluice("serve", flow).finish();
        assertThat(linked.exit()).isEqualTo(1);
        assertThat(linked.output()).contains(runtime + "/sluice must be a folder that is yours alone");

        Files.delete(sockets());
        Files.createDirectory(sockets());
        Files.setPosixFilePermissions(sockets(), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(sluice("serve", flow).finish().output()).contains("must be a folder that is yours alone");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void stepsThatAreNotExpectedAreChecked() {
        assertThat(sluice("serve", flow, "--runs", "make=x").finish().output())
                .isEqualTo("sluice serve: --runs needs NAME=N, such as --runs sort=8, and is: make=x\n");
        assertThat(sluice("serve", flow, "--runs", "mak=1").finish().output()).contains("did you mean \"make\"?");
        assertThat(sluice("serve", flow, "--runs", "make=0", "--runs", "use=0")
                        .finish()
                        .output())
                .contains("no step is expected to run");
    }
}
