package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.CommitRule;
import dev.sluice.language.FireRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
import dev.sluice.linux.Ranges;
import dev.sluice.linux.Transfers;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.testing.Deadline;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LendingTest {
    private static final int ROOM = 256 << 10;
    private static final int BLOCK = 100_000;

    @TempDir
    private Path directory;

    private final Arena arena = Arena.ofShared();
    private Workflow workflow;
    private Tree tree;
    private Session making;
    private Program producer;
    private Program consumer;

    @BeforeEach
    void open() throws Exception {
        Flow flow = Flow.builder("test")
                .step(
                        "make",
                        List.of(),
                        List.of("data"),
                        Rule.files("data").commits(CommitRule.onClose()).fires(FireRule.NO_UPDATE))
                .step("use", List.of("data"), List.of("result"))
                .build();
        workflow = Workflow.open(directory, flow, Keep.PERMANENT, new Limits(64 << 20, null));
        tree = workflow.tree();
        making = workflow.start("make");
        producer = new Program(workflow, making);
        consumer = new Program(workflow, workflow.start("use"));
    }

    @AfterEach
    void close() {
        workflow.close();
        arena.close();
    }

    private Handle.Gauge gauge(Tree.Loan loan) throws Exception {
        Tree.Page page = loan.page();
        assertThat(page).isNotNull();
        return new Handle.Gauge(Ranges.map(page.fd(), Handle.Gauge.BYTES, true, arena, "gauge"));
    }

    private void put(Tree.Loan room, long at, int length) {
        MemorySegment bytes = arena.allocate(length).fill((byte) 'x');
        assertThat(Transfers.pwrite(room.fd(), bytes.address(), length, at)).isEqualTo(length);
    }

    private Tree.Loan lend(Handle reading, long offset) throws Refusal {
        return consumer.now(request -> tree.lend(request, reading, offset, 1 << 20));
    }

    /** A file of which so much is written by a mount, so that it is no small one. */
    private Handle written() throws Refusal {
        Handle writing = producer.create("data");
        producer.write(writing, 0, "y".repeat(BLOCK));
        return writing;
    }

    private List<String> incidents() throws Exception {
        return workflow.finish(true).incidents();
    }

    @Test
    void whatAWriterSaysByItsGaugeIsReadByWhoAsksTheServer() throws Exception {
        Handle writing = producer.create("data");
        Handle reading = consumer.open("data", Program.READ);
        Tree.Loan room = tree.lendRoom(writing, 0, ROOM);
        put(room, 0, BLOCK);
        gauge(room).raise(BLOCK);
        assertThat(consumer.read(reading, BLOCK - 2, 100)).isEqualTo("xx");
        Attributes seen = new Attributes();
        producer.now(request -> {
            tree.peek(request, writing.node(), seen);
            return seen;
        });
        assertThat(seen.size()).isEqualTo(BLOCK);
        producer.close(writing);
        assertThat(consumer.read(reading, BLOCK, 100)).isEmpty();
        consumer.close(reading);
    }

    @Test
    void whoWaitsAtTheServerIsToldOfAtOnce() throws Exception {
        Handle writing = producer.create("data");
        Handle reading = consumer.open("data", Program.READ);
        Tree.Loan room = tree.lendRoom(writing, 0, ROOM);
        Handle.Gauge gauge = gauge(room);
        assertThat(gauge.isWanted()).isFalse();
        CompletableFuture<Tree.Loan> lent = consumer.later(request -> tree.lend(request, reading, 0, ROOM));
        Deadline.until("it waits", () -> workflow.waiting().size() == 1);
        assertThat(gauge.isWanted()).isTrue();
        put(room, 0, BLOCK);
        gauge.raise(BLOCK);
        producer.now(request -> {
            tree.wrote(request, writing, 0, BLOCK);
            return null;
        });
        assertThat(Program.get(lent).length()).isEqualTo(BLOCK);
        assertThat(gauge.isWanted()).isFalse();
        producer.close(writing);
        consumer.close(reading);
    }

    @Test
    void garbageInAGaugeIsBelievedWithinTheRoomAlone() throws Exception {
        Handle writing = producer.create("data");
        Handle reading = consumer.open("data", Program.READ);
        Tree.Loan room = tree.lendRoom(writing, 0, ROOM);
        Handle.Gauge gauge = gauge(room);
        put(room, 0, BLOCK);
        gauge.raise(BLOCK);
        assertThat(consumer.read(reading, 0, 1)).isEqualTo("x");
        for (long backwards : new long[] {-1, Long.MIN_VALUE, 0, 17}) {
            gauge.raise(backwards);
            assertThat(consumer.read(reading, BLOCK - 1, 100)).isEqualTo("x");
        }
        gauge.raise(Long.MAX_VALUE);
        assertThat(consumer.read(reading, ROOM - 1, 100)).hasSize(1);
        CompletableFuture<String> beyond = CompletableFuture.supplyAsync(() -> {
            try {
                return consumer.read(reading, ROOM, 100);
            } catch (Refusal e) {
                throw new AssertionError(e);
            }
        });
        Deadline.until("it waits", () -> workflow.waiting().size() == 1);
        producer.close(writing);
        assertThat(Program.get(beyond)).isEmpty();
        assertThat(producer.stat("data").size()).isEqualTo(ROOM);
        consumer.close(reading);
    }

    @Test
    void whatWasSaidByTheGaugeAloneIsThereWhenItIsClosedAndNothingElse() throws Exception {
        Handle writing = producer.create("data");
        Tree.Loan room = tree.lendRoom(writing, 0, ROOM);
        put(room, 0, 2 * BLOCK);
        gauge(room).raise(BLOCK);
        producer.close(writing);
        assertThat(producer.stat("data").size()).isEqualTo(BLOCK);
        assertThat(consumer.get("data")).isEqualTo("x".repeat(BLOCK));
        assertThat(workflow.memory()).isLessThan(ROOM);
    }

    @Test
    void whatWasSaidByTheGaugeAloneIsThereWhenTheStepEndsBeforeItsFileIsClosed() throws Exception {
        Handle writing = producer.create("data");
        Handle reading = consumer.open("data", Program.READ);
        Tree.Loan room = tree.lendRoom(writing, 0, 4 << 20);
        Handle.Gauge gauge = gauge(room);
        put(room, 0, BLOCK);
        gauge.raise(BLOCK);
        making.end(true);
        assertThat(gauge.isOver()).isTrue();
        assertThat(consumer.read(reading, 0, 2 * BLOCK)).hasSize(BLOCK);
        Handle whole = consumer.open("data", Program.READ);
        dev.sluice.linux.Attributes found = new dev.sluice.linux.Attributes();
        assertThat(found.ask(whole.backing())).isZero();
        assertThat(found.size()).isEqualTo(BLOCK);
        consumer.close(whole);
        consumer.close(reading);
        producer.close(writing);
    }

    @Test
    void whoReadsInPlaceSeesByTheGaugeWhatAMountWrites() throws Exception {
        Handle writing = written();
        Handle reading = consumer.open("data", Program.READ);
        Tree.Loan loan = lend(reading, 0);
        assertThat(loan.length()).isEqualTo(BLOCK);
        assertThat(loan.page().to()).isGreaterThan(2 * BLOCK);
        Handle.Gauge gauge = gauge(loan);
        assertThat(gauge.level()).isEqualTo(BLOCK);
        int bell = gauge.bell();
        producer.write(writing, BLOCK, "more");
        assertThat(gauge.level()).isEqualTo(BLOCK + 4);
        assertThat(gauge.bell()).isNotEqualTo(bell);
        producer.write(writing, BLOCK + 100, "not next to it");
        assertThat(gauge.level()).isEqualTo(BLOCK + 4);
        producer.write(writing, BLOCK + 4, "y".repeat(96));
        assertThat(gauge.level()).isEqualTo(BLOCK + 114);
        producer.close(writing);
        assertThat(gauge.isOver()).isTrue();
        consumer.close(reading);
    }

    @Test
    void aChangeOfWhatWasReadByTheGaugeIsFound() throws Exception {
        Handle writing = written();
        Handle reading = consumer.open("data", Program.READ);
        assertThat(lend(reading, 0).page()).isNotNull();
        producer.write(writing, BLOCK, "more");
        producer.write(writing, BLOCK + 1, "0");
        producer.close(writing);
        consumer.close(reading);
        making.end(true);
        assertThat(incidents()).singleElement().asString().contains("data");
    }

    @Test
    void whatNobodyHasReadMayChange() throws Exception {
        Handle writing = written();
        Handle reading = consumer.open("data", Program.READ);
        assertThat(lend(reading, 0).page()).isNotNull();
        consumer.close(reading);
        producer.write(writing, BLOCK, "more");
        producer.write(writing, BLOCK + 1, "0");
        producer.close(writing);
        making.end(true);
        assertThat(incidents()).isEmpty();
    }

    @Test
    void whenAnotherOneWritesTheGaugeIsOver() throws Exception {
        Handle writing = producer.create("data");
        Handle reading = consumer.open("data", Program.READ);
        Tree.Loan room = tree.lendRoom(writing, 0, ROOM);
        Handle.Gauge gauge = gauge(room);
        put(room, 0, BLOCK);
        gauge.raise(BLOCK);
        Tree.Loan loan = lend(reading, 0);
        assertThat(loan.page().inode()).isEqualTo(room.page().inode());
        assertThat(loan.page().to()).isEqualTo(ROOM);
        Handle other = producer.open("data", Program.WRITE);
        producer.write(other, BLOCK, "more");
        assertThat(gauge.isOver()).isTrue();
        assertThat(consumer.read(reading, BLOCK - 1, 100)).isEqualTo("xmore");
        put(room, BLOCK + 4, 10);
        gauge.raise(BLOCK + 14); // nobody looks any more, so it is told
        producer.now(request -> {
            tree.wrote(request, writing, BLOCK + 4, 10);
            return null;
        });
        assertThat(consumer.read(reading, BLOCK + 3, 100)).isEqualTo("e" + "x".repeat(10));
        producer.close(other);
        producer.close(writing);
        consumer.close(reading);
    }

    @Test
    void whatGoesToDiskIsReadAtTheServer() throws Exception {
        Handle writing = written();
        Handle reading = consumer.open("data", Program.READ);
        Handle.Gauge gauge = gauge(lend(reading, 0));
        String mebibyte = "z".repeat(1 << 20);
        long at = BLOCK;
        for (int i = 0; i < 80; i++) {
            at += producer.write(writing, at, mebibyte);
        }
        assertThat(gauge.isOver()).isTrue();
        assertThat(gauge.level()).isLessThanOrEqualTo(64 << 20);
        Tree.Loan onDisk = consumer.now(request -> tree.lend(request, reading, (long) BLOCK + (70 << 20), ROOM));
        assertThat(onDisk).isNull();
        assertThat(consumer.read(reading, at - 2, 100)).isEqualTo("zz");
        producer.close(writing);
        consumer.close(reading);
    }
}
