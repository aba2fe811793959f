package dev.sluice.aio;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call of a stream that nobody waits for on its thread; it is the future of its result too.
 *
 * <p>Whoever cancels it, or completes it from outside, <em>asks</em>, as for an {@link Operation}: a call that waits for
 * its turn ends at once, one at work when its file has let go of its buffer. Its plain fields belong to the thread that
 * has the stream's turn; {@code state} says who goes on.
 */
final class Call<T extends @Nullable Object> extends Stoppable<T> implements Turns.Waiting {
    private static final int QUEUED = 0;
    private static final int WITHDRAWN = 1;
    private static final int WORKING = 2;
    private static final int ARRIVED = 3;
    private static final int AWAITING = 4;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Call.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Turns turns;
    private final AsyncFile file;
    private final Work<T> work;

    @SuppressWarnings("unused") // through STATE
    private volatile int state = QUEUED;

    private volatile @Nullable CompletableFuture<Long> pending;
    private @Nullable Step refused;
    private long answer;
    private @Nullable Throwable failure;
    private boolean succeeded;
    private @Nullable T value;

    Call(Turns turns, AsyncFile file, Work<T> work) {
        super(file.context());
        this.turns = turns;
        this.file = file;
        this.work = work;
    }

    boolean isReading() {
        return work.isReading();
    }

    /** Its turn has come; false when it has been withdrawn meanwhile. */
    boolean claim() {
        return STATE.compareAndSet(this, QUEUED, WORKING);
    }

    /** Goes on until the file has to be waited for. Answers true when the work has ended. */
    boolean advance() {
        while (failure == null) {
            try {
                Step step = refused != null ? refused : work.next(answer);
                refused = null;
                if (step == null) {
                    value = work.result();
                    succeeded = true;
                    return true;
                }
                if (isAsked()) {
                    failure = new CancellationException();
                } else if (!isAnswered(step)) {
                    return false;
                }
            } catch (Throwable e) {
                failure = e;
            }
        }
        return true;
    }

    private boolean isAnswered(Step step) {
        CompletableFuture<Long> future = step.start(file);
        if (future.isDone()) {
            take(future);
            return !(failure instanceof BlockingCallException) || !isPostponed(step);
        }
        STATE.setVolatile(this, WORKING);
        pending = future;
        if (isAsked()) {
            stopStep();
        }
        var _ = future.whenComplete((result, e) -> {
            take(future);
            if (!STATE.compareAndSet(this, WORKING, ARRIVED)) {
                turns.goOn(this);
            }
        });
        return !STATE.compareAndSet(this, WORKING, AWAITING);
    }

    private void take(CompletableFuture<Long> future) {
        pending = null;
        try {
            answer = future.resultNow();
        } catch (IllegalStateException e) {
            Throwable reason = future.isCancelled() ? new CancellationException() : future.exceptionNow();
            failure = reason instanceof CompletionException && reason.getCause() != null ? reason.getCause() : reason;
        }
    }

    /** The context was full and a completion thread cannot wait for a free place: another thread can. */
    private boolean isPostponed(Step step) {
        if (!context().isCompletionThread()) {
            return false;
        }
        Throwable why = failure;
        refused = step;
        failure = null;
        try {
            context().blockingCalls().execute(() -> turns.goOn(this));
            return true;
        } catch (RejectedExecutionException e) {
            failure = why;
            return false;
        }
    }

    /** Completes the future; after the work has ended. */
    void finish() {
        if (succeeded) {
            succeed(value);
        } else {
            fail(failure);
        }
    }

    @Override
    void stop() {
        if (STATE.compareAndSet(this, QUEUED, WITHDRAWN)) {
            fail(null);
        } else {
            stopStep();
        }
    }

    /** Asks the step under way to stop. Those that cannot end by themselves, and soon. */
    private void stopStep() {
        if (pending instanceof Stoppable<?> step) {
            step.cancel(true);
        }
    }

    @Override
    String describe() {
        return file.name() + ": a call";
    }

    /** Waits for a future on behalf of a blocking form; an interrupt asks it to stop. */
    static <T extends @Nullable Object> T await(CompletableFuture<T> future, Supplier<String> what) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    future.completeExceptionally(new InterruptedIOException(what.get() + " was interrupted"));
                } catch (ExecutionException e) {
                    throw Failures.rethrown(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
