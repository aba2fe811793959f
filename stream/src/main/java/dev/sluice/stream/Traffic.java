package dev.sluice.stream;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What one step has moved to and from a file, or several that are told of together. Bytes are counted by the threads that move
 * them; the rest is owned by the workflow's lock.
 */
final class Traffic {
    final String step;
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong written = new AtomicLong();

    // What the kernel has moved by itself, as far as sizes tell.
    private long assumedRead;
    private long assumedWritten;

    private volatile long firstRead = Trail.NEVER;
    private volatile long firstWritten = Trail.NEVER;

    /** Where the next byte is read and written, if they come in order. Threads may overtake each other here. */
    private long nextRead;

    private long nextWritten;
    private volatile boolean readsJump;
    private volatile boolean writesJump;

    Traffic(String step) {
        this.step = step;
    }

    void read(long offset, int count, long now) {
        if (firstRead == Trail.NEVER) {
            firstRead = now;
        }
        if (offset != nextRead) {
            readsJump = true;
        }
        nextRead = offset + count;
        long _ = read.addAndGet(count);
    }

    void written(long offset, int count, long now) {
        if (firstWritten == Trail.NEVER) {
            firstWritten = now;
        }
        if (offset >= 0 && offset != nextWritten) {
            writesJump = true;
        }
        nextWritten = offset + count;
        long _ = written.addAndGet(count);
    }

    /** Is the time of the next byte of interest, since there was none before? */
    boolean isFirst(boolean writes) {
        return (writes ? firstWritten : firstRead) == Trail.NEVER;
    }

    /** The kernel has read by itself, which has begun then: so many bytes at most. */
    void assumeRead(long count, long since) {
        assumedRead += Math.max(0, count);
        if (count > 0 && firstRead == Trail.NEVER) {
            firstRead = since;
        }
    }

    /** The kernel has written by itself: so many bytes are there of which none was seen. */
    void assumeWritten(long count, long since) {
        assumedWritten += Math.max(0, count);
        writesJump |= count > 0;
        if (count > 0 && firstWritten == Trail.NEVER) {
            firstWritten = since;
        }
    }

    /** What has been moved under another name of the file. */
    void add(Traffic other) {
        assumedRead += other.assumedRead;
        assumedWritten += other.assumedWritten;
        long _ = read.addAndGet(other.read.get());
        long _ = written.addAndGet(other.written.get());
        readsJump |= other.readsJump;
        writesJump |= other.writesJump;
        firstRead = firstRead == Trail.NEVER ? other.firstRead : firstRead;
        firstWritten = firstWritten == Trail.NEVER ? other.firstWritten : firstWritten;
    }

    long read() {
        return read.get() + assumedRead;
    }

    long written() {
        return written.get() + assumedWritten;
    }

    long firstRead() {
        return firstRead;
    }

    long firstWritten() {
        return firstWritten;
    }

    boolean isReadAssumed() {
        return assumedRead > 0;
    }

    boolean isWriteAssumed() {
        return assumedWritten > 0;
    }

    boolean readsInOrder() {
        return read.get() > 0 && !readsJump && assumedRead == 0;
    }

    boolean writesInOrder() {
        return written.get() > 0 && !writesJump;
    }
}
