package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.language.CommitRule;
import dev.sluice.language.FireRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
import dev.sluice.linux.OpenFlag;
import dev.sluice.stream.Ending.Keep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps that run once more, since they have failed or since somebody wants it. */
class RenewalTest {
    @TempDir
    private Path directory;

    private Workflow workflow;
    private final List<Node> renewed = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        close();
        Flow.Builder flow = Flow.builder("test")
                .step(
                        "make",
                        List.of(),
                        List.of("data-*"),
                        Rule.files("data-*").commits(CommitRule.onTermination()).fires(FireRule.NO_UPDATE))
                .step("use", List.of("data-*"), List.of("result"));
        workflow = Workflow.open(directory, flow.build(), Keep.PERMANENT, new Limits(64 << 20, null));
        workflow.whenRenewed(renewed::add);
    }

    @AfterEach
    void close() {
        if (workflow != null) {
            workflow.close();
        }
    }

    private Program program(Session session) {
        return new Program(workflow, session);
    }

    private Session made(String path, String text, boolean succeeded) throws Refusal {
        Session make = workflow.start("make");
        program(make).put(path, text);
        make.end(succeeded);
        return make;
    }

    private String state(String path) {
        return workflow.snapshot(100).files().stream()
                .filter(file -> file.path().equals(path))
                .map(Workflow.Snapshot.FileState::state)
                .findAny()
                .orElse("unknown");
    }

    @Test
    void whatARunThatFailedHasLeftIsLetGoAndItsReadersWaitForTheNextRun() throws Exception {
        Session use = workflow.start("use");
        Program early = program(use);
        Session make = workflow.start("make");
        Handle writing = program(make).create("data-1");
        program(make).write(writing, 0, "part");
        Handle reading = early.open("data-1", 0);
        assertThat(early.read(reading, 0, 10)).isEqualTo("part");
        program(make).close(writing);
        make.end(false);
        assertThat(state("data-1")).isEqualTo("failed");
        assertThatThrownBy(() -> early.read(reading, 4, 10)).hasMessageContaining("EIO");
        Node before = Program.get(early.later(request -> early.find(request, "data-1")));

        Session again = workflow.start("make");
        assertThat(renewed).containsExactly(before);
        assertThatThrownBy(() -> early.read(reading, 4, 10))
                .as("who has read a part of it")
                .hasMessageContaining("EIO");
        CompletableFuture<String> whole = Program.inThread(() -> {
            try {
                return early.get("data-1");
            } catch (Refusal e) {
                throw new AssertionError(e);
            }
        });
        program(again).put("data-1", "whole");
        again.end(true);
        assertThat(Program.get(whole)).isEqualTo("whole");
        early.close(reading);
        use.end(true);
        assertThat(workflow.finish(true).incidents())
                .as("use itself has not run once more")
                .containsExactly(
                        "step use wanted data-1, and got an error (EIO) because a step that writes it has failed");
    }

    @Test
    void whatIsMadeGoodIsNotTold() throws Exception {
        made("data-1", "part", false);
        Session use = workflow.start("use");
        assertThatThrownBy(() -> program(use).get("data-1")).hasMessageContaining("EIO");
        use.end(false);

        made("data-1", "whole", true);
        Session after = workflow.start("use");
        assertThat(program(after).get("data-1")).isEqualTo("whole");
        after.end(true);
        assertThat(workflow.snapshot(9).steps()).noneMatch(Workflow.Snapshot.StepState::hasFailed);
        assertThat(workflow.finish(true).incidents()).isEmpty();
    }

    @Test
    void aFileThatNeverCameIsWaitedForAgain() throws Exception {
        workflow.start("make").end(false);
        Program use = program(workflow.start("use"));
        assertThatThrownBy(() -> use.get("data-1")).hasMessageContaining("ENOENT");
        Session again = workflow.start("make");
        CompletableFuture<Handle> opening =
                use.later(request -> workflow.tree().open(request, use.find(request, "data-1"), 0));
        program(again).put("data-1", "x");
        Handle handle = Program.get(opening);
        again.end(true);
        assertThat(use.read(handle, 0, 10)).isEqualTo("x");
        use.close(handle);
    }

    @Test
    void theFilesOfRunsThatSucceededStayWhenAnotherOneIsRepeated() throws Exception {
        workflow.announce("make", 2);
        made("data-1", "good", true);
        made("data-2", "part", false);
        assertThat(state("data-1")).isEqualTo("failed");

        Session again = workflow.start("make");
        assertThat(state("data-1")).isEqualTo("growing");
        assertThat(state("data-2")).isEqualTo("unknown");
        program(again).put("data-2", "whole");
        again.end(true);
        Program use = program(workflow.start("use"));
        assertThat(use.get("data-1")).isEqualTo("good");
        assertThat(use.get("data-2")).isEqualTo("whole");
    }

    @Test
    void whoReadsWhatWasCompleteGoesOnWithItWhenItIsMadeAnew() throws Exception {
        made("data-1", "one", true);
        Program use = program(workflow.start("use"));
        Handle old = use.open("data-1", 0);

        Session again = workflow.again("make");
        assertThat(use.read(old, 0, 10)).isEqualTo("one");
        program(again).put("data-1", "two!");
        again.end(true);
        assertThat(use.read(old, 0, 10)).isEqualTo("one");
        assertThat(use.get("data-1")).isEqualTo("two!");
        use.close(old);
    }

    @Test
    void whatWasThereBeforeTheRunIsThereAgain() throws Exception {
        Files.writeString(directory.resolve("data-1"), "before");
        Files.writeString(directory.resolve("data-2"), "before");
        open();
        Session make = workflow.start("make");
        Handle writing = program(make).open("data-1", OpenFlag.WRITE_ONLY.bits() | OpenFlag.TRUNCATE.bits());
        program(make).write(writing, 0, "part");
        program(make).close(writing);
        Session use = workflow.start("use");
        assertThat(program(make).get("data-2")).isEqualTo("before");
        make.end(false);
        assertThatThrownBy(() -> program(use).get("data-1")).hasMessageContaining("EIO");

        Session again = workflow.start("make");
        assertThat(program(again).get("data-1")).isEqualTo("before");
        again.end(true);
        assertThat(program(use).get("data-1")).isEqualTo("before");
        assertThat(program(use).get("data-2")).isEqualTo("before");
        assertThat(directory.resolve("data-1")).hasContent("before");
    }
}
