package dev.sluice.fuse;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What threads have looked up last, which tells {@code stat} from {@code fstat}: only the first looks a name up right before
 * it asks for attributes. A fixed number of places, which threads share by their numbers: one that has lost its place is
 * taken for one that asks by a descriptor. Safe for use by many threads.
 */
final class Lookups {
    private static final int PLACES = 1 << 14;
    private static final int NODE_BITS = 40;

    private final AtomicLongArray last = new AtomicLongArray(PLACES);

    private static int place(int task) {
        return task & (PLACES - 1);
    }

    private static long entry(int task, long node) {
        return ((long) task << NODE_BITS) ^ node;
    }

    void remember(int task, long node) {
        last.setOpaque(place(task), entry(task, node));
    }

    void forget(int task) {
        last.setOpaque(place(task), 0);
    }

    boolean isLast(int task, long node) {
        return last.getOpaque(place(task)) == entry(task, node);
    }
}
