package dev.sluice.aio;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the first of several byte sequences; of those that begin at the same place, the longest.
 *
 * <p>Where the bytes end within what may be a sequence, it says from where to go on when there are more, so that each
 * byte is looked at once. Immutable.
 */
final class Separators {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;

    private final byte[][] longestFirst;

    /** How many bytes a character has at least: places between them are none. */
    private final int unit;

    private final boolean[] isFirst = new boolean[256];
    private final boolean few;
    private final long oneFirst;
    private final long otherFirst;

    Separators(List<String> texts, Charset charset, int unit) {
        this.unit = unit;
        longestFirst = texts.stream()
                .map(text -> text.getBytes(charset))
                .sorted(Comparator.comparingInt((byte[] bytes) -> bytes.length).reversed())
                .toArray(byte[][]::new);
        for (byte[] each : longestFirst) {
            isFirst[each[0] & 0xFF] = true;
        }
        int[] firsts = Arrays.stream(longestFirst)
                .mapToInt(each -> each[0] & 0xFF)
                .distinct()
                .toArray();
        few = firsts.length <= 2;
        oneFirst = ONES * firsts[0];
        otherFirst = ONES * firsts[firsts.length - 1];
    }

    int longest() {
        return longestFirst[0].length;
    }

    /**
     * Searches.
     *
     * @param bytes where
     * @param base a place where a character begins
     * @param from where to begin
     * @param to where the bytes end
     * @param last whether no more bytes will come
     * @return the place and {@link #length} of what was found; or, negative, the complement of the place from where to
     *     go on when there are more bytes
     */
    long find(byte[] bytes, int base, int from, int to, boolean last) {
        int at = candidate(bytes, from, to);
        while (at < to) {
            if (unit == 1 || (at - base) % unit == 0) {
                long found = match(bytes, at, to, last);
                if (found != 0) {
                    return found;
                }
            }
            at = candidate(bytes, at + 1, to);
        }
        return ~(long) to;
    }

    static int place(long found) {
        return (int) (found >>> Integer.SIZE);
    }

    static int length(long found) {
        return (int) found;
    }

    private long match(byte[] bytes, int at, int to, boolean last) {
        for (byte[] each : longestFirst) {
            int length = Math.min(each.length, to - at);
            if (Arrays.equals(bytes, at, at + length, each, 0, length)) {
                if (length == each.length) {
                    return (long) at << Integer.SIZE | length;
                } else if (!last) {
                    return ~(long) at;
                }
            }
        }
        return 0;
    }

    /** The next place with a first byte of a sequence. Eight bytes at a time when there are but one or two such. */
    private int candidate(byte[] bytes, int from, int to) {
        int at = from;
        if (few) {
            for (; at + Long.BYTES <= to; at += Long.BYTES) {
                long word = (long) LONGS.get(bytes, at);
                long hits = zeros(word ^ oneFirst) | zeros(word ^ otherFirst);
                if (hits != 0) {
                    return at + (Long.numberOfTrailingZeros(hits) >>> 3);
                }
            }
        }
        while (at < to && !isFirst[bytes[at] & 0xFF]) {
            at++;
        }
        return at;
    }

    /** Marks the bytes which are 0; bytes above the lowest marked one may be marked wrongly. */
    private static long zeros(long word) {
        return word - ONES & ~word & HIGHS;
    }
}
