package dev.sluice.aio;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The first part of work on text: looks for a byte order mark where that matters, at the file's beginning to pass over
 * it, and from elsewhere when the byte order is not known yet.
 */
final class Beginning {
    private final Cursor cursor;
    private final Codec codec;
    private final boolean passing;
    private final int chunk;
    private final byte[] first;
    private boolean begun;
    private boolean filling;

    /**
     * Makes the part.
     *
     * @param passing whether the mark is to be passed over
     * @param chunk how many bytes are read at once
     */
    Beginning(Cursor cursor, Codec codec, boolean passing, int chunk) {
        this.cursor = cursor;
        this.codec = codec;
        this.passing = passing;
        this.chunk = chunk;
        this.first = new byte[Math.max(ByteOrderMark.LONGEST, cursor.file.alignment())];
    }

    /** As {@link Work#next}; when there is nothing left to do, what was read ahead is at the first character. */
    @Nullable
    Step next(long answer) {
        ReadAhead ahead = cursor.ahead;
        if (!begun) {
            begun = true;
            ahead.goTo(cursor.position);
            filling = cursor.position == 0 && codec.hasMarks();
            if (!filling) {
                return codec.isKnown() ? null : peek(cursor, first);
            }
        } else if (!filling) {
            learned(codec, first, answer);
            return null;
        } else if (!ahead.filled(answer)) {
            return found();
        }
        if (codec.isUndecided(ahead.bytes(), ahead.from(), ahead.from() + ahead.available())) {
            return ahead.fill(chunk);
        }
        return found();
    }

    private @Nullable Step found() {
        ReadAhead ahead = cursor.ahead;
        int mark = codec.learn(ahead.bytes(), ahead.from(), ahead.from() + ahead.available());
        if (passing) {
            ahead.skip(mark);
        }
        return null;
    }

    /** The step that reads the file's first bytes, when that can be done. */
    static @Nullable Step peek(Cursor cursor, byte[] first) {
        boolean possible = cursor.file.isPositional() && cursor.file.isReadable();
        return possible ? new Step.Read(MemorySegment.ofArray(first), 0) : null;
    }

    static void learned(Codec codec, byte[] first, long answer) {
        codec.learn(first, 0, (int) Math.max(0, answer));
    }
}
