package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.language.Flow;
import dev.sluice.stream.Ending.Keep;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file in memory shows of itself, and what is refused, as on a disk. */
class ShownTest {
    @TempDir
    Path directory;

    private Workflow workflow;
    private Program program;

    @BeforeEach
    void open() throws Exception {
        workflow = Workflow.open(
                directory,
                Flow.builder("test")
                        .step("make", List.of(), List.of("data*"))
                        .step("use", List.of("data*"), List.of("out"))
                        .build(),
                Keep.PERMANENT,
                new Limits(1 << 20, null));
        program = new Program(workflow, workflow.start("make"));
    }

    @AfterEach
    void close() {
        workflow.close();
    }

    private interface Deed {
        void done() throws Refusal;
    }

    private long changed(String path) throws Refusal {
        Attributes found = program.stat(path);
        return Times.of(found.changedSeconds(), found.changedNanos());
    }

    private void changes(String before, String after, Deed deed) throws Refusal {
        long then = changed(before);
        while (Times.now() == then) {
            Thread.onSpinWait(); // clocks may be coarse
        }
        deed.done();
        assertThat(changed(after)).isGreaterThan(then);
    }

    @Test
    void namesThatComeAndGoChangeAFile() throws Exception {
        program.put("data", "text");
        changes("data", "data", () -> program.link("data", "data2"));
        changes("data", "data", () -> program.remove("data2"));
        changes("data", "data3", () -> program.rename("data", "data3"));
        program.put("data4", "text");
        program.link("data4", "data5");
        changes("data4", "data4", () -> program.rename("data3", "data5"));
    }

    private void set(String name) throws Refusal {
        program.now(request -> {
            workflow.tree().setAttribute(request, program.find(request, "data"), name, new byte[] {1}, 0);
            return name;
        });
    }

    @Test
    void anAttributeIsOfAKnownKind() throws Exception {
        program.put("data", "text");
        set("user.a");
        set("trusted.a");
        set("security.a");
        assertThatThrownBy(() -> set("other.a")).hasMessageContaining("EOPNOTSUPP");
        assertThatThrownBy(() ->
                        program.now(request -> workflow.tree().attribute(program.find(request, "data"), "other.a")))
                .hasMessageContaining("EOPNOTSUPP");
        assertThatThrownBy(() ->
                        program.now(request -> workflow.tree().attribute(program.find(request, "data"), "user.b")))
                .hasMessageContaining("ENODATA");
    }

    private void size(String path, long size) throws Refusal {
        program.change(path, new Change(Change.SIZE, size, 0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void theLargestSizeThatThereIsTakesNoMemory() throws Exception {
        program.put("data", "text");
        long before = workflow.memory();
        for (long size : new long[] {Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MAX_VALUE - 4096, 4}) {
            size("data", size);
            assertThat(program.stat("data").size()).isEqualTo(size);
            assertThat(program.stat("data").blocks()).isBetween(0L, 8L);
            assertThat(workflow.memory()).isEqualTo(before);
        }
        assertThat(program.get("data")).isEqualTo("text");
        Handle handle = program.open("data", Program.WRITE);
        program.write(handle, 100_000, "more");
        program.close(handle);
        assertThat(workflow.memory()).isBetween(100_000L, 200_000L);
    }
}
