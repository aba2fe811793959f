package dev.sluice.aio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.Pipes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ChunkReaderTest extends OnEachContext {
    private static byte[] joined(Iterable<ByteBuffer> chunks) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuffer chunk : chunks) {
            byte[] bytes = new byte[chunk.remaining()];
            chunk.get(bytes);
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }

    @Test
    void chunksAreFullButTheLast() throws IOException {
        for (int size : new int[] {1, 7, 100, 4096, 99_999, 100_000, 100_001}) {
            byte[] bytes = Sample.random(100_000, size);
            AsyncFile file = openFile(file(bytes));
            List<ByteBuffer> chunks = new ArrayList<>();
            ChunkReader reader = ChunkReader.of(file, 0, Math.max(size, 50));
            reader.forEach(chunks::add);
            assertThat(chunks.subList(0, chunks.size() - 1)).allMatch(chunk -> chunk.remaining() == Math.max(size, 50));
            assertThat(reader.position()).isEqualTo(100_000);
            assertThat(joined(chunks)).isEqualTo(bytes);
        }
    }

    @Test
    void readingBeginsAtAPosition() throws IOException {
        AsyncFile file = openFile(file("0123456789"));
        ChunkReader reader = ChunkReader.of(file, 3, 4);
        assertThat(reader.next()).hasValue(ByteBuffer.wrap(utf8("3456")));
        assertThat(reader.position()).isEqualTo(7);
        assertThat(get(reader.nextAsync())).hasValue(ByteBuffer.wrap(utf8("789")));
        assertThat(reader.next()).isEmpty();
        assertThat(ChunkReader.of(file, 20, 4)).isEmpty();
        assertThat(ChunkReader.of(file, 0, 4).stream().map(ByteBuffer::remaining))
                .containsExactly(4, 4, 2);
        assertThatThrownBy(() -> ChunkReader.of(file, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ChunkReader.of(file, -1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void callsThatNobodyWaitsForGiveChunksInOrder() throws IOException {
        byte[] bytes = Sample.random(50_000, 1);
        ChunkReader reader = ChunkReader.of(openFile(file(bytes)), 0, 100);
        List<CompletableFuture<Optional<ByteBuffer>>> calls = new ArrayList<>();
        for (int i = 0; i < 501; i++) {
            calls.add(reader.nextAsync());
        }
        assertThat(joined(calls.stream()
                        .map(OnEachContext::get)
                        .flatMap(Optional::stream)
                        .toList()))
                .isEqualTo(bytes);
    }

    @Test
    void ownWritesAreSeenInAChunkThatWasReadAhead() throws IOException {
        AsyncFile file = openFile(file("00001111"), StandardOpenOption.READ, StandardOpenOption.WRITE);
        ChunkReader reader = ChunkReader.of(file, 0, 4);
        assertThat(reader.next()).hasValue(ByteBuffer.wrap(utf8("0000")));
        file.write(ByteBuffer.wrap(utf8("2222")), 4);
        assertThat(reader.next()).hasValue(ByteBuffer.wrap(utf8("2222")));
    }

    @Test
    void aGrowingFileIsFollowed() throws IOException {
        Path path = file("0000");
        ChunkReader reader = ChunkReader.of(openFile(path), 0, 4);
        assertThat(reader.next()).isPresent();
        Files.writeString(path, "11", StandardOpenOption.APPEND);
        assertThat(reader.next()).hasValue(ByteBuffer.wrap(utf8("11")));
        assertThat(reader.next()).isEmpty();
        Files.writeString(path, "22", StandardOpenOption.APPEND);
        assertThat(reader.next()).hasValue(ByteBuffer.wrap(utf8("22")));
    }

    @Test
    void aPipeAnswersWhatThereIsAndIsNotReadAhead() throws IOException {
        AsyncFile pipe = openFile(Pipes.make(folder), StandardOpenOption.READ, StandardOpenOption.WRITE);
        ChunkReader reader = ChunkReader.of(pipe, 0, 4);
        pipe.write(ByteBuffer.wrap(utf8("0123456789")), 0);
        assertThat(reader.next()).hasValue(ByteBuffer.wrap(utf8("0123")));
        ByteBuffer rest = ByteBuffer.allocate(4);
        pipe.read(rest, 0);
        assertThat(Sample.text(rest)).isEqualTo("4567");
        assertThat(get(reader.nextAsync())).hasValue(ByteBuffer.wrap(utf8("89")));
        AsyncFileStream stream = pipe.stream();
        pipe.write(ByteBuffer.wrap(utf8("a\nbcdef")), 0);
        assertThat(stream.readLine()).hasValue(utf8("a"));
        assertThat(stream.chunks(3).next()).as("what lines have read ahead").hasValue(ByteBuffer.wrap(utf8("bcd")));
        assertThat(stream.chunks(3).next()).hasValue(ByteBuffer.wrap(utf8("ef")));
    }

    @Test
    void aClosedFileIsSaidToBeSo() throws IOException {
        AsyncFile file = openFile(file("0123456789"));
        ChunkReader reader = ChunkReader.of(file, 0, 4);
        Iterator<ByteBuffer> iterator = reader.iterator();
        assertThat(iterator.next().remaining()).isEqualTo(4);
        file.close();
        assertThatThrownBy(iterator::next)
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(ClosedChannelException.class)
                .hasMessageContaining("file");
        assertThat(failure(reader.nextAsync())).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void aDirectFileIsReadInChunks() throws IOException {
        byte[] bytes = Sample.random(100_000, 5);
        Path path = file(bytes);
        try (AsyncFile file = AsyncFile.open(path, context, Sample.directOption())) {
            assertThat(joined(ChunkReader.of(file, 0, 8192))).isEqualTo(bytes);
        } catch (java.nio.file.FileSystemException | UnsupportedOperationException e) {
            org.junit.jupiter.api.Assumptions.abort("the file system has no direct files: " + e.getMessage());
        }
    }
}
