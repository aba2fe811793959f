package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.fuse.Mount;
import dev.sluice.testing.Child;
import java.io.IOException;
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

/** JVMs that take part from inside, with a mount and without: real processes. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class GroundTest {
    private static final String PROGRAM = "dev.sluice.jvm.StepProgram";

    @TempDir
    private Path folder;

    private Path work;
    private Path runtime;
    private String flow;
    private final List<Child> children = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        work = Files.createDirectory(folder.resolve("work"));
        runtime = Files.createDirectory(folder.resolve("run"));
        Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwx------"));
        flow = Files.writeString(folder.resolve("flow.json"), """
            { "name": "test",
              "IO_Graph": [
                { "name": "make", "input_stream": [], "output_stream": ["data"],
                  "streaming": [ { "name": ["data"], "committed": "on_close", "mode": "no_update" } ] },
                { "name": "use", "input_stream": ["data"], "output_stream": ["result"] }
              ] }
            """).toString();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        sluice("stop", "--now").finish();
        children.forEach(Child::close);
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(folder.toString());
    }

    private Child prepared(List<String> command) {
        Child child = Child.of(command).with("XDG_RUNTIME_DIR", runtime.toString());
        children.add(child);
        return child;
    }

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

    /** A JVM that is started by nobody's leave. */
    private Child program(String step, String... words) {
        return prepared(command(step, words)).start();
    }

    private List<String> command(String step, String... words) {
        return Child.java(
                PROGRAM,
                Main.class,
                List.of(),
                Stream.concat(Stream.of(work.toString(), step), Stream.of(words))
                        .toArray(String[]::new));
    }

    private String quoted(String step, String... words) {
        return "'" + String.join("' '", command(step, words)) + "'";
    }

    @Test
    void plainJvmsBecomeStepsAndNeedNoMount() throws IOException {
        Child server = serve("--no-mount", "--once");
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(work.toString());
        Child reader = program("use", "read", "data");
        Child writer = program("make", "hold", "data", "first").untilItSays("holds");
        reader.untilItSays("first");
        assertThat(sluice("status").finish().output()).contains("growing");
        writer.input().close();
        assertThat(writer.finish().exit()).isZero();
        assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, "first\nend\n"));
        assertThat(server.finish().exit()).isZero();
    }

    @Test
    void aJvmThatIsKilledHasFailedAndItsFilesAreNotComplete() {
        Child server = serve("--no-mount", "--once");
        Child reader = program("use", "read", "data");
        Child writer = program("make", "hold", "data", "first").untilItSays("holds");
        reader.untilItSays("first");
        writer.kill();
        assertThat(reader.finish().output()).contains("EIO").doesNotContain("end\n");
        assertThat(server.finish().exit()).isNotZero();
    }

    @Test
    void aJvmThatSaysSoHasFailed() {
        Child server = serve("--no-mount", "--once", "--runs", "use=0");
        assertThat(program("make", "fail").finish().exit()).isZero();
        assertThat(server.finish().output()).contains("step make failed");
    }

    @Test
    void theStepsOfARunEnterAndNobodyJoinsIt() {
        Child run = sluice(
                "run",
                flow,
                "--no-mount",
                "--step",
                "make=" + quoted("-", "write", "data", "by make"),
                "--step",
                "use=" + quoted("use", "read", "data") + "; " + quoted("-", "read", "data"));
        String output = run.finish().output();
        assertThat(output)
                .contains("by make")
                .contains("starts its steps itself")
                .contains("end");
    }

    @Test
    void whoIsOfNoStepDoesNotEnter() {
        serve("--no-mount");
        assertThat(program("-", "read", "data").finish().output()).contains("belongs to no step that runs on " + work);
        assertThat(program("nobody", "read", "data").finish().output()).contains("nobody");
    }

    @Test
    void aProcessOfAnExecutedStepEnters() {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        serve();
        Child made = sluice(
                "exec", "--step", "make", "--", "sh", "-c", "exec " + quoted("-", "write", "data", "through a door"));
        assertThat(made.finish().exit()).isZero();
        assertThat(sluice("exec", "--step", "use", "--", "cat", work + "/data").finish())
                .isEqualTo(new Child.Outcome(0, "through a door"));
    }

    @Test
    void whenTheServerIsKilledTheJvmIsToldSo() throws IOException {
        Child server = serve("--no-mount");
        Child reader = program("use", "read", "data");
        Child writer = program("make", "hold", "data", "first").untilItSays("holds");
        reader.untilItSays("first");
        server.kill();
        assertThat(reader.finish().output()).contains("the server of this directory has ended");
        writer.input().close();
        assertThat(writer.finish().exit()).isNotZero();
    }
}
