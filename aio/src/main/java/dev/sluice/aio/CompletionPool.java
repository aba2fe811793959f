package dev.sluice.aio;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;

/**
 * The threads on which a context's operations complete.
 *
 * <p>They are those of a fork-join pool that may not grow, since such a pool is asked for leave by whatever waits in the
 * JDK's own ways: futures of any kind (those of {@code CompletableFuture.allOf} too), conditions, blocking queues. When
 * no idle thread is left to take over, it refuses with the reason, instead of letting the wait become a dead-lock.
 */
final class CompletionPool {
    private static final int IDLE_SECONDS = 10;

    private CompletionPool() {}

    /** A completion thread, which knows whose. */
    static final class Worker extends ForkJoinWorkerThread {
        private final Context context;

        Worker(ForkJoinPool pool, Context context, String name) {
            super(null, pool, true);
            this.context = context;
            setName(name);
        }

        Context context() {
            return context;
        }
    }

    static ForkJoinPool of(Context context, int threads, String name) {
        return new ForkJoinPool(
                threads,
                pool -> new Worker(pool, context, name),
                null,
                true,
                threads,
                threads,
                threads,
                pool -> {
                    throw context.blockingCall("wait");
                },
                IDLE_SECONDS,
                TimeUnit.SECONDS);
    }
}
