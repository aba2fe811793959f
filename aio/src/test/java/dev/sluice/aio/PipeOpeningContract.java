package dev.sluice.aio;

import static dev.sluice.aio.PipeBackend.failure;
import static dev.sluice.aio.PipeBackend.value;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Deadline;
import dev.sluice.testing.Descriptors;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.OpenOption;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Opening one end of a named pipe, which waits for the other. */
interface PipeOpeningContract extends PipeBackend {
    List<OpenOption> ENDS = List.of(READ, WRITE);

    private CompletableFuture<AsyncFile> opening(Context with, OpenOption end) {
        CompletableFuture<AsyncFile> opening = AsyncFile.openAsync(pipePath(), with, end);
        assertThat(opening).isNotDone();
        assertThat(with.statistics().inFlight()).isEqualTo(1);
        return opening;
    }

    private void assertNothingIsLeft() {
        Deadline.until("the opening has ended", () -> context().statistics().inFlight() == 0);
        assertThat(Descriptors.of(folder().toString())).isEmpty();
    }

    @Test
    default void anOpeningThatIsCancelledEnds() {
        for (OpenOption end : ENDS) {
            CompletableFuture<AsyncFile> opening = opening(context(), end);
            opening.cancel(true);
            assertThat(failure(opening)).isInstanceOf(CancellationException.class);
            assertNothingIsLeft();
        }
    }

    /** Whatever comes first. */
    @Test
    default void anOpeningThatIsCancelledWhenItSucceedsIsUndone() throws IOException {
        AsyncFile both = pipe();
        for (int i = 0; i < 100; i++) {
            CompletableFuture<AsyncFile> opening = AsyncFile.openAsync(pipePath(), context(), READ);
            LockSupport.parkNanos(i * 2_000L);
            if (!opening.cancel(true)) {
                value(opening).close();
            }
        }
        both.close();
        assertNothingIsLeft();
    }

    @Test
    default void anOpeningOfAStreamThatIsCancelledEnds() {
        CompletableFuture<AsyncFileStream> bytes = AsyncFileStream.openAsync(pipePath(), context(), READ);
        CompletableFuture<AsyncTextStream> text =
                AsyncTextStream.openAsync(pipePath(), TextOptions.DEFAULT, context(), READ);
        bytes.cancel(true);
        text.cancel(true);
        assertNothingIsLeft();
    }

    @Test
    default void anOpeningEndsAtItsDeadline() {
        for (OpenOption end : ENDS) {
            CompletableFuture<AsyncFile> opening = opening(context(), end).orTimeout(5, TimeUnit.MILLISECONDS);
            assertThat(failure(opening)).isInstanceOf(TimeoutException.class);
            assertNothingIsLeft();
        }
    }

    @Test
    default void closingTheContextEndsOpenings() {
        for (OpenOption end : ENDS) {
            Context other = context(2);
            CompletableFuture<AsyncFile> opening = opening(other, end);
            other.close();
            assertThat(failure(opening))
                    .isInstanceOf(AsynchronousCloseException.class)
                    .hasMessageContainingAll(pipePath().toString(), other.name(), "was closed");
            assertThat(other.statistics().inFlight()).isZero();
            assertThat(Descriptors.of(folder().toString())).isEmpty();
        }
    }

    @Test
    default void anInterruptEndsABlockingOpening() {
        for (OpenOption end : ENDS) {
            for (Thread.Builder builder : List.of(Thread.ofPlatform().daemon(), Thread.ofVirtual())) {
                CompletableFuture<Object> outcome = new CompletableFuture<>();
                Thread thread = builder.start(() -> {
                    try {
                        outcome.complete(AsyncFile.open(pipePath(), context(), end));
                    } catch (IOException e) {
                        outcome.complete(Thread.currentThread().isInterrupted() ? e : "the flag is not set");
                    }
                });
                Deadline.untilWaiting(thread);
                thread.interrupt();
                Deadline.join(thread);
                assertThat(value(outcome))
                        .isInstanceOfSatisfying(
                                InterruptedIOException.class,
                                e -> assertThat(e)
                                        .hasMessage(pipePath() + ": waiting for the pipe's other end was interrupted"));
                assertNothingIsLeft();
            }
        }
    }

    @Test
    default void aBlockingOpeningOnACompletionThreadIsRefused() {
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        context().execute(() -> {
            try {
                outcome.complete(AsyncFile.open(pipePath(), context(), READ));
            } catch (Throwable e) {
                outcome.complete(e);
            }
        });
        assertThat(value(outcome)).isInstanceOf(BlockingCallException.class);
    }

    /** Neither end is open before the other, even if nothing is written. */
    @Test
    default void bothEndsOpenWhenBothAreWanted() throws IOException {
        for (OpenOption first : ENDS) {
            CompletableFuture<AsyncFile> opening = opening(context(), first);
            try (AsyncFile other = open(pipePath(), first == READ ? WRITE : READ);
                    AsyncFile one = value(opening)) {
                AsyncFile reader = first == READ ? one : other;
                AsyncFile writer = first == READ ? other : one;
                ByteBuffer target = ByteBuffer.allocateDirect(10);
                CompletableFuture<Long> read = reader.readAsync(target, 0);
                assertThat(read).as("a read waits for the writer").isNotDone();
                writer.write(Sample.direct("abc"), 0);
                assertThat(value(read)).isEqualTo(3);
            }
        }
    }

    /** What a program does that writes a line and ends. */
    @Test
    default void aWriterThatHasGoneAgainHasBeenThere() throws IOException {
        CompletableFuture<AsyncFile> opening = opening(context(), READ);
        try (AsyncFile writer = open(pipePath(), WRITE)) {
            writer.write(Sample.direct("abc"), 0);
        }
        try (AsyncFile reader = value(opening)) {
            PipeBackend.assertHolds(reader, "abc");
            assertThat(value(reader.readAsync(ByteBuffer.allocate(1), 0))).isEqualTo(-1);
        }
    }
}
