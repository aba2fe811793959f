package dev.sluice.aio;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A context that executes operations by blocking calls on a pool of platform threads.
 *
 * <p>Pipes, terminals and their like can keep a thread for ever, so each of their operations gets one of its own, which
 * waits for the file and for an event counter at once, and so can be stopped. Whoever removes an operation from {@code
 * queued} executes or settles it. Safe for use by many threads.
 */
final class ThreadsContext extends Context {
    private final ForkJoinPool pool;
    private final ExecutorService calls;
    private final Set<Operation> queued = ConcurrentHashMap.newKeySet();
    private final Map<Operation, Wakeup> waiting = new ConcurrentHashMap<>();
    private final boolean closable;
    private volatile boolean closed;

    ThreadsContext(String name, int depth, int threads, String reason, boolean closable) {
        super(name, depth, reason);
        this.closable = closable;
        pool = CompletionPool.of(this, threads, name + "-worker");
        calls = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name(name + "-call-", 1).factory());
    }

    @Override
    public Kind kind() {
        return Kind.THREADS;
    }

    @Override
    long systemCalls() {
        return 0;
    }

    @Override
    boolean isCompletionThread() {
        return Thread.currentThread() instanceof CompletionPool.Worker worker && worker.context() == this;
    }

    @Override
    Executor blockingCalls() {
        return calls;
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    @Override
    void submit(Operation operation) {
        queued.add(operation);
        try {
            if (closed) {
                throw new RejectedExecutionException();
            }
            Executor executor = operation.file.isPositional() ? pool : calls;
            executor.execute(() -> run(operation));
        } catch (RejectedExecutionException e) {
            if (queued.remove(operation)) {
                operation.endWith(operation.contextClosedException());
                settle(operation);
            }
        }
    }

    private Failures.ClosedInUse closedInUseException(Operation operation) {
        return new Failures.ClosedInUse(
                operation.file.name() + ": " + this + " was closed while " + operation.describe());
    }

    @Override
    void submitAll(Operation first, int count) {
        Operation each = first;
        while (each != null) {
            Operation after = each.next;
            each.next = null;
            submit(each);
            each = after;
        }
    }

    private void run(Operation operation) {
        if (!queued.remove(operation)) {
            return;
        }
        if (!operation.isAsked()) {
            if (operation.file.isPositional() || !(operation.file.open instanceof DescriptorFile file)) {
                runHere(operation, true);
            } else {
                runWhenReady(operation, file);
            }
        }
        settle(operation);
    }

    private void runWhenReady(Operation operation, DescriptorFile file) {
        try (Wakeup wakeup = new Wakeup(file.name)) {
            waiting.put(operation, wakeup);
            // Whoever closed meanwhile did not find it here.
            if (operation.file.isClosed()) {
                operation.completeExceptionally(operation.file.closedInUseException(operation));
            } else if (closed) {
                operation.completeExceptionally(closedInUseException(operation));
            }
            boolean ended = false;
            while (!ended && !operation.isAsked()) {
                if (file.awaitReady(operation.kind == Operation.Kind.WRITE, wakeup.descriptor())) {
                    ended = operation.advance(file.call(operation, false));
                }
            }
        } catch (IOException e) {
            operation.endWith(e);
        } catch (RuntimeException e) {
            operation.endWithThrown(e);
        } finally {
            waiting.remove(operation);
        }
    }

    @Override
    void stop(Operation operation) {
        if (queued.remove(operation)) {
            settle(operation);
        } else {
            Wakeup wakeup = waiting.get(operation);
            if (wakeup != null) {
                wakeup.signal();
            }
        }
    }

    @Override
    void stopAll(SharedFile file) {
        for (Set<Operation> operations : List.of(queued, waiting.keySet())) {
            for (Operation operation : operations) {
                if (operation.file == file) {
                    operation.completeExceptionally(file.closedInUseException(operation));
                }
            }
        }
    }

    @Override
    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        if (!closable) {
            throw new UnsupportedOperationException("the shared context serves the whole process and is never closed");
        }
        closed = true;
        for (Set<Operation> operations : List.of(queued, waiting.keySet())) {
            for (Operation operation : operations) {
                operation.completeExceptionally(closedInUseException(operation));
            }
        }
        pool.shutdown();
        calls.shutdown();
        if (isCompletionThread()) {
            return;
        }
        try {
            while (!pool.awaitTermination(1, TimeUnit.DAYS) || !calls.awaitTermination(1, TimeUnit.DAYS)) {
                Thread.onSpinWait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the threads are daemons and end by themselves
        }
    }
}
