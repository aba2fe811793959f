package dev.sluice.aio;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Events;
import dev.sluice.linux.Linux;
import dev.sluice.linux.OpenFlag;
import dev.sluice.linux.Transfers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Opens one end of a named pipe and waits, as the kernel does, until somebody has opened the other; but asks again and
 * again instead of sleeping in the kernel, from where nothing could wake the thread.
 */
final class PipeOpening {
    private static final long FIRST_PAUSE = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

    /** No address of memory: reading into it takes nothing out of a pipe. */
    private static final long NOWHERE = 0;

    private PipeOpening() {}

    /** Asked before each pause. */
    @FunctionalInterface
    interface Check {
        /** Throws what the opening ends with when nobody wants it any more. */
        void orThrow() throws IOException;
    }

    /** Answers the descriptor, or a negated error number. */
    static int open(Path path, int flags, boolean reading, Check stopped) throws IOException {
        int fd = Linux.open(path, flags | OpenFlag.NON_BLOCKING.bits(), 0);
        long pause = FIRST_PAUSE;
        try {
            while (isAlone(fd, reading, path)) {
                stopped.orThrow();
                LockSupport.parkNanos(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE);
                if (fd < 0) {
                    fd = Linux.open(path, flags | OpenFlag.NON_BLOCKING.bits(), 0);
                }
            }
        } catch (IOException | RuntimeException e) {
            if (fd >= 0) {
                Linux.close(fd);
            }
            throw e;
        }
        if (fd >= 0) {
            Linux.fcntlFlags(fd, Linux.fcntlFlags(fd) & ~OpenFlag.NON_BLOCKING.bits());
        }
        return fd;
    }

    /** True as long as nobody has come. A writer cannot even open the pipe before a reader has. */
    private static boolean isAlone(int fd, boolean reading, Path path) throws IOException {
        if (fd < 0 || !reading) {
            return fd == Errno.ENXIO.negated();
        }
        // Ready: there are bytes, or a writer has come and gone. Else a read answers 0 as long as there is no writer.
        return Linux.stat(fd, path.toString()).isPipe()
                && !Events.isReady(fd, false)
                && Transfers.read(fd, NOWHERE, 1) == 0;
    }
}
