package dev.sluice.aio;

import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * How the bytes of a file are text.
 *
 * <p>A byte order mark at the file's beginning is passed over for {@code UTF-8}, and chooses the byte order for {@code
 * UTF-16} and {@code UTF-32}. The charsets that name their byte order themselves have no such mark: there it is a
 * character, as their standard says.
 *
 * <p>Immutable, safe for use by many threads.
 *
 * @param charset how the bytes are characters
 * @param malformed what becomes of bytes that are no characters, and of characters that the charset has not: an error,
 *     a replacement, or nothing
 * @param newlines what becomes of line ends on reading
 * @param lineLimit the most bytes a line may have
 * @param chunkSize how many bytes are read ahead
 */
public record TextOptions(
        Charset charset, CodingErrorAction malformed, Newlines newlines, int lineLimit, int chunkSize) {
    /** UTF-8, errors reported, line ends as they are. */
    public static final TextOptions DEFAULT = new TextOptions(
            StandardCharsets.UTF_8,
            CodingErrorAction.REPORT,
            Newlines.KEEP,
            LineOptions.NO_LIMIT,
            LineOptions.DEFAULT_CHUNK_SIZE);

    /** What becomes of line ends on reading; they are written as they are. */
    public enum Newlines {
        /** They stay as they are; lines end with a line feed, or with carriage return and line feed. */
        KEEP,
        /** Carriage return, alone or with a line feed, becomes a line feed; lines end with any of them. */
        UNIVERSAL
    }

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException when a number is less than 1, or the charset can only be read
     */
    public TextOptions {
        Objects.requireNonNull(malformed, "malformed");
        Objects.requireNonNull(newlines, "newlines");
        if (lineLimit < 1 || chunkSize < 1) {
            throw new IllegalArgumentException(
                    "the limit of a line and the size of a chunk must be 1 or more: lineLimit=" + lineLimit
                            + ", chunkSize=" + chunkSize);
        }
        if (!charset.canEncode()) {
            throw new IllegalArgumentException(charset + " only guesses at what it reads: name the charset itself");
        }
    }

    /**
     * Chooses the charset.
     *
     * @param charset how the bytes are characters
     * @return these options with that charset
     */
    public TextOptions withCharset(Charset charset) {
        return new TextOptions(charset, malformed, newlines, lineLimit, chunkSize);
    }

    /**
     * Chooses what becomes of what is not in the charset.
     *
     * @param action what
     * @return these options with that choice
     */
    public TextOptions withMalformed(CodingErrorAction action) {
        return new TextOptions(charset, action, newlines, lineLimit, chunkSize);
    }

    /**
     * Chooses what becomes of line ends on reading.
     *
     * @param newlines what
     * @return these options with that choice
     */
    public TextOptions withNewlines(Newlines newlines) {
        return new TextOptions(charset, malformed, newlines, lineLimit, chunkSize);
    }

    /**
     * Limits the length of lines.
     *
     * @param bytes the most bytes a line may have, 1 or more
     * @return these options with that limit
     */
    public TextOptions withLineLimit(int bytes) {
        return new TextOptions(charset, malformed, newlines, bytes, chunkSize);
    }

    /**
     * Chooses how many bytes are read ahead.
     *
     * @param bytes how many, 1 or more
     * @return these options with that size
     */
    public TextOptions withChunkSize(int bytes) {
        return new TextOptions(charset, malformed, newlines, lineLimit, bytes);
    }

    /** What lines are in such text. */
    LineOptions lines() {
        LineOptions lines = LineOptions.DEFAULT
                .withCharset(charset)
                .withMalformed(malformed)
                .withLimit(lineLimit)
                .withChunkSize(chunkSize);
        return newlines == Newlines.UNIVERSAL ? lines.universal() : lines;
    }
}
