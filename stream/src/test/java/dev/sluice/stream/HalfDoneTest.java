package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.CommitRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.testing.Deadline;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is half done is not taken for complete. */
class HalfDoneTest {
    @TempDir
    private Path directory;

    private Workflow workflow;
    private Program make;
    private Program use;

    private void open(Flow.Builder flow) throws Exception {
        workflow = Workflow.open(directory, flow.build(), Keep.PERMANENT, new Limits(64 << 20, null));
        make = new Program(workflow, workflow.start("make"));
        use = new Program(workflow, workflow.start("use"));
    }

    @AfterEach
    void close() {
        if (workflow != null) {
            workflow.close();
        }
    }

    private void untilOneWaits() {
        Deadline.until("somebody waits", () -> workflow.waiting().size() == 1);
    }

    /** The file on which it hangs was complete before: what else is complete then has nothing to do with it. */
    @Test
    void aFileThatHangsOnAnotherIsNotCompleteWhileSomebodyWritesIt() throws Exception {
        open(Flow.builder("test")
                .step(
                        "make",
                        List.of(),
                        List.of("data", "done", "more"),
                        Rule.files("data").commits(CommitRule.onFile("done")),
                        Rule.files("done", "more").commits(CommitRule.onClose()))
                .step("use", List.of("data"), List.of()));
        make.put("done", "");
        Handle writing = make.create("data");
        make.write(writing, 0, "half ");
        CompletableFuture<String> reading = use.laterGet("data");
        untilOneWaits();
        make.put("more", "");
        assertThat(workflow.waiting()).hasSize(1);
        make.write(writing, 5, "and half");
        make.close(writing);
        assertThat(Program.get(reading)).isEqualTo("half and half");
    }
}
