package dev.sluice.aio;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads from the cursor on into the caller's buffer, and moves its position. */
final class ReadInto extends Work<Integer> {
    private final Cursor cursor;
    private final ByteBuffer target;
    private final MemorySegment memory;

    private boolean begun;
    private int count;

    ReadInto(Cursor cursor, ByteBuffer target) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException(cursor.file.name() + ": cannot read into a read-only buffer: " + target);
        }
        this.cursor = cursor;
        this.target = target;
        this.memory = MemorySegment.ofBuffer(target);
    }

    @Override
    boolean isReading() {
        return true;
    }

    @Override
    @Nullable
    Step next(long answer) {
        if (begun) {
            count = (int) answer;
            return null;
        }
        begun = true;
        ReadAhead ahead = cursor.ahead;
        if (!cursor.file.isPositional()) {
            ahead.goTo(cursor.position);
            if (ahead.available() > 0) {
                count = (int) Math.min(ahead.available(), memory.byteSize());
                MemorySegment.copy(MemorySegment.ofArray(ahead.bytes()), ahead.from(), memory, 0, count);
                return null;
            }
        }
        return memory.byteSize() == 0 ? null : new Step.Read(memory, cursor.position);
    }

    @Override
    Integer result() {
        int moved = Math.max(0, count);
        cursor.advance(moved);
        target.position(target.position() + moved);
        return count;
    }
}
