package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading into and writing from several buffers at once. */
interface VectorContract extends Backend {
    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "2, true", "1024, true", "1024, false", "1025, true", "3000, true", "3000, false"
    })
    default void buffersAreWrittenAndFilledInTurn(int count, boolean direct) throws IOException {
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        int length = IntStream.range(0, count).map(VectorContract::sizeOf).sum();
        byte[] expected = Sample.random(length, count);

        ByteBuffer[] sources = buffers(count, direct);
        distribute(expected, sources);
        assertThat(file.writeAsync(sources, 11).join()).isEqualTo(length);
        assertThat(sources).noneMatch(ByteBuffer::hasRemaining);
        ByteBuffer[] blocking = buffers(count, direct);
        assertThat(file.read(blocking, 11)).isEqualTo(length);
        assertThat(collect(blocking)).isEqualTo(expected);

        distribute(expected, sources);
        file.write(sources, 0);
        ByteBuffer[] targets = buffers(count, direct);
        assertThat(file.readAsync(targets, 0).join()).isEqualTo(length);
        assertThat(collect(targets)).isEqualTo(expected);
    }

    /** Some of them are empty. */
    private static int sizeOf(int index) {
        return index * 37 % 101;
    }

    private static ByteBuffer[] buffers(int count, boolean direct) {
        return IntStream.range(0, count)
                .mapToObj(i -> direct ? ByteBuffer.allocateDirect(sizeOf(i)) : ByteBuffer.allocate(sizeOf(i)))
                .toArray(ByteBuffer[]::new);
    }

    private static void distribute(byte[] bytes, ByteBuffer... buffers) {
        int at = 0;
        for (ByteBuffer buffer : buffers) {
            buffer.clear().put(bytes, at, buffer.capacity()).flip();
            at += buffer.capacity();
        }
    }

    private static byte[] collect(ByteBuffer... buffers) {
        int size = 0;
        for (ByteBuffer buffer : buffers) {
            size += buffer.position();
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        for (ByteBuffer buffer : buffers) {
            all.put(buffer.duplicate().flip());
        }
        return all.array();
    }

    @Test
    default void positionsMoveByWhatWasReadBeforeTheEnd() throws IOException {
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        file.write(Sample.direct("0123456789"), 0);
        ByteBuffer[] targets = {ByteBuffer.allocateDirect(3), ByteBuffer.allocate(4), ByteBuffer.allocateDirect(5)};
        assertThat(file.readAsync(targets, 5).join()).isEqualTo(5);
        assertThat(targets).extracting(ByteBuffer::position).containsExactly(3, 2, 0);
        assertThat(Sample.text(targets[0]) + Sample.text(targets[1])).isEqualTo("56789");
    }

    @Test
    default void onlyWhatRemainsIsTransferred() throws IOException {
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        ByteBuffer first = Sample.direct("abcdef").position(2).limit(4);
        ByteBuffer second = ByteBuffer.wrap("ghijkl".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 1, 3);
        file.write(new ByteBuffer[] {first, second}, 0);
        assertThat(folder().resolve("file")).hasContent("cdhij");
    }

    @Test
    default void theArrayMayChangeOnceTheOperationHasStarted() throws IOException {
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        ByteBuffer kept = ByteBuffer.allocateDirect(200_000).put(0, (byte) 1);
        ByteBuffer[] sources = {kept};
        var write = file.writeAsync(sources, 0);
        sources[0] = ByteBuffer.allocateDirect(1);
        assertThat(write.join()).isEqualTo(200_000);
        assertThat(kept.hasRemaining()).isFalse();
    }

    @Test
    default void oneReadOnlyBufferAmongManyIsRefused() throws IOException {
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        ByteBuffer[] targets = {
            ByteBuffer.allocateDirect(1), ByteBuffer.allocate(1).asReadOnlyBuffer()
        };
        assertThatIllegalArgumentException()
                .isThrownBy(() -> file.readAsync(targets, 0))
                .withMessageContaining("read-only");
        assertThatIllegalArgumentException().isThrownBy(() -> file.read(targets, 0));
    }

    /** The one place where memory of one thread and memory that must be copied meet, on any kind of thread. */
    @Test
    default void confinedAndHeapBuffersMixInTheBlockingForm() throws Exception {
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        for (Thread.Builder builder : new Thread.Builder[] {Thread.ofPlatform().daemon(), Thread.ofVirtual()}) {
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread thread = builder.start(() -> {
                try (Arena arena = Arena.ofConfined()) {
                    byte[] bytes = Sample.random(300_000, 5);
                    ByteBuffer confined = arena.allocate(100_000).asByteBuffer();
                    confined.put(bytes, 0, 100_000).flip();
                    file.write(new ByteBuffer[] {confined, ByteBuffer.wrap(bytes, 100_000, 200_000)}, 0);
                    ByteBuffer target = arena.allocate(150_000).asByteBuffer();
                    ByteBuffer heap = ByteBuffer.allocate(150_000);
                    assertThat(file.read(new ByteBuffer[] {target, heap}, 0)).isEqualTo(300_000);
                    assertThat(collect(target, heap)).isEqualTo(bytes);
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            Deadline.join(thread);
            assertThat(failure.get()).isNull();
        }
    }
}
