package dev.sluice.aio;

import java.io.IOException;
import java.io.Writer;
import java.util.Objects;

/** A stream of text as the JDK's writer. Safe for use by many threads, as its stream is. */
final class TextOutput extends Writer {
    private final AsyncTextStream stream;

    /** The first half of a pair whose second is to come, or nothing. */
    private String first = "";

    TextOutput(AsyncTextStream stream) {
        this.stream = stream;
    }

    @Override
    public void write(char[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        write(new String(source, offset, length));
    }

    @Override
    public void write(String source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length());
        synchronized (lock) {
            String text = first + source.substring(offset, offset + length);
            int end = text.length();
            if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
                end--;
            }
            if (end > 0) {
                stream.write(text.substring(0, end));
            }
            first = text.substring(end);
        }
    }

    /** Nothing is gathered, so there is nothing to do. */
    @Override
    public void flush() {}

    @Override
    public void close() throws IOException {
        synchronized (lock) {
            String unpaired = first;
            first = "";
            try (stream) {
                if (!unpaired.isEmpty()) {
                    stream.write(unpaired);
                }
            }
        }
    }
}
