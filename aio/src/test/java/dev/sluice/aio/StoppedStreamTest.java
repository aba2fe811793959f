package dev.sluice.aio;

import static dev.sluice.aio.PipeBackend.failure;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** Calls that were asked to stop when their operation was under way: the operation stops too. */
class StoppedStreamTest extends OnEachContext {
    private final CountDownLatch held = new CountDownLatch(1);

    /** Keeps operations from being executed until {@link #goOn}. */
    private Context heldUp() {
        Context busy = closedAfterwards(
                Context.builder().kind(kind).depth(8).threads(1).open());
        CountDownLatch begun = new CountDownLatch(1);
        busy.execute(() -> {
            begun.countDown();
            while (held.getCount() > 0) {
                LockSupport.parkNanos(100_000);
            }
        });
        Deadline.until("the completion thread is busy", () -> begun.getCount() == 0);
        return busy;
    }

    private void goOn() {
        held.countDown();
    }

    @Test
    void aForceOfAStreamStops() throws IOException {
        AsyncFileStream stream = AsyncFileStream.open(file("text"), heldUp());
        CompletableFuture<Void> cancelled = stream.forceAsync(true);
        CompletableFuture<Void> late = stream.duplicate().forceAsync(false);
        cancelled.cancel(true);
        late.completeExceptionally(new TimeoutException("enough"));
        goOn();
        assertThat(failure(cancelled)).isInstanceOf(CancellationException.class);
        assertThat(cancelled).isCancelled();
        assertThat(failure(late)).hasMessage("enough");
        stream.file().close();
    }

    @Test
    void aForceOfAFileStops() throws IOException {
        AsyncFile file = AsyncFile.open(file("text"), heldUp());
        CompletableFuture<Void> force = file.forceAsync(true);
        force.orTimeout(1, TimeUnit.NANOSECONDS);
        if (kind == Context.Kind.THREADS) {
            assertThat(failure(force)).isInstanceOf(TimeoutException.class);
            assertThat(file.context().statistics().inFlight())
                    .as("nothing is left to be done")
                    .isZero();
        }
        Deadline.until(
                "the deadline has passed",
                () -> file.context().statistics().inFlight() == 0 || ((Stoppable<?>) force).isAsked());
        goOn();
        assertThat(failure(force)).isInstanceOf(TimeoutException.class);
        file.close();
    }

    @Test
    void anAppendStops() throws IOException {
        AsyncFileStream stream = open(folder.resolve("log"), CREATE, APPEND);
        ReentrantLock appends = stream.file().shared().open.appends();
        ByteBuffer source = ByteBuffer.allocateDirect(100_000);
        CompletableFuture<Long> append;
        appends.lock();
        try {
            append = stream.writeAsync(source);
            append.cancel(true);
            assertThat(append).as("the buffer is not free yet").isNotDone();
        } finally {
            appends.unlock();
        }
        assertThat(failure(append)).isInstanceOf(CancellationException.class);
        assertThat(source.remaining()).isEqualTo(100_000);
        assertThat(stream.size()).isZero();
        assertThat(stream.write(utf8("next"))).isZero();
    }

    @Test
    void aLongAppendStopsHalfWay() throws IOException {
        AsyncFile file = openFile(folder.resolve("log"), CREATE, APPEND);
        AtomicInteger asked = new AtomicInteger();
        var memory = Sample.memory(3 * OpenFile.APPEND_STEP);
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> file.shared().open.append(memory, () -> asked.incrementAndGet() > 2))
                .hasMessageContainingAll(file.name(), "was stopped", 2 * OpenFile.APPEND_STEP + " were appended");
        assertThat(file.size()).isEqualTo(2 * OpenFile.APPEND_STEP);
    }
}
