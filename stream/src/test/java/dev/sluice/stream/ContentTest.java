package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.language.Flow;
import dev.sluice.linux.Errno;
import dev.sluice.linux.Ranges;
import dev.sluice.linux.Transfers;
import dev.sluice.stream.Ending.Keep;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the bytes of files that flow. */
class ContentTest {
    @TempDir
    Path directory;

    private Workflow workflow;
    private Session session;
    private Program program;

    @BeforeEach
    void open() throws Exception {
        workflow = Workflow.open(
                directory,
                Flow.builder("test").step("make", List.of(), List.of("*")).build(),
                Keep.ALL,
                new Limits(1 << 20, null));
        session = workflow.start("make");
        program = new Program(workflow, session);
    }

    @AfterEach
    void close() {
        workflow.close();
    }

    private static long descriptors() throws Exception {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    @Test
    void smallFilesTakeNoDescriptors() throws Exception {
        program.put("first", "x");
        long before = descriptors();
        for (int i = 0; i < 200; i++) {
            program.put("file" + i, "number " + i);
        }
        assertThat(descriptors()).isEqualTo(before);
        for (int i = 0; i < 200; i++) {
            assertThat(program.get("file" + i)).isEqualTo("number " + i);
        }
    }

    @Test
    void aSmallFileMayGrowAndShrinkAgain() throws Exception {
        program.put("file", "small");
        Handle handle = program.open("file", Program.WRITE | Program.APPEND);
        program.write(handle, 0, "x".repeat(100_000));
        program.close(handle);
        assertThat(program.get("file")).isEqualTo("small" + "x".repeat(100_000));
        Handle again = program.open("file", Program.WRITE | Program.TRUNCATE);
        program.write(again, 3, "abc");
        program.close(again);
        assertThat(program.get("file")).isEqualTo("\0\0\0abc");
    }

    @Test
    void whoReadsASmallFileGoesOnWhileItIsWritten() throws Exception {
        program.put("file", "before");
        Handle reading = program.open("file", Program.READ);
        assertThat(program.read(reading, 0, 3)).isEqualTo("bef");
        Handle writing = program.open("file", Program.WRITE);
        program.write(writing, 0, "AFT");
        assertThat(program.read(reading, 0, 10)).isEqualTo("AFTore");
        program.close(reading);
        program.close(writing);
        assertThat(program.get("file")).isEqualTo("AFTore");
    }

    @Test
    void slotsAreUsedAgain() throws Exception {
        program.put("file", "one");
        for (int i = 0; i < 100; i++) {
            program.remove("file");
            program.put("file", "number " + i);
        }
        assertThat(program.get("file")).isEqualTo("number 99");
        assertThat(workflow.memory()).isLessThanOrEqualTo(2 * SmallFiles.PAGE);
    }

    @Test
    void allOfThemAreBroughtToTheDisk() throws Exception {
        for (int i = 0; i < 50; i++) {
            program.put("file" + i, "number " + i);
        }
        program.put("large", "y".repeat(3 << 20));
        session.end(true);
        assertThat(workflow.finish(true).kept()).hasSize(51);
        for (int i = 0; i < 50; i++) {
            assertThat(directory.resolve("file" + i)).hasContent("number " + i);
        }
        assertThat(directory.resolve("large")).hasSize(3 << 20);
    }

    @Test
    void whatIsOnDiskBehindAHoleIsRead() throws Exception {
        program.put("large", "x".repeat((1 << 20) - 8192));
        Handle handle = program.create("file");
        program.write(handle, 0, "begin");
        program.write(handle, 6000, "x");
        program.write(handle, 100_000, "end");
        program.close(handle);
        String expected = "begin" + "\0".repeat(5995) + "x" + "\0".repeat(93_999) + "end";
        Handle reading = program.open("file", Program.READ);
        assertThat(program.read(reading, 0, 1 << 20)).isEqualTo(expected);
        program.close(reading);
        session.end(true);
        workflow.finish(true);
        assertThat(directory.resolve("file")).hasContent(expected);
    }

    @Test
    void whatCouldNotBeAppendedIsNoPartOfTheFile() throws Exception {
        Handle handle = program.create("log", Program.APPEND);
        program.write(handle, 0, "first\n");
        assertThatThrownBy(() ->
                        program.now(request -> workflow.tree().write(request, handle, 0, 10, new FullDisk(), true)))
                .satisfies(e -> assertThat(((Refusal) e).errno()).isEqualTo(Errno.ENOSPC));
        program.write(handle, 0, "second\n");
        program.close(handle);
        assertThat(program.get("log")).isEqualTo("first\nsecond\n");
    }

    /** As {@code tail -f log} does beside {@code echo >> log}: else zeros would be read that nobody has written. */
    @Test
    void whatIsBeingAppendedIsNoPartOfTheFileBeforeItIsThere() throws Exception {
        String start = "x".repeat(100_000);
        program.put("log", start);
        Handle first = program.open("log", Program.WRITE | Program.APPEND);
        Handle second = program.open("log", Program.WRITE | Program.APPEND);
        Handle reading = program.open("log", Program.READ);
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Tree.Payload slow = new Tree.Payload() {
            @Override
            public long address() {
                return 0;
            }

            @Override
            public long give(int fd, long offset, long from, long count) {
                arrived.countDown();
                try {
                    assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    return Errno.EINTR.negated();
                }
                try (Arena arena = Arena.ofConfined()) {
                    return Transfers.pwrite(fd, arena.allocateFrom("slow\n").address(), count, offset);
                }
            }
        };
        CompletableFuture<Integer> appended =
                program.later(request -> workflow.tree().write(request, first, 0, 5, slow, true));
        CompletableFuture<String> other;
        try {
            assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
            other = Program.inThread(() -> {
                try {
                    program.write(second, 0, "quick\n");
                    return program.get("log");
                } catch (Refusal e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(program.stat("log").size()).isEqualTo(100_000);
            assertThat(program.read(reading, 100_000, 10)).isEmpty();
        } finally {
            goOn.countDown();
        }
        assertThat(Program.get(appended)).isEqualTo(5);
        assertThat(Program.get(other)).isEqualTo(start + "slow\nquick\n");
        program.close(first);
        program.close(second);
        program.close(reading);
    }

    /** Else zeros would be there that nobody has written. */
    @Test
    void whatCouldNotBeWrittenBehindTheEndMakesTheFileNoLonger() throws Exception {
        Handle handle = program.create("file");
        program.write(handle, 0, "all");
        assertThatThrownBy(() -> program.now(
                        request -> workflow.tree().write(request, handle, 200_000, 10, new FullDisk(), false)))
                .satisfies(e -> assertThat(((Refusal) e).errno()).isEqualTo(Errno.ENOSPC));
        for (long place : new long[] {Long.MAX_VALUE, Long.MAX_VALUE - 1}) {
            assertThatThrownBy(() -> program.write(handle, place, "x"))
                    .as("a write at %s", place)
                    .satisfies(e -> assertThat(((Refusal) e).errno()).isEqualTo(Errno.EFBIG));
        }
        program.close(handle);
        assertThat(program.get("file")).isEqualTo("all");
    }

    private static final class FullDisk implements Tree.Payload {
        @Override
        public long address() {
            return 0;
        }

        @Override
        public long give(int fd, long offset, long from, long count) {
            return Errno.ENOSPC.negated();
        }
    }

    @Test
    void roomThatIsAskedForIsPartOfTheFileInMemoryAsWell() throws Exception {
        Handle handle = program.create("file");
        program.write(handle, 0, "x".repeat(100_000));
        workflow.tree().allocate(handle, 0, 0, 200_000);
        program.close(handle);
        session.end(true);
        Handle reading = program.open("file", Program.READ);
        assertThat(reading.backing()).isPositive();
        dev.sluice.linux.Attributes found = new dev.sluice.linux.Attributes();
        assertThat(found.ask(reading.backing())).isZero();
        assertThat(found.size()).isEqualTo(200_000);
        program.close(reading);
    }

    /** As {@code cp --sparse} does before it makes a file longer. */
    @Test
    void aHoleMayBeAskedForBehindTheEndOfWhatIsOnDisk() throws Exception {
        Handle handle = program.create("large");
        program.write(handle, 0, "x".repeat(3 << 20));
        int hole = Ranges.PUNCH_HOLE | Ranges.KEEP_SIZE;
        workflow.tree().allocate(handle, hole, 4 << 20, 1 << 20);
        workflow.tree().allocate(handle, hole, (3 << 20) - 2, 1 << 20);
        program.close(handle);
        session.end(true);
        workflow.finish(true);
        assertThat(directory.resolve("large")).hasContent("x".repeat((3 << 20) - 2) + "\0\0");
    }
}
