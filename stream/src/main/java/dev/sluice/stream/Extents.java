package dev.sluice.stream;

import java.util.Arrays;

/**
 * The ranges of a file that have been written: sorted, apart from each other, merged where they touch. Not safe for use
 * by many threads; the workflow's lock owns those of its streams.
 */
final class Extents {
    private static final long[] NONE = {};

    /** Starts at even places, ends at odd ones. Most files are one range, and there may be a million of them. */
    private long[] bounds = NONE;

    /** How many bounds there are: two of each range. */
    private int count;

    /** Adds a range; what is known already is no harm. */
    void add(long start, long end) {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("no range: from " + start + " to " + end);
        }
        if (start == end) {
            return;
        }
        if (count > 0 && start <= bounds[count - 1] && start >= bounds[count - 2]) { // what nearly every write does
            bounds[count - 1] = Math.max(bounds[count - 1], end);
            return;
        }
        int first = firstEndingAtOrAfter(start);
        int after = first;
        long from = start;
        long to = end;
        while (after < count && bounds[after] <= end) {
            from = Math.min(from, bounds[after]);
            to = Math.max(to, bounds[after + 1]);
            after += 2;
        }
        replace(first, after, from, to);
    }

    /** Adds all ranges that another one has. */
    void addAll(Extents other) {
        for (int i = 0; i < other.count; i += 2) {
            add(other.bounds[i], other.bounds[i + 1]);
        }
    }

    /** Takes all away from a place on, as a truncation does. */
    void cut(long size) {
        while (count > 0 && bounds[count - 2] >= size) {
            count -= 2;
        }
        if (count > 0) {
            bounds[count - 1] = Math.min(bounds[count - 1], size);
        }
    }

    /** {@return how many bytes from a place on are written without a gap} */
    long available(long offset) {
        int range = firstEndingAtOrAfter(offset + 1);
        return range < count && bounds[range] <= offset ? bounds[range + 1] - offset : 0;
    }

    /** {@return the first written place at or after one, or -1} */
    long nextData(long offset) {
        int range = firstEndingAtOrAfter(offset + 1);
        return range < count ? Math.max(offset, bounds[range]) : -1;
    }

    /** {@return the first place at or after one that is not written} */
    long nextHole(long offset) {
        return offset + available(offset);
    }

    /** Do they share a byte with a range? */
    boolean meet(long start, long end) {
        long data = start < end ? nextData(start) : -1;
        return data >= 0 && data < end;
    }

    /** {@return the end of the last range; 0 when nothing is written} */
    long end() {
        return count == 0 ? 0 : bounds[count - 1];
    }

    /** {@return how many ranges there are} */
    int ranges() {
        return count / 2;
    }

    /** The place of the first range that ends at or after a place in the file; the count of bounds, if there is none. */
    private int firstEndingAtOrAfter(long offset) {
        int low = 0;
        int high = count / 2;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (bounds[2 * middle + 1] < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return 2 * low;
    }

    private void replace(int first, int after, long from, long to) {
        int moved = count - after;
        int countThen = first + 2 + moved;
        if (countThen > bounds.length) {
            bounds = Arrays.copyOf(bounds, Math.max(countThen, 2 * bounds.length));
        }
        System.arraycopy(bounds, after, bounds, first + 2, moved);
        bounds[first] = from;
        bounds[first + 1] = to;
        count = countThen;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i += 2) {
            text.append(i == 0 ? "" : " ").append(bounds[i]).append('-').append(bounds[i + 1]);
        }
        return text.toString();
    }
}
