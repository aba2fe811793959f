package dev.sluice.aio;

import static dev.sluice.aio.PipeBackend.failure;
import static dev.sluice.aio.PipeBackend.value;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Cancelling, deadlines, and completing from outside. */
interface CancelContract extends PipeBackend {
    @Test
    default void aCancelledReadEndsAndLosesNoByte() throws IOException {
        AsyncFile pipe = pipe();
        ByteBuffer target = ByteBuffer.allocateDirect(10);
        CompletableFuture<Long> read = pipe.readAsync(target, 0);
        read.cancel(true);
        assertThat(failure(read))
                .isInstanceOf(CancellationException.class)
                .hasMessageContainingAll(nameOf(pipePath()), "reading 10 bytes", "cancelled");
        assertThat(read.isCancelled()).isTrue();
        pipe.write(Sample.direct("abc"), 0);
        PipeBackend.assertHolds(pipe, "abc");
        assertThat(target.position()).isZero();
    }

    @Test
    default void aWriteThatNobodyReadsIsCancelled() throws IOException {
        AsyncFile pipe = pipe();
        for (ByteBuffer source : new ByteBuffer[] {ByteBuffer.allocateDirect(1 << 20), ByteBuffer.allocate(1 << 20)}) {
            CompletableFuture<Long> write = pipe.writeAsync(source, 0);
            write.cancel(false);
            assertThat(failure(write)).isInstanceOf(CancellationException.class);
            assertThat(source.position()).isZero();
        }
        CompletableFuture<Long> many = pipe.writeAsync(
                new ByteBuffer[] {ByteBuffer.allocateDirect(1 << 20), ByteBuffer.allocateDirect(1 << 20)}, 0);
        many.cancel(false);
        assertThat(failure(many)).isInstanceOf(CancellationException.class);
    }

