package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.Flow;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.testing.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that somebody waits for. */
class NamingTest {
    @TempDir
    private Path directory;

    private Workflow workflow;
    private Session making;
    private Program make;
    private Program use;

    @BeforeEach
    void open() throws Exception {
        Files.createDirectories(directory.resolve("folder/inner"));
        Files.createDirectories(directory.resolve("old"));
        Files.writeString(directory.resolve("old/x"), "from before");
        Flow flow = Flow.builder("test")
                .step("make", List.of(), List.of("folder/*", "folder/inner/*"))
                .step("use", List.of("folder/*", "folder/inner/*"), List.of())
                .build();
        workflow = Workflow.open(directory, flow, Keep.PERMANENT, new Limits(64 << 20, null));
        making = workflow.start("make");
        make = new Program(workflow, making);
        use = new Program(workflow, workflow.start("use"));
    }

    @AfterEach
    void close() {
        workflow.close();
    }

    private CompletableFuture<String> reading(String path) throws Exception {
        CompletableFuture<String> reading = use.laterGet(path);
        Deadline.until("it waits", () -> !workflow.snapshot(9).waiting().isEmpty());
        return reading;
    }

    @Test
    void whoWaitsForAFileGetsTheOneInADirectoryThatIsMadeAnew() throws Exception {
        CompletableFuture<String> reading = reading("folder/inner/x");
        make.removeDirectory("folder/inner");
        make.removeDirectory("folder");
        make.makeDirectory("folder");
        make.makeDirectory("folder/inner");
        make.put("folder/inner/x", "new");
        making.end(true);
        assertThat(Program.get(reading)).isEqualTo("new");
    }

    @Test
    void whoWaitsForAFileGetsTheOneInADirectoryThatTakesThePlace() throws Exception {
        CompletableFuture<String> reading = reading("folder/inner/x");
        make.makeDirectory("folder.part");
        make.makeDirectory("folder.part/inner");
        make.put("folder.part/inner/x", "new");
        make.rename("folder", "folder.old");
        make.rename("folder.part", "folder");
        making.end(true);
        assertThat(Program.get(reading)).isEqualTo("new");
    }

    @Test
    void whatWasInADirectoryFromBeforeIsFoundWhereThatComesTo() throws Exception {
        CompletableFuture<String> reading = reading("folder/inner/x");
        make.removeDirectory("folder/inner");
        make.rename("old", "folder/inner");
        making.end(true);
        assertThat(Program.get(reading)).isEqualTo("from before");
    }
}
