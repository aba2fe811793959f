package dev.sluice.aio;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads a chunk from the cursor on: one that was started before when there is one and it is still right. */
final class ReadChunk extends Work<Optional<ByteBuffer>> {
    /** The chunk which is read before it is asked for. Used by who has the stream's turn. */
    static final class Prefetch {
        /** A chunk on its way. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        private record Started(byte[] bytes, long position, long changes, CompletableFuture<Long> read) {}

        private final boolean wanted;
        private @Nullable Started started;

        Prefetch(boolean wanted) {
            this.wanted = wanted;
        }

        private void start(AsyncFile file, int size, long position) {
            if (wanted && file.isOpen()) {
                byte[] bytes = new byte[size];
                long changes = file.shared().changes();
                started = new Started(bytes, position, changes, file.readAsync(MemorySegment.ofArray(bytes), position));
            }
        }

        /** The chunk that is on its way from a position, if nothing has happened to it. */
        private @Nullable Started take(AsyncFile file, long position) {
            Started taken = started;
            started = null;
            boolean right = taken != null
                    && taken.position == position
                    && taken.changes == file.shared().changes()
                    && file.isOpen()
                    && !taken.read.isCompletedExceptionally();
            return right ? taken : null;
        }
    }

    private final Cursor cursor;
    private final int size;
    private final Prefetch prefetch;
    private byte[] bytes = {};
    private int count;
    private boolean begun;
    private boolean prefetched;

    ReadChunk(Cursor cursor, int size, Prefetch prefetch) {
        this.cursor = cursor;
        this.size = size;
        this.prefetch = prefetch;
    }

    @Override
    boolean isReading() {
        return true;
    }

    @Override
    @Nullable
    Step next(long answer) {
        if (!begun) {
            begun = true;
            return first();
        }
        if (answer <= 0 && prefetched) {
            prefetched = false;
            return read(); // what was the end then need not be it now
        }
        count = (int) Math.max(0, answer);
        cursor.advance(count);
        if (count == size) {
            prefetch.start(cursor.file, size, cursor.position);
        }
        return null;
    }

    private @Nullable Step first() {
        ReadAhead ahead = cursor.ahead;
        if (!cursor.file.isPositional()) {
            ahead.goTo(cursor.position);
            if (ahead.available() > 0) {
                count = Math.min(ahead.available(), size);
                bytes = new byte[count];
                System.arraycopy(ahead.bytes(), ahead.from(), bytes, 0, count);
                cursor.advance(count);
                return null;
            }
        }
        Prefetch.Started started = prefetch.take(cursor.file, cursor.position);
        if (started == null) {
            return read();
        }
        prefetched = true;
        bytes = started.bytes;
        return new Step.Arrival(started.read);
    }

    private Step read() {
        bytes = new byte[size];
        return new Step.Read(MemorySegment.ofArray(bytes), cursor.position);
    }

    @Override
    Optional<ByteBuffer> result() {
        return count == 0 ? Optional.empty() : Optional.of(ByteBuffer.wrap(bytes, 0, count));
    }
}
