package dev.sluice.aio;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The threads on which a context's operations complete.
 *
 * <p>They are those of a fork-join pool that may not grow, since such a pool is asked for leave by whatever waits in the
 * JDK's own ways: futures of any kind (those of {@code CompletableFuture.allOf} too), conditions, blocking queues. When
 * no idle thread is left to take over, it refuses with the reason, instead of letting the wait become a dead-lock.
 *
 * <p>A wait for a condition, as blocking queues have it, must not end with an exception of ours: the JDK would leave the
 * waiter in the condition's queue, where it swallows the next signal, and its lock not taken again, which shows as an
 * {@code IllegalMonitorStateException}. It ends as one that was interrupted, and the reason goes to the log.
 */
final class CompletionPool {
    private static final int IDLE_SECONDS = 10;

    /** Within so many frames of the refusal is the JDK's method that waits. */
    private static final int DEEPEST_WAIT = 16;

    private static final System.Logger LOG = System.getLogger(CompletionPool.class.getName());

    private CompletionPool() {}

    /** A completion thread, which knows whose. */
    static final class Worker extends ForkJoinWorkerThread {
        private final Object owner;

        Worker(ForkJoinPool pool, Object owner, String name) {
            super(null, pool, true);
            this.owner = owner;
            setName(name);
        }

        /** What stands for the context, which the thread must not keep from being forgotten. */
        Object owner() {
            return owner;
        }
    }

    static ForkJoinPool of(Object owner, int threads, String name) {
        AtomicBoolean logged = new AtomicBoolean();
        return new ForkJoinPool(
                threads,
                pool -> new Worker(pool, owner, name),
                null,
                true,
                threads,
                threads,
                threads,
                pool -> {
                    BlockingCallException refusal = Context.blockingCall("wait");
                    if (!isInterruptibleCondition()) {
                        throw refusal;
                    }
                    if (!logged.getAndSet(true)) {
                        LOG.log(
                                System.Logger.Level.WARNING,
                                "a wait for a condition or a queue ends with an InterruptedException, here and from"
                                        + " now on",
                                refusal);
                    }
                    Thread.currentThread().interrupt();
                    return true; // it would wait now, but for the interrupt
                },
                IDLE_SECONDS,
                TimeUnit.SECONDS);
    }

    private static boolean isInterruptibleCondition() {
        return StackWalker.getInstance()
                .walk(frames -> frames.limit(DEEPEST_WAIT)
                        .anyMatch(frame -> frame.getMethodName().equals("await")
                                && frame.getClassName().endsWith("Synchronizer$ConditionObject")));
    }
}
