package dev.sluice.files;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Does the same work on many files, on a bounded number of threads, which end when they are not needed.
 *
 * <p>Safe for use by many threads.
 */
final class Bulk implements AutoCloseable {
    private static final int IDLE_SECONDS = 5;

    /** What is done with one file. */
    @FunctionalInterface
    interface Work<K, T extends @Nullable Object> {
        T on(K file, BooleanSupplier unwanted) throws IOException;
    }

    private final ThreadPoolExecutor threads;

    Bulk(int parallelism) {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                parallelism, parallelism, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "sluice-bulk-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Works on all, and completes when each is done or has failed; who cancels it, stops it between two steps. */
    <K, T> CompletableFuture<Map<K, Outcome<T>>> on(Collection<K> files, Work<K, T> work) {
        CompletableFuture<Map<K, Outcome<T>>> all = new CompletableFuture<>();
        Map<K, Outcome<T>> outcomes = new ConcurrentHashMap<>();
        Collection<K> each = new java.util.LinkedHashSet<>(files);
        if (each.isEmpty()) {
            all.complete(new LinkedHashMap<>());
            return all;
        }
        AtomicInteger left = new AtomicInteger(each.size());
        for (K file : each) {
            Runnable task = () -> {
                outcomes.put(file, outcome(file, work, all::isDone));
                if (left.decrementAndGet() == 0) {
                    Map<K, Outcome<T>> ordered = new LinkedHashMap<>();
                    each.forEach(one -> ordered.put(one, outcomes.get(one)));
                    all.complete(ordered);
                }
            };
            try {
                threads.execute(task);
            } catch (RejectedExecutionException e) {
                all.completeExceptionally(new Closed("the mapped files are closed: nothing is done with " + file));
                return all;
            }
        }
        return all;
    }

    private static <K, T> Outcome<T> outcome(K file, Work<K, T> work, BooleanSupplier unwanted) {
        try {
            if (unwanted.getAsBoolean()) {
                throw new InterruptedIOException(file + ": nothing was done, since the work was stopped");
            }
            return new Outcome.Done<>(work.on(file, unwanted));
        } catch (IOException e) {
            return new Outcome.Failed<>(e);
        } catch (RuntimeException | Error e) {
            return new Outcome.Failed<>(new IOException(file + ": " + e, e));
        }
    }

    /** Lets the work end that has begun or waits, and takes no more. */
    @Override
    public void close() {
        threads.shutdown();
        boolean interrupted = false;
        while (!threads.isTerminated()) {
            try {
                boolean _ = threads.awaitTermination(1, TimeUnit.DAYS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
