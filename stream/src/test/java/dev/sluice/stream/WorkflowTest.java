package dev.sluice.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.language.CommitRule;
import dev.sluice.language.FireRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
import dev.sluice.linux.Errno;
import dev.sluice.linux.OpenFlag;
import dev.sluice.stream.Ending.Keep;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkflowTest {
    @TempDir
    Path directory;

    private Workflow workflow;
    private Session producing;
    private Session consuming;
    private Program producer;
    private Program consumer;

    private void open(Flow.Builder flow) throws Exception {
        open(flow, Keep.PERMANENT);
    }

    private void open(Flow.Builder flow, Keep keep) throws Exception {
        workflow = Workflow.open(directory, flow.build(), keep, new Limits(64 << 20, null));
        producing = workflow.start("make");
        consuming = workflow.start("use");
        producer = new Program(workflow, producing);
        consumer = new Program(workflow, consuming);
    }

    private static Flow.Builder flow(String path, Rule... rules) {
        return Flow.builder("test")
                .step("make", List.of(), List.of(path), rules)
                .step("use", List.of(path), List.of("result"));
    }

    private static Rule streaming(String path, CommitRule commit) {
        return Rule.files(path).commits(commit).fires(FireRule.NO_UPDATE);
    }

    @AfterEach
    void close() {
        if (workflow != null) {
            workflow.close();
        }
    }

    /** Until somebody waits: tests do not hope for order. */
    private void untilWaiting(int count) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (workflow.waiting().size() != count) {
            assertThat(System.nanoTime()).as("waiting: " + workflow.waiting()).isLessThan(end);
            Thread.sleep(1);
        }
    }

    private static Errno errno(CompletableFuture<?> result) {
        try {
            Object value = Program.get(result);
            throw new AssertionError("not refused, but " + value);
        } catch (Exception e) {
            assertThat(e.getCause()).isInstanceOf(Refusal.class);
            return ((Refusal) e.getCause()).errno();
        }
    }

    @Test
    void aReaderGetsBytesAsTheyAreWritten() throws Exception {
        open(flow("data", streaming("data", CommitRule.onClose())));
        CompletableFuture<Handle> opening =
                consumer.later(request -> workflow.tree().open(request, consumer.find(request, "data"), 0));
        untilWaiting(1);
        Handle writing = producer.create("data");
        Handle reading = Program.get(opening);
        CompletableFuture<String> first = Program.inThread(() -> read(reading, 0));
        untilWaiting(1);
        producer.write(writing, 0, "one ");
        assertThat(Program.get(first)).isEqualTo("one ");
        CompletableFuture<String> second = Program.inThread(() -> read(reading, 4));
        untilWaiting(1);
        producer.write(writing, 4, "two");
        assertThat(Program.get(second)).isEqualTo("two");
        CompletableFuture<String> end = Program.inThread(() -> read(reading, 7));
        untilWaiting(1);
        producer.close(writing);
        assertThat(Program.get(end)).isEmpty();
        consumer.close(reading);
    }

    private String read(Handle handle, long offset) {
        try {
            return consumer.read(handle, offset, 100);
        } catch (Refusal e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void underUpdateAReaderWaitsUntilTheStepHasEnded() throws Exception {
        open(flow("data"));
        CompletableFuture<String> reading = later(consumer, "data");
        untilWaiting(1);
        producer.put("data", "all of it");
        untilWaiting(1);
        assertThat(workflow.waiting().getFirst().why())
                .isEqualTo("step use opens data and waits: it is not complete, which it is on_termination;"
                        + " produced by make");
        producing.end(true);
        assertThat(Program.get(reading)).isEqualTo("all of it");
    }

    @Test
    void aSnapshotTellsWhoWaitsForWhatAndHowFarItIs() throws Exception {
        open(flow("data"));
        CompletableFuture<String> reading = later(consumer, "data");
        untilWaiting(1);
        producer.put("data", "all of it");
        producer.put("plain", "not of the flow");
        untilWaiting(1);

        Workflow.Snapshot before = workflow.snapshot(10);
        assertThat(before.steps())
                .extracting(step -> step.name() + " " + step.running() + "/" + step.expected() + " " + step.isOver())
                .containsExactly("make 1/1 false", "use 1/1 false");
        assertThat(before.files()).singleElement().satisfies(file -> {
            assertThat(file.path()).isEqualTo("data");
            assertThat(file.state()).isEqualTo("growing");
            assertThat(file.bytes()).isEqualTo(9);
            assertThat(file.producers()).containsExactly("make");
            assertThat(file.consumers()).containsExactly("use");
            assertThat(file.waiting()).isEqualTo(1);
        });
        assertThat(before.allFiles()).isEqualTo(1);
        assertThat(before.waiting()).singleElement().extracting(Waiting::step).isEqualTo("use");
        assertThat(before.allWaiting()).isEqualTo(1);

        producing.end(true);
        assertThat(Program.get(reading)).isEqualTo("all of it");
        Workflow.Snapshot after = workflow.snapshot(10);
        assertThat(after.steps().getFirst().isOver()).isTrue();
        assertThat(after.files().getFirst().state()).isEqualTo("complete");
        assertThat(after.waiting()).isEmpty();
    }

    @Test
    void aSnapshotOfManyFilesHasThoseFirstThatAreNotDone() throws Exception {
        open(flow("part-*", streaming("part-*", CommitRule.onClose())));
        for (int i = 0; i < 50; i++) {
            producer.put("part-" + i, "x");
        }
        Handle open = producer.create("part-last");
        CompletableFuture<String> waiting = later(consumer, "part-awaited");
        untilWaiting(1);

        Workflow.Snapshot snapshot = workflow.snapshot(3);
        assertThat(snapshot.files())
                .extracting(Workflow.Snapshot.FileState::path)
                .hasSize(3)
                .startsWith("part-awaited", "part-last");
        assertThat(snapshot.allFiles()).isEqualTo(52);
        assertThat(workflow.snapshot(0).files()).isEmpty();
        producer.close(open);
        producing.end(true);
        assertThat(errno(waiting)).isEqualTo(Errno.ENOENT);
    }

    private static CompletableFuture<String> later(Program program, String path) {
        return Program.inThread(() -> {
            try {
                return program.get(path);
            } catch (Refusal e) {
                throw new java.util.concurrent.CompletionException(e);
            }
        });
    }

    @Test
    void closesOfWritersAreCounted() throws Exception {
        open(flow("data", Rule.files("data").commits(CommitRule.onClose(2))));
        producer.put("data", "one");
        CompletableFuture<String> reading = later(consumer, "data");
        untilWaiting(1);
        producer.get("data"); // closes by readers are none
        untilWaiting(1);
        Handle again = producer.open("data", Program.WRITE);
        producer.write(again, 3, ", two");
        producer.close(again);
        assertThat(Program.get(reading)).isEqualTo("one, two");
    }

    @Test
    void aWriterOutOfOrderShowsNoHoles() throws Exception {
        open(flow("data", streaming("data", CommitRule.onTermination())));
        Handle writing = producer.create("data");
        producer.write(writing, 4, "4567");
        Handle reading = consumer.open("data", Program.READ);
        CompletableFuture<String> first = Program.inThread(() -> read(reading, 0));
        untilWaiting(1);
        assertThat(read(reading, 5)).isEqualTo("567");
        producer.write(writing, 0, "01");
        assertThat(Program.get(first)).isEqualTo("01");
        producer.write(writing, 10, "ab");
        producer.close(writing);
        CompletableFuture<String> hole = Program.inThread(() -> read(reading, 8));
        untilWaiting(1);
        producing.end(true);
        assertThat(Program.get(hole)).isEqualTo("\0\0ab");
        assertThat(read(reading, 2)).isEqualTo("\0\0" + "4567\0\0ab");
    }

    @Test
    void whenAProducerFailsItsReadersAreTold() throws Exception {
        open(flow("data", streaming("data", CommitRule.onTermination())));
        Handle writing = producer.create("data");
        producer.write(writing, 0, "half");
        Handle reading = consumer.open("data", Program.READ);
        assertThat(read(reading, 0)).isEqualTo("half");
        CompletableFuture<String> rest = consumer.later(request -> consumer.read(reading, 4, 100));
        untilWaiting(1);
        producer.close(writing);
        producing.end(false);
        assertThat(errno(rest)).isEqualTo(Errno.EIO);
        consumer.close(reading);
        consuming.end(true);
        assertThat(workflow.finish(true).incidents())
                .containsExactly(
                        "data is not complete: step make that writes it has failed",
                        "step use wanted data, and got an error (EIO) because a step that writes it has failed");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void whatNobodyMadeIsNotThere() throws Exception {
        open(flow("data"));
        CompletableFuture<String> reading = later(consumer, "data");
        untilWaiting(1);
        producing.end(true);
        assertThat(errno(reading)).isEqualTo(Errno.ENOENT);
        assertThatThrownBy(() -> consumer.get("data")).hasMessageContaining("ENOENT");
    }

    @Test
    void aDirectoryOnTheWayIsWaitedForAsWell() throws Exception {
        open(flow("deep/er/data"));
        CompletableFuture<String> reading = later(consumer, "deep/er/data");
        untilWaiting(1);
        producer.makeDirectory("deep");
        producer.makeDirectory("deep/er");
        producer.put("deep/er/data", "found");
        producing.end(true);
        assertThat(Program.get(reading)).isEqualTo("found");
    }

    @Test
    void whatIsFromBeforeTheRunIsWaitedForIfItMayBeMadeAnew() throws Exception {
        Files.writeString(directory.resolve("data"), "old");
        open(flow("data"));
        assertThat(producer.get("data")).isEqualTo("old");
        CompletableFuture<String> reading = later(consumer, "data");
        untilWaiting(1);
        Handle writing = producer.open("data", Program.WRITE | Program.TRUNCATE);
        producer.write(writing, 0, "new!");
        producer.close(writing);
        assertThat(directory.resolve("data")).as("whole until it is replaced").hasContent("old");
        producing.end(true);
        assertThat(Program.get(reading)).isEqualTo("new!");
    }

    @Test
    void whatIsMadeAnewKeepsTheAttributesOfWhatWasThere() throws Exception {
        Path data = Files.writeString(directory.resolve("data"), "old");
        Files.setAttribute(data, "user:kind", ByteBuffer.wrap("plain".getBytes(US_ASCII)));
        open(flow("data"), Keep.ALL);
        Handle writing = producer.open("data", Program.WRITE | Program.TRUNCATE);
        byte[] seen = producer.now(request -> workflow.tree().attribute(producer.find(request, "data"), "user.kind"));
        assertThat(seen).asString().isEqualTo("plain");
        producer.write(writing, 0, "new");
        producer.close(writing);
        producing.end(true);
        workflow.finish(true);
        assertThat(data).hasContent("new");
        assertThat((byte[]) Files.getAttribute(data, "user:kind")).asString().isEqualTo("plain");
    }

    @Test
    void whatIsMadeAnewIsSoUnderNamesOfWhichNobodyHasAskedToo() throws Exception {
        Path data = Files.writeString(directory.resolve("data"), "old");
        Path other = Files.createLink(directory.resolve("other"), data);
        open(flow("data"), Keep.ALL);
        CompletableFuture<String> reading = later(consumer, "data");
        untilWaiting(1);
        Handle writing = producer.open("data", Program.WRITE | Program.TRUNCATE);
        producer.write(writing, 0, "new!");
        producer.close(writing);
        producing.end(true);
        assertThat(Program.get(reading)).isEqualTo("new!");
        workflow.finish(true);
        assertThat(other).hasContent("new!");
        assertThat(Files.isSameFile(data, other)).isTrue();
    }

    /** As in any directory: it is the same file. */
    @Test
    void whoHasAFileOpenThatIsMadeAnewReadsTheNewOne() throws Exception {
        Path data = Files.writeString(directory.resolve("data"), "old and long");
        open(flow("data"), Keep.ALL);
        Handle reading = producer.open("data", Program.READ);
        Handle writing = producer.open("data", Program.WRITE | Program.TRUNCATE);
        assertThat(reading.hasTheBytesOf(writing)).isTrue();
        producer.write(writing, 0, "new");
        producer.close(writing);
        assertThat(producer.read(reading, 0, 20)).isEqualTo("new");
        producer.close(reading);
        producing.end(true);
        workflow.finish(true);
        assertThat(data).hasContent("new");
    }

    @Test
    void whatIsFromBeforeTheRunServesIfItIsNotMadeAnew() throws Exception {
        Files.writeString(directory.resolve("data"), "old");
        open(flow("data"));
        CompletableFuture<String> reading = later(consumer, "data");
        untilWaiting(1);
        producing.end(true);
        assertThat(Program.get(reading)).isEqualTo("old");
    }

    /** Sooner, a consumer would take what is there for what the producer makes of it. */
    @Test
    void whatIsFromBeforeTheRunAndWrittenInPlaceIsReadWhenItIsWrittenOrComplete() throws Exception {
        Files.writeString(directory.resolve("data"), "old old");
        open(flow("data", streaming("data", CommitRule.onClose())));
        Handle writing = producer.open("data", OpenFlag.READ_WRITE.bits());
        Handle reading = consumer.open("data", Program.READ);
        CompletableFuture<String> first = consumer.later(_ -> consumer.read(reading, 0, 10));
        untilWaiting(1);
        producer.write(writing, 0, "new");
        assertThat(Program.get(first)).isEqualTo("new");
        CompletableFuture<String> rest = consumer.later(_ -> consumer.read(reading, 3, 10));
        untilWaiting(1);
        producer.close(writing);
        assertThat(Program.get(rest)).isEqualTo(" old");
    }

    @Test
    void whatIsFromBeforeTheRunAndIsOnlyAddedToIsReadAtOnce() throws Exception {
        Files.writeString(directory.resolve("data"), "old");
        open(flow("data", streaming("data", CommitRule.onClose())));
        Handle adding = producer.open("data", Program.WRITE | Program.APPEND);
        Handle reading = consumer.open("data", Program.READ);
        assertThat(consumer.read(reading, 0, 10)).isEqualTo("old");
        Handle changing = producer.open("data", Program.WRITE);
        producer.write(changing, 0, "odd");
        producer.close(adding);
        producer.close(changing);
        assertThat(workflow.finish(true).incidents())
                .singleElement()
                .asString()
                .startsWith("data was changed at byte 1 by");
    }

    @Test
    void aFileMayBeWrittenAsideAndThenRenamed() throws Exception {
        open(flow("data", streaming("data", CommitRule.onClose())));
        CompletableFuture<String> reading = later(consumer, "data");
        untilWaiting(1);
        producer.put("data.part", "whole");
        producer.rename("data.part", "data");
        assertThat(retried(reading, () -> consumer.get("data"))).isEqualTo("whole");
    }

    @Test
    void whoWaitsForAFileThatIsReplacedTwiceWaitsForTheLastOne() throws Exception {
        open(flow("data"));
        producer.put("data", "first");
        CompletableFuture<String> reading = consumer.laterGet("data");
        untilWaiting(1);
        for (String text : List.of("second", "third", "last")) {
            producer.put("data.part", text);
            producer.rename("data.part", "data");
            untilWaiting(1);
        }
        producing.end(true);
        assertThat(Program.get(reading)).isEqualTo("last");
    }

    /** As editors do that keep the old one. */
    @Test
    void whoWaitsForAFileThatGoesUnderAnotherNameWaitsForTheNextOfItsOwn() throws Exception {
        open(flow("data"));
        producer.put("data", "old");
        CompletableFuture<String> reading = consumer.laterGet("data");
        untilWaiting(1);
        for (String text : List.of("between", "new")) {
            producer.rename("data", "data~");
            untilWaiting(1);
            producer.put("data", text);
            producer.remove("data~");
            untilWaiting(1);
        }
        producing.end(true);
        assertThat(Program.get(reading)).isEqualTo("new");
    }

    @Test
    void whoWaitsForAFileThatIsGoneIsToldSoWhenNobodyCanMakeItAnew() throws Exception {
        open(flow("data"));
        producer.put("data", "old");
        CompletableFuture<String> reading = consumer.laterGet("data");
        untilWaiting(1);
        producer.remove("data");
        untilWaiting(1);
        producing.end(true);
        assertThat(reading)
                .failsWithin(30, TimeUnit.SECONDS)
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withCauseInstanceOf(Refusal.class)
                .satisfies(e -> assertThat(((Refusal) e.getCause()).errno()).isEqualTo(Errno.ENOENT));
    }

    /** As the kernel does when a name has to be looked up again. */
    private static String retried(CompletableFuture<String> first, java.util.concurrent.Callable<String> again)
            throws Exception {
        try {
            return Program.get(first);
        } catch (java.util.concurrent.ExecutionException e) {
            assertThat(((Refusal) e.getCause()).errno()).isEqualTo(Errno.ESTALE);
            return again.call();
        }
    }

    @Test
    void sizesWaitAsWell() throws Exception {
        open(flow("data", streaming("data", CommitRule.onTermination())));
        Handle writing = producer.create("data");
        producer.write(writing, 0, "12345");
        assertThat(producer.stat("data").size()).isEqualTo(5);
        CompletableFuture<Attributes> asking = Program.inThread(() -> {
            try {
                return consumer.stat("data");
            } catch (Refusal e) {
                throw new IllegalStateException(e);
            }
        });
        untilWaiting(1);
        producer.close(writing);
        producing.end(true);
        assertThat(Program.get(asking).size()).isEqualTo(5);
    }

    @Test
    void bystandersNeverWait() throws Exception {
        open(flow("data"));
        Handle writing = producer.create("data");
        producer.write(writing, 0, "half");
        Program anybody = new Program(workflow, null);
        assertThat(anybody.get("data")).isEqualTo("half");
        assertThatThrownBy(() -> anybody.get("other")).hasMessageContaining("ENOENT");
        producer.close(writing);
    }

    @Test
    void aChangeOfWhatHasBeenReadIsReported() throws Exception {
        open(flow("data", streaming("data", CommitRule.onTermination())));
        Handle writing = producer.create("data");
        producer.write(writing, 0, "abcdef");
        Handle reading = consumer.open("data", Program.READ);
        assertThat(consumer.read(reading, 0, 4)).isEqualTo("abcd");
        producer.write(writing, 0, "abc"); // the same again is no change
        producer.write(writing, 2, "cX");
        producer.write(writing, 4, "YZ"); // not read yet
        producer.close(writing);
        consumer.close(reading);
        assertThat(workflow.finish(true).incidents())
                .containsExactly("data was changed at byte 3 by step make after step use had read it: its fire rule"
                        + " no_update is for files that are written once; use update");
    }

    /** Run one after the other, its reader would have read the other one. */
    @Test
    void aFileThatIsReplacedAfterItHasBeenReadIsReported() throws Exception {
        open(flow("data", streaming("data", CommitRule.onTermination())));
        producer.put("data", "first");
        Handle reading = consumer.open("data", Program.READ);
        assertThat(consumer.read(reading, 0, 5)).isEqualTo("first");
        producer.put("aside", "second");
        producer.rename("aside", "data");
        assertThat(consumer.read(reading, 5, 5)).isEmpty();
        consumer.close(reading);
        producing.end(true);
        assertThat(workflow.finish(true).incidents())
                .containsExactly("data was replaced by step make after step use had read what it was before: its fire"
                        + " rule no_update is for files that are written once; use update, and on_termination if it"
                        + " is closed before that");
    }

    @Test
    void aFileThatIsRemovedAndMadeAnewAfterItHasBeenReadIsReported() throws Exception {
        open(flow("data", streaming("data", CommitRule.onClose())));
        Handle growing = producer.create("data");
        producer.write(growing, 0, "first");
        Handle reading = consumer.open("data", Program.READ);
        assertThat(consumer.read(reading, 0, 5)).isEqualTo("first");
        producer.close(growing);
        producer.remove("data");
        producer.put("data", "second");
        consumer.close(reading);
        producing.end(true);
        assertThat(workflow.finish(true).incidents())
                .singleElement()
                .asString()
                .startsWith("data was replaced by step make after step use had read");
    }

    private static final String TOO_EARLY =
            " was complete when step use read it, and step make wrote into it after that, at byte %d: its commit rule"
                    + " is too early; use on_termination, or on_close:N when it is closed N times";

    @Test
    void whatIsAddedToAFileThatWasReadAsCompleteIsReported() throws Exception {
        open(flow("data", streaming("data", CommitRule.onClose())));
        Handle growing = producer.create("data");
        Handle reading = consumer.open("data", Program.READ);
        producer.write(growing, 0, "first");
        producer.close(growing);
        assertThat(consumer.read(reading, 0, 10)).isEqualTo("first");
        consumer.close(reading);
        Handle adding = producer.open("data", Program.WRITE | Program.APPEND);
        producer.write(adding, 5, "second");
        producer.write(adding, 11, "third"); // told once
        producer.close(adding);
        producing.end(true);
        assertThat(workflow.finish(true).incidents()).containsExactly("data" + TOO_EARLY.formatted(5));
    }

    @Test
    void aChangeOfAFileThatWasReadAsCompleteIsReported() throws Exception {
        open(flow("data", Rule.files("data").commits(CommitRule.onClose()).fires(FireRule.UPDATE)));
        producer.put("data", "header of 0");
        assertThat(consumer.get("data")).isEqualTo("header of 0");
        Handle changing = producer.open("data", Program.WRITE);
        producer.write(changing, 10, "7");
        producer.close(changing);
        producing.end(true);
        assertThat(workflow.finish(true).incidents()).containsExactly("data" + TOO_EARLY.formatted(10));
    }

    private static final String ANOTHER =
            "data was replaced by step make after step use had opened what it was before, when that"
                    + " was complete: its commit rule is too early; use on_termination";

    @Test
    void whatIsRemovedAndMadeAnewAfterItWasReadAsCompleteIsReported() throws Exception {
        open(flow("data", Rule.files("data").commits(CommitRule.onClose()).fires(FireRule.UPDATE)));
        producer.put("data", "first");
        assertThat(consumer.get("data")).isEqualTo("first");
        producer.remove("data");
        producer.put("data", "second");
        producing.end(true);
        assertThat(workflow.finish(true).incidents()).containsExactly(ANOTHER);
    }

    @Test
    void whatTakesThePlaceOfAFileThatWasReadAsCompleteIsReported() throws Exception {
        open(flow("data", streaming("data", CommitRule.onClose())));
        producer.put("data", "first");
        assertThat(consumer.get("data")).isEqualTo("first");
        producer.put("data.part", "second");
        producer.rename("data.part", "data");
        producing.end(true);
        assertThat(workflow.finish(true).incidents()).containsExactly(ANOTHER);
    }

    @Test
    void aFileThatIsRemovedAfterItWasReadIsNoNews() throws Exception {
        open(flow("data", streaming("data", CommitRule.onClose())));
        producer.put("data", "first");
        assertThat(consumer.get("data")).isEqualTo("first");
        producer.remove("data");
        producing.end(true);
        assertThat(workflow.finish(true).incidents()).isEmpty();
    }

    @Test
    void aProcessOfNoStepThatWritesWhatWasReadAsCompleteIsReported() throws Exception {
        open(flow("data"));
        Program anybody = new Program(workflow, null);
        anybody.put("data", "one");
        producing.end(true);
        assertThat(consumer.get("data")).isEqualTo("one");
        anybody.write(anybody.open("data", Program.WRITE | Program.TRUNCATE), 0, "another one");
        assertThat(workflow.finish(true).incidents())
                .containsExactly("data was complete when step use read it, and a process of no step wrote into it after"
                        + " that, at byte 0; let a step that produces it write it");
    }

    @Test
    void whatIsWrittenBeforeOrByItsReaderIsNoNews() throws Exception {
        open(flow("data", streaming("data", CommitRule.onClose())));
        producer.put("data", "one");
        Handle again = producer.open("data", Program.WRITE | Program.TRUNCATE); // nobody has read it
        producer.write(again, 0, "two");
        producer.close(again);
        assertThat(consumer.get("data")).isEqualTo("two");
        Handle mine = consumer.open("data", Program.WRITE | Program.APPEND);
        consumer.write(mine, 3, "mine");
        consumer.close(mine);
        producing.end(true);
        assertThat(workflow.finish(true).incidents()).isEmpty();
    }

    @Test
    void whoReplacesOrRemovesWhatHeHasReadHimselfIsNoNews() throws Exception {
        open(flow("data", streaming("data", CommitRule.onClose())));
        Handle growing = producer.create("data");
        producer.write(growing, 0, "first");
        Handle reading = consumer.open("data", Program.READ);
        assertThat(consumer.read(reading, 0, 5)).isEqualTo("first");
        producer.close(growing);
        consumer.close(reading);
        producer.rename("data", "data~");
        producer.rename("data~", "data"); // the same file
        consumer.remove("data");
        consumer.put("data", "mine");
        assertThat(workflow.finish(true).incidents()).isEmpty();
    }

    private static Flow.Builder threeFiles() {
        return Flow.builder("test")
                .step(
                        "make",
                        List.of(),
                        List.of("out", "out/*"),
                        Rule.directories("out").commits(CommitRule.onNFiles(3)).fires(FireRule.NO_UPDATE))
                .step("use", List.of("out", "out/*"), List.of());
    }

    @Test
    void aListingStreams() throws Exception {
        open(threeFiles());
        CompletableFuture<List<String>> listing = listing("out");
        untilWaiting(1);
        producer.makeDirectory("out");
        producer.put("out/a", "1");
        producer.put("out/b", "2");
        untilWaiting(1);
        producer.put("out/c", "3");
        assertThat(Program.get(listing)).containsExactly("a", "b", "c");
    }

    @Test
    void excludedFilesDoNotCountInADirectory() throws Exception {
        open(threeFiles().exclude("*.part"));
        producer.makeDirectory("out");
        CompletableFuture<List<String>> listing = listing("out");
        for (String name : List.of("a", "b", "c")) {
            untilWaiting(1);
            producer.put("out/" + name + ".part", "1");
            untilWaiting(1);
            producer.rename("out/" + name + ".part", "out/" + name);
        }
        Program.get(listing);
        assertThat(consumer.list("out")).containsExactly("a", "b", "c");
    }

    @Test
    void onFileWaitsForTheOtherFile() throws Exception {
        open(Flow.builder("test")
                .step(
                        "make",
                        List.of(),
                        List.of("data", "done"),
                        Rule.files("data").commits(CommitRule.onFile("done")),
                        Rule.files("done").commits(CommitRule.onClose()))
                .step("use", List.of("data"), List.of()));
        producer.put("data", "ready");
        CompletableFuture<String> reading = later(consumer, "data");
        untilWaiting(1);
        producer.put("done", "");
        assertThat(Program.get(reading)).isEqualTo("ready");
    }

    @Test
    void onFileOfAPatternWaitsForAllThatHaveSuchNamesNow() throws Exception {
        open(Flow.builder("test")
                .step(
                        "make",
                        List.of(),
                        List.of("all", "part-*", "gone-*"),
                        Rule.files("all").commits(CommitRule.onFile("part-*")),
                        Rule.files("part-*").commits(CommitRule.onClose()),
                        Rule.files("gone-*").commits(CommitRule.onTermination()))
                .step("use", List.of("all"), List.of()));
        Handle first = producer.create("part-1");
        Handle second = producer.create("part-2");
        Handle third = producer.create("part-3");
        producer.put("all", "ready");
        CompletableFuture<String> reading = later(consumer, "all");
        untilWaiting(1);
        producer.close(first);
        producer.rename("part-2", "gone-2");
        untilWaiting(1);
        producer.put("part-4", "");
        untilWaiting(1);
        producer.close(third);
        assertThat(Program.get(reading)).isEqualTo("ready");
        producer.close(second);
    }

    @Test
    void veryManyFilesMayHangOnOneFileAndOneOnTheOther() throws Exception {
        int many = 20_000;
        open(Flow.builder("test")
                .step(
                        "make",
                        List.of(),
                        List.of("part-*", "last", "ready"),
                        Rule.files("part-*").commits(CommitRule.onFile("ready")),
                        Rule.files("last").commits(CommitRule.onFile("part-*")),
                        Rule.files("ready").commits(CommitRule.onClose()))
                .step("use", List.of("last"), List.of()));
        for (int i = 0; i < many; i++) {
            producer.close(producer.create("part-" + i));
        }
        producer.put("last", "all of it");
        CompletableFuture<String> reading = later(consumer, "last");
        untilWaiting(1);
        producer.put("ready", "");
        assertThat(Program.get(reading)).isEqualTo("all of it");
        assertThat(workflow.recording().counts().complete()).isEqualTo(many + 2);
    }

    @Test
    void whoHasMovedADirectoryOfAStepThatIsOverMayListIt() throws Exception {
        open(flow("made/*"));
        producer.makeDirectory("made");
        producer.makeDirectory("made/one");
        producer.put("made/one/data", "text");
        producing.end(true);
        consumer.rename("made/one", "made/other");
        assertThat(Program.get(listing("made/other"))).containsExactly("data");
        assertThat(consumer.get("made/other/data")).isEqualTo("text");
    }

    @Test
    void aDirectoryFromBeforeIsListedWhenItIsFirstAskedForAfterItsStep() throws Exception {
        Files.createDirectories(directory.resolve("made/before"));
        Files.writeString(directory.resolve("made/before/data"), "text");
        open(flow("made/*"));
        producing.end(true);
        assertThat(Program.get(listing("made/before"))).containsExactly("data");
    }

    @Test
    void whatIsFromBeforeIsNotTakenForCompleteAfterItsStepHasFailed() throws Exception {
        Files.createDirectories(directory.resolve("made/before"));
        Files.writeString(directory.resolve("made/data"), "old");
        open(flow("made/*"));
        producing.end(false);
        assertThat(errno(later(consumer, "made/data"))).isEqualTo(Errno.EIO);
        assertThat(errno(consumer.later(_ -> consumer.list("made/before")))).isEqualTo(Errno.EIO);
    }

    @Test
    void whatNoStepConsumesStaysAndTheRestGoes() throws Exception {
        Files.writeString(directory.resolve("raw"), "raw");
        open(flow("data"));
        producer.put("data", "temporary");
        producing.end(true);
        consumer.put("result", "kept: " + consumer.get("data"));
        consumer.put("unknown", "plain");
        assertThat(directory.resolve("result")).doesNotExist();
        consuming.end(true);
        assertThat(workflow.finish(true).kept()).containsExactly("result");
        assertThat(directory.resolve("result")).hasContent("kept: temporary");
        assertThat(directory.resolve("unknown")).hasContent("plain");
        assertThat(directory.resolve("raw")).hasContent("raw");
        assertThat(directory.resolve("data")).doesNotExist();
        try (java.util.stream.Stream<Path> files = Files.list(directory)) {
            assertThat(files).hasSize(3);
        }
    }

    @Test
    void whatDoesNotFitInMemoryGoesToDiskAndComesBack() throws Exception {
        workflow = Workflow.open(directory, flow("data").build(), Keep.ALL, new Limits(8192, null));
        producer = new Program(workflow, workflow.start("make"));
        String text = "0123456789abcdef".repeat(4096);
        producer.put("data", text);
        assertThat(workflow.memory()).isLessThanOrEqualTo(8192);
        assertThat(producer.get("data")).isEqualTo(text);
        assertThat(workflow.finish(true).kept()).isEmpty(); // its step has not ended
    }

    @Test
    void aWaitCanBeGivenUp() throws Exception {
        open(flow("data"));
        Thread waiting = Thread.ofVirtual()
                .unstarted(() -> assertThatThrownBy(() -> consumer.get("data")).hasMessageContaining("EINTR"));
        waiting.start();
        untilWaiting(1);
        waiting.interrupt();
        waiting.join(Duration.ofSeconds(30));
        assertThat(workflow.waiting()).isEmpty();
    }

    @Test
    void stepsThatWaitForEachOtherAreToldSo() throws Exception {
        open(Flow.builder("test")
                .step("make", List.of("answer"), List.of("data"))
                .step("use", List.of("data"), List.of("answer")));
        workflow.findDeadLocks((_, _) -> true);
        CompletableFuture<String> one = later(producer, "answer");
        untilWaiting(1);
        CompletableFuture<String> other = later(consumer, "data");
        assertThat(errno(other)).isEqualTo(Errno.EDEADLK);
        consuming.end(false);
        assertThat(errno(one)).isEqualTo(Errno.ENOENT);
        producing.end(false);
        assertThat(workflow.finish(false).incidents())
                .containsExactly(
                        "steps wait for each other: make for answer (of use), use for data (of make); so use got"
                                + " an error (EDEADLK) instead of data");
    }

    /** It is one of its producers then, and would wait for its own end. */
    @Test
    void whoBeginsToWriteWhatHeWaitsForWaitsNoMore() throws Exception {
        open(flow("data"));
        producer.put("data", "text");
        CompletableFuture<String> reading = later(consumer, "data");
        untilWaiting(1);
        Handle writing = consumer.open("data", Program.WRITE);
        assertThat(Program.get(reading)).isEqualTo("text");
        consumer.close(writing);
    }

    /** The writer of the old one may have it open for long, even until the new one has been read. */
    @Test
    void whoWaitsForANameGetsTheNewFileThoughTheOldOneIsStillOpen() throws Exception {
        open(flow("data", Rule.files("data").commits(CommitRule.onClose()).fires(FireRule.UPDATE)));
        Handle old = producer.create("data");
        CompletableFuture<String> reading = consumer.laterGet("data");
        untilWaiting(1);
        producer.remove("data");
        producer.put("data", "new");
        assertThat(Program.get(reading)).isEqualTo("new");
        producer.close(old);
    }

    @Test
    void aStepThatCanStillMoveIsNoDeadLock() throws Exception {
        open(Flow.builder("test")
                .step("make", List.of("answer"), List.of("data"))
                .step(
                        "use",
                        List.of("data"),
                        List.of("answer"),
                        Rule.files("answer").commits(CommitRule.onClose())));
        java.util.concurrent.CountDownLatch asked = new java.util.concurrent.CountDownLatch(3);
        workflow.findDeadLocks((_, _) -> {
            asked.countDown();
            return false;
        });
        CompletableFuture<String> one = later(producer, "answer");
        CompletableFuture<String> other = later(consumer, "data");
        assertThat(asked.await(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        consumer.put("answer", "42"); // another thread of the step
        assertThat(Program.get(one)).isEqualTo("42");
        producer.put("data", "too");
        producing.end(true);
        assertThat(Program.get(other)).isEqualTo("too");
    }

    /** Two steps wait for each other, but what one of them waits for is complete as soon as a third step has made another file. */
    private CompletableFuture<String> circleThatEndsBy(Rule rule, String... made) throws Exception {
        workflow = Workflow.open(
                directory,
                Flow.builder("test")
                        .step("make", List.of("answer"), List.of("data"), rule)
                        .step("use", List.of("data"), List.of("answer"))
                        .step("tend", List.of(), List.of(made))
                        .build(),
                Keep.PERMANENT,
                new Limits(64 << 20, null));
        producer = new Program(workflow, workflow.start("make"));
        consuming = workflow.start("use");
        consumer = new Program(workflow, consuming);
        workflow.findDeadLocks((session, _) -> !session.step().equals("tend"));
        return later(producer, "answer");
    }

    private void isNotTakenForADeadLock(CompletableFuture<?> one, CompletableFuture<?> other) throws Exception {
        untilWaiting(2);
        // Twice as long as it takes to be sure of one; whoever is wrong sees it then.
        assertThatThrownBy(() -> CompletableFuture.anyOf(one, other).get(500, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
    }

    @Test
    void whoMakesTheFileThatACommitHangsOnEndsTheCircle() throws Exception {
        CompletableFuture<String> answer = circleThatEndsBy(
                Rule.files("data").commits(CommitRule.onFile("ready")).fires(FireRule.UPDATE), "ready");
        Session tending = workflow.start("tend");
        producer.put("data", "too");
        CompletableFuture<String> data = later(consumer, "data");
        isNotTakenForADeadLock(answer, data);
        new Program(workflow, tending).put("ready", "");
        tending.end(true);
        assertThat(Program.get(data)).isEqualTo("too");
        consumer.put("answer", "42");
        consuming.end(true);
        assertThat(Program.get(answer)).isEqualTo("42");
    }

    @Test
    void aCircleIsFoundWhenWhoMightHaveEndedItHasEnded() throws Exception {
        CompletableFuture<String> answer = circleThatEndsBy(
                Rule.files("data").commits(CommitRule.onFile("ready")).fires(FireRule.UPDATE), "ready");
        Session tending = workflow.start("tend");
        producer.put("data", "too");
        CompletableFuture<String> data = later(consumer, "data");
        untilWaiting(2);
        tending.end(true); // without making it
        assertThat(errno(data)).isEqualTo(Errno.EDEADLK);
        consuming.end(false);
        assertThat(errno(answer)).isEqualTo(Errno.ENOENT);
    }

    @Test
    void whoMakesTheLastFileOfADirectoryEndsTheCircle() throws Exception {
        CompletableFuture<String> answer = circleThatEndsBy(
                Rule.directories("data").commits(CommitRule.onNFiles(2)).fires(FireRule.UPDATE), "data/2");
        Session tending = workflow.start("tend");
        producer.makeDirectory("data");
        producer.put("data/1", "one");
        CompletableFuture<List<String>> names = consumer.later(_ -> consumer.list("data"));
        isNotTakenForADeadLock(answer, names);
        new Program(workflow, tending).put("data/2", "two");
        assertThat(Program.get(names)).containsExactly("1", "2");
        consumer.put("answer", "42");
        consuming.end(true);
        assertThat(Program.get(answer)).isEqualTo("42");
    }

    @Test
    void aWaitLastsNoLongerThanItMay() throws Exception {
        workflow = Workflow.open(
                directory, flow("data").build(), Keep.PERMANENT, new Limits(1 << 20, Duration.ofMillis(20)));
        workflow.start("make");
        consumer = new Program(workflow, workflow.start("use"));
        assertThat(errno(later(consumer, "data"))).isEqualTo(Errno.ETIMEDOUT);
        assertThat(workflow.finish(false).incidents())
                .containsExactly("step use has waited too long for data and got an error (ETIMEDOUT); it is produced by"
                        + " make");
    }

    @Test
    void whatIsPermanentIsOnTheDiskAsSoonAsItIsComplete() throws Exception {
        open(flow("data", Rule.files("data").commits(CommitRule.onClose())).permanent("data"));
        producer.put("data", "safe");
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!Files.exists(directory.resolve("data"))) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(1);
        }
        assertThat(directory.resolve("data")).hasContent("safe");
        producing.end(true);
        consuming.end(true);
        assertThat(workflow.finish(true).kept()).containsExactly("data");
        try (java.util.stream.Stream<Path> files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void afterAFailureWhatIsIncompleteIsThereToLookAt() throws Exception {
        Files.writeString(directory.resolve("data"), "before");
        Files.writeString(directory.resolve(".sluice-aside-7"), "left by one that was killed");
        open(flow("data"));
        assertThat(workflow.notes())
                .containsExactly("a run that was killed has left 1 file half written; it has been removed");
        Handle writing = producer.open("data", Program.WRITE | Program.TRUNCATE);
        producer.write(writing, 0, "hal");
        producer.close(writing);
        producing.end(false);
        consuming.end(false);
        workflow.finish(false);
        assertThat(directory.resolve("data")).hasContent("before");
        assertThat(directory.resolve("data.incomplete")).hasContent("hal");
    }

    @Test
    void aDirectoryIsListedWhenThoseHaveEndedWhoFillItForTheReader() throws Exception {
        open(Flow.builder("test")
                .step(
                        "make",
                        List.of(),
                        List.of("parts/*"),
                        Rule.files("parts/*").commits(CommitRule.onClose()))
                .step("use", List.of("parts/*"), List.of("sums/*"))
                .step("join", List.of("sums/*"), List.of()));
        producer.makeDirectory("parts");
        producer.put("parts/a", "1");
        assertThat(producer.list("parts")).containsExactly("a");
        CompletableFuture<List<String>> listing = listing("parts");
        CompletableFuture<List<String>> all = listing("");
        untilWaiting(2);
        producer.put("parts/b", "2");
        producing.end(true);
        assertThat(Program.get(listing)).containsExactly("a", "b");
        assertThat(Program.get(all)).as("nobody waits for himself").containsExactly("parts");
    }

    private CompletableFuture<List<String>> listing(String path) {
        return Program.inThread(() -> {
            try {
                return consumer.list(path);
            } catch (Refusal e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void whoConsumesWhatComesIntoADirectoryWaitsForTheDirectory() throws Exception {
        open(Flow.builder("test").step("make", List.of(), List.of("*")).step("use", List.of("parts/*"), List.of()));
        CompletableFuture<List<String>> listing = listing("parts");
        untilWaiting(1);
        producer.makeDirectory("parts");
        producer.put("parts/a", "1");
        producing.end(true);
        assertThat(Program.get(listing)).containsExactly("a");
    }
}
