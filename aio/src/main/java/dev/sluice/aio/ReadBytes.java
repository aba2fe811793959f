package dev.sluice.aio;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads bytes from the cursor on: so many, or all until the end.
 *
 * <p>The size is only asked for when the first piece was full, and is only a hint: a file that calls itself empty, as
 * those of /proc do, is read to its end all the same.
 */
final class ReadBytes extends Work<byte[]> {
    private static final int FIRST_PIECE = 64 << 10;
    private static final int LARGE = 1 << 20;
    private static final int MOST = Integer.MAX_VALUE - 8;

    private final Cursor cursor;
    private final boolean all;
    private final int limit;
    private byte[] bytes = {};
    private int count;
    private boolean begun;
    private boolean sizing;
    private boolean sized;

    private ReadBytes(Cursor cursor, boolean all, int limit) {
        this.cursor = cursor;
        this.all = all;
        this.limit = limit;
    }

    static ReadBytes some(Cursor cursor, int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException(
                    cursor.file.name() + ": the number of bytes to read must be 0 or more: " + limit);
        }
        return new ReadBytes(cursor, false, limit);
    }

    static ReadBytes all(Cursor cursor) {
        return new ReadBytes(cursor, true, MOST);
    }

    @Override
    boolean isReading() {
        return true;
    }

    @Override
    @Nullable
    Step next(long answer) throws IOException {
        if (!begun) {
            begun = true;
            bytes = new byte[all || limit > LARGE ? FIRST_PIECE : limit];
            if (!cursor.file.isPositional()) {
                takeAhead();
            }
            return count == limit || (count > 0 && !all) ? null : more();
        }
        if (sizing) {
            sizing = false;
            grow(answer - cursor.position - count + 1L);
            return more();
        }
        count += (int) Math.max(0, answer);
        return isEnd(answer) ? null : room();
    }

    private boolean isEnd(long answer) throws IOException {
        if (answer <= 0 || (count == limit && !all)) {
            return true;
        }
        if (count == limit) {
            throw new IOException(cursor.file.name() + " has more than " + limit + " bytes from " + cursor.position
                    + " on, which is more than an array can have: read it in chunks");
        }
        return cursor.file.isPositional() ? count < bytes.length : !all;
    }

    private Step room() {
        if (count < bytes.length) {
            return more();
        }
        if (cursor.file.isPositional() && !sized) {
            sized = true;
            sizing = true;
            return new Step.Size();
        }
        grow(bytes.length);
        return more();
    }

    private void grow(long expected) {
        long length = count + Math.max(expected, count);
        bytes = Arrays.copyOf(bytes, (int) Math.min(length, limit));
    }

    private Step more() {
        MemorySegment rest = MemorySegment.ofArray(bytes).asSlice(count);
        return new Step.Read(rest, cursor.position + count);
    }

    /** A pipe's bytes that were read ahead come first. */
    private void takeAhead() {
        ReadAhead ahead = cursor.ahead;
        ahead.goTo(cursor.position);
        count = Math.min(ahead.available(), limit);
        if (count > bytes.length) {
            bytes = new byte[count];
        }
        System.arraycopy(ahead.bytes(), ahead.from(), bytes, 0, count);
        if (all && count == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * count);
        }
    }

    @Override
    byte[] result() {
        cursor.advance(count);
        return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
    }
}
