package dev.sluice.aio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class ChunkWriterTest extends OnEachContext {
    private AsyncFile empty() throws IOException {
        return openFile(file(""), StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Test
    void piecesOfAnySizeLandInOrder() throws IOException {
        byte[] bytes = Sample.random(300_000, 1);
        Random random = new Random(2);
        for (int size : new int[] {1, 10, 4096, 1 << 20}) {
            AsyncFile file = empty();
            file.truncate(0);
            ChunkWriter writer = ChunkWriter.of(file, 0, size);
            int limit = size == 1 ? 30_000 : bytes.length;
            for (int at = 0; at < limit; ) {
                int count = Math.min(limit - at, random.nextInt(5) == 0 ? random.nextInt(30_000) : random.nextInt(50));
                ByteBuffer piece = ByteBuffer.wrap(bytes, at, count);
                if (random.nextBoolean()) {
                    writer.write(piece);
                } else {
                    get(writer.writeAsync(piece));
                }
                assertThat(piece.hasRemaining()).isFalse();
                at += count;
                assertThat(writer.position() + writer.pending()).isEqualTo(at);
            }
            writer.close();
            assertThat(writer.pending()).isZero();
            assertThat(Files.readAllBytes(Path.of(file.name()))).isEqualTo(java.util.Arrays.copyOf(bytes, limit));
        }
    }

    @Test
    void smallPiecesAreGatheredUntilTheChunkIsFull() throws IOException {
        AsyncFile file = empty();
        ChunkWriter writer = ChunkWriter.of(file, 2, 8);
        for (int i = 0; i < 7; i++) {
            writer.write(new byte[] {(byte) ('a' + i)});
        }
        assertThat(file.size()).isZero();
        assertThat(writer.pending()).isEqualTo(7);
        get(writer.writeAsync(utf8("hi")));
        assertThat(file.size()).isEqualTo(10);
        assertThat(writer.pending()).isEqualTo(1);
        writer.flush();
        get(writer.flushAsync());
        assertThat(folder.resolve("file")).hasContent("\0\0abcdefghi");
    }

    @Test
    void callsThatNobodyWaitsForLandInOrder() throws IOException {
        AsyncFile file = empty();
        ChunkWriter writer = ChunkWriter.of(file, 0, 100);
        StringBuilder expected = new StringBuilder();
        CompletableFuture<?> last = CompletableFuture.completedFuture(null);
        for (int i = 0; i < 5000; i++) {
            last = writer.writeAsync(utf8(i + ","));
            expected.append(i).append(',');
        }
        get(writer.closeAsync());
        assertThat(last).isDone();
        assertThat(folder.resolve("file")).hasContent(expected.toString());
    }

    @Test
    void aWriterOfAStreamMovesItsCursor() throws IOException {
        AsyncFileStream stream = stream("head");
        stream.read(4);
        ChunkWriter writer = stream.writer(8);
        writer.write(utf8("0123456789"));
        assertThat(stream.position()).isEqualTo(12);
        writer.close();
        assertThat(stream.position()).isEqualTo(14);
        stream.write(utf8("!"));
        assertThat(folder.resolve("file")).hasContent("head0123456789!");
        assertThatThrownBy(() -> stream.writer(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aWriterOfAnAppendedFileAppends() throws IOException {
        AsyncFile file = openFile(file("12"), StandardOpenOption.APPEND);
        try (ChunkWriter writer = ChunkWriter.of(file, 0, 4)) {
            writer.write(utf8("345678"));
            Files.writeString(folder.resolve("file"), "X", StandardOpenOption.APPEND);
            writer.write(utf8("9"));
        }
        assertThat(folder.resolve("file")).hasContent("123456X789");
    }

    @Test
    void whatCouldNotBeWrittenIsKeptAndTriedAgain() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "/dev/full is needed");
        ChunkWriter writer = ChunkWriter.of(openFile(full, StandardOpenOption.WRITE), 0, 4);
        writer.write(utf8("abc"));
        ByteBuffer more = ByteBuffer.wrap(utf8("def"));
        assertThatThrownBy(() -> writer.write(more)).isInstanceOf(IOException.class);
        assertThat(more.position()).isEqualTo(1);
        assertThat(writer.pending()).isEqualTo(4);
        assertThat(writer.position()).isZero();
        assertThat(failure(writer.writeAsync(more))).isInstanceOf(IOException.class);
        assertThat(more.position()).as("nothing is taken before").isEqualTo(1);
        assertThatThrownBy(writer::flush).isInstanceOf(IOException.class);
        assertThatThrownBy(writer::close).isInstanceOf(IOException.class);
        assertThat(failure(writer.closeAsync())).isInstanceOf(IOException.class);
        assertThat(writer.pending()).isEqualTo(4);
    }

    @Test
    void aClosedWriterTakesNothing() throws IOException {
        AsyncFile file = empty();
        ChunkWriter writer = ChunkWriter.of(file, 0, 4);
        writer.write(utf8("a"));
        writer.close();
        writer.close();
        get(writer.closeAsync());
        assertThat(file.isOpen()).isTrue();
        assertThatThrownBy(() -> writer.write(utf8("b")))
                .isInstanceOf(ClosedChannelException.class)
                .hasMessageContaining("file");
        assertThat(file.size()).isEqualTo(1);
    }

    @Test
    void aPublisherIsWrittenWhole() throws IOException {
        byte[] bytes = Sample.random(1_000_000, 4);
        Path from = Files.write(folder.resolve("from"), bytes);
        AsyncFile target = empty();
        ChunkWriter writer = ChunkWriter.of(target, 0, 50_000);
        CompletableFuture<Long> copied =
                writer.writeAllAsync(ChunkReader.of(openFile(from), 0, 3000).publisher());
        assertThat(get(copied)).isEqualTo(1_000_000);
        assertThat(Files.readAllBytes(folder.resolve("file"))).isEqualTo(bytes);
    }

    @Test
    void aFailureOnEitherSideEndsTheCopyAndCancelsIt() throws IOException {
        AsyncFile source = openFile(file(Sample.random(100_000, 4)));
        AsyncFile readOnly = openFile(Files.createFile(folder.resolve("target")));
        CompletableFuture<Long> unwritable = ChunkWriter.of(readOnly, 0, 10)
                .writeAllAsync(ChunkReader.of(source, 0, 100).publisher());
        assertThat(failure(unwritable)).isInstanceOf(java.nio.channels.NonWritableChannelException.class);
        AsyncFile target = openFile(folder.resolve("target"), StandardOpenOption.WRITE);
        source.close();
        CompletableFuture<Long> unreadable = ChunkWriter.of(target, 0, 10)
                .writeAllAsync(ChunkReader.of(source, 0, 100).publisher());
        assertThat(failure(unreadable)).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void thePublisherIsAskedForNoMoreThanTheDiskTakes() throws IOException {
        List<String> events = new ArrayList<>();
        ChunkWriter writer = ChunkWriter.of(empty(), 0, 10);
        CompletableFuture<Long> result =
                writer.writeAllAsync(subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
                    private int given;

                    @Override
                    public void request(long n) {
                        events.add("request " + n);
                        given++;
                        if (given < 4) {
                            subscriber.onNext(ByteBuffer.allocate(7));
                        }
                    }

                    @Override
                    public void cancel() {
                        events.add("cancel");
                    }
                }));
        assertThat(events).startsWith("request 1").doesNotContain("cancel");
        result.cancel(true);
        dev.sluice.testing.Deadline.until("the subscription is cancelled", () -> events.contains("cancel"));
    }
}
