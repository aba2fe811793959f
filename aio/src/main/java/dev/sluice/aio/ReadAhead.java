package dev.sluice.aio;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The bytes that a stream has read and not yet given out: what is searched for lines and decoded to text.
 *
 * <p>Of a file with positions they are a copy, which is dropped when one of our writes may have changed the file. Of a
 * pipe they are the only ones. The end of the file is never remembered, so that a growing file can be followed. Used by
 * one thread at a time: that which has the stream's turn.
 */
final class ReadAhead {
    private static final int FIRST_FILL = 8 << 10;
    private static final int MOST = Integer.MAX_VALUE - 4096;

    private final AsyncFile file;
    private byte[] bytes = {};
    private int from;
    private int to;

    /** The place in the file of the array's first byte. */
    private long start;

    private long changes;
    private int lastFill;

    /** The place in the file to where the bytes went before the last fill. */
    private long endBefore;

    /** The place in a pipe from which on its bytes are kept although they were passed over. */
    private long kept = Long.MAX_VALUE;

    ReadAhead(AsyncFile file) {
        this.file = file;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Where in the array the unread bytes begin. */
    int from() {
        return from;
    }

    /** Where in the array the unread bytes end. */
    int to() {
        return to;
    }

    /** The place in the file of the first unread byte. */
    long position() {
        return start + from;
    }

    int available() {
        return Math.max(0, to - from);
    }

    /** Forgets everything; not for pipes. */
    void drop() {
        restart(0);
    }

    /** Goes to a position, keeping what is there and still right. */
    void goTo(long position) {
        if (!file.isPositional()) {
            kept = Long.MAX_VALUE;
            if (position >= start + to) {
                start = position;
                to = 0;
            }
            from = (int) (position - start);
            return;
        }
        boolean kept = changes == file.shared().changes() && position >= start && position <= start + to;
        if (kept && to > 0) {
            from = (int) (position - start);
        } else {
            restart(position);
        }
    }

    /** Keeps a pipe's bytes, of which there is no copy, so that work which fails can be done anew; until the next work. */
    void keepFrom(long position) {
        if (!file.isPositional()) {
            kept = position;
        }
    }

    private void restart(long position) {
        changes = file.shared().changes();
        start = position - position % file.alignment();
        from = (int) (position - start);
        to = 0;
        lastFill = 0;
    }

    /** Passes over bytes that were read. */
    void skip(int count) {
        from += count;
    }

    /**
     * Makes room and answers the step that reads more.
     *
     * @param chunk how many bytes to read at most
     */
    Step fill(int chunk) {
        int alignment = file.alignment();
        endBefore = start + to;
        if ((start + to) % alignment != 0) {
            restart(position()); // the end, which was not aligned, may have moved
        }
        int wanted = Math.min(chunk, Math.max(FIRST_FILL, 2 * lastFill));
        wanted = Math.max(alignment, wanted - wanted % alignment);
        int unneeded = (int) Math.min(from, kept - start);
        int moved = unneeded - unneeded % alignment;
        boolean mostlyUnread = to - moved > bytes.length / 2;
        if (bytes.length - to < wanted && moved > 0 && !mostlyUnread) {
            System.arraycopy(bytes, moved, bytes, 0, Math.max(0, to - moved));
            start += moved;
            from -= moved;
            to = Math.max(0, to - moved);
        }
        if (bytes.length - to < wanted) {
            if (to > MOST - wanted) {
                throw new OutOfMemoryError(file.name() + ": a piece of more than " + to + " bytes at " + position()
                        + " does not fit in memory: set a limit");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(MOST, Math.max(2L * bytes.length, (long) to + wanted)));
        }
        lastFill = wanted;
        return new Step.Read(MemorySegment.ofArray(bytes).asSlice(to, wanted), start + to);
    }

    /**
     * Takes what the step that {@link #fill} gave has read.
     *
     * @return false at the end of the file
     */
    boolean filled(long answer) {
        if (answer <= 0) {
            lastFill = 0;
            return false;
        }
        to += (int) answer;
        return from < to && start + to > endBefore;
    }
}