    @Test
    default void manyReadsOfOnePipeAreCancelledInAnyOrder() throws IOException {
        AsyncFile pipe = pipe();
        List<CompletableFuture<Long>> reads = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            reads.add(pipe.readAsync(ByteBuffer.allocateDirect(10), 0));
        }
        java.util.Collections.shuffle(reads, new java.util.Random(8));
        reads.forEach(read -> read.cancel(true));
        reads.forEach(read -> assertThat(failure(read)).isInstanceOf(CancellationException.class));
        pipe.write(Sample.direct("abc"), 0);
        PipeBackend.assertHolds(pipe, "abc");
    }

    /** Two waiters wake for the same byte; who comes second must stay stoppable. */
    @Test
    default void aReadThatLostTheRaceForBytesIsCancelled() throws IOException {
        AsyncFile pipe = pipe();
        for (int i = 0; i < 50; i++) {
            CompletableFuture<Long> first = pipe.readAsync(ByteBuffer.allocateDirect(10), 0);
            CompletableFuture<Long> second = pipe.readAsync(ByteBuffer.allocateDirect(10), 0);
            pipe.write(Sample.direct("x"), 0);
            CompletableFuture.anyOf(first, second).join();
            CompletableFuture<Long> loser = first.isDone() ? second : first;
            loser.cancel(true);
            assertThat(failure(loser)).isInstanceOf(CancellationException.class);
        }
    }

    @Test
    default void whatIsQueuedIsCancelledBeforeItStarts() throws Exception {
        Context busy = context(64);
        AsyncFile file = open(busy, folder().resolve("file"), CREATE, READ, WRITE);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch hold = new CountDownLatch(1);
        List<CompletableFuture<Long>> writes = new ArrayList<>();
        try {
            for (int i = 0; i < 64; i++) {
                // As many as there may be threads.
                busy.execute(() -> {
                    held.countDown();
                    await(hold);
                });
            }
            await(held); // a thread that has not woken yet could take the writes first
            for (int i = 0; i < 10; i++) {
                writes.add(file.writeAsync(ByteBuffer.allocateDirect(200_000), 0));
            }
            writes.forEach(write -> write.cancel(true));
        } finally {
            hold.countDown();
        }
        writes.forEach(write -> assertThat(failure(write)).isInstanceOf(CancellationException.class));
        assertThat(file.size()).isZero();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    default void cancellingWhatIsDoneChangesNothing() throws IOException {
        AsyncFile pipe = pipe();
        CompletableFuture<Long> write = pipe.writeAsync(Sample.direct("abc"), 0);
        assertThat(value(write)).isEqualTo(3);
        assertThat(write.cancel(true)).isFalse();
        assertThat(write.complete(7L)).isFalse();
        assertThat(write.completeExceptionally(new IOException())).isFalse();
        assertThat(write.join()).isEqualTo(3);
        assertThat(write.isCancelled()).isFalse();
    }

    @Test
    default void aDeadlineEndsTheOperationAndLeavesItsBufferAlone() throws IOException {
        AsyncFile pipe = pipe();
        ByteBuffer target = ByteBuffer.allocateDirect(10);
        CompletableFuture<Long> read = pipe.readAsync(target, 0).orTimeout(20, TimeUnit.MILLISECONDS);
        assertThat(failure(read)).isInstanceOf(TimeoutException.class);
        pipe.write(Sample.direct("abc"), 0);
        PipeBackend.assertHolds(pipe, "abc");
        assertThat(target).isEqualTo(ByteBuffer.allocate(10));
    }

    @Test
    default void aDeadlineMayHaveAValue() throws IOException {
        AsyncFile pipe = pipe();
        ByteBuffer target = ByteBuffer.allocateDirect(10);
        assertThat(value(pipe.readAsync(target, 0).completeOnTimeout(0L, 20, TimeUnit.MILLISECONDS)))
                .isZero();
        assertThat(target.position()).isZero();
    }

    @Test
    default void aDeadlineThatIsMetDoesNothing() throws IOException {
        AsyncFile pipe = pipe();
        CompletableFuture<Long> read =
                pipe.readAsync(ByteBuffer.allocateDirect(10), 0).orTimeout(20, TimeUnit.SECONDS);
        pipe.write(Sample.direct("abc"), 0);
        assertThat(value(read)).isEqualTo(3);
    }

    @Test
    default void waitingWithALimitLeavesTheOperationInFlight() throws Exception {
        AsyncFile pipe = pipe();
        CompletableFuture<Long> read = pipe.readAsync(ByteBuffer.allocateDirect(10), 0);
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> read.get(10, TimeUnit.MILLISECONDS));
        assertThat(read).isNotDone();
        pipe.write(Sample.direct("abc"), 0);
        assertThat(value(read)).isEqualTo(3);
    }

    @Test
    default void whoeverCompletesItFromOutsideOnlyAsksItToStop() throws IOException {
        AsyncFile pipe = pipe();
        CompletableFuture<Long> byValue = pipe.readAsync(ByteBuffer.allocateDirect(10), 0);
        CompletableFuture<Long> byFailure = pipe.readAsync(ByteBuffer.allocateDirect(10), 0);
        CompletableFuture<Long> bySupplier = pipe.readAsync(ByteBuffer.allocateDirect(10), 0);
        byValue.complete(42L);
        byFailure.completeExceptionally(new IOException("enough"));
        bySupplier.completeAsync(() -> 43L);
        assertThat(value(byValue)).isEqualTo(42);
        assertThat(failure(byFailure)).hasMessage("enough");
        assertThat(value(bySupplier)).isEqualTo(43);
        assertThat(context().statistics().inFlight())
                .as("the kernel has let go")
                .isZero();
        pipe.write(Sample.direct("abc"), 0);
        PipeBackend.assertHolds(pipe, "abc");
    }

    @Test
    default void aResultCannotBeForced() throws IOException {
        AsyncFile pipe = pipe();
        CompletableFuture<Long> read = pipe.readAsync(ByteBuffer.allocateDirect(10), 0);
        assertThatThrownBy(() -> read.obtrudeValue(1L)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> read.obtrudeException(new IOException()))
                .isInstanceOf(UnsupportedOperationException.class);
        read.cancel(true);
        assertThat(failure(read)).isInstanceOf(CancellationException.class);
    }

    @Test
    default void onlyTheFirstWishCounts() throws IOException {
        AsyncFile pipe = pipe();
        CompletableFuture<Long> read = pipe.readAsync(ByteBuffer.allocateDirect(10), 0);
        read.completeExceptionally(new IOException("first"));
        read.cancel(true);
        read.complete(9L);
        assertThat(failure(read)).hasMessage("first");
    }

    /** Whatever comes first: no byte is taken from the pipe for a read that then says it was stopped. */
    @Test
    default void noByteIsLostBetweenACancellationAndAByte() throws Exception {
        AsyncFile pipe = pipe();
        for (int i = 0; i < 300; i++) {
            CompletableFuture<Long> read = pipe.readAsync(ByteBuffer.allocateDirect(10), 0);
            Thread writer = Thread.ofPlatform().daemon().start(() -> {
                try {
                    pipe.write(Sample.direct("x"), 0);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            if (i % 2 == 0) {
                Thread.onSpinWait();
            }
            read.cancel(true);
            boolean gotIt = value(read.handle((bytes, failure) -> failure == null));
            dev.sluice.testing.Deadline.join(writer);
            if (!gotIt) {
                PipeBackend.assertHolds(pipe, "x");
            }
        }
    }
}
