package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files past the page cache, and the buffers made for them. */
class DirectTest extends OnChosenContext {
    private static final int BLOCK = 4096;

    private AsyncFile open(Context.Kind kind) throws IOException {
        on(kind);
        try {
            return AsyncFile.open(folder.resolve("file"), context, CREATE, READ, WRITE, Sample.directOption());
        } catch (IOException e) {
            return assumeDirect(e);
        }
    }

    private static AsyncFile assumeDirect(IOException e) {
        assumeTrue(false, "this file system has no direct files: " + e);
        throw new AssertionError(e);
    }

    @ParameterizedTest
    @EnumSource
    void alignedBuffersAreTransferredAndTheLastBlockIsShort(Context.Kind kind) throws IOException {
        try (AsyncFile file = open(kind)) {
            assertThat(BLOCK % file.alignment()).isZero();
            Buffers buffers = context.buffers(40, BLOCK);
            byte[] expected = Sample.random(40 * BLOCK, 10);
            List<CompletableFuture<Long>> futures = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                buffers.get(i).copyFrom(MemorySegment.ofArray(expected).asSlice((long) i * BLOCK, BLOCK));
                futures.add(file.writeAsync(buffers.get(i), (long) i * BLOCK));
            }
            futures.forEach(write -> assertThat(write.join()).isEqualTo(BLOCK));
            Files.write(folder.resolve("file"), new byte[] {1, 2, 3}, java.nio.file.StandardOpenOption.APPEND);
            for (int i = 0; i < 40; i++) {
                buffers.get(i).fill((byte) 0);
                assertThat(file.readAsync(buffers.get(i), (long) i * BLOCK).join())
                        .isEqualTo(BLOCK);
                byte[] read = buffers.get(i).toArray(ValueLayout.JAVA_BYTE);
                assertThat(read).isEqualTo(java.util.Arrays.copyOfRange(expected, i * BLOCK, (i + 1) * BLOCK));
            }
            assertThat(file.read(buffers.get(0), 40 * BLOCK)).isEqualTo(3);
            assertThat(file.readAsync(buffers.get(1), 40 * BLOCK).join()).isEqualTo(3);
            assertThat(file.read(buffers.get(1), 41 * BLOCK)).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void heapBuffersAreAlignedOnTheirWay(Context.Kind kind) throws IOException {
        try (AsyncFile file = open(kind)) {
            byte[] expected = Sample.random(3 << 20, 11);
            file.write(ByteBuffer.wrap(expected), 0);
            ByteBuffer target = ByteBuffer.allocate((3 << 20) + BLOCK);
            assertThat(file.readAsync(target, 0).join()).isEqualTo(3 << 20);
            assertThat(Sample.filled(target)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotAlignedIsAnErrorThatNamesIt(Context.Kind kind) throws IOException {
        try (AsyncFile file = open(kind)) {
            MemorySegment memory = Sample.memory(2 * BLOCK);
            file.write(memory, 0);
            assertThatThrownBy(() -> file.read(memory.asSlice(0, BLOCK), 17))
                    .hasMessageContainingAll(folder.resolve("file").toString(), "reading 4096 bytes at 17", "EINVAL");
            assertThatThrownBy(() -> file.writeAsync(memory.asSlice(0, 100), 0).join())
                    .hasMessageContainingAll("writing 100 bytes at 0", "EINVAL");
            assertThatThrownBy(() -> file.readAsync(memory.asSlice(1, BLOCK), 0).join())
                    .hasMessageContaining("EINVAL");
            assertThat(file.read(memory, 0)).isEqualTo(2 * BLOCK);
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingWithManyReadsInFlightEndsThemAll(Context.Kind kind) throws IOException {
        try (AsyncFile file = open(kind)) {
            file.write(Sample.memory(16 << 20), 0);
        }
        for (int round = 0; round < 5; round++) {
            AsyncFile file = AsyncFile.open(folder.resolve("file"), context, READ, Sample.directOption());
            List<CompletableFuture<Long>> reads = new ArrayList<>();
            for (int i = 0; i < 128; i++) {
                reads.add(file.readAsync(Sample.memory(128 << 10), (i % 128) * (128L << 10)));
            }
            file.close();
            for (CompletableFuture<Long> read : reads) {
                Throwable failure = PipeBackend.value(read.handle((bytes, e) -> e));
                assertThat(failure == null || failure instanceof java.nio.channels.ClosedChannelException)
                        .as("%s", failure)
                        .isTrue();
            }
            assertThat(context.statistics().inFlight()).isZero();
        }
    }

    @Test
    void buffersHaveTheirSizesAndBounds() {
        context = Context.builder().kind(Context.Kind.THREADS).open();
        Buffers buffers = context.buffers(3, 5000);
        assertThat(buffers.count()).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            assertThat(buffers.get(i).byteSize()).isEqualTo(8192);
            assertThat(buffers.get(i).address() % 4096).isZero();
        }
        assertThatThrownBy(() -> buffers.get(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> context.buffers(0, 1))
                .withMessageContaining("count=0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> context.buffers(1, 0))
                .withMessageContaining("bytes=0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> context.buffers(2, 1 << 30))
                .withMessageContaining("1073741824");
    }

    /** Registered buffers and files serve pipes as well as disks; later buffers are not registered, and serve too. */
    @Test
    void registeredBuffersServeEveryFile() throws IOException {
        try (AsyncFile file = open(Context.Kind.URING);
                AsyncFile pipe = AsyncFile.open(dev.sluice.testing.Pipes.make(folder), context, READ, WRITE);
                AsyncFile zero = AsyncFile.open(Path.of("/dev/zero"), context, READ)) {
            for (Buffers buffers : List.of(context.buffers(2, BLOCK), context.buffers(2, BLOCK))) {
                for (int i = 0; i < 40; i++) {
                    MemorySegment memory = buffers.get(0).fill((byte) i);
                    MemorySegment other = buffers.get(1);
                    PipeBackend.value(file.writeAsync(memory, i * 4096L));
                    assertThat(PipeBackend.value(file.readAsync(other, i * 4096L)))
                            .isEqualTo(BLOCK);
                    assertThat(other.mismatch(memory)).isEqualTo(-1);
                    PipeBackend.value(pipe.writeAsync(memory.asSlice(10, 1000), 0));
                    assertThat(PipeBackend.value(pipe.readAsync(other.asSlice(7), 0)))
                            .isEqualTo(1000);
                    assertThat(PipeBackend.value(zero.readAsync(other, 0))).isEqualTo(BLOCK);
                    assertThat(other.get(ValueLayout.JAVA_BYTE, 0)).isZero();
                }
            }
        }
    }
}
