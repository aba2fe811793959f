package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.language.CommitRule;
import dev.sluice.language.FireRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
import dev.sluice.linux.Errno;
import dev.sluice.linux.OpenFlag;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.testing.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that change places, and files that go under another name, in memory and below. */
class RenamingTest {
    @TempDir
    private Path directory;

    private Workflow workflow;
    private Session making;
    private Program make;
    private Program use;

    @BeforeEach
    void open() throws Exception {
        Files.writeString(directory.resolve("plain"), "from below");
        Files.writeString(directory.resolve("two"), "from before");
        Files.createDirectories(directory.resolve("folder/inner"));
        Flow flow = Flow.builder("test")
                .step(
                        "make",
                        List.of(),
                        List.of("one", "two", "folder/*", "parts/*"),
                        Rule.files("one", "two", "folder/*", "parts/*")
                                .commits(CommitRule.onClose())
                                .fires(FireRule.NO_UPDATE))
                .step("use", List.of("one", "two", "parts/*"), List.of())
                .permanent("one", "two", "folder/*")
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
        workflow.finish(true);
    }

    /** As where there are no such files: else who asks for one is told that there is one now. */
    @Test
    void nothingIsLeftThatHidesAName() throws Exception {
        make.put("one", "first");
        for (int flags : new int[] {4, 5, 8}) {
            assertThatThrownBy(() -> make.rename("one", "other", flags)).hasMessageContaining("EINVAL");
        }
        assertThat(make.get("one")).isEqualTo("first");
    }

    @Test
    void twoFilesInMemoryChangePlaces() throws Exception {
        make.put("one", "first");
        Handle anew = make.open("two", Program.WRITE | OpenFlag.TRUNCATE.bits());
        make.write(anew, 0, "second");
        make.close(anew);
        make.exchange("one", "two");
        assertThat(make.get("one")).isEqualTo("second");
        assertThat(use.get("one")).isEqualTo("second");
        assertThat(use.get("two")).isEqualTo("first");
        finish();
        assertThat(directory.resolve("one")).hasContent("second");
        assertThat(directory.resolve("two")).hasContent("first");
    }

    @Test
    void aFileInMemoryAndOneBelowChangePlaces() throws Exception {
        make.put("one", "first");
        make.exchange("one", "plain");
        assertThat(make.get("plain")).isEqualTo("first");
        assertThat(make.get("one")).isEqualTo("from below");
        make.exchange("one", "plain");
        assertThat(use.get("one")).isEqualTo("first");
        make.exchange("plain", "one");
        finish();
        assertThat(directory.resolve("one")).hasContent("from below");
        assertThat(directory.resolve("plain")).hasContent("first");
    }

    @Test
    void whatIsMadeAnewAndSomethingBelowChangePlaces() throws Exception {
        Handle growing = make.open("two", Program.WRITE | OpenFlag.TRUNCATE.bits());
        make.write(growing, 0, "anew");
        make.exchange("plain", "two");
        make.write(growing, 4, " and more");
        make.close(growing);
        assertThat(make.get("plain")).isEqualTo("anew and more");
        finish();
        assertThat(directory.resolve("plain")).hasContent("anew and more");
        assertThat(directory.resolve("two")).hasContent("from below");
    }

    @Test
    void aFileAndADirectoryChangePlaces() throws Exception {
        make.put("one", "first");
        make.put("folder/inside", "inside");
        make.exchange("one", "folder");
        assertThat(make.get("folder")).isEqualTo("first");
        assertThat(make.list("one")).containsExactlyInAnyOrder("inner", "inside");
        finish();
        assertThat(directory.resolve("folder")).hasContent("first");
        assertThat(directory.resolve("one/inside")).hasContent("inside");
    }

    @Test
    void nothingChangesPlacesWithWhatItIsIn() throws Exception {
        make.put("folder/inside", "inside");
        for (String inner : List.of("folder/inside", "folder/inner")) {
            assertThatThrownBy(() -> make.exchange(inner, "folder")).satisfies(e -> refused(e, Errno.EINVAL));
            assertThatThrownBy(() -> make.exchange("folder", inner)).satisfies(e -> refused(e, Errno.EINVAL));
        }
        assertThatThrownBy(() -> make.exchange("folder", "nowhere")).satisfies(e -> refused(e, Errno.ENOENT));
        assertThat(make.get("folder/inside")).isEqualTo("inside");
    }

    private static void refused(Throwable e, Errno errno) {
        assertThat(((Refusal) e).errno()).isEqualTo(errno);
    }

    /** Else it would be nowhere on the disk until it is brought again, and lost if the server were killed before. */
    @Test
    void whatWasKeptIsKeptUnderItsNewNameAtOnce() throws Exception {
        make.put("one", "first");
        Deadline.until("it is kept", () -> Files.exists(directory.resolve("one")));
        make.rename("one", "elsewhere");
        assertThat(directory.resolve("elsewhere")).hasContent("first");
        assertThat(directory.resolve("one")).doesNotExist();
        assertThat(make.get("elsewhere")).isEqualTo("first");
        finish();
        assertThat(directory.resolve("elsewhere")).hasContent("first");
        assertThat(directory.resolve("one")).doesNotExist();
    }

