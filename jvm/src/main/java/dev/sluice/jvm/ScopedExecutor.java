package dev.sluice.jvm;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** An executor whose work is brought into a scope by who hands it over. Safe for use by many threads. */
final class ScopedExecutor extends AbstractExecutorService {
    private final ExecutorService executor;
    private final UnaryOperator<Runnable> wrapping;

    ScopedExecutor(ExecutorService executor, UnaryOperator<Runnable> wrapping) {
        this.executor = executor;
        this.wrapping = wrapping;
    }

    @Override
    public void execute(Runnable work) {
        executor.execute(wrapping.apply(work));
    }

    @Override
    public void shutdown() {
        executor.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return executor.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return executor.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return executor.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return executor.awaitTermination(timeout, unit);
    }
}
