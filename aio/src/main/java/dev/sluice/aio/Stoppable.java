package dev.sluice.aio;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A future whose outcome its work decides. Whoever cancels it, or completes it from outside (as {@code orTimeout} does),
 * only <em>asks</em>: it completes with his outcome when the work has stopped, or with the real one when that came first.
 *
 * <p>Safe for use by many threads; only the first who asks counts.
 */
abstract sealed class Stoppable<T extends @Nullable Object> extends Result<T>
        permits Operation, Call, RareCall, Stoppable.Derived {
    /** What somebody from outside wants the work to end with: an error, or else a value. */
    private record Asked<T extends @Nullable Object>(
            @Nullable Throwable failure, @Nullable T value) {}

    private static final VarHandle ASKED;

    static {
        try {
            ASKED = MethodHandles.lookup().findVarHandle(Stoppable.class, "asked", Asked.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Asked<T> asked;

    Stoppable(Context context) {
        super(context);
    }

    /** Sees to it that the work, which has been asked to end, does. */
    abstract void stop();

    /** What is done to which file, for the message of a cancellation. */
    abstract String describe();

    /** True when somebody wants it to stop; what does the work looks now and then. */
    final boolean isAsked() {
        return asked != null;
    }

    /** Completes with the work's own value; false when it was complete already. */
    final boolean succeed(@Nullable T value) {
        return super.complete(value);
    }

    /** Completes with what was asked for, else with the work's own failure. */
    final void fail(@Nullable Throwable failure) {
        Asked<T> outcome = asked;
        if (outcome == null) {
            super.completeExceptionally(failure);
        } else if (outcome.failure != null) {
            super.completeExceptionally(outcome.failure);
        } else {
            super.complete(outcome.value);
        }
    }

    /** A future of something made of this one's value, which passes on to this one what it is asked. */
    final <U extends @Nullable Object> Stoppable<U> map(Function<T, U> ending) {
        return new Derived<>(this, ending);
    }

    @Override
    public final boolean cancel(boolean mayInterruptIfRunning) {
        if (!isDone()) {
            ask(new Asked<>(new CancellationException(describe() + " was cancelled"), null));
        }
        return isCancelled();
    }

    @Override
    public final boolean completeExceptionally(Throwable reason) {
        boolean isBare = reason.getClass() == TimeoutException.class && reason.getMessage() == null;
        return ask(
                new Asked<>(isBare ? new TimeoutException(describe() + " was stopped at its deadline") : reason, null));
    }

    @Override
    public final boolean complete(T value) {
        return ask(new Asked<>(null, value));
    }

    @Override
    public final CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor on) {
        on.execute(() -> {
            try {
                complete(supplier.get());
            } catch (Throwable e) {
                completeExceptionally(e);
            }
        });
        return this;
    }

    @Override
    public final void obtrudeValue(T value) {
        throw new UnsupportedOperationException("an operation in flight keeps its own result");
    }

    @Override
    public final void obtrudeException(Throwable reason) {
        throw new UnsupportedOperationException("an operation in flight keeps its own result");
    }

    private boolean ask(Asked<T> what) {
        if (isDone() || !ASKED.compareAndSet(this, null, what)) {
            return false;
        }
        stop();
        return true;
    }

    static final class Derived<S extends @Nullable Object, T extends @Nullable Object> extends Stoppable<T> {
        private final Stoppable<S> source;

        Derived(Stoppable<S> source, Function<S, T> ending) {
            super(source.context());
            this.source = source;
            var _ = source.whenComplete((value, failure) -> {
                if (failure != null) {
                    fail(failure);
                    return;
                }
                try {
                    succeed(ending.apply(value));
                } catch (RuntimeException e) {
                    fail(e);
                }
            });
        }

        @Override
        void stop() {
            source.cancel(true);
        }

        @Override
        String describe() {
            return source.describe();
        }
    }
}
