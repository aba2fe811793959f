package dev.sluice.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what another thread brings about, and gives up in the end. */
public final class Deadline {
    /** More than anything here takes, on a busy machine too. */
    public static final Duration LONG = Duration.ofSeconds(20);

    private Deadline() {}

    /**
     * Waits until something holds.
     *
     * @param what what is waited for, for the failure's message
     * @param condition asked again and again
     */
    public static void until(String what, Callable<Boolean> condition) {
        long end = System.nanoTime() + LONG.toNanos();
        try {
            while (!condition.call()) {
                if (System.nanoTime() - end > 0) {
                    throw new AssertionError("waited " + LONG.toSeconds() + " s in vain until " + what);
                }
                LockSupport.parkNanos(200_000);
            }
        } catch (Exception e) {
            throw new AssertionError("waiting until " + what, e);
        }
    }

    /**
     * Waits until a thread sleeps.
     *
     * @param thread the thread
     */
    public static void untilWaiting(Thread thread) {
        until(thread + " waits", () -> switch (thread.getState()) {
            case WAITING, TIMED_WAITING, BLOCKED -> true;
            case NEW, RUNNABLE, TERMINATED -> false;
        });
    }

    /**
     * Waits for a thread's end.
     *
     * @param thread the thread
     */
    public static void join(Thread thread) {
        try {
            if (!thread.join(LONG)) {
                throw new AssertionError(
                        thread + " does not end: " + java.util.Arrays.toString(thread.getStackTrace()));
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for " + thread, e);
        }
    }
}
