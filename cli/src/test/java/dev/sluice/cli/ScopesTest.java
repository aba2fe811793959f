package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/** JVMs that take part by scopes, with a server that is there, comes late, or is started by the first of them: real processes. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ScopesTest {
    private static final String PROGRAM = "dev.sluice.jvm.ScopeProgram";

    @TempDir
    private Path folder;

    private Path work;
    private Path runtime;
    private Path temporary;
    private String flow;
    private final List<Child> children = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        work = Files.createDirectory(folder.resolve("work"));
        temporary = Files.createDirectory(folder.resolve("tmp"));
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
        start(sluice("stop", "--dir", work.toString(), "--now")).finish();
        children.forEach(Child::close);
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(folder.toString());
    }

    private static List<String> sluice(String... words) {
        return Child.java(Main.class.getName(), Main.class, List.of(), words);
    }

    private Child start(List<String> command) {
        Child child = Child.of(command).with("XDG_RUNTIME_DIR", runtime.toString());
        children.add(child);
        return child.start();
    }

    private Child program(String step, String what, String flowFile) {
        List<String> words = new ArrayList<>(List.of(work.toString(), step, what, flowFile));
        words.addAll(sluice());
        return start(Child.java(
                PROGRAM, Main.class, List.of("-Djava.io.tmpdir=" + temporary), words.toArray(String[]::new)));
    }

    @Test
    void theFirstScopeStartsAServerAndTheOthersFindIt() {
        Child use = program("use", "read", flow);
        Child make = program("make", "write", flow);
        assertThat(use.finish().output()).contains("got by make").contains("ended");
        assertThat(make.finish().exit()).isZero();
        assertThat(work.resolve("result")).hasContent("done");
        Deadline.until("nothing of the servers is left that nobody needs", this::hasNoLog);
    }

    private boolean hasNoLog() {
        try (Stream<Path> left = Files.list(temporary)) {
            return left.noneMatch(each -> each.toString().endsWith(".log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aServerThatComesLateIsWaitedFor() {
        Child use = program("use", "read", "-").untilItSays("nobody serves");
        Child server = serve();
        Child make = program("make", "write", "-");
        assertThat(use.finish().output()).contains("got by make").contains("ended");
        assertThat(make.finish().exit()).isZero();
        assertThat(server.finish().exit()).isZero();
    }

    @Test
    void aScopeThatFailsIsAStepThatFails() {
        Child server = serve();
        Child use = program("use", "read", "-");
        assertThat(program("make", "fail", "-").finish().output()).contains("ended");
        assertThat(use.finish().output()).contains("Exception").doesNotContain("got");
        assertThat(server.finish().output()).contains("step make failed");
    }

    private Child serve() {
        return start(sluice("serve", flow, "--dir", work.toString(), "--no-mount", "--once"));
    }

    @Test
    void aScopeMayEndTheServerThatItHasStarted() {
        assertThat(program("make", "write,and ends the server", flow).finish().output())
                .contains("starts a server", "ended");
        Child.Outcome status = start(sluice("status", "--dir", work.toString())).finish();
        assertThat(status.exit()).isEqualTo(1);
        assertThat(status.output()).contains("nobody serves");
        assertThat(hasNoLog()).isTrue();
    }

    @Test
    void aServerOfAnotherWorkflowIsRefused() {
        Child server = serve();
        assertThat(program("make", "write,of another", "-").finish().output())
                .contains("another", "test")
                .doesNotContain("ended");
        assertThat(program("make", "write,of test", "-").finish().output()).contains("ended");
        assertThat(program("use", "read", "-").finish().output()).contains("got by make");
        assertThat(server.finish().exit()).isZero();
    }

    @Test
    void aFileSystemByItsNameAloneIsOfTheServerThatIsThere() {
        Child server = serve().untilItSays("ready");
        Child use = program("use", "read", "-");
        assertThat(program("make", "write,by its file system", "-").finish().exit())
                .isZero();
        assertThat(use.finish().output()).contains("got by a file system");
        assertThat(server.finish().exit()).isZero();
    }
}
