package dev.sluice.files;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One search in one file, which goes on from piece to piece of it.
 *
 * <p>Two bytes of what is looked for, those that are rarest in most files, are looked for first: eight places at a time, in a
 * loop without branches that the compiler makes into vector instructions; four bytes where two are found too often. Only where
 * four are in their places the rest is compared. Where that happens so often that comparing costs more than looking, as with
 * repeated bytes in repeated bytes, the rest of the piece is searched by an automaton, in a time that only its length decides.
 *
 * <p>For use by one thread at a time.
 */
final class Scan {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final long ONES = 0x0101010101010101L;
    private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;

    /** So many longs are looked at without a branch. */
    private static final int LONGS = 256;

    private static final int BLOCK = LONGS * Long.BYTES;

    /** After so many blocks of a piece that have the two rarest bytes, others are looked for too. */
    private static final int MOST_SUSPECTS = 3;

    /** After so many bytes compared in vain it is asked whether comparing is worth while. */
    private static final long PATIENCE = 1 << 16;

    /** Common bytes of text and of binary files, the most common first. */
    private static final byte[] COMMON =
            "\0 etaoinsrlhdcumfpgwybv\n01,.\"23456789-_/:;=()<>kxjqzETAOINSRLHDCUMFPGWYBV\377\1\t\r"
                    .getBytes(StandardCharsets.ISO_8859_1);

    private static final int[] RANK = ranks();

    private final byte[] needle;
    private final boolean overlapping;
    private final long limit;
    private final int first;
    private final int second;
    private final int third;
    private final int fourth;
    private final long firstBytes;
    private final long secondBytes;
    private final long thirdBytes;
    private final long fourthBytes;
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
        int[] rarest = search.rarest();
        first = rarest[0];
        second = rarest[1];
        third = rarest[2];
        fourth = rarest[3];
        firstBytes = (needle[first] & 0xFF) * ONES;
        secondBytes = (needle[second] & 0xFF) * ONES;
        thirdBytes = (needle[third] & 0xFF) * ONES;
        fourthBytes = (needle[fourth] & 0xFF) * ONES;
    }

    private static int[] ranks() {
        int[] ranks = new int[256];
        for (int i = 0; i < COMMON.length; i++) {
            ranks[COMMON[i] & 0xFF] = COMMON.length - i;
        }
        return ranks;
    }

    /** The places of the four rarest bytes, different ones if there are; the first one again where there are fewer. */
    static int[] rarest(byte[] needle) {
        int[] places = new int[4];
        boolean[] taken = new boolean[256];
        boolean[] used = new boolean[needle.length];
        for (int i = 0; i < places.length; i++) {
            int best = -1;
            for (int at = 0; at < needle.length; at++) {
                if (!used[at] && (best < 0 || isBetter(needle[at], needle[best], taken))) {
                    best = at;
                }
            }
            places[i] = best < 0 ? places[0] : best;
            used[places[i]] = true;
            taken[needle[places[i]] & 0xFF] = true;
        }
        return places;
    }

    private static boolean isBetter(byte one, byte other, boolean[] taken) {
        boolean isNew = !taken[one & 0xFF];
        boolean isOtherNew = !taken[other & 0xFF];
        return isNew == isOtherNew ? rank(one) < rank(other) : isNew;
    }

    private static int rank(byte value) {
        return RANK[value & 0xFF];
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
        long at = Math.max(0, next - origin);
        compared = 0;
        long begun = at;
        int suspects = 0;
        while (at <= last && last + 1 >= BLOCK && !isComplete()) {
            long block = Math.min(at, last + 1 - BLOCK); // the last one overlaps the one before
            if (suspects > MOST_SUSPECTS
                    ? mayHaveFour(piece, block)
                    : mayHave(piece, block + first, firstBytes, block + second, secondBytes)) {
                suspects++;
                compareBlock(piece, block, origin);
                if (compared > PATIENCE + 4 * (at - begun)) {
                    throughByAutomaton(piece, length, origin);
                    return;
                }
            }
            at = Math.max(block + BLOCK, next - origin);
        }
        for (; at <= last && !isComplete(); at++) {
            if (piece.get(ValueLayout.JAVA_BYTE, at + first) == needle[first]) {
                compare(piece, at, origin);
            }
        }
        next = Math.max(next, origin + Math.max(0, last + 1));
    }

    private static boolean mayHave(MemorySegment piece, long one, long oneBytes, long other, long otherBytes) {
        long all = -1;
        for (int i = 0; i < LONGS; i++) {
            long differ = (piece.get(LONG, one + 8L * i) ^ oneBytes) | (piece.get(LONG, other + 8L * i) ^ otherBytes);
            all &= ((differ & LOW_BITS) + LOW_BITS) | differ;
        }
        return (all | LOW_BITS) != -1;
    }

    private boolean mayHaveFour(MemorySegment piece, long at) {
        long one = at + first;
        long other = at + second;
        long another = at + third;
        long last = at + fourth;
        long oneBytes = firstBytes;
        long otherBytes = secondBytes;
        long anotherBytes = thirdBytes;
        long lastBytes = fourthBytes;
        long all = -1;
        for (int i = 0; i < LONGS; i++) {
            long differ = (piece.get(LONG, one + 8L * i) ^ oneBytes)
                    | (piece.get(LONG, other + 8L * i) ^ otherBytes)
                    | (piece.get(LONG, another + 8L * i) ^ anotherBytes)
                    | (piece.get(LONG, last + 8L * i) ^ lastBytes);
            all &= ((differ & LOW_BITS) + LOW_BITS) | differ;
        }
        return (all | LOW_BITS) != -1;
    }

    private void compareBlock(MemorySegment piece, long at, long origin) {
        for (int i = 0; i < LONGS; i++) {
            long place = at + 8L * i;
            long differ = (piece.get(LONG, place + first) ^ firstBytes)
                    | (piece.get(LONG, place + second) ^ secondBytes)
                    | (piece.get(LONG, place + third) ^ thirdBytes)
                    | (piece.get(LONG, place + fourth) ^ fourthBytes);
            // The highest bit of each byte that is zero, where all four bytes are in their places.
            long hits = ~(((differ & LOW_BITS) + LOW_BITS) | differ | LOW_BITS);
            for (; hits != 0; hits &= hits - 1) {
                compare(piece, place + (Long.numberOfTrailingZeros(hits) >>> 3), origin);
            }
        }
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