    @Test
    void keptFilesThatChangePlacesDoSoBelowAtOnce() throws Exception {
        make.put("one", "first");
        make.put("folder/inside", "second");
        Deadline.until(
                "both are kept",
                () -> Files.exists(directory.resolve("one")) && Files.exists(directory.resolve("folder/inside")));
        make.exchange("one", "folder/inside");
        assertThat(directory.resolve("one")).hasContent("second");
        assertThat(directory.resolve("folder/inside")).hasContent("first");
        make.makeDirectory("parts");
        make.put("parts/temporary", "third");
        make.exchange("one", "parts/temporary");
        assertThat(make.get("one")).isEqualTo("third");
        assertThat(make.get("parts/temporary")).isEqualTo("second");
        make.exchange("folder/inside", "plain");
        assertThat(directory.resolve("plain")).hasContent("first");
        assertThat(directory.resolve("folder/inside")).hasContent("from below");
        finish();
        assertThat(directory.resolve("one")).hasContent("third");
        assertThat(directory.resolve("plain")).hasContent("first");
        assertThat(directory.resolve("folder/inside")).hasContent("from below");
        assertThat(directory.resolve("parts/temporary")).doesNotExist();
    }

    @Test
    void whatIsSaidOfAFileAfterItWasKeptIsKeptAsWell() throws Exception {
        make.put("one", "first");
        Deadline.until("it is kept", () -> Files.exists(directory.resolve("one")));
        make.change("one", new Change(Change.MODE | Change.MODIFIED, 0, 0750, 0, 0, 0, 0, 981173106, 0));
        finish();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("one"))))
                .isEqualTo("rwxr-x---");
        assertThat(Files.getLastModifiedTime(directory.resolve("one")).toInstant())
                .isEqualTo(Instant.ofEpochSecond(981173106));
    }

    @Test
    void whatGetsANameOfWhichTheFlowDoesNotSpeakIsKeptAsAllSuchFiles() throws Exception {
        Handle growing = make.create("one");
        make.write(growing, 0, "first");
        make.rename("one", "other");
        make.close(growing);
        finish();
        assertThat(directory.resolve("other")).hasContent("first");
    }

    @Test
    void whatHasGotSuchANameIsBelowAtOnceAndAgainWhenItHasChanged() throws Exception {
        make.put("one", "first");
        make.rename("one", "other");
        Deadline.until("it is below", () -> Files.exists(directory.resolve("other")));
        Handle more = make.open("other", Program.WRITE);
        make.write(more, 5, " and more");
        make.close(more);
        Deadline.until("all of it is below", () -> Files.size(directory.resolve("other")) == 14);
        make.remove("other");
        assertThat(directory.resolve("other")).doesNotExist();
        finish();
        assertThat(directory.resolve("other")).doesNotExist();
    }

    @Test
    void whatIsBelowAlreadyIsThereUnderItsNewNameAsWell() throws Exception {
        make.put("one", "first");
        Deadline.until("it is kept", () -> Files.exists(directory.resolve("one")));
        make.rename("one", "other");
        assertThat(directory.resolve("one")).doesNotExist();
        finish();
        assertThat(directory.resolve("other")).hasContent("first");
    }

    @Test
    void whoReadsWhatGrowsReadsItToItsEndUnderAnyName() throws Exception {
        for (String name : List.of("other", "folder/one")) {
            Handle growing = make.create("one");
            make.write(growing, 0, "first");
            Handle reading = use.open("one", Program.READ);
            assertThat(use.read(reading, 0, 9)).isEqualTo("first");
            make.rename("one", name);
            CompletableFuture<String> more = use.later(request -> use.read(reading, 5, 9));
            assertThat(more).satisfies(it -> Deadline.until("it waits", () -> it.isDone() || isAwaited()));
            make.write(growing, 5, " more");
            assertThat(Program.get(more)).isEqualTo(" more");
            make.close(growing);
            assertThat(use.read(reading, 10, 9)).isEmpty();
            use.close(reading);
        }
        finish();
        assertThat(directory.resolve("other")).hasContent("first more");
        assertThat(directory.resolve("folder/one")).hasContent("first more");
    }

    private boolean isAwaited() {
        return !workflow.snapshot(9).waiting().isEmpty();
    }

    @Test
    void aHoleThatAWriterMayStillFillIsNoneUnderANewName() throws Exception {
        Handle growing = make.create("folder/one");
        make.write(growing, 5, " more");
        make.remove("two");
        make.rename("folder/one", "two");
        CompletableFuture<String> reading = use.laterGet("two");
        Deadline.until("it waits", () -> reading.isDone() || isAwaited());
        make.write(growing, 0, "first");
        make.close(growing);
        assertThat(Program.get(reading)).isEqualTo("first more");
    }

    @Test
    void aDirectoryThatGetsANameOfWhichTheFlowDoesNotSpeakStaysWithAllThatIsInIt() throws Exception {
        make.makeDirectory("parts");
        make.put("parts/a", "temporary");
        Handle growing = make.create("parts/b");
        make.write(growing, 0, "still ");
        make.rename("parts", "parts.old");
        make.write(growing, 6, "growing");
        make.close(growing);
        make.makeDirectory("parts");
        make.put("parts/a", "again");
        finish();
        assertThat(directory.resolve("parts.old/a")).hasContent("temporary");
        assertThat(directory.resolve("parts.old/b")).hasContent("still growing");
        assertThat(directory.resolve("parts/a")).doesNotExist();
    }
}
