package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.CommitRule;
import dev.sluice.language.FireRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.stream.Waiting.Reason;
import dev.sluice.stream.Workflow.Recording;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
    @TempDir
    private Path directory;

    private Workflow workflow;
    private Session producing;
    private Session consuming;
    private Program maker;
    private Program user;

    @BeforeEach
    void open() throws Exception {
        Flow flow = Flow.builder("test")
                .step(
                        "make",
                        List.of(),
                        List.of("grows", "whole", "many/*"),
                        new Rule(Rule.Kind.FILE, List.of("grows"), CommitRule.onClose(), FireRule.NO_UPDATE))
                .step("use", List.of("grows", "whole", "many/*"), List.of("result"))
                .build();
        workflow = Workflow.open(directory, flow, Keep.PERMANENT, new Limits(64 << 20, null));
        producing = workflow.start("make");
        consuming = workflow.start("use");
        maker = new Program(workflow, producing);
        user = new Program(workflow, consuming);
    }

    @AfterEach
    void close() {
        workflow.close();
    }

    private Recording.File file(String path) {
        return workflow.recording().files().stream()
                .filter(file -> file.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private static Recording.Share share(Recording.File file, String step) {
        return file.shares().stream()
                .filter(share -> share.step().equals(step))
                .findFirst()
                .orElseThrow();
    }

    private void untilSomebodyWaits() throws InterruptedException {
        long end = System.nanoTime() + 30_000_000_000L;
        while (workflow.waiting().isEmpty()) {
            assertThat(System.nanoTime()).as("somebody waits in time").isLessThan(end);
            Thread.sleep(1);
        }
    }

    @Test
    void momentsOfAFileComeInTheirOrder() throws Exception {
        Handle writer = maker.create("grows");
        maker.write(writer, 0, "abc");
        Handle reader = user.open("grows", Program.READ);
        assertThat(user.read(reader, 0, 10)).isEqualTo("abc");
        assertThat(file("grows").committed()).isEqualTo(-1);
        maker.write(writer, 3, "de");
        maker.close(writer);
        assertThat(user.read(reader, 3, 10)).isEqualTo("de");
        user.close(reader);

        Recording.File file = file("grows");
        assertThat(List.of(file.created(), file.written(), file.read(), file.closed(), file.committed()))
                .isSorted()
                .allMatch(moment -> moment >= 0);
        assertThat(file.bytes()).isEqualTo(5);
        assertThat(share(file, "make").written()).isEqualTo(5);
        assertThat(share(file, "make").writesInOrder()).isTrue();
        assertThat(share(file, "use").read()).isEqualTo(5);
        assertThat(share(file, "use").readsInOrder()).isTrue();
        assertThat(share(file, "use").isReadAssumed()).isFalse();
        assertThat(workflow.recording().counts().complete()).isEqualTo(1);
    }

    @Test
    void whatIsWrittenOutOfOrderIsNotTakenForWrittenFromStartToEnd() throws Exception {
        Handle writer = maker.create("whole");
        maker.write(writer, 4, "efgh");
        maker.write(writer, 0, "abcd");
        maker.close(writer);

        assertThat(share(file("whole"), "make").writesInOrder()).isFalse();
    }

    @Test
    void waitsAreToldWithTheirReasons() throws Exception {
        CompletableFuture<String> reading = user.later(_ -> null).thenApplyAsync(_ -> {
            try {
                return user.get("whole");
            } catch (Refusal e) {
                throw new java.util.concurrent.CompletionException(e);
            }
        });
        untilSomebodyWaits();
        Recording during = workflow.recording();
        Recording.Pause open = pauses(during).getFirst();
        assertThat(open.to()).as("it lasts").isEqualTo(during.now());
        assertThat(open.reason()).isEqualTo(Reason.COMMIT);
        assertThat(open.path()).isEqualTo("whole");
        maker.put("whole", "x");
        producing.end(true);
        assertThat(Program.get(reading)).isEqualTo("x");

        Recording after = workflow.recording();
        assertThat(after.counts().waits()).containsKey(Reason.COMMIT);
        assertThat(pauses(after).getFirst().to()).isLessThan(after.now());
        assertThat(pauses(after).getFirst().waited()).isPositive();
        Recording.Run run = after.runs().getLast();
        assertThat(run.waited()).isGreaterThanOrEqualTo(pauses(after).getFirst().waited() / 2);
    }

    private static List<Recording.Pause> pauses(Recording recording) {
        return recording.runs().getLast().pauses();
    }

    @Test
    void aWaitForBytesIsOne() throws Exception {
        Handle writer = maker.create("grows");
        Handle reader = user.open("grows", Program.READ);
        CompletableFuture<String> reading = user.later(_ -> null).thenApplyAsync(_ -> {
            try {
                return user.read(reader, 0, 1);
            } catch (Refusal e) {
                throw new java.util.concurrent.CompletionException(e);
            }
        });
        untilSomebodyWaits();
        maker.write(writer, 0, "a");
        assertThat(Program.get(reading)).isEqualTo("a");

        assertThat(pauses(workflow.recording()).getFirst().reason()).isEqualTo(Reason.BYTES);
        maker.close(writer);
        user.close(reader);
    }

    @Test
    void aFileGoesOnUnderItsNewName() throws Exception {
        maker.put("aside", "abc");
        assertThat(file("aside").flows()).isFalse();
        maker.rename("aside", "whole");

        Recording.File file = file("whole");
        assertThat(file.flows()).isTrue();
        assertThat(share(file, "make").written()).isEqualTo(3);
        assertThat(workflow.recording().files()).noneMatch(each -> each.path().equals("aside"));
    }

    @Test
    void whatTheKernelReadsByItselfIsTakenForRead() throws Exception {
        maker.put("whole", "abcdef");
        producing.end(true);
        Handle reader = user.open("whole", Program.READ);
        assertThat(reader.isDirect()).as("the kernel may read it by itself").isFalse();
        user.close(reader);

        Recording.Share share = share(file("whole"), "use");
        assertThat(share.read()).isEqualTo(6);
        assertThat(share.isReadAssumed()).isTrue();
        assertThat(share.readsInOrder()).as("nobody knows").isFalse();
    }

    @Test
    void recordingLeavesFilesToTheKernel() throws Exception {
        maker.put("whole", "x".repeat(1 << 20));
        producing.end(true);
        Handle reader = user.open("whole", Program.READ);

        assertThat(reader.isDirect()).isFalse();
        assertThat(reader.backing()).isNotNegative();
        user.close(reader);
    }

    @Test
    void ofManyFilesThoseThatAreAlikeAreToldOfTogether() throws Exception {
        maker.makeDirectory("many");
        int files = Recorder.MOST_FILES + 500;
        for (int i = 0; i < files; i++) {
            maker.put("many/" + i, "ab");
        }
        producing.end(true);

        Recording recording = workflow.recording();
        assertThat(recording.files().size()).isLessThan(Recorder.MOST_FILES + 10);
        assertThat(recording.files().stream()
                        .filter(file -> file.flows() && !file.isDirectory())
                        .mapToLong(Recording.File::files)
                        .sum())
                .isEqualTo(files);
        assertThat(recording.files().stream()
                        .flatMap(file -> file.shares().stream())
                        .mapToLong(Recording.Share::written)
                        .sum())
                .isEqualTo(2L * files);
        assertThat(recording.files().stream().mapToLong(Recording.File::bytes).sum())
                .isEqualTo(2L * files);
        assertThat(recording.counts().made()).isEqualTo(files);
        assertThat(recording.counts().complete()).isEqualTo(files);
    }

    @Test
    void ofManyRunsTheSumsAreKept() {
        workflow.announce("use", 2 * Recorder.MOST_RUNS);
        for (int i = 1; i < 2 * Recorder.MOST_RUNS; i++) {
            workflow.start("use").end(i % 2 == 0);
        }

        Recording recording = workflow.recording();
        assertThat(recording.runs()).hasSize(Recorder.MOST_RUNS);
        Recording.Crowd crowd = recording.crowds().getFirst();
        assertThat(crowd.runs() + recording.runs().size()).isEqualTo(2 * Recorder.MOST_RUNS + 1);
        assertThat(crowd.failed()).isPositive();
        assertThat(crowd.taken()).isPositive();
    }

    @Test
    void aFileThatFailsIsToldAsFailed() throws Exception {
        maker.put("whole", "x");
        producing.end(false);

        assertThat(file("whole").hasFailed()).isTrue();
        assertThat(workflow.recording().counts().failed()).isEqualTo(1);
        assertThat(workflow.recording().runs().getFirst().hasFailed()).isTrue();
    }

    @Test
    void aFileThatIsMadeAnewBeginsAnew() throws Exception {
        maker.put("grows", "abc");
        long first = file("grows").committed();
        Handle again = maker.open("grows", Program.WRITE | Program.TRUNCATE);

        assertThat(file("grows").committed()).isEqualTo(-1);
        assertThat(file("grows").created()).isGreaterThanOrEqualTo(first);
        maker.close(again);
    }
}
