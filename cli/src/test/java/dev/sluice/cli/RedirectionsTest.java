package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.fuse.Mount;
import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
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

/** What a shell opens before {@code sluice exec} runs: real shells on real mounts. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RedirectionsTest {
    @TempDir
    private Path folder;

    private Path work;
    private Path runtime;
    private String flow;
    private final List<Child> children = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
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
        sluice("", "stop", "--now").finish();
        children.forEach(Child::close);
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(folder.toString());
    }

    private Child shell(List<String> command, String redirection) {
        List<String> words = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" " + redirection, "sh"));
        words.addAll(command);
        Child child = Child.of(words)
                .with("XDG_RUNTIME_DIR", runtime.toString())
                .with("XDG_STATE_HOME", folder.resolve("state").toString())
                .start();
        children.add(child);
        return child;
    }

    /** The program, as a shell starts it with a redirection of its own. */
    private Child sluice(String redirection, String command, String... words) {
        List<String> all = new ArrayList<>(List.of(command, "--dir", work.toString()));
        all.addAll(List.of(words));
        return shell(Child.java(Main.class.getName(), Main.class, List.of(), all.toArray(String[]::new)), redirection);
    }

    private Child exec(String redirection, String step, String... words) {
        return sluice(
                redirection,
                "exec",
                Stream.concat(Stream.of("--step", step), Stream.of(words)).toArray(String[]::new));
    }

    private void serve() {
        sluice("", "serve", flow).untilItSays("ready: test on " + work);
    }

    private static String refused(String step, String path, String why, String sign) {
        return "sluice exec: " + path + " was opened by the shell before step " + step + " began, so " + why
                + "; let the step open it: sluice exec --step " + step + " -- sh -c '... " + sign + " FILE'\n";
    }

    @Test
    void whatGrowsIsNotReadAsTheShellHasOpenedIt() throws IOException {
        serve();
        Path go = folder.resolve("go");
        Child make = exec(
                "",
                "make",
                "--",
                "sh",
                "-c",
                "exec > " + work + "/data; echo one; until [ -e " + go + " ]; do sleep 0.05; done; echo two");
        Path data = work.resolve("data");
        Deadline.until("there is the first line", () -> data.toFile().length() == 4);

        assertThat(exec("< " + data, "use", "--", "cat").finish())
                .isEqualTo(
                        new Child.Outcome(2, refused("use", "data", "reading it would not wait for what comes", "<")));
        Files.createFile(go);
        assertThat(make.finish()).isEqualTo(new Child.Outcome(0, ""));
        assertThat(exec("< " + data, "use", "--", "cat").finish())
                .as("once more, when it is complete")
                .isEqualTo(new Child.Outcome(0, "one\ntwo\n"));
    }

    @Test
    void whatWasOpenedBeforeTheMountIsNotRead() throws IOException {
        Files.writeString(work.resolve("data"), "of an earlier run\n");
        assertThat(exec("< " + work + "/data", "use", "--flow", flow, "--", "cat")
                        .finish())
                .isEqualTo(
                        new Child.Outcome(2, refused("use", "data", "reading it would not wait for what comes", "<")));
    }

    @Test
    void whatWasOpenedBeforeTheMountIsNotWritten() throws IOException {
        assertThat(exec("> " + work + "/data", "make", "--flow", flow, "--", "echo", "lost")
                        .finish())
                .isEqualTo(new Child.Outcome(2, refused("make", "data", "no other step would see what comes", ">")));
        assertThat(Files.readString(work.resolve("data"))).doesNotContain("lost");
    }

    @Test
    void whatIsWrittenThroughTheMountFlows() throws IOException {
        serve();
        assertThat(exec("> " + work + "/data", "make", "--", "seq", "3")
                        .finish()
                        .exit())
                .isZero();
        assertThat(exec("< " + work + "/data > " + work + "/result", "use", "--", "cat")
                        .finish()
                        .exit())
                .isZero();
        assertThat(sluice("", "stop").finish()).isEqualTo(new Child.Outcome(0, ""));
        assertThat(work.resolve("result")).hasContent("1\n2\n3\n");
    }

    @Test
    void whatNoStepReadsMayBeInThePlainDirectory() throws IOException {
        String[] runs = {"--flow", flow, "--runs", "make=0", "--", "echo", "mine"};
        assertThat(exec("> " + work + "/result", "use", runs).finish().exit()).isZero();
        assertThat(work.resolve("result")).hasContent("mine\n");
    }

    @Test
    void filesThatDoNotFlowAreNobodysBusiness() throws IOException {
        Files.writeString(work.resolve("list"), "a\n");
        assertThat(exec("< " + work + "/list 2> " + work + "/log", "make", "--flow", flow, "--", "cat")
                        .finish())
                .isEqualTo(new Child.Outcome(0, "a\n"));
    }
}
