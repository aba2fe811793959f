package dev.sluice.aio;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Events;
import dev.sluice.linux.Linux;
import java.nio.file.FileSystemException;

/**
 * Wakes a thread that waits in the kernel.
 *
 * <p>Its lock keeps the descriptor from being signalled after it was closed: its number might be another file's by then.
 * Safe for use by many threads.
 */
final class Wakeup implements AutoCloseable {
    private final int event;
    private boolean closed;

    Wakeup(String forWhat) throws FileSystemException {
        event = Events.eventfd();
        if (event < 0) {
            throw Errno.exception(event, forWhat, "making an event counter");
        }
    }

    /** The event counter's descriptor, for who waits. */
    int descriptor() {
        return event;
    }

    synchronized void signal() {
        if (!closed) {
            Events.signal(event);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Linux.close(event);
        }
    }
}
