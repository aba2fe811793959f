package dev.sluice.aio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.Stream;

/**
 * The bytes of a file from a position on, in chunks of a size.
 *
 * {@snippet class="dev.sluice.aio.StreamsGuideTest" region="digest"}
 *
 * <p>Each chunk is a buffer of its own, which the caller keeps; all are full but the last one. The end of the file is not
 * remembered: when the file has grown, the next call reads on. Pipes and terminals answer what there is.
 *
 * <p>While a chunk is at the caller's, the next one is being read; not so for a reader made by a stream, which shares its
 * cursor and moves it. It does not own its file.
 *
 * <p>Safe for use by many threads, whose calls run one after the other in the order in which they were issued; an
 * iterator is for one thread at a time.
 */
public final class ChunkReader implements Iterable<ByteBuffer> {
    /** How many bytes a chunk has when nothing else suits better. */
    public static final int DEFAULT_SIZE = 64 << 10;

    private final Cursor cursor;
    private final int size;
    private final ReadChunk.Prefetch prefetch;

    ChunkReader(Cursor cursor, int size, boolean ahead) {
        if (size < 1) {
            throw new IllegalArgumentException(cursor.file.name() + ": the size of a chunk must be 1 or more: " + size);
        }
        this.cursor = cursor;
        this.size = size;
        this.prefetch = new ReadChunk.Prefetch(ahead && cursor.file.isPositional());
    }

    /**
     * Makes a reader.
     *
     * @param file the file
     * @param position where the first chunk begins
     * @param size how many bytes a chunk has, 1 or more
     * @return the reader
     */
    public static ChunkReader of(AsyncFile file, long position, int size) {
        return new ChunkReader(Cursor.at(file, position), size, true);
    }

    /**
     * Reads a chunk.
     *
     * @return the chunk; nothing at the end of the file
     * @throws IOException when reading fails
     */
    public Optional<ByteBuffer> next() throws IOException {
        return cursor.call(new ReadChunk(cursor, size, prefetch));
    }

    /**
     * Reads a chunk.
     *
     * @return the chunk; nothing at the end of the file
     */
    public CompletableFuture<Optional<ByteBuffer>> nextAsync() {
        return cursor.start(new ReadChunk(cursor, size, prefetch));
    }

    /** {@return where in the file the next chunk begins, after the calls that have ended} */
    public long position() {
        return cursor.position;
    }

    /**
     * {@return the chunks from here on, for one thread at a time; {@code hasNext} reads, and I/O errors are thrown as
     * {@link java.io.UncheckedIOException}}
     */
    @Override
    public Iterator<ByteBuffer> iterator() {
        return new Pulls<>(this::next);
    }

    /** {@return the chunks from here on, as {@link #iterator} gives them} */
    public Stream<ByteBuffer> stream() {
        return new Pulls<>(this::next).stream();
    }

    /**
     * Gives the chunks to subscribers, each of which gets all from here on, with a cursor of its own; this reader stays
     * where it is. Signals come on the completion threads of the file's context, so a subscriber must not wait.
     *
     * @return the publisher; it suits {@code java.net.http.HttpRequest.BodyPublishers.fromPublisher}
     */
    public Flow.Publisher<ByteBuffer> publisher() {
        long start = position();
        AsyncFile file = cursor.file;
        return new Publication<>(file, () -> {
            Cursor own = Cursor.at(file, start);
            // The publication itself asks for the next chunk before it gives one.
            ReadChunk.Prefetch none = new ReadChunk.Prefetch(false);
            return () -> own.start(new ReadChunk(own, size, none)
                    .then(chunk -> chunk.map(List::of).orElse(List.of())));
        });
    }
}
