package dev.sluice.aio;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Gathers small pieces into chunks and writes those one after the other, from a position on, or at the end of a file that
 * is appended to.
 *
 * {@snippet class="dev.sluice.aio.StreamsGuideTest" region="gathering"}
 *
 * <p>A call takes its bytes at once when they leave room in the chunk; else it has succeeded when the chunk is written,
 * so whoever waits for each call before the next is held back as the disk demands. Large pieces are written without
 * being copied.
 *
 * <p><b>Failures.</b> A chunk that could not be written is kept: {@link #pending} says how many bytes that are, and the
 * next call, {@link #flush} at best, tries again at the same place before it takes more. The call that failed has taken
 * the bytes by which its buffer's position has moved. A writer that failed to close can be closed again.
 *
 * <p>A writer made by a stream writes at its cursor and moves it; any other has one of its own. It does not own its file,
 * and closing it writes what is pending and leaves the file open.
 *
 * <p>Safe for use by many threads, whose calls run one after the other in the order in which they were issued.
 */
@SuppressWarnings("exports") // @Nullable: who uses this need not have its jar
public final class ChunkWriter implements AutoCloseable {
    private static final int PAGE = 4096;

    private final Cursor cursor;
    private final MemorySegment memory;
    private final ByteBuffer chunk;
    private volatile int pending;
    private volatile boolean closed;

    ChunkWriter(Cursor cursor, int size) {
        if (size < 1) {
            throw new IllegalArgumentException(cursor.file.name() + ": the size of a chunk must be 1 or more: " + size);
        }
        this.cursor = cursor;
        this.memory = Arena.ofAuto().allocate(size, PAGE);
        this.chunk = memory.asByteBuffer();
    }

    /**
     * Makes a writer.
     *
     * @param file the file
     * @param position where the first chunk goes; of no consequence when the file was opened with {@code APPEND}
     * @param size how many bytes a chunk has, 1 or more
     * @return the writer
     */
    public static ChunkWriter of(AsyncFile file, long position, int size) {
        return new ChunkWriter(Cursor.at(file, position), size);
    }

    /**
     * Writes bytes.
     *
     * @param source the bytes
     * @throws IOException when a chunk could not be written
     */
    public void write(byte[] source) throws IOException {
        write(ByteBuffer.wrap(source));
    }

    /**
     * Writes bytes.
     *
     * @param source the bytes; to be left alone until the future has completed
     * @return completes when all have been taken
     */
    public CompletableFuture<@Nullable Void> writeAsync(byte[] source) {
        return writeAsync(ByteBuffer.wrap(source));
    }

    /**
     * Writes a buffer's remaining bytes.
     *
     * @param source where they come from; its position moves behind what was taken
     * @throws IOException when a chunk could not be written
     */
    public void write(ByteBuffer source) throws IOException {
        cursor.call(new Taking(source, false));
    }

    /**
     * Writes a buffer's remaining bytes.
     *
     * @param source where they come from; the writer owns it until the future has completed
     * @return completes when all have been taken
     */
    public CompletableFuture<@Nullable Void> writeAsync(ByteBuffer source) {
        return cursor.start(new Taking(source, false));
    }

    /**
     * Writes all that a publisher gives, at the pace of the disk, and what is pending then.
     *
     * @param source the publisher
     * @return how many bytes it gave; cancelling the future cancels the subscription
     */
    public CompletableFuture<Long> writeAllAsync(Flow.Publisher<? extends ByteBuffer> source) {
        Intake intake = new Intake(this, cursor.file.context());
        source.subscribe(intake);
        return intake.result();
    }

    /**
     * Writes what is pending; {@link AsyncFile#force} brings it to the disk.
     *
     * @throws IOException when it could not be written
     */
    public void flush() throws IOException {
        cursor.call(new Taking(ByteBuffer.allocate(0), true));
    }

    /**
     * Writes what is pending.
     *
     * @return completes when it is written
     */
    public CompletableFuture<@Nullable Void> flushAsync() {
        return cursor.start(new Taking(ByteBuffer.allocate(0), true));
    }

    /** {@return the position behind what is written, or where the next chunk goes} */
    public long position() {
        return cursor.position;
    }

    /** {@return how many bytes have been taken and not been written} */
    public int pending() {
        return pending;
    }

    /**
     * Writes what is pending, and takes no more. The file stays open. Closing again does nothing, unless it failed.
     *
     * @throws IOException when it could not be written; then the writer is still open
     */
    @Override
    public void close() throws IOException {
        if (!closed) {
            cursor.call(closing());
        }
    }

    /**
     * Writes what is pending, and takes no more.
     *
     * @return completes when it is written
     */
    public CompletableFuture<@Nullable Void> closeAsync() {
        return closed ? CompletableFuture.completedFuture(null) : cursor.start(closing());
    }

    private Work<@Nullable Void> closing() {
        return new Taking(ByteBuffer.allocate(0), true).then(_ -> {
            closed = true;
            return null;
        });
    }

    /** Takes bytes and writes the chunks that they fill, or writes what there is. */
    private final class Taking extends Work<@Nullable Void> {
        private final ByteBuffer source;
        private final boolean flushing;
        private @Nullable WriteBytes writing;
        private int direct;

        Taking(ByteBuffer source, boolean flushing) {
            this.source = source;
            this.flushing = flushing;
        }

        @Override
        @Nullable
        Step next(long answer) throws IOException {
            if (writing != null) {
                written(writing, answer);
            } else if (closed) {
                throw new Failures.Closed("the writer to " + cursor.file.name() + " is closed: make another to go on");
            }
            while (true) {
                int room = chunk.remaining();
                if (room == 0 || (flushing && chunk.position() > 0)) {
                    return write(memory.asSlice(0, chunk.position()), 0);
                } else if (!source.hasRemaining()) {
                    return null;
                } else if (chunk.position() == 0 && source.remaining() >= room) {
                    int whole = source.remaining() - source.remaining() % room;
                    return write(MemorySegment.ofBuffer(source.slice(source.position(), whole)), whole);
                }
                int count = Math.min(room, source.remaining());
                chunk.put(source.slice(source.position(), count));
                source.position(source.position() + count);
                pending = chunk.position();
            }
        }

        private @Nullable Step write(MemorySegment bytes, int fromSource) {
            WriteBytes begun = WriteBytes.of(cursor, bytes);
            writing = begun;
            direct = fromSource;
            return begun.next(0);
        }

        private void written(WriteBytes ended, long answer) {
            Step none = ended.next(answer);
            assert none == null;
            ended.result();
            writing = null;
            if (direct > 0) {
                source.position(source.position() + direct);
            } else {
                chunk.clear();
                pending = 0;
            }
        }

        @Override
        @Nullable
        Void result() {
            return null;
        }
    }
}
