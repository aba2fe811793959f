package dev.sluice.aio;

import java.util.concurrent.locks.LockSupport;

/** What the ring's thread, and who wakes it, do when memory is short for a while. */
final class Shortage {
    /** So often in a row may the machine fail before it is taken for broken. */
    private static final int FAILURES_MAX = 1000;

    private static final long PAUSE_NANOS = 100_000;
    private static final System.Logger LOG = System.getLogger(RingLoop.class.getName());

    private Shortage() {}

    /** Waits a little before something is tried again; throws the error when it has been tried often enough. */
    static void pause(VirtualMachineError error, int failures) {
        if (failures >= FAILURES_MAX) {
            throw error;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    /** Does something that may be done twice. */
    static void insist(Runnable action) {
        for (int failures = 1; ; failures++) {
            try {
                action.run();
                return;
            } catch (OutOfMemoryError e) {
                pause(e, failures);
            }
        }
    }

    /** Logs an error, if there is memory for that; what matters has been done before. */
    static void log(String what, Throwable why) {
        try {
            LOG.log(System.Logger.Level.ERROR, what, why);
        } catch (Throwable e) {
            // There is nobody left to tell.
        }
    }
}
