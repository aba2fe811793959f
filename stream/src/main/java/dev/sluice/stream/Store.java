package dev.sluice.stream;

import static dev.sluice.stream.Underlying.bytes;

import dev.sluice.linux.Linux;
import dev.sluice.linux.Names;
import dev.sluice.linux.OpenFlag;
import dev.sluice.linux.Ranges;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Where the bytes of flowing files live: in memory up to a budget, beyond it on disk. Safe for use by many threads. */
final class Store implements AutoCloseable {
    private static final int MODE = 0600;
    private static final int MOST_SPARE = 64;

    private final long budget;

    /** A directory's descriptor, for nameless files. */
    private final int folder;

    private final SmallFiles slots = new SmallFiles();

    /** Files in memory that nobody uses, and that are empty. */
    private final Deque<Integer> spare = new ArrayDeque<>();

    private final AtomicLong taken = new AtomicLong();
    private final LongAdder spilled = new LongAdder();

    Store(long budget, int folder) {
        this.budget = budget;
        this.folder = folder;
    }

    Content content() {
        return new Content(this);
    }

    /** {@return the descriptor of an empty file in memory, or a negated error number} */
    int memoryFile() {
        synchronized (spare) {
            Integer fd = spare.poll();
            if (fd != null) {
                return fd;
            }
        }
        return Ranges.memoryFile(bytes("sluice"));
    }

    /** Takes a file in memory back. */
    void recycle(int fd) {
        if (Linux.ftruncate(fd, 0) == 0) {
            synchronized (spare) {
                if (spare.size() < MOST_SPARE) {
                    spare.push(fd);
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
        synchronized (spare) {
            spare.forEach(Linux::close);
            spare.clear();
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

    void giveBack(long count) {
        taken.addAndGet(-count);
    }

    /** {@return a new nameless file's descriptor, or a negated error number} */
    int spill() {
        spilled.increment();
        SpillEvent.tell(taken.get());
        return Names.open(
                folder,
                bytes("."),
                OpenFlag.UNNAMED.bits() | OpenFlag.READ_WRITE.bits() | OpenFlag.CLOSE_ON_EXEC.bits(),
                MODE);
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
