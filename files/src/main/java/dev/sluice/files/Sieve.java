package dev.sluice.files;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * Says which blocks of a piece of memory may have some bytes, at nearly the speed at which the memory can be read.
 *
 * <p>It looks for two of the bytes, those that are rarest in most files, each in its place; for four where two are common or found
 * too often; and what is suspect then, it looks through for eight. Eight places are looked at at a time, in loops without branches
 * that the compiler makes into vector instructions. Each loop goes through two blocks that lie far apart: a processor then waits for
 * the memory of one while it gets that of the other, which is half as fast again.
 *
 * <p>For use by one thread at a time.
 */
final class Sieve {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final long ONES = 0x0101010101010101L;
    private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;

    /** So many longs are looked at without a branch; fewer where there are no more. */
    private static final int LONGS = 512;

    private static final int FEW_LONGS = 32;

    /** So many places have to be there to be looked at. */
    static final int SMALLEST = FEW_LONGS * Long.BYTES;

    /** So many blocks are looked at before one of them is compared; the caches of a processor hold them. */
    private static final int BLOCKS = 256;

    /** How many bytes are looked for, at most. */
    private static final int MOST = 8;

    /** When one of so many blocks is suspect, more bytes are looked for. */
    private static final int TOO_OFTEN = 3;

    private static final int ONE = 1;
    private static final int OTHER = 2;

    /** Common bytes of text and of binary files, the most common first. */
    private static final byte[] COMMON =
            "\0 etaoinsrlhdcumfpgwybv\n01,.\"23456789-_/:;=()<>kxjqzETAOINSRLHDCUMFPGWYBV\377\1\t\r"
                    .getBytes(StandardCharsets.ISO_8859_1);

    /** How often a byte is the most common one, and how much rarer each one after it. */
    private static final double MOST_COMMON = 0.12;

    private static final double RARER = 0.93;

    private static final int[] RANK = ranks();

    private final int[] places;
    private final long[] wanted = new long[MOST];
    private final boolean[] suspects = new boolean[BLOCKS];
    private final int length;

    /** How many bytes are looked for in the first place, two or four. */
    private int width;

    private long first;
    private long lastBlock;
    private int longs;
    private int blocks;

    /** How often suspects were looked through again, and how many of them were suspects no more. */
    private long again;

    private long cleared;

    /**
     * Looks for a needle.
     *
     * @param places those of its rarest bytes, as {@link #rarest} has them
     */
    Sieve(byte[] needle, int[] places) {
        this.places = places;
        length = needle.length;
        for (int i = 0; i < MOST; i++) {
            wanted[i] = (needle[places[i]] & 0xFF) * ONES;
        }
        double chance = LONGS * Long.BYTES * share(needle[places[0]]) * share(needle[places[1]]);
        width = length > 2 && chance * TOO_OFTEN > 1 ? 4 : 2;
    }

    private static int[] ranks() {
        int[] ranks = new int[256];
        for (int i = 0; i < COMMON.length; i++) {
            ranks[COMMON[i] & 0xFF] = COMMON.length - i;
        }
        return ranks;
    }

    /** The places of the eight rarest bytes, different ones if there are; the first one again where there are fewer. */
    static int[] rarest(byte[] needle) {
        int[] places = new int[MOST];
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
        return isNew == isOtherNew ? RANK[one & 0xFF] < RANK[other & 0xFF] : isNew;
    }

    /** About how many of the bytes of a file are this one. */
    private static double share(byte value) {
        return MOST_COMMON * Math.pow(RARER, COMMON.length - RANK[value & 0xFF]);
    }

    /**
     * Looks at the blocks from a place on, as many as there are and it looks at together.
     *
     * @param from the first place at which the needle may begin
     * @param last the last one; there are at least {@link #SMALLEST} before it, and it
     * @return how many blocks those are
     */
    int shake(MemorySegment piece, long from, long last) {
        longs = last + 1 < (long) LONGS * Long.BYTES ? FEW_LONGS : LONGS;
        lastBlock = last + 1 - (long) longs * Long.BYTES;
        first = Math.min(from, lastBlock);
        blocks = (int) Math.min(BLOCKS, Math.ceilDiv(last + 1 - first, (long) longs * Long.BYTES));
        int half = Math.ceilDiv(blocks, 2);
        int count = 0;
        for (int i = 0; i < half; i++) {
            int may = mayHave(piece, block(i), block(i + half));
            suspects[i] = (may & ONE) != 0;
            if (i + half < blocks) {
                suspects[i + half] = (may & OTHER) != 0;
            }
            count += Integer.bitCount(may);
        }
        if (length > 2 && count * TOO_OFTEN > blocks) {
            width = 4;
        }
        return blocks;
    }

    /** Where a block begins. The last one overlaps the one before, to be as long. */
    long block(int number) {
        return Math.min(first + (long) number * longs * Long.BYTES, lastBlock);
    }

    /** Where the blocks end. */
    long end() {
        return first + (long) blocks * longs * Long.BYTES;
    }

    boolean isSuspect(int number) {
        return suspects[number];
    }

    /** Looks through a suspect for more bytes, unless that is in vain most of the time. */
    boolean isStillSuspect(MemorySegment piece, long block) {
        if (length <= width || cleared * TOO_OFTEN < again - BLOCKS) {
            return true;
        }
        boolean may = mayHaveEight(piece, block, longs, places, wanted);
        again++;
        cleared += may ? 0 : 1;
        return may;
    }

