package dev.sluice.stream;

import dev.sluice.linux.Ranges;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Has the kernel give files in memory their pages before somebody writes there: the first touch of a page costs as much as what is
 * copied into it, or several times that where a virtual machine gets its memory from its host only then. One thread, which comes
 * and goes; what it cannot do in time, the writer does. Safe for use by many threads.
 */
final class Populating implements AutoCloseable {
    private static final int MOST_WAITING = 16;
    private static final long SECONDS = 5;

    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("populating").factory(),
            (piece, _) -> ((Piece) piece).forget());

    Populating() {
        thread.allowCoreThreadTimeOut(true);
    }

    /** A part of a file, which is mapped until it is populated or forgotten. */
    private record Piece(long address, long length) implements Runnable {
        @Override
        public void run() {
            int _ = Ranges.populate(address, length); // a file that has been cut needs nothing there
        }

        void forget() {
            int _ = Ranges.unmap(address, length);
        }
    }

    /** Begins with a part of a file, which reaches at least as far. */
    void begin(int fd, long from, long to) {
        long address = Ranges.mapPart(fd, from, to - from);
        if (address > 0) {
            thread.execute(new Piece(address, to - from));
        }
    }

    @Override
    public void close() {
        thread.shutdownNow().forEach(piece -> ((Piece) piece).forget());
    }
}
