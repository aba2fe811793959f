package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.language.CommitRule;
import dev.sluice.language.FireRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
import dev.sluice.linux.Transfers;
import dev.sluice.stream.Ending.Keep;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that are read and written in place, by who is not asked for each of them. */
class BytesTest {
    private static final int LENGTH = 100_000;

    @TempDir
    Path directory;

    private Workflow workflow;
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
        workflow = Workflow.open(directory, flow, Keep.PERMANENT, new Limits(1 << 20, null));
        producer = new Program(workflow, workflow.start("make"));
        consumer = new Program(workflow, workflow.start("use"));
    }

    @AfterEach
    void close() {
        workflow.close();
    }

    private void put(Tree.Loan room, long at) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(room.length()).fill((byte) 'x');
            assertThat(Transfers.pwrite(room.fd(), bytes.address(), room.length(), at))
                    .isEqualTo(room.length());
        }
    }

    @Test
    void whatIsWrittenInPlaceIsThereWhenItIsToldOf() throws Exception {
        Handle writing = producer.create("data");
        Handle reading = consumer.open("data", Program.READ);
        Tree.Loan room = workflow.tree().lendRoom(writing, 0, LENGTH);
        assertThat(workflow.memory()).isGreaterThanOrEqualTo(LENGTH);
        put(room, 0);
        assertThat(workflow.snapshot(1).files().getFirst().bytes()).isZero();
        producer.now(request -> {
            workflow.tree().wrote(request, writing, 0, LENGTH);
            return null;
        });
        Tree.Loan loan = consumer.now(request -> workflow.tree().lend(request, reading, 10, 2 * LENGTH));
        assertThat(loan.length()).isEqualTo(LENGTH - 10);
        assertThat(loan.inode()).isEqualTo(room.inode());
        assertThat(consumer.read(reading, LENGTH - 2, 100)).isEqualTo("xx");
        producer.close(writing);
        consumer.close(reading);
    }

    @Test
    void nobodyTellsOfWhatHeHasNoRoomFor() throws Exception {
        Handle writing = producer.create("data");
        assertThat(workflow.tree().lendRoom(writing, 0, LENGTH)).isNotNull();
        for (long[] range : new long[][] {{0, LENGTH + 1}, {-1, 1}, {LENGTH, 1}, {0, -1}}) {
            assertThatThrownBy(() -> producer.now(request -> {
                        workflow.tree().wrote(request, writing, range[0], (int) range[1]);
                        return null;
                    }))
                    .isInstanceOf(Refusal.class);
        }
        producer.close(writing);
    }

    @Test
    void roomIsLentToOneWriterBehindAllThereIsAndWithinTheBudget() throws Exception {
        Handle writing = producer.create("data");
        producer.write(writing, 0, "already there");
        Tree tree = workflow.tree();
        assertThat(tree.lendRoom(writing, 5, LENGTH)).isNull();
        assertThat(tree.lendRoom(writing, 13, 2 << 20)).isNull();
        Handle other = producer.open("data", Program.WRITE);
        assertThat(tree.lendRoom(writing, 13, LENGTH)).isNull();
        producer.close(other);
        assertThat(tree.lendRoom(writing, 13, LENGTH)).isNotNull();
        producer.close(writing);
        assertThat(workflow.memory()).isLessThan(LENGTH);
    }

    @Test
    void smallFilesAreNotLent() throws Exception {
        producer.put("data", "a few bytes");
        Handle reading = consumer.open("data", Program.READ);
        Tree.Loan loan = consumer.now(request -> workflow.tree().lend(request, reading, 0, LENGTH));
        assertThat(loan).isNull();
        consumer.close(reading);
    }
}
