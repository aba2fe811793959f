package dev.sluice.files;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
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

    private final int parallelism;
    private final ThreadPoolExecutor threads;

    Bulk(int parallelism) {
        this.parallelism = parallelism;
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
        List<K> each = List.copyOf(new LinkedHashSet<>(files));
        if (each.isEmpty()) {
            all.complete(new LinkedHashMap<>());
            return all;
        }
        Worklist<K, T> list = new Worklist<>(each, work, all);
        for (int i = 0; i < Math.min(parallelism, each.size()); i++) {
            try {
                threads.execute(list);
            } catch (RejectedExecutionException e) {
                all.completeExceptionally(new Closed("the mapped files are closed: nothing is done with "
                        + each.getFirst() + (each.size() == 1 ? "" : " and " + (each.size() - 1) + " more")));
                return all;
            }
        }
        return all;
    }

    /** Files of which each thread that runs this takes the next one, until there are no more. */
    private static final class Worklist<K, T> implements Runnable {
        private final List<K> files;
        private final Work<K, T> work;
        private final CompletableFuture<Map<K, Outcome<T>>> all;
        private final AtomicReferenceArray<@Nullable Outcome<T>> outcomes;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger left;

        Worklist(List<K> files, Work<K, T> work, CompletableFuture<Map<K, Outcome<T>>> all) {
            this.files = files;
            this.work = work;
            this.all = all;
            outcomes = new AtomicReferenceArray<>(files.size());
            left = new AtomicInteger(files.size());
        }

        @Override
        public void run() {
            for (int i = next.getAndIncrement(); i < files.size(); i = next.getAndIncrement()) {
                outcomes.setPlain(i, outcome(files.get(i), work, all::isDone));
                if (left.decrementAndGet() == 0) { // which shows this thread what the others have set
                    Map<K, Outcome<T>> ordered = LinkedHashMap.newLinkedHashMap(files.size());
                    for (int file = 0; file < files.size(); file++) {
                        ordered.put(files.get(file), Objects.requireNonNull(outcomes.getPlain(file)));
                    }
                    all.complete(ordered);
                }
            }
        }
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
