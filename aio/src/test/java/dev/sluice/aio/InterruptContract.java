package dev.sluice.aio;

import static dev.sluice.aio.PipeBackend.value;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Interrupting threads that wait. */
interface InterruptContract extends PipeBackend {
    /** A blocking call. */
    @FunctionalInterface
    interface Call {
        void run() throws IOException;
    }

    /** Runs a call, interrupts it when it waits, and answers what it threw; its flag must be set then. */
    private Throwable interrupt(Thread.Builder builder, int inFlight, Call call) {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicBoolean flag = new AtomicBoolean();
        Thread thread = builder.start(() -> {
            try {
                call.run();
            } catch (Throwable e) {
                thrown.set(e);
            }
            flag.set(Thread.currentThread().isInterrupted());
        });
        Deadline.until("the call waits", () -> context().statistics().inFlight() == inFlight);
        Deadline.untilWaiting(thread);
        thread.interrupt();
        Deadline.join(thread);
        assertThat(flag).as("the interrupt is remembered").isTrue();
        return thrown.get();
    }

    @Test
    default void anInterruptedReaderStopsAndTheFileStaysUsable() throws IOException {
        AsyncFile pipe = pipe();
        for (Thread.Builder builder : List.of(Thread.ofPlatform().daemon(), Thread.ofVirtual())) {
            assertThat(interrupt(builder, 1, () -> pipe.read(ByteBuffer.allocateDirect(10), 0)))
                    .isInstanceOf(InterruptedIOException.class)
                    .hasMessageContainingAll(nameOf(pipePath()), "reading 10 bytes", "the file stays open");
            assertThat(pipe.isOpen()).isTrue();
            pipe.write(Sample.direct("abc"), 0);
            PipeBackend.assertHolds(pipe, "abc");
        }
    }

    @Test
    default void anInterruptedWriterStops() throws IOException {
        AsyncFile pipe = pipe();
        for (Thread.Builder builder : List.of(Thread.ofPlatform().daemon(), Thread.ofVirtual())) {
            assertThat(interrupt(builder, 1, () -> pipe.write(ByteBuffer.allocateDirect(1 << 20), 0)))
                    .isInstanceOf(InterruptedIOException.class);
        }
    }

    @Test
    default void aFlagSetBeforehandStopsAReadThatWouldWait() throws IOException {
        AsyncFile pipe = pipe();
        Thread.currentThread().interrupt();
        try {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> pipe.read(ByteBuffer.allocateDirect(10), 0))
                    .isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }

    /** Unlike a {@code FileChannel}, which an interrupt closes. */
    @Test
    default void aFlagSetBeforehandIsNoMatterWhereNothingWaits() throws IOException {
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        AsyncFile pipe = pipe();
        Thread.currentThread().interrupt();
        CompletableFuture<Long> read;
        CompletableFuture<Long> write;
        try {
            file.write(Sample.direct("0123456789"), 0);
            assertThat(file.read(ByteBuffer.allocateDirect(20), 0)).isEqualTo(10);
            assertThat(file.size()).isEqualTo(10);
            file.force(true);
            file.truncate(5);
            read = pipe.readAsync(ByteBuffer.allocateDirect(10), 0);
            write = file.writeAsync(ByteBuffer.allocateDirect(300_000), 0);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
        pipe.write(Sample.direct("abc"), 0);
        assertThat(value(read)).isEqualTo(3);
        assertThat(value(write)).isEqualTo(300_000);
    }
}
