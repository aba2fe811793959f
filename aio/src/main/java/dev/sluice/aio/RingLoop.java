package dev.sluice.aio;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Linux;
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
    private static final long STEP_MAX = 8 << 20;
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

    private static final System.Logger LOG = System.getLogger(RingLoop.class.getName());

    private final UringContext context;
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
    private boolean wakeArmed;

    private volatile @Nullable Operation queued;
    private volatile boolean sleeping;
    private volatile boolean stopping;
    private volatile boolean ended;
    private final LongAdder systemCalls = new LongAdder();

    private RingLoop(UringContext context) throws FileSystemException {
        this.context = context;
        table = new OperationTable(context.depth());
        wakeup = new Wakeup(context.toString());
        pool = CompletionPool.of(context, 1, context.name() + "-ring");
    }

    static RingLoop start(UringContext context) throws FileSystemException {
        RingLoop loop = new RingLoop(context);
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
        try (Ring opened = Ring.open(ENTRIES_MAX, context.depth() + ENTRIES_MAX)) {
            ring = opened;
            registrations = new Registrations(opened);
            started.complete(null);
            turn(opened);
        } catch (Throwable e) {
            if (!started.completeExceptionally(e)) {
                LOG.log(System.Logger.Level.ERROR, "the ring of " + context + " has ended unexpectedly", e);
                stopping = true;
                table.forEach(operation -> {
                    operation.endWith(new IOException(
                            operation.file.name() + ": " + operation.action() + " was given up, since the ring of "
                                    + context + " has ended unexpectedly",
                            e));
                    context.settle(operation);
                });
            }
        } finally {
            ended = true;
            wakeup.close();
            rejectQueued();
            runTasks();
            pool.shutdown();
        }
    }

    private void turn(Ring ring) {
        while (true) {
            startQueued();
            runTasks();
            ring.drain(this);
            if (stopping && table.isEmpty() && queued == null && tasks.isEmpty()) {
                if (!wakeArmed) {
                    return;
                }
                wakeup.signal();
            } else if (!wakeArmed) {
                wakeArmed = true;
                ring.read(WAKE, wakeup.descriptor(), false, false, wakeCount.address(), 8, 0);
            }
            enter(ring);
        }
    }

    /** Submits what has been prepared, and waits when there is nothing else to do. */
    private void enter(Ring ring) {
        sleeping = true;
        boolean busy = queued != null || !tasks.isEmpty() || ring.hasCompletions();
        int result = ring.enter(busy ? 0 : 1);
        sleeping = false;
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
            begin(oldest);
            oldest = after;
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
            context.settle(operation);
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
            } catch (RuntimeException e) {
                operation.endWithThrown(e);
                settle(operation);
                return;
            }
        }
        prepare(operation, address);
    }

    private void settle(Operation operation) {
        table.remove(operation);
        context.settle(operation);
    }

    private void prepare(Operation operation, long piecesAddress) {
        Ring ring = Objects.requireNonNull(this.ring);
        DescriptorFile file = (DescriptorFile) operation.file.open;
        long id = operation.ringId;
        switch (operation.kind) {
            case FORCE -> ring.fsync(id, file.fd, true);
            case FORCE_DATA -> ring.fsync(id, file.fd, false);
            case READ, WRITE -> {
                long offset = file.isPositional() ? operation.offset() : Linux.CURRENT_POSITION;
                Pieces pieces = operation.pieces;
                if (pieces == null) {
                    long address = operation.memory.address() + operation.done;
                    transfer(ring, operation, file, address, operation.length - operation.done, offset);
                } else if (pieces.count() == 0) {
                    transfer(ring, operation, file, piecesAddress, pieces.prepared(), offset);
                } else if (operation.kind == Operation.Kind.READ) {
                    ring.readv(id, file.fd, false, piecesAddress, pieces.count(), offset);
                } else {
                    ring.writev(id, file.fd, false, piecesAddress, pieces.count(), offset);
                }
            }
        }
    }

    private void transfer(Ring ring, Operation operation, DescriptorFile file, long address, long length, long offset) {
        int step = (int) Math.min(length, STEP_MAX);
        Registrations known = Objects.requireNonNull(registrations);
        boolean fixedBuffer = known.isRegistered(address, step);
        boolean fixedFile = known.isRegistered(file);
        int fd = fixedFile ? file.ringPlace : file.fd;
        if (operation.kind == Operation.Kind.READ) {
            ring.read(operation.ringId, fd, fixedFile, fixedBuffer, address, step, offset);
        } else {
            ring.write(operation.ringId, fd, fixedFile, fixedBuffer, address, step, offset);
        }
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
        Operation head;
        do {
            head = queued;
            oldest.next = head;
        } while (!QUEUED.compareAndSet(this, head, newest));
        if (ended) {
            rejectQueued();
        } else {
            wake();
        }
    }

    private void rejectQueued() {
        Operation each = (Operation) QUEUED.getAndSet(this, null);
        while (each != null) {
            Operation after = each.next;
            each.next = null;
            each.endWith(each.contextClosedException());
            context.settle(each);
            each = after;
        }
    }

    private void wake() {
        if (sleeping && SLEEPING.compareAndSet(this, true, false)) {
            wakeup.signal();
        }
    }

    void execute(Runnable task) {
        if (stopping) {
            throw new RejectedExecutionException(context + " is closed");
        }
        tasks.add(task);
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
                LOG.log(System.Logger.Level.ERROR, "a task on the completion thread of " + context + " failed", e);
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
            if (!ended) {
                action.accept(Objects.requireNonNull(registrations));
            }
            done.complete(null);
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
            action.run();
        } else {
            add(() -> {
                if (!ended) {
                    action.run();
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
            stopping = true;
            table.forEach(operation -> operation.completeExceptionally(operation.contextClosedInUseException()));
        });
        return pool;
    }
}
