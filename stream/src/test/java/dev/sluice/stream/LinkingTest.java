package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.CommitRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
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

/** Files with several names, of which the flow does not say the same. */
class LinkingTest {
    @TempDir
    private Path directory;

    private Workflow workflow;
    private Session making;
    private Program make;
    private Program use;

    @BeforeEach
    void open() throws Exception {
        Flow flow = Flow.builder("test")
                .step(
                        "make",
                        List.of(),
                        List.of("data", "other", "result", "late"),
                        Rule.files("data", "other", "result").commits(CommitRule.onClose()))
                .step("use", List.of("other"), List.of())
                .step("look", List.of("data"), List.of())
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

    private void finish() throws Exception {
        making.end(true);
        assertThat(workflow.finish(true).incidents()).isEmpty();
    }

    @Test
    void aPlainFileStaysThoughATemporaryOneIsLinkedToIt() throws Exception {
        make.put("plain", "text");
        make.link("plain", "data");
        finish();
        assertThat(directory.resolve("plain")).hasContent("text");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void aPlainNameOfATemporaryFileStays() throws Exception {
        make.put("data", "text");
        make.link("data", "plain");
        finish();
        assertThat(directory.resolve("plain")).hasContent("text");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void aPlainNameOfAGrowingFileStays() throws Exception {
        Handle growing = make.create("data");
        make.link("data", "plain");
        make.write(growing, 0, "text");
        make.close(growing);
        finish();
        assertThat(directory.resolve("plain")).hasContent("text");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void aNameThatIsLeftIsTheFilesOwn() throws Exception {
        make.put("data", "first");
        make.link("data", "data~");
        make.put("new", "second");
        make.rename("new", "data");
        finish();
        assertThat(directory.resolve("data~")).hasContent("first");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void aFileIsMovedByANewNameAndTheEndOfTheOldOne() throws Exception {
        make.put("data", "text");
        make.link("data", "result");
        make.remove("data");
        Deadline.until("it is kept", () -> Files.exists(directory.resolve("result")));
        finish();
        assertThat(directory.resolve("result")).hasContent("text");
    }

    @Test
    void aFileStaysUnderThatOfItsNamesWhichIsToStay() throws Exception {
        make.put("data", "text");
        make.link("data", "result");
        finish();
        assertThat(directory.resolve("result")).hasContent("text");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void whoConsumesASecondNameWaitsAsForTheFirst() throws Exception {
        Handle growing = make.create("data");
        make.write(growing, 0, "te");
        make.link("data", "other");
        CompletableFuture<String> reading = use.laterGet("other");
        Deadline.until(
                "it waits",
                () -> reading.isDone() || !workflow.snapshot(9).waiting().isEmpty());
        make.write(growing, 2, "xt");
        make.close(growing);
        assertThat(Program.get(reading)).isEqualTo("text");
    }

    @Test
    void aFileThatWasKeptIsKeptUnderItsNextNameAsWell() throws Exception {
        make.put("result", "text");
        Deadline.until("it is kept", () -> Files.exists(directory.resolve("result")));
        make.link("result", "plain");
        make.link("result", "data");
        finish();
        assertThat(directory.resolve("result")).hasContent("text");
        assertThat(directory.resolve("plain")).hasContent("text");
        assertThat(Files.getAttribute(directory.resolve("plain"), "unix:nlink")).isEqualTo(2);
        assertThat(directory.resolve("data")).doesNotExist();
    }

    /** Else it would be nowhere on the disk until it is brought again, and lost if the server were killed before. */
    @Test
    void aFileThatWasKeptIsBelowAtEveryMomentWhicheverOfItsNamesGoes() throws Exception {
        make.put("result", "text");
        Deadline.until("it is kept", () -> Files.exists(directory.resolve("result")));
        make.link("result", "plain");
        make.remove("result");
        assertThat(directory.resolve("plain")).hasContent("text");
        assertThat(directory.resolve("result")).doesNotExist();
        make.link("plain", "again");
        make.rename("plain", "elsewhere");
        assertThat(directory.resolve("again")).hasContent("text");
        assertThat(directory.resolve("elsewhere")).hasContent("text");
        finish();
        assertThat(directory.resolve("elsewhere")).hasContent("text");
        assertThat(Files.getAttribute(directory.resolve("again"), "unix:nlink")).isEqualTo(2);
        assertThat(directory.resolve("plain")).doesNotExist();
    }

    /** It gets its rule from the name that is left, under which it is not complete before its step is over. */
    @Test
    void aKeptFileWhoseNextNameIsNotCompleteYetIsNotTakenForComplete() throws Exception {
        make.put("result", "text");
        Deadline.until("it is kept", () -> Files.exists(directory.resolve("result")));
        make.link("result", "late");
        make.remove("result");
        making.end(false);
        workflow.finish(false);
        assertThat(directory.resolve("late")).doesNotExist();
        assertThat(directory.resolve("late.incomplete")).hasContent("text");
    }

    /** As a program has them that stores what is the same only once. */
    @Test
    void aPlainFileMayHaveVeryManyNames() throws Exception {
        int many = 20_000;
        make.put("plain", "text");
        make.makeDirectory("names");
        for (int i = 0; i < many; i++) {
            make.link("plain", "names/" + i);
        }
        for (int i = 0; i < many; i++) {
            make.rename("names/" + i, "names/again-" + i);
        }
        make.rename("names", "more");
        finish();
        try (java.util.stream.Stream<Path> names = Files.list(directory.resolve("more"))) {
            assertThat(names).hasSize(many);
        }
    }

    @Test
    void aFileInMemoryIsKeptUnderVeryManyNames() throws Exception {
        int many = 25_000; // more than most may have files open
        Handle growing = make.create("result");
        for (int i = 0; i < many; i++) {
            make.link("result", "name" + i);
        }
        make.write(growing, 0, "text");
        make.close(growing);
        finish();
        assertThat(directory.resolve("name" + (many - 1))).hasContent("text");
        assertThat(Files.getAttribute(directory.resolve("result"), "unix:nlink"))
                .isEqualTo(many + 1);
    }

    @Test
    void whoConsumesANameOfAFileFromBeforeWaitsThoughItIsKnownByAPlainOne() throws Exception {
        workflow.close();
        Files.writeString(directory.resolve("backup"), "old");
        Files.createLink(directory.resolve("other"), directory.resolve("backup"));
        open();
        assertThat(make.get("backup")).isEqualTo("old");
        CompletableFuture<String> reading = use.laterGet("other");
        Deadline.until(
                "it waits",
                () -> reading.isDone() || !workflow.snapshot(9).waiting().isEmpty());
        make.remove("other");
        make.put("other", "new");
        making.end(true);
        assertThat(Program.get(reading)).isEqualTo("new");
        assertThat(make.get("backup")).isEqualTo("old");
    }
}
