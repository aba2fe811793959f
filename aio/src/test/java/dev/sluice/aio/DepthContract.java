package dev.sluice.aio;

import static dev.sluice.aio.PipeBackend.failure;
import static dev.sluice.aio.PipeBackend.value;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How many operations may be in flight, alone and in batches, and what is counted. */
interface DepthContract extends PipeBackend {
    @Test
    default void whoStartsMoreThanTheDepthWaitsUntilOneHasEnded() throws Exception {
        Context two = context(2);
        AsyncFile pipe = open(two, pipePath(), READ, WRITE);
        AsyncFile outside = pipe();
        CompletableFuture<Long> first = pipe.readAsync(ByteBuffer.allocateDirect(1), 0);
        CompletableFuture<Long> second = pipe.readAsync(ByteBuffer.allocateDirect(1), 0);
        AtomicReference<CompletableFuture<Long>> third = new AtomicReference<>();
        Thread starter =
                Thread.ofPlatform().daemon().start(() -> third.set(pipe.readAsync(ByteBuffer.allocateDirect(1), 0)));
        Deadline.untilWaiting(starter);
        assertThat(third.get()).isNull();
        assertThat(two.statistics().inFlight()).isEqualTo(2);
        outside.write(Sample.direct("x"), 0);
        Deadline.join(starter);
        outside.write(Sample.direct("yz"), 0);
        assertThat(value(first) + value(second) + value(third.get())).isEqualTo(3);
    }

    @Test
    default void whoWaitsForAPlaceMayBeInterrupted() throws Exception {
        Context one = context(1);
        AsyncFile pipe = open(one, pipePath(), READ, WRITE);
        CompletableFuture<Long> first = pipe.readAsync(ByteBuffer.allocateDirect(1), 0);
        AtomicReference<CompletableFuture<Long>> second = new AtomicReference<>();
        Thread starter =
                Thread.ofPlatform().daemon().start(() -> second.set(pipe.readAsync(ByteBuffer.allocateDirect(1), 0)));
        Deadline.untilWaiting(starter);
        starter.interrupt();
        Deadline.join(starter);
        assertThat(failure(second.get())).isInstanceOf(InterruptedIOException.class);
        first.cancel(true);
        failure(first);
    }

