package dev.sluice.files;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes to be found in files. Immutable, safe for use by many threads.
 *
 * {@snippet class="dev.sluice.files.MappedGuideTest" region="find"}
 */
public final class Search {
    private final byte[] needle;
    private final int[] rarest;
    private final boolean overlapping;
    private final long limit;

    private Search(byte[] needle, int[] rarest, boolean overlapping, long limit) {
        this.needle = needle;
        this.rarest = rarest;
        this.overlapping = overlapping;
        this.limit = limit;
    }

    /**
     * Looks for bytes: all places, none of which overlap.
     *
     * @param bytes what is looked for, at least one byte
     * @return the search
     */
    public static Search of(byte[] bytes) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("nothing to look for: give at least one byte");
        }
        byte[] needle = bytes.clone();
        return new Search(needle, Sieve.rarest(needle), false, Long.MAX_VALUE);
    }

    /**
     * Looks for text, as it is in UTF-8.
     *
     * @param text what is looked for, at least one character
     * @return the search
     */
    public static Search of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** {@return this search for places that may overlap: each at which the bytes are} */
    public Search overlapping() {
        return new Search(needle, rarest, true, limit);
    }

    /**
     * {@return this search for so many places in each file, the first ones}
     *
     * @param places how many, at most; 1 or more
     */
    public Search limit(long places) {
        if (places < 1) {
            throw new IllegalArgumentException("the limit must be 1 or more: " + places);
        }
        return new Search(needle, rarest, overlapping, places);
    }

    byte[] needle() {
        return needle;
    }

    /** The places in it of its eight rarest bytes. */
    int[] rarest() {
        return rarest;
    }

    boolean isOverlapping() {
        return overlapping;
    }

    long most() {
        return limit;
    }

    @Override
    public String toString() {
        return "search for " + Arrays.toString(needle) + (overlapping ? ", overlapping" : "")
                + (limit == Long.MAX_VALUE ? "" : ", at most " + limit);
    }
}
