package dev.sluice.stream;

import static dev.sluice.stream.Underlying.bytes;

import dev.sluice.linux.Linux;
import dev.sluice.linux.Mounts;
import dev.sluice.linux.Names;
import dev.sluice.linux.OpenFlag;
import dev.sluice.linux.Ranges;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import jdk.jfr.FlightRecorder;

/** Where the bytes of flowing files live: in memory up to a budget, beyond it on disk. Safe for use by many threads. */
final class Store implements AutoCloseable {
    private static final int MODE = 0600;
    private static final int MOST_SPARE = 64;
    private static final int WINDOWS = 4;
    private static final int NAMELESS =
            OpenFlag.UNNAMED.bits() | OpenFlag.READ_WRITE.bits() | OpenFlag.CLOSE_ON_EXEC.bits();

    private final long budget;

    /** A directory's descriptor, for nameless files. */
    private final int folder;

    private final SmallFiles slots = new SmallFiles();

    /**
     * A file system in memory whose files have long pages, of which fewer have to be found; negative where this process has no
     * right to one.
     */
    private final int longPages = Mounts.memory();

    /** Files in memory that nobody uses, and that are empty; those with long pages are apart. */
    private final Deque<Integer> spare = new ArrayDeque<>();

    private final Deque<Integer> spareLong = new ArrayDeque<>();

    private final AtomicLong taken = new AtomicLong();
    private final LongAdder spilled = new LongAdder();

    Store(long budget, int folder) {
        this.budget = budget;
        this.folder = folder;
    }

    Content content() {
        return new Content(this);
    }

    /**
     * Makes a file in memory.
     *
     * @param isDense whether it is written without holes as far as one sees; a page in a hole would be a long one, too
     * @return the descriptor of an empty one, or a negated error number
     */
    int memoryFile(boolean isDense) {
        boolean isLong = isDense && longPages >= 0;
        synchronized (spare) {
            Integer fd = (isLong ? spareLong : spare).poll();
            if (fd != null) {
                return fd;
            }
        }
        return Descriptors.OURS.take(
                isLong ? Names.open(longPages, bytes("."), NAMELESS, MODE) : Ranges.memoryFile(bytes("sluice")));
    }

    /** Takes a file in memory back, which was made so. */
    void recycle(int fd, boolean isDense) {
        if (Linux.ftruncate(fd, 0) == 0) {
            Deque<Integer> others = isDense && longPages >= 0 ? spareLong : spare;
            synchronized (spare) {
                if (others.size() < MOST_SPARE) {
                    others.push(fd);
                    return;
                }
            }
        }
        Linux.close(fd);
    }

    SmallFiles slots() {
        return slots;
    }

    @Override
    public void close() {
        slots.close();
        if (longPages >= 0) {
            Linux.close(longPages);
        }
        synchronized (spare) {
            spare.forEach(Linux::close);
            spare.clear();
            spareLong.forEach(Linux::close);
            spareLong.clear();
        }
    }

    /** Takes some of the budget, or even more than there is. */
    boolean take(long count, boolean inAnyCase) {
        long now = taken.addAndGet(count);
        if (now <= budget || inAnyCase) {
            return true;
        }
        taken.addAndGet(-count);
        return false;
    }

    /** {@return a part of the budget, so that some of them find room} */
    long window() {
        return Math.max(SmallFiles.MOST_BYTES, budget / WINDOWS);
    }

    void giveBack(long count) {
        taken.addAndGet(-count);
    }

    /** {@return a new nameless file's descriptor, or a negated error number} */
    int spill() {
        spilled.increment();
        if (FlightRecorder.isInitialized()) {
            SpillEvent.tell(taken.get());
        }
        return Descriptors.OURS.take(Names.open(folder, bytes("."), NAMELESS, MODE));
    }

    /** {@return how many bytes of the budget are taken} */
    long taken() {
        return taken.get();
    }

    /** {@return how many files have bytes on disk, or had} */
    long spilled() {
        return spilled.sum();
    }
}