    @Test
    default void theCompletionThreadIsRefusedWhatItWouldHaveToWaitFor() throws Exception {
        Context two = context(2);
        AsyncFile pipe = open(two, pipePath(), READ, WRITE);
        AsyncFile file = open(two, folder().resolve("file"), CREATE, READ, WRITE);
        CompletableFuture<List<CompletableFuture<Long>>> started = new CompletableFuture<>();
        two.execute(() -> {
            List<CompletableFuture<Long>> futures = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                futures.add(pipe.readAsync(ByteBuffer.allocateDirect(1), 0));
            }
            futures.add(file.writeAsync(ByteBuffer.allocateDirect(300_000), 0));
            started.complete(futures);
        });
        List<CompletableFuture<Long>> futures = value(started);
        for (CompletableFuture<Long> refused : futures.subList(2, 4)) {
            assertThat(failure(refused))
                    .isInstanceOf(BlockingCallException.class)
                    .hasMessageContainingAll("more than 2 operations", two.name(), "greater depth");
        }
        futures.subList(0, 2).forEach(read -> read.cancel(true));
        futures.subList(0, 2).forEach(PipeBackend::failure);
        Deadline.until("nothing is in flight", () -> two.statistics().inFlight() == 0);
    }

    @Test
    default void depthsOutsideTheBoundsAreRefused() {
        for (int depth : new int[] {0, -1, 32_769, Integer.MAX_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Context.builder().depth(depth))
                    .withMessage("depth must be from 1 to 32768: " + depth);
        }
        for (int threads : new int[] {0, 1025}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Context.builder().threads(threads))
                    .withMessage("threads must be from 1 to 1024: " + threads);
        }
    }

    @Test
    default void aBatchStartsItsOperationsTogether() throws IOException {
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        Batch writes = context().batch();
        List<CompletableFuture<Long>> futures = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            futures.add(writes.write(file, Sample.memoryOf((byte) i, (byte) i), i * 2L));
        }
        assertThat(writes.size()).isEqualTo(64);
        assertThat(futures).noneMatch(CompletableFuture::isDone);
        assertThat(file.size()).as("nothing has started").isZero();
        writes.start();
        assertThat(writes.size()).isZero();
        futures.forEach(write -> assertThat(value(write)).isEqualTo(2));
        writes.start();
        var target = Sample.memory(128);
        CompletableFuture<Long> read = writes.read(file, target, 0);
        CompletableFuture<Long> end = writes.read(file, Sample.memory(1), 500);
        CompletableFuture<Long> nothing = writes.read(file, Sample.memory(0), 0);
        writes.start();
        assertThat(value(read)).isEqualTo(128);
        assertThat(value(end)).isEqualTo(-1);
        assertThat(value(nothing)).isZero();
        assertThat(target.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 101)).isEqualTo((byte) 50);
    }

    @Test
    default void aBatchHasAsManyOperationsAsTheContextAtMost() throws IOException {
        AsyncFile pipe = pipe();
        Batch batch = context().batch();
        List<CompletableFuture<Long>> reads = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            reads.add(batch.read(pipe, Sample.memory(1), 0));
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> batch.read(pipe, Sample.memory(1), 0))
                .withMessageContainingAll(
                        "a batch can have 64 operations", context().name());
        batch.start();
        assertThat(context().statistics().inFlight()).isEqualTo(64);
        pipe.close();
        reads.forEach(PipeBackend::failure);
    }

    @Test
    default void aBatchTakesFilesOfItsOwnContextOnly() throws IOException {
        AsyncFile pipe = open(context(2), pipePath(), READ, WRITE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> context().batch().read(pipe, Sample.memory(1), 0))
                .withMessageContainingAll(nameOf(pipePath()), context().name());
    }

    @Test
    default void aBatchKnowsWhatWasCancelledOrClosedBeforeItsStart() throws IOException {
        AsyncFile pipe = pipe();
        AsyncFile gone = pipe();
        Batch batch = context().batch();
        CompletableFuture<Long> cancelled = batch.read(pipe, Sample.memory(1), 0);
        CompletableFuture<Long> closed = batch.read(gone, Sample.memory(1), 0);
        CompletableFuture<Long> write = batch.write(pipe, Sample.memoryOf((byte) 'x'), 0);
        cancelled.cancel(true);
        gone.close();
        batch.start();
        assertThat(failure(cancelled)).isInstanceOf(java.util.concurrent.CancellationException.class);
        assertThat(failure(closed)).isInstanceOf(java.nio.channels.ClosedChannelException.class);
        assertThat(value(write)).isEqualTo(1);
        PipeBackend.assertHolds(pipe, "x");
    }

    @Test
    default void whatHasBeenDoneIsCounted() throws Exception {
        AsyncFile pipe = pipe();
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        Context.Statistics before = context().statistics();
        assertThat(before.inFlight()).isZero();
        value(file.writeAsync(Sample.direct("abc"), 0));
        CompletableFuture<Long> read = pipe.readAsync(ByteBuffer.allocateDirect(1), 0);
        Context.Statistics during = context().statistics();
        assertThat(during.inFlight()).isEqualTo(1);
        assertThat(during.here() - before.here()).as("a short write").isEqualTo(1);
        assertThat(during.handedOver() - before.handedOver())
                .as("a read of a pipe")
                .isEqualTo(1);
        read.cancel(true);
        failure(read);
        assertThat(context().statistics().inFlight()).isZero();
        if (context().kind() == Context.Kind.THREADS) {
            assertThat(context().statistics().systemCalls()).isZero();
        }
    }
}