    /** Hands on each place of a block where four of the bytes are in their places. */
    void places(MemorySegment piece, long block, LongConsumer to) {
        long at0 = block + places[0];
        long at1 = block + places[1];
        long at2 = block + places[2];
        long at3 = block + places[3];
        for (int i = 0; i < longs; i++) {
            long differ = (piece.get(LONG, at0 + 8L * i) ^ wanted[0])
                    | (piece.get(LONG, at1 + 8L * i) ^ wanted[1])
                    | (piece.get(LONG, at2 + 8L * i) ^ wanted[2])
                    | (piece.get(LONG, at3 + 8L * i) ^ wanted[3]);
            // The highest bit of each byte that is zero, where all four bytes are in their places.
            long hits = ~(((differ & LOW_BITS) + LOW_BITS) | differ | LOW_BITS);
            for (; hits != 0; hits &= hits - 1) {
                to.accept(block + 8L * i + (Long.numberOfTrailingZeros(hits) >>> 3));
            }
        }
    }

    /** Answers {@link #ONE} where the one block may have them, {@link #OTHER} where the other may, or both. */
    private int mayHave(MemorySegment piece, long one, long other) {
        return width == 2
                ? mayHaveTwo(piece, one, other, longs, places, wanted)
                : mayHaveFour(piece, one, other, longs, places, wanted);
    }

    /** Whether the highest bit of some byte is zero. */
    private static boolean hasZero(long bytes) {
        return (bytes | LOW_BITS) != -1;
    }

    private static int mayHaveTwo(MemorySegment piece, long one, long other, int longs, int[] places, long[] wanted) {
        long at0 = one + places[0];
        long at1 = one + places[1];
        long wanted0 = wanted[0];
        long wanted1 = wanted[1];
        long gap = other - one;
        long all = -1;
        long others = -1;
        for (int i = 0; i < longs; i++) {
            long differ = (piece.get(LONG, at0 + 8L * i) ^ wanted0) | (piece.get(LONG, at1 + 8L * i) ^ wanted1);
            long differs =
                    (piece.get(LONG, at0 + gap + 8L * i) ^ wanted0) | (piece.get(LONG, at1 + gap + 8L * i) ^ wanted1);
            all &= ((differ & LOW_BITS) + LOW_BITS) | differ;
            others &= ((differs & LOW_BITS) + LOW_BITS) | differs;
        }
        return (hasZero(all) ? ONE : 0) | (hasZero(others) ? OTHER : 0);
    }

    private static int mayHaveFour(MemorySegment piece, long one, long other, int longs, int[] places, long[] wanted) {
        long at0 = one + places[0];
        long at1 = one + places[1];
        long at2 = one + places[2];
        long at3 = one + places[3];
        long wanted0 = wanted[0];
        long wanted1 = wanted[1];
        long wanted2 = wanted[2];
        long wanted3 = wanted[3];
        long gap = other - one;
        long all = -1;
        long others = -1;
        for (int i = 0; i < longs; i++) {
            long differ = (piece.get(LONG, at0 + 8L * i) ^ wanted0)
                    | (piece.get(LONG, at1 + 8L * i) ^ wanted1)
                    | (piece.get(LONG, at2 + 8L * i) ^ wanted2)
                    | (piece.get(LONG, at3 + 8L * i) ^ wanted3);
            long differs = (piece.get(LONG, at0 + gap + 8L * i) ^ wanted0)
                    | (piece.get(LONG, at1 + gap + 8L * i) ^ wanted1)
                    | (piece.get(LONG, at2 + gap + 8L * i) ^ wanted2)
                    | (piece.get(LONG, at3 + gap + 8L * i) ^ wanted3);
            all &= ((differ & LOW_BITS) + LOW_BITS) | differ;
            others &= ((differs & LOW_BITS) + LOW_BITS) | differs;
        }
        return (hasZero(all) ? ONE : 0) | (hasZero(others) ? OTHER : 0);
    }

    private static boolean mayHaveEight(MemorySegment piece, long at, int longs, int[] places, long[] wanted) {
        long at0 = at + places[0];
        long at1 = at + places[1];
        long at2 = at + places[2];
        long at3 = at + places[3];
        long at4 = at + places[4];
        long at5 = at + places[5];
        long at6 = at + places[6];
        long at7 = at + places[7];
        long wanted0 = wanted[0];
        long wanted1 = wanted[1];
        long wanted2 = wanted[2];
        long wanted3 = wanted[3];
        long wanted4 = wanted[4];
        long wanted5 = wanted[5];
        long wanted6 = wanted[6];
        long wanted7 = wanted[7];
        long all = -1;
        for (int i = 0; i < longs; i++) {
            long differ = (piece.get(LONG, at0 + 8L * i) ^ wanted0)
                    | (piece.get(LONG, at1 + 8L * i) ^ wanted1)
                    | (piece.get(LONG, at2 + 8L * i) ^ wanted2)
                    | (piece.get(LONG, at3 + 8L * i) ^ wanted3)
                    | (piece.get(LONG, at4 + 8L * i) ^ wanted4)
                    | (piece.get(LONG, at5 + 8L * i) ^ wanted5)
                    | (piece.get(LONG, at6 + 8L * i) ^ wanted6)
                    | (piece.get(LONG, at7 + 8L * i) ^ wanted7);
            all &= ((differ & LOW_BITS) + LOW_BITS) | differ;
        }
        return hasZero(all);
    }
}
