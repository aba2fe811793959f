package dev.sluice.aio;

import java.io.IOException;
import java.io.Reader;
import java.util.Objects;

/** A stream of text as the JDK's reader. Safe for use by many threads, as its stream is. */
final class TextInput extends Reader {
    private final AsyncTextStream stream;

    /** The second half of a pair of which only the first had room; 0 when there is none. */
    private char second;

    TextInput(AsyncTextStream stream) {
        this.stream = stream;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        synchronized (lock) {
            if (length == 0) {
                return 0;
            }
            if (second != 0) {
                target[offset] = second;
                second = 0;
                return 1;
            }
            String text = stream.readUpToMalformed(Math.max(1, length / 2));
            if (text.length() > length) {
                second = text.charAt(1);
                text = text.substring(0, 1);
            }
            text.getChars(0, text.length(), target, offset);
            return text.isEmpty() ? -1 : text.length();
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
