package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Deadline;
import dev.sluice.testing.Pipes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pipes behind channels that were handed in: a thread that waits in one cannot be woken, but its operation can. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChannelPipeTest extends OnEachContext {
    private FileChannel channel;
    private FileChannel other;
    private AsyncFile pipe;
    private AsyncFile writer;

    @BeforeEach
    void openPipe() throws IOException {
        Path path = Pipes.make(folder);
        // Two channels: one alone makes a write wait for its read.
        other = closedAfterwards(FileChannel.open(path, READ, WRITE));
        channel = closedAfterwards(FileChannel.open(path, READ));
        pipe = closedAfterwards(AsyncFile.of(channel, context));
        writer = closedAfterwards(AsyncFile.of(other, context));
    }

    private void comes(String text) throws IOException {
        other.write(ByteBuffer.wrap(utf8(text)));
    }

    private static String read(AsyncFile from, int most) {
        ByteBuffer target = ByteBuffer.allocate(most);
        get(from.readAsync(target, 0));
        return Sample.text(target);
    }

    @Test
    void readsAnswerWhatThereIs() throws IOException {
        comes("abcdef");
        assertThat(read(pipe, 4)).isEqualTo("abcd");
        assertThat(read(pipe, 4)).isEqualTo("ef");
        ByteBuffer target = ByteBuffer.allocateDirect(10);
        CompletableFuture<Long> waits = pipe.readAsync(target, 0);
        comes("gh");
        assertThat(get(waits)).isEqualTo(2);
        assertThat(Sample.text(target)).isEqualTo("gh");
    }

    @Test
    void writesWriteAll() throws Exception {
        byte[] expected = Sample.random(1_000_000, 3);
        CompletableFuture<Long> write = writer.writeAsync(ByteBuffer.wrap(expected), 0);
        ByteBuffer target = ByteBuffer.allocate(expected.length);
        while (target.hasRemaining()) {
            get(pipe.readAsync(target, 0));
        }
        assertThat(get(write)).isEqualTo(expected.length);
        assertThat(target.array()).isEqualTo(expected);
    }

    @Test
    void readsInFlightAreAnsweredInOrder() throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        ByteBuffer two = ByteBuffer.allocate(1);
        CompletableFuture<Long> first = pipe.readAsync(one, 0);
        CompletableFuture<Long> second = pipe.readAsync(two, 0);
        comes("ab");
        get(first);
        get(second);
        assertThat(Sample.text(one) + Sample.text(two)).isEqualTo("ab");
    }

    /** What came to the thread that was left behind is not lost. */
    @Test
    void aReadThatIsStoppedLosesNoByte() throws IOException {
        ByteBuffer target = ByteBuffer.allocateDirect(10);
        CompletableFuture<Long> read = pipe.readAsync(target, 0).orTimeout(1, TimeUnit.MILLISECONDS);
        assertThat(failure(read)).isInstanceOf(TimeoutException.class);
        assertThat(context.statistics().inFlight()).isZero();
        comes("abc");
        assertThat(read(pipe, 10)).isEqualTo("abc");
        assertThat(target.position()).isZero();
    }

    private long waitingThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(context.name() + "-pipe"))
                .count();
    }

    @Test
    void manyReadsThatAreStoppedLeaveOneThreadBehind() {
        CompletableFuture<Long> first = pipe.readAsync(ByteBuffer.allocate(1), 0);
        Deadline.until("a thread waits", () -> waitingThreads() == 1);
        for (int i = 0; i < 20; i++) {
            CompletableFuture<Long> read = pipe.readAsync(ByteBuffer.allocate(1), 0);
            read.cancel(true);
            failure(read);
        }
        first.cancel(true);
        assertThat(waitingThreads()).isEqualTo(1);
    }

    @Test
    void aWriteThatIsStoppedLetsGoOfItsBuffer() {
        CompletableFuture<Long> write = writer.writeAsync(ByteBuffer.allocateDirect(1 << 20), 0);
        write.cancel(true);
        failure(write);
        assertThat(context.statistics().inFlight()).isZero();
    }

    @Test
    void anInterruptStopsABlockingRead() throws IOException {
        Thread.currentThread().interrupt();
        try {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> pipe.read(ByteBuffer.allocate(1), 0))
                    .isInstanceOf(java.io.InterruptedIOException.class);
        } finally {
            Thread.interrupted();
        }
        assertThat(channel.isOpen()).isTrue();
        comes("a");
        assertThat(read(pipe, 10)).isEqualTo("a");
    }

    @Test
    void closingTheFileStopsItsOperations() throws IOException {
        CompletableFuture<Long> read = pipe.readAsync(ByteBuffer.allocate(1), 0);
        pipe.close();
        assertThat(failure(read)).isInstanceOf(AsynchronousCloseException.class);
        CompletableFuture<Long> write = writer.writeAsync(ByteBuffer.allocate(1 << 20), 0);
        writer.close();
        assertThat(failure(write)).isInstanceOf(AsynchronousCloseException.class);
        assertThat(channel.isOpen() && other.isOpen()).isTrue();
    }

    @Test
    void closingTheContextStopsThemToo() throws IOException {
        Context own = context(8);
        AsyncFile reading = AsyncFile.of(channel, own);
        CompletableFuture<Long> read = reading.readAsync(ByteBuffer.allocate(1), 0);
        own.close();
        assertThat(failure(read)).isInstanceOf(AsynchronousCloseException.class).hasMessageContaining(own.name());
        assertThat(own.statistics().inFlight()).isZero();
        reading.close();
    }

    @Test
    void theEndOfThePipeIsTheEnd() throws IOException {
        Path path = Pipes.make(folder, "other");
        CompletableFuture<AsyncFile> opening = AsyncFile.openAsync(path, context, WRITE);
        try (FileChannel end = FileChannel.open(path, READ)) {
            AsyncFile reader = closedAfterwards(AsyncFile.of(end, context));
            CompletableFuture<Long> read = reader.readAsync(ByteBuffer.allocate(1), 0);
            get(opening).close();
            assertThat(get(read)).isEqualTo(-1);
            assertThat(reader.read(ByteBuffer.allocate(1), 0)).isEqualTo(-1);
        }
    }

    /** Whatever comes first. */
    @Test
    void noByteIsLostBetweenACancellationAndAByte() throws IOException {
        for (int i = 0; i < 200; i++) {
            ByteBuffer target = ByteBuffer.allocate(10);
            CompletableFuture<Long> read = pipe.readAsync(target, 0);
            comes("x");
            read.cancel(true);
            boolean got = get(read.handle((bytes, failure) -> failure == null));
            assertThat(got ? Sample.text(target) : read(pipe, 10)).isEqualTo("x");
        }
    }
}
