package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.language.CommitRule;
import dev.sluice.language.FireRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
import dev.sluice.linux.Errno;
import dev.sluice.linux.Transfers;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.testing.Deadline;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers that wait for room. */
class RoomTest {
    private static final int BUDGET = 256 << 10;
    private static final int PIECE = 64 << 10;
    private static final int PIECES = 64;

    @TempDir
    private Path directory;

    private Workflow workflow;
    private Session producing;
    private Program producer;

    private void open(boolean isPermanent, String... consumers) throws Exception {
        Flow.Builder flow = Flow.builder("test")
                .step(
                        "make",
                        List.of(),
                        List.of("data"),
                        Rule.files("data").commits(CommitRule.onClose()).fires(FireRule.NO_UPDATE));
        for (String consumer : consumers) {
            flow.step(consumer, List.of("data"), List.of());
        }
        if (isPermanent) {
            flow.permanent("data");
        }
        workflow =
                Workflow.open(directory, flow.build(), Keep.PERMANENT, new Limits(BUDGET, null, Limits.Overflow.WAIT));
        producing = workflow.start("make");
        producer = new Program(workflow, producing);
    }

    @AfterEach
    void close() {
        if (workflow != null) {
            workflow.close();
        }
    }

    private static String piece(int number) {
        return Integer.toString(number % 10).repeat(PIECE);
    }

