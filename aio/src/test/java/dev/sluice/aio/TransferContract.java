package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reading and writing at positions. */
interface TransferContract extends Backend {
    private AsyncFile create(String name) throws IOException {
        return open(folder().resolve(name), CREATE, READ, WRITE);
    }

    private AsyncFile holding(String content) throws IOException {
        return open(Files.writeString(folder().resolve("file"), content), READ, WRITE);
    }

    @Test
    default void whatIsWrittenIsReadBack() throws IOException {
        AsyncFile file = create("file");
        ByteBuffer source = Sample.direct("hello");
        file.write(source, 0);
        assertThat(source.hasRemaining()).isFalse();
        assertThat(file.writeAsync(Sample.direct(" world"), 5).join()).isEqualTo(6);
        ByteBuffer target = ByteBuffer.allocateDirect(11);
        assertThat(file.read(target, 0)).isEqualTo(11);
        assertThat(Sample.text(target)).isEqualTo("hello world");
        ByteBuffer again = ByteBuffer.allocateDirect(11);
        assertThat(file.readAsync(again, 0).join()).isEqualTo(11);
        assertThat(Sample.text(again)).isEqualTo("hello world");
        assertThat(folder().resolve("file")).hasContent("hello world");
    }

    @Test
    default void readsAndWritesGoToTheirPositions() throws IOException {
        AsyncFile file = create("file");
        for (int i = 0; i < 100; i++) {
            file.write(Sample.direct("%03d,".formatted(i)), i * 4L);
        }
        for (int i = 99; i >= 0; i--) {
            ByteBuffer target = ByteBuffer.allocateDirect(4);
            assertThat(file.read(target, i * 4L)).isEqualTo(4);
            assertThat(Sample.text(target)).isEqualTo("%03d,".formatted(i));
        }
    }

    @Test
    default void aReadIsShortWhereTheFileEnds() throws IOException {
        AsyncFile file = holding("0123456789");
        ByteBuffer target = ByteBuffer.allocateDirect(100);
        assertThat(file.read(target, 7)).isEqualTo(3);
        assertThat(Sample.text(target)).isEqualTo("789");
        assertThat(file.readAsync(target, 8).join()).isEqualTo(2);
        assertThat(Sample.text(target)).isEqualTo("78989");
    }

    @Test
    default void aReadAtTheEndOrBehindItAnswersMinusOne() throws IOException {
        AsyncFile file = holding("0123456789");
        for (long position : new long[] {10, 11, 1L << 33, 1L << 40}) {
            ByteBuffer target = ByteBuffer.allocateDirect(100);
            assertThat(file.read(target, position)).isEqualTo(-1);
            assertThat(file.readAsync(target, position).join()).isEqualTo(-1);
            assertThat(file.read(Sample.memory(10), position)).isEqualTo(-1);
            assertThat(file.read(new ByteBuffer[] {target}, position)).isEqualTo(-1);
            assertThat(target.position()).isZero();
        }
    }

    @Test
    default void anEmptyFileIsAtItsEnd() throws IOException {
        AsyncFile file = create("file");
        assertThat(file.read(ByteBuffer.allocate(10), 0)).isEqualTo(-1);
        assertThat(file.readAsync(ByteBuffer.allocate(10), 0).join()).isEqualTo(-1);
    }

    @Test
    default void emptyTransfersAnswerZeroAndChangeNothing() throws IOException {
        AsyncFile file = holding("0123456789");
        ByteBuffer nothing = ByteBuffer.allocateDirect(0);
        assertThat(file.read(nothing, 3)).isZero();
        assertThat(file.read(nothing, 100)).isZero();
        assertThat(file.read(Sample.memory(0), 100)).isZero();
        assertThat(file.readAsync(nothing, 100).join()).isZero();
        assertThat(file.readAsync(new ByteBuffer[0], 0).join()).isZero();
        file.write(nothing, 100);
        file.write(new ByteBuffer[] {nothing, nothing}, 100);
        assertThat(file.writeAsync(nothing, 100).join()).isZero();
        assertThat(file.writeAsync(new ByteBuffer[] {nothing}, 100).join()).isZero();
        assertThat(file.size()).isEqualTo(10);
    }

