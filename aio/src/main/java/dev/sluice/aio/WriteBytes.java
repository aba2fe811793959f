package dev.sluice.aio;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Writes bytes at the cursor, or at the end of a file that is appended to, and answers where they begin. */
final class WriteBytes extends Work<Long> {
    private final Cursor cursor;
    private final MemorySegment source;
    private final @Nullable ByteBuffer buffer;
    private final boolean appending;
    private boolean begun;
    private long landed;

    private WriteBytes(Cursor cursor, MemorySegment source, @Nullable ByteBuffer buffer) {
        this.cursor = cursor;
        this.source = source;
        this.buffer = buffer;
        this.appending = cursor.file.isAppending() && cursor.file.isPositional();
    }

    static WriteBytes of(Cursor cursor, ByteBuffer source) {
        return new WriteBytes(cursor, MemorySegment.ofBuffer(source), source);
    }

    static WriteBytes of(Cursor cursor, byte[] source) {
        return new WriteBytes(cursor, MemorySegment.ofArray(source), null);
    }

    static WriteBytes of(Cursor cursor, MemorySegment source) {
        return new WriteBytes(cursor, source, null);
    }

    @Override
    @Nullable
    Step next(long answer) {
        if (begun) {
            landed = appending ? answer : landed;
            return null;
        }
        begun = true;
        landed = cursor.position;
        if (source.byteSize() == 0) {
            return null;
        }
        return appending ? new Step.Append(source) : new Step.Write(source, landed);
    }

    @Override
    Long result() {
        if (source.byteSize() > 0) {
            cursor.position = landed + source.byteSize();
        }
        if (buffer != null) {
            buffer.position(buffer.limit());
        }
        return landed;
    }
}
