package dev.sluice.aio;

import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads text from the cursor on: so many characters, all until the end, or a piece of the line.
 *
 * <p>Characters are code points. Of a file that ends within a character, what is before it is answered first, since the
 * rest may still come.
 */
final class ReadText extends Work<String> {
    private final Cursor cursor;
    private final Codec codec;
    private final TextOptions options;
    private final Beginning beginning;
    private final int most;
    private final boolean all;

    /** Whether what is before malformed bytes is an answer. */
    private final boolean upToMalformed;

    private boolean atMalformed;

    /** Where the line ends, when no more than that is wanted. */
    private final @Nullable LineForm<String> line;

    private final StringBuilder text = new StringBuilder();
    private int count;
    private boolean begun;
    private boolean atEnd;

    /** How many of the unread bytes are known to have no separator; how many make the line, once it is found. */
    private int searched;

    private int lineBytes = -1;

    /** A carriage return was read, and whether a line feed belongs to it is not known yet. */
    private boolean returned;

    private ReadText(
            Cursor cursor,
            Codec codec,
            TextOptions options,
            int most,
            boolean all,
            boolean upToMalformed,
            @Nullable LineForm<String> line) {
        this.cursor = cursor;
        this.codec = codec;
        this.options = options;
        this.beginning = new Beginning(cursor, codec, true, options.chunkSize());
        this.most = most;
        this.all = all;
        this.upToMalformed = upToMalformed;
        this.line = line;
    }

    static ReadText some(Cursor cursor, Codec codec, TextOptions options, int most) {
        if (most < 0) {
            throw new IllegalArgumentException(
                    cursor.file.name() + ": the number of characters to read must be 0 or more: " + most);
        }
        return new ReadText(cursor, codec, options, most, false, false, null);
    }

    static ReadText upToMalformed(Cursor cursor, Codec codec, TextOptions options, int most) {
        return new ReadText(cursor, codec, options, most, false, true, null);
    }

    static ReadText all(Cursor cursor, Codec codec, TextOptions options) {
        return new ReadText(cursor, codec, options, Integer.MAX_VALUE, true, false, null);
    }

    static ReadText ofLine(Cursor cursor, LineForm<String> line, TextOptions options, int most) {
        if (most < 1) {
            throw new IllegalArgumentException(cursor.file.name() + ": the limit of a line must be 1 or more: " + most);
        }
        return new ReadText(cursor, line.codec(), options, most, false, false, line);
    }

    @Override
    boolean isReading() {
        return true;
    }

    @Override
    @Nullable
    Step next(long answer) throws CharacterCodingException {
        if (!begun) {
            Step step = beginning.next(answer);
            if (step != null) {
                return step;
            }
            begun = true;
            cursor.ahead.keepFrom(cursor.position);
        } else {
            atEnd = !cursor.ahead.filled(answer);
        }
        decode();
        if (!isEnough()) {
            return cursor.ahead.fill(options.chunkSize());
        }
        cursor.position = cursor.ahead.position();
        return null;
    }

    private boolean isEnough() {
        if (count >= most || atEnd || atMalformed || lineBytes == 0) {
            return true;
        }
        if (all || count == 0 || cursor.file.isPositional()) {
            return false;
        }
        if (returned) {
            cursor.ahead.skip(-codec.lineFeed().length); // rather than wait for what may follow it
            returned = false;
        }
        return true;
    }

    private void decode() throws CharacterCodingException {
        ReadAhead ahead = cursor.ahead;
        boolean going = true;
        while (count < most && going) {
            int available = decodable(ahead);
            boolean last = atEnd || lineBytes >= 0;
            if (returned) {
                going = isFeedSettled(ahead, available, last);
                continue;
            }
            boolean lastOfAll = last && (all || text.isEmpty() || lineBytes >= 0);
            int before = text.length();
            int used = decode(ahead, available, lastOfAll);
            pass(ahead, used);
            count += options.newlines() == TextOptions.Newlines.UNIVERSAL
                    ? joinLineEnds(before)
                    : text.codePointCount(before, text.length());
            going = (used > 0 && !atMalformed) || returned;
        }
    }

    private int decode(ReadAhead ahead, int available, boolean last) throws CharacterCodingException {
        int from = ahead.from();
        try {
            return codec.decode(ahead.bytes(), from, from + available, ahead.position(), last, most - count, text);
        } catch (Codec.Uncodable e) {
            if (!upToMalformed || text.isEmpty()) {
                throw e;
            }
            atMalformed = true;
            return (int) (e.position - ahead.position());
        }
    }

    /** How many of the unread bytes may be decoded: no more than the line has. */
    private int decodable(ReadAhead ahead) {
        int available = ahead.available();
        if (line == null) {
            return available;
        }
        if (lineBytes < 0) {
            int from = ahead.from();
            long found = line.separators().find(ahead.bytes(), from, from + searched, from + available, atEnd);
            if (found >= 0) {
                lineBytes = Separators.place(found) + Separators.length(found) - from;
            } else {
                searched = (int) ~found - from;
                return searched;
            }
        }
        return lineBytes;
    }

    private void pass(ReadAhead ahead, int used) {
        ahead.skip(used);
        searched = Math.max(0, searched - used);
        lineBytes = lineBytes < 0 ? lineBytes : lineBytes - used;
    }

    /** Sees whether a line feed follows the carriage return; answers false when that cannot be told yet. */
    private boolean isFeedSettled(ReadAhead ahead, int available, boolean last) throws CharacterCodingException {
        byte[] feed = codec.lineFeed();
        int from = ahead.from();
        if (available < feed.length && !last) {
            return false;
        }
        int end = from + Math.min(available, feed.length);
        if (Arrays.equals(ahead.bytes(), from, end, feed, 0, feed.length)) {
            int before = text.length();
            pass(ahead, codec.decode(ahead.bytes(), from, end, ahead.position(), false, 1, text));
            text.setLength(before);
        }
        text.append('\n');
        count++;
        returned = false;
        return true;
    }

    /** Makes every kind of line end a line feed, from an index on, and answers how many code points there are. */
    private int joinLineEnds(int from) {
        int to = from;
        int end = text.length();
        for (int i = from; i < end; i++) {
            char each = text.charAt(i);
            if (each == '\r' && i + 1 == end) {
                returned = true;
                continue;
            }
            if (each == '\r') {
                each = '\n';
                i += text.charAt(i + 1) == '\n' ? 1 : 0;
            }
            text.setCharAt(to, each);
            to++;
        }
        text.setLength(to);
        return text.codePointCount(from, to);
    }

    @Override
    String result() {
        return text.toString();
    }
}