    private CompletableFuture<Long> writing() {
        return Program.inThread(() -> {
            try {
                Handle handle = producer.create("data");
                long most = 0;
                for (int i = 0; i < PIECES; i++) {
                    producer.write(handle, (long) i * PIECE, piece(i));
                    most = Math.max(most, workflow.memory());
                }
                producer.close(handle);
                return most;
            } catch (Refusal e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void untilItWaits() {
        Deadline.until(
                "the writer waits for room",
                () -> workflow.waiting().stream().anyMatch(wait -> wait.why().contains("memory is full")));
    }

    private static void readAll(Program reader, Handle handle) throws Refusal {
        for (int i = 0; i < PIECES; i++) {
            StringBuilder got = new StringBuilder();
            while (got.length() < PIECE) {
                got.append(reader.read(handle, (long) i * PIECE + got.length(), PIECE - got.length()));
            }
            assertThat(got.toString()).as("piece " + i).isEqualTo(piece(i));
        }
        assertThat(reader.read(handle, (long) PIECES * PIECE, 1)).isEmpty();
    }

    @Test
    void aWriterWaitsUntilItsReaderHasComeFurther() throws Exception {
        open(false, "use");
        Program reader = new Program(workflow, workflow.start("use"));
        CompletableFuture<Long> most = writing();
        Handle handle = reader.open("data", Program.READ);
        untilItWaits();
        assertThat(workflow.waiting().getFirst().why())
                .isEqualTo("step make writes data and waits: memory is full until more of it is read; read by use");

        readAll(reader, handle);
        assertThat(Program.get(most)).isLessThanOrEqualTo(BUDGET);
        assertThat(producer.stat("data").blocks() * 512)
                .as("nothing is on disk")
                .isLessThanOrEqualTo(BUDGET);
        reader.close(handle);
    }

    /** What a read is answered with may be on its way, as pages in a pipe, when room is used again. */
    @Test
    void whatIsOnItsWayToAReaderStaysWhenItsRoomIsUsedAgain() throws Exception {
        open(false, "use");
        Program reader = new Program(workflow, workflow.start("use"));
        Handle writing = producer.create("data");
        for (int i = 0; i < BUDGET / PIECE; i++) {
            producer.write(writing, (long) i * PIECE, piece(i));
        }
        Handle reading = reader.open("data", Program.READ);
        try (Arena arena = Arena.ofShared()) {
            Slow slow = new Slow(arena.allocate(PIECE));
            int count = reader.now(request -> workflow.tree().read(request, reading, 0, PIECE, slow));
            assertThat(count).isEqualTo(PIECE);

            producer.write(writing, BUDGET, piece(BUDGET / PIECE));
            assertThat(slow.arrived()).isEqualTo(piece(0));
        }
        assertThat(workflow.memory()).as("room was used again").isLessThanOrEqualTo(BUDGET);
        producer.close(writing);
        reader.close(reading);
    }

    /** Where pages that it was let take are looked at late. */
    private static final class Slow implements Tree.Payload {
        private final MemorySegment memory;
        private int fd = -1;
        private long from;

        Slow(MemorySegment memory) {
            this.memory = memory;
        }

        @Override
        public long address() {
            return memory.address();
        }

        @Override
        public boolean take(int file, long offset, long count) {
            fd = file;
            from = offset;
            return true;
        }

        String arrived() {
            if (fd >= 0) {
                assertThat(Transfers.pread(fd, memory.address(), memory.byteSize(), from))
                        .isEqualTo(memory.byteSize());
            }
            return new String(memory.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void theSlowestReaderCounts() throws Exception {
        open(false, "one", "two");
        Program one = new Program(workflow, workflow.start("one"));
        Program two = new Program(workflow, workflow.start("two"));
        CompletableFuture<Long> most = writing();
        Handle first = one.open("data", Program.READ);
        Handle second = two.open("data", Program.READ);
        CompletableFuture<Void> reading = Program.inThread(() -> {
            try {
                readAll(one, first);
            } catch (Refusal e) {
                throw new IllegalStateException(e);
            }
            return null;
        });
        untilItWaits();
        readAll(two, second);
        Program.get(reading);
        Program.get(most);
        one.close(first);
        two.close(second);
    }

    @Test
    void whatNobodyReadsGoesToDisk() throws Exception {
        open(false, "use");
        Program.get(writing());
        Program reader = new Program(workflow, workflow.start("use"));
        Handle handle = reader.open("data", Program.READ);
        readAll(reader, handle);
        reader.close(handle);
        assertThat(producer.stat("data").blocks() * 512).isEqualTo((long) PIECES * PIECE);
    }

    @Test
    void whatIsToStayGoesToDisk() throws Exception {
        open(true, "use");
        Session using = workflow.start("use");
        Program.get(writing()); // without any reader
        producing.end(true);
        using.end(true);
        assertThat(workflow.finish(true).kept()).containsExactly("data");
        assertThat(Files.size(directory.resolve("data"))).isEqualTo((long) PIECES * PIECE);
    }

    @Test
    void whatWasGivenBackIsNotReadAgain() throws Exception {
        open(false, "use");
        Session using = workflow.start("use");
        Program reader = new Program(workflow, using);
        CompletableFuture<Long> writing = writing();
        Handle handle = reader.open("data", Program.READ);
        readAll(reader, handle);
        Program.get(writing);
        assertThatThrownBy(() -> reader.read(handle, 0, PIECE))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.errno()).isEqualTo(Errno.EIO));
        assertThatThrownBy(() -> reader.open("data", Program.READ))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.errno()).isEqualTo(Errno.EIO));
        reader.close(handle);
        producing.end(true);
        using.end(false);
        assertThat(workflow.finish(false).incidents())
                .containsExactly(
                        "step use wanted data from a place that all its readers had passed, and got an error (EIO):"
                                + " memory was short, and that room was used again; let what is more than memory go to"
                                + " disk (--overflow disk), or take more memory",
                        "data is not kept to be looked at: memory was short, and the room of what had been read was"
                                + " used again");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    /** Pages that are moved, not copied, as a mount does. */
    @Test
    void whoseBytesAreGivenBackWhileHeTakesThemGetsAnErrorAndNoZeros() throws Exception {
        open(false, "use");
        Program reader = new Program(workflow, workflow.start("use"));
        CompletableFuture<Long> most = writing();
        Handle handle = reader.open("data", Program.READ);
        untilItWaits();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(PIECE);
            Tree.Payload taking = () -> {
                try {
                    readAll(reader, handle); // another thread is faster
                    return memory.address();
                } catch (Refusal e) {
                    throw new IllegalStateException(e);
                }
            };
            assertThatThrownBy(() -> reader.now(request -> workflow.tree().read(request, handle, 0, PIECE, taking)))
                    .isInstanceOfSatisfying(
                            Refusal.class, e -> assertThat(e.errno()).isEqualTo(Errno.EIO));
        }
        Program.get(most);
        reader.close(handle);
    }

    @Test
    void whatFitsIsReadAsOftenAsOneLikes() throws Exception {
        open(false, "use");
        Program reader = new Program(workflow, workflow.start("use"));
        producer.put("data", piece(1) + piece(2));
        assertThat(reader.get("data")).isEqualTo(piece(1) + piece(2));
        assertThat(reader.get("data")).isEqualTo(piece(1) + piece(2));
    }

    @Test
    void aReaderThatEndsEarlyHoldsNobodyUp() throws Exception {
        open(false, "use");
        Session using = workflow.start("use");
        Program reader = new Program(workflow, using);
        CompletableFuture<Long> most = writing();
        Handle handle = reader.open("data", Program.READ);
        assertThat(reader.read(handle, 0, 10)).isEqualTo("0".repeat(10));
        untilItWaits();
        reader.close(handle);
        using.end(true);
        assertThat(Program.get(most)).isLessThanOrEqualTo(BUDGET);
        assertThat(producer.stat("data").blocks() * 512).isLessThanOrEqualTo(BUDGET);
    }

    private void put(Tree.Loan room, long at, int length, char what) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(length).fill((byte) what);
            assertThat(Transfers.pwrite(room.fd(), bytes.address(), length, at)).isEqualTo(length);
        }
    }

    private void wrote(Handle writing, long at, int length) throws Refusal {
        producer.now(request -> {
            workflow.tree().wrote(request, writing, at, length);
            return null;
        });
    }

    @Test
    void whatIsWrittenAndReadInPlaceIsUsedAgainWhenItsReaderHasSaidSo() throws Exception {
        open(false, "use");
        Tree tree = workflow.tree();
        Program reader = new Program(workflow, workflow.start("use"));
        Handle writing = producer.create("data");
        Handle reading = reader.open("data", Program.READ);
        long written = 0;
        while (written < 16L * BUDGET) {
            long at = written;
            Tree.Loan room = tree.lendRoom(writing, at, 1 << 20);
            assertThat(room.length()).isBetween(PIECE, BUDGET);
            put(room, at, room.length(), 'x');
            wrote(writing, at, room.length());
            written += room.length();
            Tree.Loan loan = reader.now(request -> tree.lend(request, reading, at, 1 << 20));
            assertThat(loan.isOnce()).isTrue();
            assertThat(loan.length()).isEqualTo(room.length());
            tree.passed(reading, at, at + loan.length());
            assertThat(workflow.memory()).isLessThanOrEqualTo(BUDGET);
        }
        assertThatThrownBy(() -> reader.read(reading, 0, 1))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.errno()).isEqualTo(Errno.EIO));
        producer.close(writing);
        assertThat(reader.read(reading, written, 1)).isEmpty();
        reader.close(reading);
    }

    @Test
    void whatAReaderWasLentStaysUntilItHasSaidThatItIsRead() throws Exception {
        open(false, "use");
        Tree tree = workflow.tree();
        Program reader = new Program(workflow, workflow.start("use"));
        Handle writing = producer.create("data");
        Handle reading = reader.open("data", Program.READ);
        long written = 0;
        for (Tree.Loan room = tree.lendRoom(writing, 0, BUDGET); room.length() > 0; ) {
            put(room, written, room.length(), 'x');
            wrote(writing, written, room.length());
            written += room.length();
            room = tree.lendRoom(writing, written, BUDGET);
        }
        long end = written;
        Tree.Loan loan = reader.now(request -> tree.lend(request, reading, 0, PIECE));
        assertThat(tree.lendRoom(writing, end, BUDGET).length()).isZero();
        CompletableFuture<Integer> more = Program.inThread(() -> {
            try {
                return producer.write(writing, end, piece(7));
            } catch (Refusal e) {
                throw new IllegalStateException(e);
            }
        });
        untilItWaits();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(PIECE);
            assertThat(Transfers.pread(loan.fd(), bytes.address(), PIECE, 0)).isEqualTo(PIECE);
            assertThat(bytes.get(ValueLayout.JAVA_BYTE, PIECE - 1)).isEqualTo((byte) 'x');
        }
        assertThat(more.isDone()).isFalse();
        tree.passed(reading, 0, end);
        assertThat(Program.get(more)).isEqualTo(PIECE);
        assertThat(reader.read(reading, end, PIECE)).isEqualTo(piece(7));
        producer.close(writing);
        reader.close(reading);
    }
}
