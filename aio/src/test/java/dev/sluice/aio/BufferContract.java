package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which memory may be transferred, and what becomes of it. */
interface BufferContract extends Backend {
    /** Kinds of memory. */
    enum Memories {
        HEAP,
        DIRECT,
        CONFINED,
        SHARED,
        AUTOMATIC,
        GLOBAL,
        MAPPED,
        LONGS;

        MemorySegment allocate(long size, Arena confined, Arena shared, Backend backend) throws IOException {
            return switch (this) {
                case HEAP -> MemorySegment.ofArray(new byte[(int) size]);
                case DIRECT -> MemorySegment.ofBuffer(ByteBuffer.allocateDirect((int) size));
                case CONFINED -> confined.allocate(size);
                case SHARED -> shared.allocate(size);
                case AUTOMATIC -> Arena.ofAuto().allocate(size);
                case GLOBAL -> Arena.global().allocate(size);
                case MAPPED -> mapped(size, shared, backend);
                case LONGS -> MemorySegment.ofArray(new long[(int) size / 8]);
            };
        }

        private static MemorySegment mapped(long size, Arena arena, Backend backend) throws IOException {
            try (FileChannel channel =
                    FileChannel.open(backend.folder().resolve("mapped" + System.nanoTime()), CREATE, READ, WRITE)) {
                return channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    default void everyKindOfMemoryIsWrittenAndRead(Memories kind) throws IOException {
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        for (int size : new int[] {8, 4096, 200_000}) {
            byte[] bytes = Sample.random(size, size);
            try (Arena confined = Arena.ofConfined();
                    Arena shared = Arena.ofShared()) {
                MemorySegment source =
                        kind.allocate(size, confined, shared, this).copyFrom(MemorySegment.ofArray(bytes));
                MemorySegment target = kind.allocate(size, confined, shared, this);
                file.write(source, 3);
                assertThat(file.read(target, 3)).isEqualTo(size);
                assertThat(target.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes);
                if (kind != Memories.CONFINED) {
                    target.fill((byte) 0);
                    assertThat(file.writeAsync(source, 7).join()).isEqualTo(size);
                    assertThat(file.readAsync(target, 7).join()).isEqualTo(size);
                    assertThat(target.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    default void slicesAreTransferredAndNothingAroundThem(Memories kind) throws IOException {
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        file.write(Sample.direct("0123456789"), 0);
        try (Arena confined = Arena.ofConfined();
                Arena shared = Arena.ofShared()) {
            MemorySegment whole = kind.allocate(16, confined, shared, this);
            whole.fill((byte) '.');
            assertThat(file.read(whole.asSlice(5, 4), 2)).isEqualTo(4);
            assertThat(whole.toArray(ValueLayout.JAVA_BYTE)).asString().isEqualTo(".....2345.......");
            file.write(whole.asSlice(4, 3), 6);
            assertThat(folder().resolve("file")).hasContent("012345.239");
        }
    }

    @Test
    default void aBuffersPositionAndLimitAreRespected() throws IOException {
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        for (ByteBuffer buffer : new ByteBuffer[] {ByteBuffer.allocateDirect(20), ByteBuffer.allocate(20)}) {
            buffer.put("abcdefghijklmnopqrst".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            buffer.position(3).limit(9);
            file.write(buffer, 0);
            assertThat(buffer.position()).isEqualTo(9);
            assertThat(folder().resolve("file")).hasContent("defghi");
            buffer.limit(20).position(15);
            assertThat(file.readAsync(buffer, 2).join()).isEqualTo(4);
            assertThat(buffer.position()).isEqualTo(19);
            assertThat(buffer.limit()).isEqualTo(20);
            assertThat(buffer.position(0).slice(10, 10)).isEqualTo(Sample.direct("klmnofghit"));
        }
    }

    @Test
    default void readOnlyMemoryIsWrittenAndNotReadInto() throws IOException {
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        file.write(Sample.direct("ab").asReadOnlyBuffer(), 0);
        file.writeAsync(ByteBuffer.wrap(new byte[] {'c'}).asReadOnlyBuffer(), 2).join();
        file.write(Sample.memoryOf((byte) 'd').asReadOnly(), 3);
        assertThat(folder().resolve("file")).hasContent("abcd");
        MemorySegment memory = Sample.memory(4).asReadOnly();
        ByteBuffer buffer = ByteBuffer.allocateDirect(4).asReadOnlyBuffer();
        assertRefused(() -> file.read(memory, 0));
        assertRefused(() -> file.readAsync(memory, 0));
        assertRefused(() -> file.read(buffer, 0));
        assertRefused(() -> file.readAsync(buffer, 0));
        assertRefused(() -> file.readAsync(MemorySegment.ofArray(new byte[4]).asReadOnly(), 0));
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining("read-only");
    }

    @Test
    default void confinedMemoryIsOfNoUseToTheAsynchronousForm() throws IOException {
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(10);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> file.readAsync(memory, 0))
                    .withMessageContainingAll("confined", "blocking form");
            assertThatIllegalArgumentException().isThrownBy(() -> file.writeAsync(memory.asByteBuffer(), 0));
        }
    }

    @Test
    default void anotherThreadsConfinedMemoryIsRefused() throws Exception {
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(10);
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Deadline.join(Thread.ofPlatform().daemon().start(() -> {
                try {
                    file.read(memory, 0);
                } catch (Throwable e) {
                    failure.set(e);
                }
            }));
            assertThat(failure.get())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("belongs to another thread");
        }
    }

    /** So large that the system takes it back at once: using it would be an error, and not destroy anything. */
    @ParameterizedTest
    @EnumSource(names = {"CONFINED", "SHARED"})
    default void freedMemoryIsRefusedAndNotTouched(Memories kind) throws IOException {
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        file.write(Sample.direct("0123456789"), 0);
        MemorySegment freed;
        try (Arena confined = Arena.ofConfined();
                Arena shared = Arena.ofShared()) {
            freed = kind.allocate(64 << 20, confined, shared, this);
        }
        assertThatThrownBy(() -> file.read(freed, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> file.write(freed, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> file.readAsync(freed, 0)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> file.writeAsync(freed, 0)).isInstanceOf(RuntimeException.class);
        ByteBuffer target = ByteBuffer.allocate(20);
        assertThat(file.read(target, 0)).isEqualTo(10);
    }

    /** An operation takes time to start; whoever frees its memory meanwhile learns so, and the file goes on. */
    @Test
    default void sharedMemoryFreedInFlightFailsCleanly() throws IOException {
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        file.write(ByteBuffer.allocate(1 << 20), 0);
        for (int i = 0; i < 300; i++) {
            java.util.concurrent.CompletableFuture<Long> future;
            try (Arena arena = Arena.ofShared()) {
                MemorySegment memory = arena.allocate(300_000);
                future = i % 2 == 0 ? file.writeAsync(memory, 0) : file.readAsync(memory, 0);
                if (i % 3 == 0) {
                    Thread.onSpinWait();
                }
            } catch (IllegalStateException e) {
                continue; // closing an arena in use fails, which is as clean
            }
            try {
                assertThat(future.join()).isEqualTo(300_000);
            } catch (CompletionException e) {
                assertThat(e.getCause()).isInstanceOf(IOException.class).hasMessageContaining("was freed");
            }
        }
        assertThat(file.readAsync(ByteBuffer.allocate(100), 0).join()).isEqualTo(100);
    }

    /** Touching such memory in Java is an error that is caught late; in C it is the end. */
    @Test
    default void mappedMemoryOfAFileThatWasCutIsAnErrorAndNoCrash() throws IOException {
        assumeTrue(!(this instanceof ChannelAsyncFileTest), "the JDK does what it likes with such memory");
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        file.write(Sample.direct("0123456789"), 0);
        MemorySegment mapped;
        try (FileChannel channel = FileChannel.open(folder().resolve("other"), CREATE, READ, WRITE)) {
            mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, 8192, Arena.ofAuto());
            channel.truncate(0);
        }
        assertThatThrownBy(() -> file.read(mapped, 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("EFAULT");
        assertThatThrownBy(() -> file.writeAsync(mapped, 0).join()).hasMessageContaining("EFAULT");
        assertThat(file.size()).isEqualTo(10);
    }
}
