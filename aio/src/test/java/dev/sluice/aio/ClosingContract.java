package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Closing, and what a closed file answers. */
interface ClosingContract extends Backend {
    @Test
    default void closingAgainDoesNothing() throws IOException {
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        assertThat(file.isOpen()).isTrue();
        assertThat(file.toString()).contains(nameOf(folder().resolve("file")), "open");
        file.close();
        file.close();
        file.closeAsync().join();
        assertThat(file.isOpen()).isFalse();
        assertThat(file.toString()).contains("closed");
    }

    @Test
    default void aClosedFileSaysSoWhateverIsAsked() throws IOException {
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        file.close();
        ByteBuffer buffer = ByteBuffer.allocateDirect(10);
        ByteBuffer[] buffers = {buffer};
        List<ThrowingCallable> blocking = List.of(
                () -> file.read(buffer, 0),
                () -> file.read(ByteBuffer.allocate(1), 0),
                () -> file.read(buffers, 0),
                () -> file.read(Sample.memory(1), 0),
                () -> file.write(buffer, 0),
                () -> file.write(buffers, 0),
                () -> file.write(Sample.memory(1), 0),
                () -> file.force(true),
                () -> file.size(),
                () -> file.truncate(0),
                () -> file.allocate(0, 1));
        for (ThrowingCallable call : blocking) {
            assertThatThrownBy(call)
                    .isInstanceOf(ClosedChannelException.class)
                    .hasMessageContainingAll(nameOf(folder().resolve("file")), "closed");
        }
        List<CompletableFuture<?>> futures = List.of(
                file.readAsync(buffer, 0),
                file.readAsync(buffers, 0),
                file.readAsync(ByteBuffer.allocate(0), 0),
                file.writeAsync(buffer, 0),
                file.writeAsync(Sample.memory(100_000), 0),
                file.forceAsync(false),
                file.sizeAsync(),
                file.truncateAsync(0),
                file.allocateAsync(0, 1));
        for (CompletableFuture<?> future : futures) {
            assertThatThrownBy(future::join)
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOf(ClosedChannelException.class)
                    .hasMessageContaining(nameOf(folder().resolve("file")));
        }
        assertThat(buffer.position()).isZero();
    }

    @Test
    default void aClosedFileIsNotAppendedTo() throws IOException {
        AsyncFile file = open(folder().resolve("file"), CREATE, APPEND);
        if (!file.isAppending()) {
            return;
        }
        file.close();
        assertThatThrownBy(() -> file.append(Sample.direct("a"))).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> file.appendAsync(Sample.direct("a")).join())
                .hasCauseInstanceOf(ClosedChannelException.class);
    }

    @Test
    default void closingWaitsForWhatIsInFlight() throws IOException {
        for (int round = 0; round < 20; round++) {
            AsyncFile file = open(folder().resolve("file" + round), CREATE, READ, WRITE);
            List<CompletableFuture<Long>> writes = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                writes.add(file.writeAsync(ByteBuffer.allocateDirect(200_000), i * 200_000L));
            }
            file.close();
            int ended = 0;
            for (CompletableFuture<Long> write : writes) {
                ended += write.handle((bytes, failure) -> {
                            assertThat(failure == null || failure instanceof ClosedChannelException)
                                    .as("%s", failure)
                                    .isTrue();
                            return 1;
                        })
                        .join();
            }
            assertThat(ended).isEqualTo(20);
            Files.delete(folder().resolve("file" + round));
        }
    }

    @Test
    default void manyThreadsMayCloseAtOnceWhileOthersRead() throws Exception {
        for (int round = 0; round < 50; round++) {
            AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
            file.write(Sample.direct("0123456789"), 0);
            List<Thread> threads = new ArrayList<>();
            java.util.Queue<Throwable> failures = new java.util.concurrent.ConcurrentLinkedQueue<>();
            for (int i = 0; i < 4; i++) {
                boolean closes = i % 2 == 0;
                threads.add(Thread.ofPlatform().daemon().start(() -> {
                    try {
                        if (closes) {
                            file.close();
                        } else {
                            ByteBuffer target = ByteBuffer.allocateDirect(10);
                            while (file.read(target.clear(), 0) == 10 && target.get(9) == '9') {
                                Thread.onSpinWait();
                            }
                            failures.add(new AssertionError("read something else"));
                        }
                    } catch (ClosedChannelException e) {
                        // as it should
                    } catch (Throwable e) {
                        failures.add(e);
                    }
                }));
            }
            threads.forEach(Deadline::join);
            assertThat(failures).isEmpty();
        }
    }
}
