package dev.sluice.aio;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines from the cursor on: one or several, but only so many as what was read ahead already has, once there is
 * one.
 *
 * <p>A line that is too long or malformed is told when it is the first; the cursor is behind it then, so that reading
 * can go on.
 */
final class ReadLines<T> extends Work<ReadLines.Lines<T>> {
    /**
     * Some lines.
     *
     * @param lines the lines; none at the end of the file
     * @param ends the place in the file behind each of them and its separator
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Lines<T>(List<T> lines, long[] ends) {}

    private final Cursor cursor;
    private final LineForm<T> form;
    private final Beginning beginning;
    private final int most;
    private final int limit;

    /** Whether a line that is too long is given in pieces, which then have the separator too. */
    private final boolean inPieces;

    private final boolean keeping;
    private final List<T> lines = new ArrayList<>();
    private long[] ends = new long[1];
    private boolean begun;
    private boolean passingOver;
    private boolean atEnd;

    /** How many of the unread bytes are known to have no separator. */
    private int searched;

    private ReadLines(Cursor cursor, LineForm<T> form, int most, int limit, boolean inPieces) {
        this.cursor = cursor;
        this.form = form;
        this.beginning = new Beginning(
                cursor, form.codec(), form.isText(), form.options().chunkSize());
        this.most = most;
        this.limit = limit;
        this.inPieces = inPieces;
        this.keeping = inPieces || form.options().keepSeparator();
    }

    static <T> ReadLines<T> lines(Cursor cursor, LineForm<T> form, int most) {
        return new ReadLines<>(cursor, form, most, form.options().limit(), false);
    }

    static <T> ReadLines<T> piece(Cursor cursor, LineForm<T> form, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException(
                    cursor.file.name() + ": the limit of a line must be 1 or more: " + limit);
        }
        return new ReadLines<>(cursor, form, 1, limit, true);
    }

    @Override
    boolean isReading() {
        return true;
    }

    @Override
    @Nullable
    Step next(long answer) throws IOException {
        if (!begun) {
            Step step = beginning.next(answer);
            if (step != null) {
                return step;
            }
            begun = true;
            passingOver = cursor.tooLongAt >= 0 && cursor.tooLongAt == cursor.position;
        } else {
            atEnd = !cursor.ahead.filled(answer);
        }
        if (isEnough()) {
            cursor.position = cursor.ahead.position();
            return null;
        }
        return cursor.ahead.fill(form.options().chunkSize());
    }

    private boolean isEnough() throws IOException {
        ReadAhead ahead = cursor.ahead;
        Separators separators = form.separators();
        while (lines.size() < most) {
            int from = ahead.from();
            int to = from + ahead.available();
            long found = separators.find(ahead.bytes(), from, from + searched, to, atEnd);
            if (found >= 0) {
                searched = 0;
                int length = Separators.place(found) - from;
                if (passingOver) {
                    passOver(length + Separators.length(found));
                } else if (!isAdded(length, Separators.length(found))) {
                    return true;
                }
            } else {
                searched = (int) ~found - from;
                return isEnoughWithout(to - from);
            }
        }
        return true;
    }

    /** No separator was found: the rest of what was read ahead is a line only at the end of the file. */
    private boolean isEnoughWithout(int available) throws IOException {
        if (passingOver) {
            int passed = searched - searched % form.codec().unit();
            cursor.ahead.skip(passed);
            cursor.position = cursor.ahead.position();
            cursor.tooLongAt = cursor.position;
            searched -= passed;
        } else if (searched > limit || (inPieces && searched == limit)) {
            isAdded(searched, 0);
            return true;
        } else if (atEnd && available > 0) {
            isAdded(available, 0);
            return true;
        }
        return atEnd || !lines.isEmpty();
    }

    private void passOver(int count) {
        cursor.ahead.skip(count);
        cursor.position = cursor.ahead.position();
        cursor.tooLongAt = -1;
        passingOver = false;
    }

    /** Adds a line. Answers false when it is for another call, since it has to be told as an error, or is a piece. */
    private boolean isAdded(int length, int separator) throws IOException {
        int given = length + (keeping ? separator : 0);
        if (given > limit) {
            if (inPieces) {
                // A separator is only cut when there is nothing else to give.
                add(length == 0 || length > limit ? limit : length, 0);
            } else if (lines.isEmpty()) {
                throw tooLong(length);
            }
            return false;
        }
        if (lines.isEmpty()) {
            add(given, length + separator - given);
            return true;
        }
        try {
            add(given, length + separator - given);
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private void add(int length, int rest) throws IOException {
        ReadAhead ahead = cursor.ahead;
        long position = ahead.position();
        long end = position + length + rest;
        try {
            lines.add(form.of(ahead.bytes(), ahead.from(), length, position));
        } catch (CharacterCodingException e) {
            if (lines.isEmpty()) {
                cursor.position = end;
            }
            throw e;
        }
        form.codec().pass(position + length, end);
        ahead.skip(length + rest);
        if (lines.size() > ends.length) {
            ends = Arrays.copyOf(ends, 2 * ends.length);
        }
        ends[lines.size() - 1] = end;
    }

    private LineTooLongException tooLong(int length) {
        long position = cursor.ahead.position();
        int passed = Math.min(length, limit);
        cursor.position = position + passed - passed % form.codec().unit();
        cursor.tooLongAt = cursor.position;
        return new LineTooLongException(cursor.file.name(), position, limit);
    }

    @Override
    Lines<T> result() {
        return new Lines<>(lines, ends);
    }
}
