package dev.sluice.aio;

import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * What lines are, and how they are read.
 *
 * <p>A separator ends a line; the last line need not have one. Where several separators fit, the first one in the file
 * counts, and of those that begin together the longest. By default they are {@code "\n"} and {@code "\r\n"}, so a
 * carriage return is taken off before a line feed only; {@link #universal()} ends lines at a lone one too, for which the
 * byte after it has to be looked at.
 *
 * <p>Immutable, safe for use by many threads.
 *
 * @param separators what ends a line, in the charset's characters; for lines of arbitrary bytes use
 *     {@code ISO_8859_1}, whose characters are the bytes
 * @param keepSeparator whether lines are given with the separator that ended them
 * @param limit the most bytes a line may have, its separator counted if it is kept; a longer one is a
 *     {@link LineTooLongException}
 * @param charset how the bytes are characters
 * @param malformed what becomes of bytes that are none: an error, a replacement character, or nothing
 * @param chunkSize how many bytes are read at once
 */
public record LineOptions(
        List<String> separators,
        boolean keepSeparator,
        int limit,
        Charset charset,
        CodingErrorAction malformed,
        int chunkSize) {
    /** The limit when none is set: what a Java array can have. */
    public static final int NO_LIMIT = Integer.MAX_VALUE - 8;

    /** How many bytes are read at once when nothing else is said. */
    public static final int DEFAULT_CHUNK_SIZE = 64 << 10;

    /** Lines of UTF-8 that end with a line feed or with carriage return and line feed, without limit. */
    public static final LineOptions DEFAULT = new LineOptions(
            List.of("\n", "\r\n"),
            false,
            NO_LIMIT,
            StandardCharsets.UTF_8,
            CodingErrorAction.REPORT,
            DEFAULT_CHUNK_SIZE);

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException when a separator is empty, there is none, the charset has not its characters or
     *     might have it within another character, or a number is less than 1
     */
    public LineOptions {
        separators = List.copyOf(separators);
        Objects.requireNonNull(malformed, "malformed");
        if (separators.isEmpty() || separators.contains("")) {
            throw new IllegalArgumentException("lines need separators that are not empty: " + separators);
        }
        if (limit < 1 || chunkSize < 1) {
            throw new IllegalArgumentException("the limit of a line and the size of a chunk must be 1 or more: limit="
                    + limit + ", chunkSize=" + chunkSize);
        }
        Codec.checkSeparators(separators, charset);
    }

    /** {@return these options with line feed, carriage return, and both together as separators} */
    public LineOptions universal() {
        return withSeparators("\n", "\r\n", "\r");
    }

    /**
     * Chooses what ends a line.
     *
     * @param separators one or more texts
     * @return these options with those separators
     */
    public LineOptions withSeparators(String... separators) {
        return new LineOptions(List.of(separators), keepSeparator, limit, charset, malformed, chunkSize);
    }

    /**
     * Chooses whether lines are given with their separators.
     *
     * @param keep whether they are
     * @return these options with that choice
     */
    public LineOptions withKeepSeparator(boolean keep) {
        return new LineOptions(separators, keep, limit, charset, malformed, chunkSize);
    }

    /**
     * Limits the length of lines.
     *
     * @param bytes the most bytes a line may have, 1 or more
     * @return these options with that limit
     */
    public LineOptions withLimit(int bytes) {
        return new LineOptions(separators, keepSeparator, bytes, charset, malformed, chunkSize);
    }

    /**
     * Chooses the charset.
     *
     * @param charset how the bytes are characters
     * @return these options with that charset
     */
    public LineOptions withCharset(Charset charset) {
        return new LineOptions(separators, keepSeparator, limit, charset, malformed, chunkSize);
    }

    /**
     * Chooses what becomes of bytes that are no characters.
     *
     * @param action what
     * @return these options with that choice
     */
    public LineOptions withMalformed(CodingErrorAction action) {
        return new LineOptions(separators, keepSeparator, limit, charset, action, chunkSize);
    }

    /**
     * Chooses how many bytes are read at once.
     *
     * @param bytes how many, 1 or more
     * @return these options with that size
     */
    public LineOptions withChunkSize(int bytes) {
        return new LineOptions(separators, keepSeparator, limit, charset, malformed, bytes);
    }
}
