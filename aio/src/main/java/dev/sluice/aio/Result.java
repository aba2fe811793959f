package dev.sluice.aio;

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
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        refuseOnCompletionThread();
        return super.get(timeout, unit);
    }

    @Override
    public T join() {
        refuseOnCompletionThread();
        return super.join();
    }

    private void refuseOnCompletionThread() {
        if (!isDone()) {
            context.refuseOnCompletionThread("wait for an operation's result");
        }
    }
}
