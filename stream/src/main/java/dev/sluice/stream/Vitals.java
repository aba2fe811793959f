package dev.sluice.stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.sluice.linux.Linux;
import dev.sluice.linux.Transfers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Tells whether threads are about to end, by files of {@code /proc} that it keeps open: that is asked at each close of many
 * files, and opening one costs several times as much as reading. Safe for use by many threads.
 *
 * <p>May be asked of one that waits for the answer: while it becomes another program and closes its files, most of what
 * {@code /proc} tells of it cannot be had, and asking would wait for it. But one that is about to end has no memory any more,
 * and that is told at any time.
 */
final class Vitals implements AutoCloseable {
    private static final int PLACES = 64;
    private static final int NONE = -1;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment said = arena.allocate(1);

    /** By the thread's number, less what is above the number of places: whose file is open there. */
    @GuardedBy("this")
    private final int[] tasks = new int[PLACES];

    @GuardedBy("this")
    private final int[] files = new int[PLACES];

    @GuardedBy("this")
    private boolean isClosed;

    Vitals() {
        java.util.Arrays.fill(files, NONE);
    }

    /** {@return the status of a thread that is about to end, as for {@code wait}; 0 if it is not, or ends well} */
    int failure(int task) {
        return hasMemory(task) ? 0 : Proc.text(task, "stat").map(Proc::failure).orElse(0);
    }

    private synchronized boolean hasMemory(int task) {
        int place = task & (PLACES - 1);
        if (isClosed || (tasks[place] == task && hasMemory(place, files[place]))) {
            return true;
        }
        // It may also be another thread, which has got the number of one that has ended.
        forget(place);
        tasks[place] = task;
        files[place] = Proc.open(task, "statm");
        return hasMemory(place, files[place]);
    }

    @GuardedBy("this")
    private boolean hasMemory(int place, int fd) {
        boolean is =
                fd >= 0 && Transfers.pread(fd, said.address(), 1, 0) == 1 && said.get(ValueLayout.JAVA_BYTE, 0) != '0';
        if (!is) {
            forget(place);
        }
        return is;
    }

    @GuardedBy("this")
    private void forget(int place) {
        if (files[place] >= 0) {
            Linux.close(files[place]);
        }
        files[place] = NONE;
        tasks[place] = 0;
    }

    @Override
    public synchronized void close() {
        if (!isClosed) {
            isClosed = true;
            for (int place = 0; place < PLACES; place++) {
                forget(place);
            }
            arena.close();
        }
    }
}
