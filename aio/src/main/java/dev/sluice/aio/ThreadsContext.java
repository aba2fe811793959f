package dev.sluice.aio;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/**
 * A context that executes operations by blocking calls on a pool of platform threads.
 *
 * <p>Pipes, terminals and their like can keep a thread for ever, so each of their operations gets one of its own, which
 * waits for the file and for an event counter at once, and so can be stopped. Whoever removes an operation from {@code
 * queued} executes or settles it. Safe for use by many threads.
 */
final class ThreadsContext extends Context {
    /** No pool goes deeper when it is given something. */
    private static final int DEPTH = 100;

    private final ForkJoinPool pool;
    private final Set<Operation> queued = ConcurrentHashMap.newKeySet();
    private final Map<Operation, Wakeup> waiting = new ConcurrentHashMap<>();
    private volatile boolean closed;

    ThreadsContext(String name, int depth, int threads, String reason, boolean closable) {
        super(name, depth, reason, closable);
        pool = CompletionPool.of(identity, threads, name + "-worker");
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
        return Thread.currentThread() instanceof CompletionPool.Worker worker
                && worker.owner().equals(identity);
    }

    @Override
    public void execute(Runnable task) {
        try {
            pool.execute(Objects.requireNonNull(task, "task"));
        } catch (RejectedExecutionException e) {
            throw new RejectedExecutionException(this + " is closed", e);
        }
    }

    @Override
    void submit(Operation operation) {
        if (operation.file.open instanceof ChannelFile file && file.takes(operation)) {
            return;
        }
        boolean isQueued = false;
        try {
            int _ = room(DEPTH);
            isQueued = queued.add(operation);
            if (closed) {
                throw new RejectedExecutionException();
            }
            Executor executor = operation.file.isPositional() ? pool : blockingCalls();
            executor.execute(() -> run(operation));
        } catch (RejectedExecutionException e) {
            if (queued.remove(operation)) {
                operation.endWith(operation.contextClosedException());
                settle(operation);
            }
        } catch (Error e) {
            // No memory for another thread, for example. When it could not even be queued nobody else has it.
            if (!isQueued || queued.remove(operation)) {
                operation.endWith(e);
                settle(operation);
            }
        }
    }

    /** Goes so deep. A stack that ends inside the pool leaves that locked for ever, so it is to end before. */
    private static int room(int depth) {
        return depth == 0 ? 0 : room(depth - 1) + 1;
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
            boolean syncs = operation.kind == Operation.Kind.FORCE || operation.kind == Operation.Kind.FORCE_DATA;
            if (syncs || operation.file.isPositional() || !(operation.file.open instanceof DescriptorFile file)) {
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
                operation.completeExceptionally(operation.contextClosedInUseException());
            }
            boolean ended = false;
            while (!ended && !operation.isAsked()) {
                if (file.awaitReady(operation.kind == Operation.Kind.WRITE, wakeup.descriptor())) {
                    ended = operation.advance(file.call(operation, false));
                }
            }
        } catch (Throwable e) {
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
        unfinished()
                .filter(operation -> operation.file == file)
                .forEach(operation -> operation.completeExceptionally(file.closedInUseException(operation)));
    }

    /** What can be stopped: operations that wait for a thread, or for a pipe. */
    private Stream<Operation> unfinished() {
        return Stream.concat(queued.stream(), waiting.keySet().stream());
    }

    @Override
    boolean isClosed() {
        return closed;
    }

    @Override
    Runnable end() {
        return pool::shutdown;
    }

    @Override
    ExecutorService shutDown() {
        closed = true;
        unfinished().forEach(operation -> operation.completeExceptionally(operation.contextClosedInUseException()));
        pool.shutdown();
        return pool;
    }
}