    @Test
    default void writingBehindTheEndLeavesAHoleOfZeros() throws IOException {
        AsyncFile file = holding("abc");
        file.write(Sample.direct("xyz"), 6);
        assertThat(folder().resolve("file")).hasBinaryContent(new byte[] {'a', 'b', 'c', 0, 0, 0, 'x', 'y', 'z'});
    }

    @Test
    default void positionsBeyondFourGibibytesWork() throws IOException {
        AsyncFile file = create("sparse");
        long far = (5L << 30) + 3;
        file.write(Sample.direct("far"), far);
        assertThat(file.writeAsync(Sample.direct("away"), far + 3).join()).isEqualTo(4);
        assertThat(file.size()).isEqualTo(far + 7);
        ByteBuffer target = ByteBuffer.allocateDirect(20);
        assertThat(file.read(target, far)).isEqualTo(7);
        assertThat(Sample.text(target)).isEqualTo("faraway");
        ByteBuffer hole = ByteBuffer.allocateDirect(4);
        assertThat(file.readAsync(hole, 3L << 30).join()).isEqualTo(4);
        assertThat(Sample.filled(hole)).containsOnly(0);
    }

    @Test
    default void transfersOfManyMebibytesAreWhole() throws IOException {
        AsyncFile file = create("big");
        byte[] bytes = Sample.random((20 << 20) + 13, 1);
        file.writeAsync(ByteBuffer.wrap(bytes), 7).join();
        ByteBuffer heap = ByteBuffer.allocate(bytes.length);
        assertThat(file.readAsync(heap, 7).join()).isEqualTo(bytes.length);
        assertThat(heap.array()).isEqualTo(bytes);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 100);
        assertThat(file.readAsync(direct, 7).join()).isEqualTo(bytes.length);
        assertThat(Sample.filled(direct)).isEqualTo(bytes);
        direct.flip();
        file.write(direct, 0);
        ByteBuffer blocking = ByteBuffer.allocate(bytes.length);
        assertThat(file.read(blocking, 0)).isEqualTo(bytes.length);
        assertThat(blocking.array()).isEqualTo(bytes);
    }

    @Test
    @Tag("abuse")
    @Timeout(300)
    default void transfersOfMoreThanTwoGibibytesAreWhole() throws IOException {
        AsyncFile file = create("huge");
        long size = (2L << 30) + (1 << 20);
        MemorySegment memory;
        try (FileChannel channel = FileChannel.open(folder().resolve("memory"), CREATE, READ, WRITE)) {
            memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, size, Arena.ofAuto());
        }
        memory.asSlice(size - 3).copyFrom(Sample.memoryOf(new byte[] {1, 2, 3}));
        assertThat(file.writeAsync(memory, 5).join()).isEqualTo(size);
        memory.fill((byte) 9);
        assertThat(file.readAsync(memory, 5).join()).isEqualTo(size);
        assertThat(memory.asSlice(size - 4).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))
                .containsExactly(0, 1, 2, 3);
    }

    @Test
    default void aThousandShuffledWritesLandWhereTheyBelong() throws IOException {
        AsyncFile file = create("file");
        int size = 700;
        byte[] expected = Sample.random(1000 * size, 2);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(3));
        List<CompletableFuture<Long>> writes = new ArrayList<>();
        for (int i : order) {
            ByteBuffer part = ByteBuffer.wrap(expected, i * size, size);
            writes.add(file.writeAsync(
                    i % 2 == 0
                            ? part
                            : ByteBuffer.allocateDirect(size).put(part).flip(),
                    (long) i * size));
        }
        writes.forEach(write -> assertThat(write.join()).isEqualTo(size));
        assertThat(folder().resolve("file")).hasBinaryContent(expected);
    }

    @Test
    default void manyLongWritesAndReadsInFlightKeepApart() throws IOException {
        AsyncFile file = create("file");
        int size = 100_000;
        byte[] expected = Sample.random(300 * size, 4);
        List<CompletableFuture<Long>> writes = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            byte[] part = java.util.Arrays.copyOfRange(expected, i * size, (i + 1) * size);
            writes.add(file.writeAsync(Sample.direct(part), (long) i * size));
        }
        writes.forEach(CompletableFuture::join);
        List<ByteBuffer> targets = new ArrayList<>();
        List<CompletableFuture<Long>> reads = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            ByteBuffer target = ByteBuffer.allocateDirect(size);
            targets.add(target);
            reads.add(file.readAsync(target, (long) i * size));
        }
        ByteBuffer all = ByteBuffer.allocate(expected.length);
        for (int i = 0; i < 300; i++) {
            assertThat(reads.get(i).join()).isEqualTo(size);
            all.put(targets.get(i).flip());
        }
        assertThat(all.array()).isEqualTo(expected);
    }

    @Test
    default void resultsAreRightThoughTransfersOfManyLengthsRunAtOnce() throws Exception {
        Path path = Files.write(folder().resolve("file"), new byte[5000]);
        AsyncFile file = open(path, READ);
        ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            int seed = thread;
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                Random random = new Random(seed);
                for (int i = 0; i < 1000; i++) {
                    int length = 1 + random.nextInt(4000);
                    long answer =
                            file.readAsync(ByteBuffer.allocateDirect(length), 0).join();
                    if (answer != length) {
                        wrong.add(length + " bytes wanted, " + answer + " answered");
                    }
                }
            }));
        }
        threads.forEach(Deadline::join);
        assertThat(wrong).isEmpty();
    }

    @Test
    default void virtualThreadsReadAndWriteAtOnce() throws Exception {
        AsyncFile file = create("file");
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int number = i;
            threads.add(Thread.ofVirtual()
                    .uncaughtExceptionHandler((t, e) -> failures.add(e))
                    .start(() -> {
                        try {
                            int size = number % 10 == 0 ? 100_000 : 1000;
                            byte[] bytes = Sample.random(size, number);
                            file.write(
                                    number % 2 == 0 ? ByteBuffer.wrap(bytes) : Sample.direct(bytes), number * 100_000L);
                            ByteBuffer target =
                                    number % 3 == 0 ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size);
                            assertThat(file.read(target, number * 100_000L)).isEqualTo(size);
                            assertThat(Sample.filled(target)).isEqualTo(bytes);
                        } catch (IOException e) {
                            failures.add(e);
                        }
                    }));
        }
        threads.forEach(Deadline::join);
        assertThat(failures).isEmpty();
    }

    @Test
    default void negativePositionsAreRefused() throws IOException {
        AsyncFile file = create("file");
        ByteBuffer buffer = ByteBuffer.allocateDirect(10);
        List<org.assertj.core.api.ThrowableAssert.ThrowingCallable> calls = List.of(
                () -> file.read(buffer, -1),
                () -> file.read(Sample.memory(1), -1),
                () -> file.read(new ByteBuffer[] {buffer}, -1),
                () -> file.readAsync(buffer, -1),
                () -> file.write(buffer, -1),
                () -> file.write(Sample.memory(1), -1),
                () -> file.writeAsync(buffer, Long.MIN_VALUE),
                () -> file.truncate(-1),
                () -> file.allocate(-1, 1),
                () -> file.allocate(0, 0));
        for (var call : calls) {
            assertThatIllegalArgumentException()
                    .isThrownBy(call)
                    .withMessageContainingAll(nameOf(folder().resolve("file")), "must be");
        }
    }

    @Test
    default void aDeletedFileStaysUsable() throws IOException {
        AsyncFile file = holding("0123456789");
        Files.delete(folder().resolve("file"));
        file.write(Sample.direct("abc"), 0);
        ByteBuffer target = ByteBuffer.allocateDirect(10);
        assertThat(file.readAsync(target, 0).join()).isEqualTo(10);
        assertThat(Sample.text(target)).isEqualTo("abc3456789");
    }

    @Test
    default void aFileThatIsCutWhileItIsReadEndsEarlier() throws IOException {
        AsyncFile file = holding("0123456789");
        Files.writeString(folder().resolve("file"), "012");
        ByteBuffer target = ByteBuffer.allocateDirect(10);
        assertThat(file.read(target, 0)).isEqualTo(3);
        assertThat(file.read(target, 5)).isEqualTo(-1);
    }
}
