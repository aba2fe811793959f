package dev.sluice.aio;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Ring;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.FileSystemException;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The thread that owns a context's ring, and its queue.
 *
 * <pre>
 *   any thread ──► queued (a stack of operations) ─┐
 *   any thread ──► tasks ──────────────────────────┼─► one turn: start, submit, wait ─► kernel
 *   the loop's own thread: continuations ──────────┘          ▲                            │
 *                                                             └──── settle ◄── completions ┘
 * </pre>
 *
 * <p>The ring, the table of operations in flight and the registrations belong to the loop's thread alone. {@code queued}
 * and {@code tasks} are filled by any thread and emptied by the loop; {@code sleeping} says whether it has to be woken.
 */
final class RingLoop implements Runnable, Ring.Completions {
    private static final int ENTRIES_MAX = 256;
    private static final long WAKE = -1;
    private static final long CANCEL = -2;
    private static final long POLL = 1L << 62;

    private static final int EAGAIN = Errno.EAGAIN.negated();

    private static final VarHandle QUEUED;
    private static final VarHandle SLEEPING;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            QUEUED = lookup.findVarHandle(RingLoop.class, "queued", Operation.class);
            SLEEPING = lookup.findVarHandle(RingLoop.class, "sleeping", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What the context says of itself; holding the context would keep it from being forgotten. */
    private final String context;

    private final int depth;
    private final ForkJoinPool pool;
    private final OperationTable table;
    private final Wakeup wakeup;
    private final MemorySegment wakeCount = Arena.ofAuto().allocate(8, 8);
    private final CompletableFuture<@Nullable Void> started = new CompletableFuture<>();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** Seen right by the thread itself; any other may see what it likes, as it is never that. */
    private @Nullable Thread thread;

    private @Nullable Ring ring;
    private @Nullable Registrations registrations;
    private @Nullable RingRequests requests;
    private boolean wakeArmed;

    private volatile @Nullable Operation queued;
    private volatile boolean sleeping;
    private volatile boolean stopping;
    private volatile boolean ended;
    private final LongAdder systemCalls = new LongAdder();

    private RingLoop(String context, String name, int depth, Object owner) throws FileSystemException {
        this.context = context;
        this.depth = depth;
        table = new OperationTable(depth);
        wakeup = new Wakeup(context);
        pool = CompletionPool.of(owner, 1, name + "-ring");
    }

    static RingLoop start(String context, String name, int depth, Object owner) throws FileSystemException {
        RingLoop loop = new RingLoop(context, name, depth, owner);
        loop.pool.execute(loop);
        try {
            loop.started.join();
        } catch (CompletionException e) {
            loop.wakeup.close();
            if (e.getCause() instanceof FileSystemException refused) {
                throw refused;
            }
            throw e;
        }
        return loop;
    }

    @SuppressWarnings("ReferenceEquality") // asked at each operation
    boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    boolean isStopping() {
        return stopping;
    }

    long systemCalls() {
        return systemCalls.sum();
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        try (Ring opened = Ring.open(ENTRIES_MAX, depth + ENTRIES_MAX)) {
            ring = opened;
            registrations = new Registrations(opened);
            requests = new RingRequests(opened, registrations);
            started.complete(null);
            turnUntilClosed(opened);
        } catch (Throwable e) {
            if (!started.completeExceptionally(e)) {
                stopping = true;
                table.forEach(operation -> giveUp(operation, e));
                Shortage.log("the ring of " + context + " has ended unexpectedly", e);
            }
        } finally {
            ended = true;
            wakeup.close();
            rejectQueued();
            runTasks();
            pool.shutdown();
        }
    }

    private void turnUntilClosed(Ring ring) {
        int failures = 0;
        boolean going = true;
        while (going) {
            try {
                going = turn(ring);
                failures = 0;
            } catch (VirtualMachineError e) {
                // No memory just now: nothing is lost between two steps of a turn, so the next one goes on.
                Shortage.pause(e, ++failures);
            }
        }
    }

    /** Answers false when the context is closed and nothing is left to do. */
    private boolean turn(Ring ring) {
        startQueued();
        runTasks();
        ring.drain(this);
        if (stopping) {
            stopAll();
        }
        if (stopping && table.isEmpty() && queued == null && tasks.isEmpty()) {
            if (!wakeArmed) {
                return false;
            }
            wakeup.signal();
        } else if (!wakeArmed) {
            ring.read(WAKE, wakeup.descriptor(), false, false, wakeCount.address(), 8, 0);
            wakeArmed = true;
        }
        enter(ring);
        return true;
    }

    private void stopAll() {
        table.forEach(operation -> {
            if (!operation.isAsked()) {
                operation.completeExceptionally(operation.contextClosedInUseException());
            }
        });
    }

    /** Ends an operation which the kernel does not have, or will not answer any more. */
    private void giveUp(Operation operation, Throwable why) {
        try {
            operation.endWith(
                    why instanceof VirtualMachineError
                            ? why
                            : new IOException(
                                    operation.file.name() + ": " + operation.action()
                                            + " was given up, since the ring of " + context
                                            + " has ended unexpectedly",
                                    why));
            settle(operation);
        } catch (Throwable e) {
            Shortage.log(operation + " was given up", e);
        }
    }

    /** Submits what has been prepared, and waits when there is nothing else to do. */
    private void enter(Ring ring) {
        int result;
        sleeping = true;
        try {
            boolean busy = queued != null || !tasks.isEmpty() || ring.hasCompletions();
            result = ring.enter(busy ? 0 : 1);
        } finally {
            sleeping = false;
        }
        systemCalls.increment();
        if (result < 0 && result != Errno.EINTR.negated() && result != EAGAIN && result != Errno.EBUSY.negated()) {
            throw new IllegalStateException("io_uring_enter answered " + Errno.describe(result));
        }
    }

    private void startQueued() {
        if (queued != null) {
            beginAll((Operation) QUEUED.getAndSet(this, null));
        }
    }

    /** Begins a chain of operations, linked from the newest to the oldest, in the order in which they came. */
    private void beginAll(Operation newest) {
        Operation oldest = null;
        Operation each = newest;
        while (each != null) {
            Operation after = each.next;
            each.next = oldest;
            oldest = each;
            each = after;
        }
        while (oldest != null) {
            Operation after = oldest.next;
            oldest.next = null;
            try {
                begin(oldest);
            } catch (Throwable e) {
                // It could not be prepared, so the kernel does not have it. The others must not be lost with it.
                failed(oldest, e);
            }
            oldest = after;
        }
    }

    /** Ends an operation that could not go on; what is thrown when it has been settled harms nobody. */
    private void failed(Operation operation, Throwable why) {
        if (operation.isDone()) {
            Shortage.log("what was chained to " + operation + " failed", why);
        } else {
            giveUp(operation, why);
        }
    }

    private void begin(Operation operation) {
        if (operation.file.isClosed()) {
            operation.completeExceptionally(operation.file.closedInUseException(operation));
        }
        if (stopping) {
            operation.endWith(operation.contextClosedException());
        }
        if (stopping || operation.isAsked()) {
            operation.context().settle(operation);
            return;
        }
        table.add(operation);
        prepare(operation);
    }

    /** Prepares the operation's next call; one whose memory cannot be used any more ends instead. */
    private void prepare(Operation operation) {
        long address = 0;
        if (operation.pieces != null) {
            try {
                address = operation.pieces.prepare(operation.done);
            } catch (Throwable e) {
                operation.endWithThrown(e);
                settle(operation);
                return;
            }
        }
        Objects.requireNonNull(requests).prepare(operation, address);
    }

    private void settle(Operation operation) {
        if (operation.ringId >= 0) {
            table.remove(operation);
        }
        operation.context().settle(operation);
    }

    @Override
    public void completed(long id, int result) {
        if (id == WAKE) {
            wakeArmed = false;
            return;
        } else if (id == CANCEL) {
            return;
        }
        Operation operation = table.get(id & ~POLL);
        try {
            completed(operation, id, result);
        } catch (Throwable e) {
            failed(operation, e);
        }
    }

    private void completed(Operation operation, long id, int result) {
        if ((id & POLL) != 0 && result > 0) {
            prepare(operation);
        } else if (operation.advance(result)) {
            settle(operation);
        } else if (result == EAGAIN && !operation.file.isPositional()) {
            // A descriptor in non-blocking mode: its turn comes when it is ready.
            DescriptorFile file = (DescriptorFile) operation.file.open;
            Objects.requireNonNull(ring).poll(id | POLL, file.fd, operation.kind == Operation.Kind.WRITE);
        } else {
            prepare(operation);
        }
    }

    /** Queues a chain of operations, linked from the newest to the oldest. */
    void submit(Operation newest, Operation oldest) {
        if (isCurrentThread()) {
            beginAll(newest);
            return;
        }
        boolean isQueued = false;
        try {
            Operation head;
            do {
                head = queued;
                oldest.next = head;
            } while (!QUEUED.compareAndSet(this, head, newest));
            isQueued = true;
            if (ended) {
                rejectQueued();
            } else {
                wake();
            }
        } catch (Error e) {
            if (!isQueued) {
                oldest.next = null;
                reject(newest, e);
            }
            // The loop could not be woken, so nobody would take them.
            reject((Operation) QUEUED.getAndSet(this, null), e);
        }
    }

    private void rejectQueued() {
        reject((Operation) QUEUED.getAndSet(this, null), null);
    }

    /** Settles a chain of operations which the loop does not have: with an error, else since the context is closed. */
    private void reject(@Nullable Operation chain, @Nullable Error why) {
        Operation each = chain;
        while (each != null) {
            Operation after = each.next;
            each.next = null;
            each.endWith(why == null ? each.contextClosedException() : why);
            each.context().settle(each);
            each = after;
        }
    }

    /** Wakes the loop, also when memory is short: who could not wake it leaves it to be woken. */
    private void wake() {
        int failures = 0;
        while (sleeping && SLEEPING.compareAndSet(this, true, false)) {
            try {
                wakeup.signal();
                return;
            } catch (VirtualMachineError e) {
                sleeping = true;
                Shortage.pause(e, e instanceof StackOverflowError ? Integer.MAX_VALUE : ++failures);
            }
        }
    }

    void execute(Runnable task) {
        if (stopping) {
            throw new RejectedExecutionException(context + " is closed");
        }
        tasks.add(Objects.requireNonNull(task, "task"));
        wake();
        if (ended && tasks.remove(task)) {
            throw new RejectedExecutionException(context + " is closed");
        }
    }

    private void runTasks() {
        Runnable task;
        while ((task = tasks.poll()) != null) {
            try {
                task.run();
            } catch (Throwable e) {
                Shortage.log("a task on the completion thread of " + context + " failed", e);
            }
        }
    }

    /** Does something with the ring, on its thread, and waits for it; nothing when the ring has ended. */
    void callAndWait(Consumer<Registrations> action) {
        if (isCurrentThread()) {
            action.accept(Objects.requireNonNull(registrations));
            return;
        }
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        add(() -> {
            try {
                if (!ended) {
                    action.accept(Objects.requireNonNull(registrations));
                }
            } finally {
                done.complete(null);
            }
        });
        done.join();
    }

    void stop(Operation operation) {
        onThread(() -> {
            if (operation.ringId >= 0) {
                Ring ring = Objects.requireNonNull(this.ring);
                ring.cancel(CANCEL, operation.ringId);
                ring.cancel(CANCEL, operation.ringId | POLL);
            }
        });
    }

    void stopAll(SharedFile file) {
        onThread(() -> table.forEach(operation -> {
            if (operation.file == file) {
                operation.completeExceptionally(file.closedInUseException(operation));
            }
        }));
    }

    private void onThread(Runnable action) {
        if (isCurrentThread()) {
            Shortage.insist(action);
        } else {
            add(() -> {
                if (!ended) {
                    Shortage.insist(action);
                }
            });
        }
    }

    private void add(Runnable task) {
        tasks.add(task);
        wake();
        if (ended) {
            runTasks();
        }
    }

    /** Stops all operations and, when they have ended, the thread; answers the pool that ends with it. */
    ExecutorService shutDown() {
        onThread(() -> {
            stopping = true; // the rest of this turn asks all operations to stop
        });
        return pool;
    }
}
