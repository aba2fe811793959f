package dev.sluice.aio;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A future which refuses to be waited for on the thread that would complete it; so do the futures derived from it.
 *
 * <p>Safe for use by many threads.
 */
class Result<T extends @Nullable Object> extends CompletableFuture<T> {
    private final Context context;

    Result(Context context) {
        this.context = context;
    }

    final Context context() {
        return context;
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new Result<>(context);
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        refuseOnCompletionThread();
        try {
            return super.get();
        } catch (CancellationException e) {
            throw described(e);
        }
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        refuseOnCompletionThread();
        try {
            return super.get(timeout, unit);
        } catch (CancellationException e) {
            throw described(e);
        }
    }

    @Override
    public T join() {
        refuseOnCompletionThread();
        try {
            return super.join();
        } catch (CancellationException e) {
            throw described(e);
        }
    }

    /** The JDK's own names only the method that waited; its cause says what was cancelled. */
    private static CancellationException described(CancellationException e) {
        if (!(e.getCause() instanceof CancellationException cause) || cause.getMessage() == null) {
            return e;
        }
        CancellationException described = new CancellationException(cause.getMessage());
        described.initCause(cause);
        return described;
    }

    private void refuseOnCompletionThread() {
        if (!isDone()) {
            context.refuseOnCompletionThread("wait for an operation's result");
        }
    }
}
