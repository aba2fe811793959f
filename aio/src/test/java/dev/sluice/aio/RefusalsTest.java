package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.Pipes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is refused, and whether the message says what, of which file, and why. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RefusalsTest extends OnEachContext {
    @Test
    void nullIsRefusedByTheNameOfItsParameter() throws IOException {
        Path path = file("abc");
        assertThatNullPointerException()
                .isThrownBy(() -> AsyncFile.open(path, (Context) null))
                .withMessage("context");
        assertThatNullPointerException()
                .isThrownBy(() -> AsyncFile.open(null, context))
                .withMessage("path");
        assertThatNullPointerException()
                .isThrownBy(() -> AsyncFile.openAsync(path, null))
                .withMessage("context");
        assertThatNullPointerException()
                .isThrownBy(() -> AsyncFile.of(null, context))
                .withMessage("channel");
        assertThatNullPointerException()
                .isThrownBy(() -> AsyncFile.ofDescriptor(0, null))
                .withMessage("context");
        AsyncFile file = openFile(path, READ, WRITE);
        assertThatNullPointerException()
                .isThrownBy(() -> file.readAsync((ByteBuffer) null, 0))
                .withMessage("target");
        assertThatNullPointerException()
                .isThrownBy(() -> file.read((ByteBuffer) null, 0))
                .withMessage("target");
        assertThatNullPointerException()
                .isThrownBy(() -> file.writeAsync((ByteBuffer) null, 0))
                .withMessage("source");
        assertThatNullPointerException().isThrownBy(() -> context.execute(null)).withMessage("task");
        assertThatNullPointerException()
                .isThrownBy(() -> Context.builder().kind(null))
                .withMessage("kind");
        assertThatNullPointerException()
                .isThrownBy(() -> Context.builder().name(null))
                .withMessage("name");
    }

    @Test
    void aClosedContextRefusesAtOnce() throws IOException {
        Path path = file("abc");
        Context closed = context(8);
        closed.close();
        assertThatThrownBy(() -> AsyncFile.open(path, closed))
                .isInstanceOf(ClosedChannelException.class)
                .hasMessageContainingAll(closed.name(), "is closed");
        assertThatThrownBy(() -> AsyncFile.ofDescriptor(0, closed)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> closed.buffers(1, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(closed.name(), "is closed");
        assertThatThrownBy(() -> closed.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContainingAll(closed.name(), "is closed");
    }

    @Test
    void aClosedFileGivesNoStream() throws IOException {
        AsyncFile file = openFile(file("abc"));
        file.close();
        assertThatThrownBy(file::stream)
                .isInstanceOf(ClosedChannelException.class)
                .hasMessageContaining(file.name());
    }

    @Test
    void whatIsStoppedSaysWhatItWas() throws IOException {
        AsyncFile pipe = openFile(Pipes.make(folder), READ, WRITE);
        CompletableFuture<Long> late =
                pipe.readAsync(ByteBuffer.allocateDirect(10), 0).orTimeout(1, TimeUnit.MILLISECONDS);
        assertThat(failure(late))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContainingAll(pipe.name(), "reading 10 bytes", "deadline");
        CompletableFuture<Long> read = pipe.readAsync(ByteBuffer.allocateDirect(10), 0);
        read.cancel(true);
        assertThatThrownBy(read::join)
                .isInstanceOf(CancellationException.class)
                .hasMessageContainingAll(pipe.name(), "reading 10 bytes", "cancelled");
        assertThatThrownBy(read::get).isInstanceOf(CancellationException.class).hasMessageContaining(pipe.name());
        assertThatThrownBy(() -> read.get(1, TimeUnit.SECONDS))
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining(pipe.name());
    }

    @Test
    void aContextIsClosedByWhatIsChainedToARareCall() throws IOException {
        Context other = context(8);
        Path path = file("abc");
        CompletableFuture<Boolean> closed = AsyncFile.openAsync(path, other, READ)
                .thenApply(opened -> {
                    other.close();
                    try {
                        opened.close();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                    return true;
                });
        assertThat(get(closed)).isTrue();
        Context another = context(8);
        AsyncFile pipe = closedAfterwards(AsyncFile.open(Pipes.make(folder), another, READ, WRITE));
        CompletableFuture<Boolean> second = pipe.readAsync(ByteBuffer.allocateDirect(10), 0)
                .thenApply(bytes -> {
                    another.close();
                    return true;
                });
        pipe.write(Sample.direct("abc"), 0);
        assertThat(get(second)).isTrue();
    }
}
