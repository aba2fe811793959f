package dev.sluice.aio;

import static dev.sluice.aio.PipeBackend.failure;
import static dev.sluice.aio.PipeBackend.value;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.Deadline;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Reading from and writing to pipes. */
interface PipeTransferContract extends PipeBackend {
    @Test
    default void aPipeHasNoPositionsAndAnswersWhatThereIs() throws IOException {
        AsyncFile pipe = pipe();
        assertThat(pipe.isPositional()).isFalse();
        pipe.write(Sample.direct("hello"), 77);
        ByteBuffer target = ByteBuffer.allocateDirect(100);
        assertThat(pipe.read(target, 1L << 40)).isEqualTo(5);
        assertThat(Sample.text(target)).isEqualTo("hello");
        assertThat(pipe.size()).isZero();
    }

    @Test
    default void severalBuffersAndHeapBuffersGoThroughAPipe() throws IOException {
        AsyncFile pipe = pipe();
        pipe.write(new ByteBuffer[] {Sample.direct("he"), Sample.direct("llo")}, 0);
        value(pipe.writeAsync(ByteBuffer.wrap(new byte[] {'!'}), 0));
        ByteBuffer[] targets = {ByteBuffer.allocateDirect(3), ByteBuffer.allocateDirect(9)};
        assertThat(pipe.read(targets, 0)).isEqualTo(6);
        assertThat(Sample.text(targets[0]) + Sample.text(targets[1])).isEqualTo("hello!");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(10);
            pipe.write(memory.asSlice(0, 3).fill((byte) 'x'), 0);
            assertThat(pipe.read(memory.asSlice(5), 0)).isEqualTo(3);
            assertThat(memory.getString(5)).isEqualTo("xxx");
        }
    }

    @Test
    default void aReadWaitsForBytes() throws IOException {
        AsyncFile pipe = pipe();
        ByteBuffer target = ByteBuffer.allocateDirect(10);
        CompletableFuture<Long> read = pipe.readAsync(target, 0);
        assertThat(read).isNotDone();
        pipe.write(Sample.direct("abc"), 0);
        assertThat(value(read)).isEqualTo(3);
        assertThat(Sample.text(target)).isEqualTo("abc");
    }

    @Test
    default void aReaderWhoseWriterHasGoneIsAtTheEnd() throws IOException {
        AsyncFile both = pipe();
        AsyncFile reader = open(pipePath(), READ);
        AsyncFile writer = open(pipePath(), WRITE);
        both.close();
        CompletableFuture<Long> read = reader.readAsync(ByteBuffer.allocateDirect(10), 0);
        writer.close();
        assertThat(value(read)).isEqualTo(-1);
        assertThat(reader.read(ByteBuffer.allocateDirect(10), 0)).isEqualTo(-1);
    }

    @Test
    default void aWriterWhoseReaderHasGoneFails() throws IOException {
        AsyncFile both = pipe();
        AsyncFile writer = open(pipePath(), WRITE);
        both.close();
        assertThatThrownBy(() -> writer.write(Sample.direct("a"), 0))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(nameOf(pipePath()), "EPIPE", "writing 1 bytes");
        assertThat(failure(writer.writeAsync(Sample.direct("a"), 0))).hasMessageContaining("EPIPE");
    }

    @Test
    default void aWriteLargerThanThePipeGoesOnUntilAllIsWritten() throws Exception {
        AsyncFile both = pipe();
        for (boolean direct : new boolean[] {true, false}) {
            byte[] bytes = Sample.random((1 << 20) + 17, 6);
            ByteBuffer source = direct ? Sample.direct(bytes) : ByteBuffer.wrap(bytes);
            CompletableFuture<Long> write = both.writeAsync(source, 0);
            ByteBuffer all = ByteBuffer.allocate(bytes.length);
            try (InputStream in = new FileInputStream(pipePath().toFile())) {
                while (all.hasRemaining()) {
                    byte[] some = in.readNBytes(Math.min(all.remaining(), 30_000));
                    all.put(some);
                    LockSupport.parkNanos(100_000); // a slow reader
                }
            }
            assertThat(value(write)).isEqualTo(bytes.length);
            assertThat(all.array()).isEqualTo(bytes);
            assertThat(source.hasRemaining()).isFalse();
        }
    }

    @Test
    default void aLongVectoredWriteGoesOnUntilAllIsWritten() throws Exception {
        AsyncFile both = pipe();
        byte[] bytes = Sample.random(2000 * 150, 7);
        ByteBuffer[] sources = new ByteBuffer[2000];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = ByteBuffer.allocateDirect(150).put(bytes, i * 150, 150).flip();
        }
        CompletableFuture<Long> write = both.writeAsync(sources, 0);
        try (InputStream in = new FileInputStream(pipePath().toFile())) {
            assertThat(in.readNBytes(bytes.length)).isEqualTo(bytes);
        }
        assertThat(value(write)).isEqualTo(bytes.length);
    }

    @Test
    default void virtualThreadsWaitForPipesWithoutHoldingUpOthers() throws Exception {
        AsyncFile pipe = pipe();
        List<Thread> readers = new ArrayList<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int i = 0; i < 50; i++) {
            readers.add(Thread.ofVirtual().start(() -> {
                try {
                    assertThat(pipe.read(ByteBuffer.allocateDirect(1), 0)).isEqualTo(1);
                } catch (Throwable e) {
                    failure.set(e);
                }
            }));
        }
        Deadline.until("all are waiting", () -> context().statistics().inFlight() == 50);
        pipe.write(ByteBuffer.allocateDirect(50), 0);
        readers.forEach(Deadline::join);
        assertThat(failure.get()).isNull();
    }

    @Test
    default void closingTheFileEndsWhatWaits() throws IOException {
        AsyncFile pipe = pipe();
        CompletableFuture<Long> read = pipe.readAsync(ByteBuffer.allocateDirect(10), 0);
        CompletableFuture<Long> another = pipe.readAsync(ByteBuffer.allocate(10), 0);
        pipe.close();
        for (CompletableFuture<Long> each : List.of(read, another)) {
            assertThat(failure(each))
                    .isInstanceOf(AsynchronousCloseException.class)
                    .hasMessageContainingAll(nameOf(pipePath()), "closed while reading 10 bytes");
        }
    }

    @Test
    default void closingTheFileEndsAWriteThatNobodyReads() throws IOException {
        AsyncFile pipe = pipe();
        CompletableFuture<Long> write = pipe.writeAsync(ByteBuffer.allocateDirect(1 << 20), 0);
        pipe.close();
        assertThat(failure(write)).isInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    default void closingTheContextEndsWhatWaitsAndFilesCanStillBeClosed() throws IOException {
        Context other = context(8);
        AsyncFile pipe = open(other, pipePath(), READ, WRITE);
        CompletableFuture<Long> read = pipe.readAsync(ByteBuffer.allocateDirect(10), 0);
        other.close();
        other.close();
        assertThat(failure(read))
                .isInstanceOf(AsynchronousCloseException.class)
                .hasMessageContainingAll(nameOf(pipePath()), "context", "was closed while reading");
        assertThat(other.statistics().inFlight()).isZero();
        assertThat(failure(pipe.readAsync(ByteBuffer.allocateDirect(10), 0)))
                .isInstanceOf(java.nio.channels.ClosedChannelException.class)
                .hasMessageContainingAll(nameOf(pipePath()), "was not started", "is closed");
        pipe.close();
        assertThat(pipe.isOpen()).isFalse();
    }

    @Test
    default void aFileBeingClosedEndsThoughItsContextIsClosedToo() throws IOException {
        for (int i = 0; i < 30; i++) {
            Context other = context(8);
            AsyncFile pipe = open(other, pipePath(), READ, WRITE);
            CompletableFuture<Long> read = pipe.readAsync(ByteBuffer.allocateDirect(10), 0);
            CompletableFuture<?> closed = pipe.closeAsync();
            other.close();
            assertThat(failure(read)).isInstanceOf(AsynchronousCloseException.class);
            value(closed);
        }
    }

    /** A mistake with one buffer must stay one operation's affair. */
    @Test
    default void aBufferChangedInFlightHarmsItsOwnOperationOnly() throws IOException {
        AsyncFile pipe = pipe();
        ByteBuffer target = ByteBuffer.allocateDirect(10);
        CompletableFuture<Long> read = pipe.readAsync(target, 0);
        target.limit(0);
        pipe.write(Sample.direct("abc"), 0);
        assertThat(failure(read)).isInstanceOf(IllegalStateException.class).hasMessageContaining("changed meanwhile");
        pipe.write(Sample.direct("def"), 0);
        PipeBackend.assertHolds(pipe, "def");
    }

    @Test
    default void sharedMemoryFreedWhileAReadWaitsFailsCleanly() throws IOException {
        AsyncFile pipe = pipe();
        CompletableFuture<Long> read;
        try (Arena arena = Arena.ofShared()) {
            read = pipe.readAsync(arena.allocate(10), 0);
        }
        pipe.write(Sample.direct("abc"), 0);
        assertThat(failure(read)).isInstanceOf(IOException.class).hasMessageContaining("was freed");
        pipe.write(Sample.direct("def"), 0);
        PipeBackend.assertHolds(pipe, "def");
    }

    @Test
    default void sharedMemoryFreedWhileAWriteWaitsFailsCleanly() throws Exception {
        AsyncFile pipe = pipe();
        CompletableFuture<Long> write;
        try (Arena arena = Arena.ofShared()) {
            write = pipe.writeAsync(arena.allocate(5 << 20), 0);
            Deadline.until("it waits", () -> context().statistics().inFlight() == 1);
        }
        CompletableFuture<Void> drained = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try (InputStream in = new FileInputStream(pipePath().toFile())) {
                while (!write.isDone()) {
                    if (in.available() > 0) {
                        in.readNBytes(in.available());
                    }
                }
                drained.complete(null);
            } catch (IOException e) {
                drained.completeExceptionally(e);
            }
        });
        assertThat(failure(write)).isInstanceOf(IOException.class).hasMessageContaining("was freed");
        value(drained);
    }
}
