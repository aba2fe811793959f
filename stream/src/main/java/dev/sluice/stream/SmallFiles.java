package dev.sluice.stream;

import static dev.sluice.stream.Underlying.bytes;

import dev.sluice.linux.Linux;
import dev.sluice.linux.Ranges;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One file in memory that has the bytes of many small ones, each in a {@link Slot} of its own, so that these take no
 * descriptors. Slots that are given back are used again. Safe for use by many threads.
 */
final class SmallFiles implements AutoCloseable {
    static final int PAGE = 4096;

    /** So many pages has the largest slot. */
    static final int MOST_PAGES = 16;

    /** So many bytes it holds. */
    static final int MOST_BYTES = MOST_PAGES * PAGE;

    /** By their number of pages, the places of slots that are free. */
    private final List<Deque<Long>> free = new ArrayList<>();

    private int fd = -1;
    private long end;

    SmallFiles() {
        for (int pages = 0; pages <= MOST_PAGES; pages++) {
            free.add(new ArrayDeque<>());
        }
    }

    /** {@return the descriptor of the file that has the slots, or a negated error number} */
    synchronized int descriptor() {
        if (fd < 0) {
            fd = Ranges.memoryFile(bytes("sluice-small"));
        }
        return fd;
    }

    /** {@return how many pages so many bytes take; at least one} */
    static int pages(long size) {
        return (int) Math.max(1, (size + PAGE - 1) / PAGE);
    }

    /** {@return the place of a slot} */
    synchronized long take(int pages) {
        Long place = free.get(pages).poll();
        if (place != null) {
            return place;
        }
        long fresh = end;
        end += (long) pages * PAGE;
        return fresh;
    }

    synchronized void giveBack(long place, int pages) {
        free.get(pages).push(place);
    }

    @Override
    public synchronized void close() {
        if (fd >= 0) {
            Linux.close(fd);
            fd = -1;
        }
    }
}
