package dev.sluice.files;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls that run one after the other, in the order in which they were issued, each on a virtual thread or whatever the
 * executor gives it.
 *
 * <p>The next call begins before the future of the one before completes, so that what is chained to a future may wait for the
 * next. A future that is cancelled, or times out, asks its call to end: one that has not begun never does, one at work is
 * interrupted. Safe for use by many threads.
 */
final class Sequence {
    private final Executor executor;
    private final boolean letsGo;

    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Deque<Call<?>> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private boolean busy;

    /**
     * Makes one.
     *
     * @param letsGo whether a future that is cancelled completes at once, and its call, which may not notice an interrupt, goes
     *     on for the sake of the next one; else it completes when its call has ended
     */
    Sequence(Executor executor, boolean letsGo) {
        this.executor = executor;
        this.letsGo = letsGo;
    }

    static void onVirtualThread(Runnable task) {
        Thread.ofVirtual().name("sluice-files").start(task);
    }

    /** Takes the turn if nobody has it and nobody waits for it; who has it calls {@link #leave}. */
    boolean enter() {
        synchronized (lock) {
            if (busy) {
                return false;
            }
            busy = true;
            return true;
        }
    }

    /** Gives the turn to the next call. */
    void leave() {
        Call<?> next;
        synchronized (lock) {
            next = waiting.poll();
            busy = next != null;
        }
        if (next != null) {
            begin(next);
        }
    }

    private void begin(Call<?> call) {
        try {
            executor.execute(call);
        } catch (RuntimeException | Error e) {
            call.refuse(e);
            leave();
        }
    }

    /** What a call does, in its turn. */
    @FunctionalInterface
    interface Work<T extends @Nullable Object> {
        /**
         * Does it.
         *
         * @param point passed before something is done that cannot be undone
         */
        T call(PointOfNoReturn point) throws Exception;
    }

    /** Behind it, a call cannot be cancelled any more; passing it throws what it was asked to end with before. */
    @FunctionalInterface
    interface PointOfNoReturn {
        void pass() throws Exception;
    }

    <T extends @Nullable Object> CompletableFuture<T> submit(Work<T> work) {
        return submit(work, value -> {});
    }

    /**
     * Issues a call.
     *
     * @param after what is done with its value when the turn has been given on, before the future completes
     */
    <T extends @Nullable Object> CompletableFuture<T> submit(Work<T> work, After<T> after) {
        Call<T> call = new Call<>(this, work, after);
        synchronized (lock) {
            if (busy) {
                waiting.add(call);
                return call;
            }
            busy = true;
        }
        begin(call);
        return call;
    }

    private boolean withdraw(Call<?> call) {
        synchronized (lock) {
            return waiting.remove(call);
        }
    }

    /** What follows a call, out of its turn. */
    @FunctionalInterface
    interface After<T extends @Nullable Object> {
        void accept(T value) throws Exception;
    }

    /** One call, and the future of its value. */
    private static final class Call<T extends @Nullable Object> extends CompletableFuture<T> implements Runnable {
        private final Sequence sequence;
        private final Work<T> work;
        private final After<T> after;

        @GuardedBy("this")
        private @Nullable Throwable asked;

        @GuardedBy("this")
        private @Nullable Thread worker;

        @GuardedBy("this")
        private boolean isSettled;

        Call(Sequence sequence, Work<T> work, After<T> after) {
            this.sequence = sequence;
            this.work = work;
            this.after = after;
        }

        @Override
        public void run() {
            boolean left = false;
            try {
                start();
                T value = work.call(this::pass);
                stopped();
                left = true;
                sequence.leave();
                after.accept(value);
                super.complete(value);
            } catch (Throwable e) {
                Throwable wanted = stopped();
                if (!left) {
                    sequence.leave();
                }
                super.completeExceptionally(left || wanted == null ? e : wanted);
            }
        }

        private synchronized void start() throws Exception {
            worker = Thread.currentThread();
            throwAsked();
        }

        private synchronized void pass() throws Exception {
            throwAsked();
            isSettled = true;
        }

        @GuardedBy("this")
        private void throwAsked() throws Exception {
            if (asked != null) {
                throw new ExecutionException(asked);
            }
        }

        /** From now on nobody interrupts the thread any more; answers what the call was asked to end with. */
        private synchronized @Nullable Throwable stopped() {
            worker = null;
            boolean _ = asked != null && Thread.interrupted();
            return asked;
        }

        void refuse(Throwable e) {
            super.completeExceptionally(e);
        }

        private boolean ask(Throwable reason) {
            if (sequence.withdraw(this)) {
                return super.completeExceptionally(reason);
            }
            synchronized (this) {
                if (isDone() || asked != null || isSettled) {
                    return false;
                }
                asked = reason;
                if (worker != null) {
                    worker.interrupt();
                }
            }
            return !sequence.letsGo || super.completeExceptionally(reason);
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            if (!isDone()) {
                ask(new CancellationException("the call was cancelled"));
            }
            return isCancelled();
        }

        @Override
        public boolean completeExceptionally(Throwable reason) {
            boolean isBare = reason instanceof TimeoutException && reason.getMessage() == null;
            return ask(isBare ? new TimeoutException("the call was stopped at its deadline") : reason);
        }

        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new CompletableFuture<>();
        }
    }
}
