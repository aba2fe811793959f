package dev.sluice.language;

import java.util.Arrays;
import java.util.Set;

/**
 * A set of characters: one, all, or a bracket expression. Immutable.
 *
 * <p>Ranges are kept as sorted, disjoint pairs of first and last code point.
 */
final class CharacterSet {
    static final CharacterSet ALL = new CharacterSet(0, Character.MAX_CODE_POINT);

    static final int ASCII = 128;

    private final int[] ranges;

    private CharacterSet(int... ranges) {
        this.ranges = ranges;
    }

    static CharacterSet of(int point) {
        return new CharacterSet(point, point);
    }

    boolean isSingle() {
        return ranges.length == 2 && ranges[0] == ranges[1];
    }

    int single() {
        return ranges[0];
    }

    boolean has(int point) {
        for (int i = 0; i < ranges.length; i += 2) {
            if (point <= ranges[i + 1]) {
                return point >= ranges[i];
            }
        }
        return false;
    }

    /** Is there a character that both have? */
    boolean meets(CharacterSet other) {
        int i = 0;
        int j = 0;
        while (i < ranges.length && j < other.ranges.length) {
            if (Math.max(ranges[i], other.ranges[j]) <= Math.min(ranges[i + 1], other.ranges[j + 1])) {
                return true;
            }
            if (ranges[i + 1] < other.ranges[j + 1]) {
                i += 2;
            } else {
                j += 2;
            }
        }
        return false;
    }

    /** The first characters of its ranges and those that follow its ranges: between them, membership does not change. */
    void addEdges(Set<Integer> edges) {
        for (int i = 0; i < ranges.length; i += 2) {
            edges.add(ranges[i]);
            if (ranges[i + 1] < Character.MAX_CODE_POINT) {
                edges.add(ranges[i + 1] + 1);
            }
        }
    }

    /** Collects ranges, which come in their order and apart from each other. */
    static final class Ranges {
        private int[] ranges = new int[8];
        private int size;

        void add(int first, int last) {
            if (size == ranges.length) {
                ranges = Arrays.copyOf(ranges, size * 2);
            }
            ranges[size++] = first;
            ranges[size++] = last;
        }

        CharacterSet set() {
            return new CharacterSet(Arrays.copyOf(ranges, size));
        }
    }
}
