package dev.sluice.files;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * One search in one file, which goes on from piece to piece of it.
 *
 * <p>A {@link Sieve} says which blocks of a piece may have what is looked for, and only in those it is compared. Where that
 * happens so often that comparing costs more than looking, as with repeated bytes in repeated bytes, the rest of the piece is
 * searched by an automaton, in a time that only its length decides.
 *
 * <p>For use by one thread at a time.
 */
final class Scan {
    /** After so many bytes compared in vain it is asked whether comparing is worth while. */
    private static final long PATIENCE = 1 << 16;

    private final byte[] needle;
    private final boolean overlapping;
    private final long limit;
    private final Sieve sieve;
    private int[] borders = {};
    private long[] found = new long[8];
    private int count;

    /** The first place at which the next may begin. */
    private long next;

    private long compared;

    Scan(Search search, long from) {
        needle = search.needle();
        overlapping = search.isOverlapping();
        limit = Math.min(search.most(), Integer.MAX_VALUE - 8);
        next = from;
        sieve = new Sieve(needle, search.rarest());
    }

    /** {@return the places found, in order} */
    long[] found() {
        return Arrays.copyOf(found, count);
    }

    boolean isComplete() {
        return count >= limit;
    }

    /** How many bytes of a piece have to be there again at the beginning of the next one. */
    int overlap() {
        return needle.length - 1;
    }

    /**
     * Looks through a piece of native memory.
     *
     * @param length how much of it
     * @param origin where in the file the piece begins
     */
    void through(MemorySegment piece, long length, long origin) {
        long last = length - needle.length;
        long begun = Math.max(0, next - origin);
        long at = begun;
        compared = 0;
        while (at <= last && last + 1 >= Sieve.SMALLEST && !isComplete()) {
            int blocks = sieve.shake(piece, at, last);
            for (int i = 0; i < blocks && !isComplete(); i++) {
                long block = sieve.block(i);
                if (sieve.isSuspect(i) && sieve.isStillSuspect(piece, block)) {
                    sieve.places(piece, block, place -> compare(piece, place, origin));
                    if (compared > PATIENCE + 4 * (block - begun)) {
                        throughByAutomaton(piece, length, origin);
                        return;
                    }
                }
            }
            at = Math.max(sieve.end(), next - origin);
        }
        for (; at <= last && !isComplete(); at++) {
            if (piece.get(ValueLayout.JAVA_BYTE, at) == needle[0]) {
                compare(piece, at, origin);
            }
        }
        next = Math.max(next, origin + Math.max(0, last + 1));
    }

    private void compare(MemorySegment piece, long at, long origin) {
        if (origin + at < next || isComplete()) {
            return;
        }
        for (int i = 0; i < needle.length; i++) {
            if (piece.get(ValueLayout.JAVA_BYTE, at + i) != needle[i]) {
                compared += i + 1;
                return;
            }
        }
        compared += overlapping ? needle.length : 0;
        add(origin + at);
    }

    private void add(long place) {
        if (count == found.length) {
            found = Arrays.copyOf(found, (int) Math.min(Integer.MAX_VALUE - 8L, 2L * count));
        }
        found[count++] = place;
        next = place + (overlapping ? 1 : needle.length);
    }

    /** By Knuth, Morris and Pratt. */
    private void throughByAutomaton(MemorySegment piece, long length, long origin) {
        if (borders.length == 0) {
            borders = bordersOf(needle);
        }
        int matched = 0;
        for (long at = Math.max(0, next - origin); at < length && !isComplete(); at++) {
            byte value = piece.get(ValueLayout.JAVA_BYTE, at);
            while (matched > 0 && value != needle[matched]) {
                matched = borders[matched - 1];
            }
            if (value == needle[matched]) {
                matched++;
            }
            if (matched == needle.length) {
                add(origin + at - needle.length + 1);
                matched = overlapping ? borders[matched - 1] : 0;
            }
        }
        next = Math.max(next, origin + Math.max(0, length - needle.length + 1));
    }

    /** For each beginning, how long its longest end is that is a beginning too. */
    private static int[] bordersOf(byte[] needle) {
        int[] borders = new int[needle.length];
        int matched = 0;
        for (int i = 1; i < needle.length; i++) {
            while (matched > 0 && needle[i] != needle[matched]) {
                matched = borders[matched - 1];
            }
            if (needle[i] == needle[matched]) {
                matched++;
            }
            borders[i] = matched;
        }
        return borders;
    }
}
