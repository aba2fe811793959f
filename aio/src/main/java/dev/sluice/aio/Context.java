package dev.sluice.aio;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Executes asynchronous file operations: on an io_uring, or on threads.
 *
 * <pre>
 *                              ┌─ the page cache has it ─► done on the calling thread
 *   AsyncFile.readAsync(...) ──┤
 *                              └─ else ─► queue (at most {@link #depth} in flight) ─► ring or threads ─► completion thread
 * </pre>
 *
 * <p>{@link #shared()} serves whoever names no other, and is never closed. Which kind it is follows, in this order, the
 * system property {@code sluice.aio.context}, the environment variable {@code SLUICE_AIO_CONTEXT} ({@code uring},
 * {@code threads} or {@code auto}), and what the machine offers. A context can serve any number of files.
 *
 * <p><b>Back-pressure.</b> At most {@link #depth} operations are in flight; a thread that starts one more waits until
 * one has ended.
 *
 * <p><b>Which thread runs continuations.</b> A future may be complete when it is returned: then what is chained to it
 * runs on the thread that chains it. Else it runs on the completion thread: for {@code uring} the one thread that owns
 * the ring, for {@code threads} the one that executed the operation. A completion thread must not wait: waiting there
 * for an operation of the same context is refused with a {@link BlockingCallException}, and other long work holds up
 * the other operations. Operations started on a ring's completion thread (see {@link #execute}) are submitted together,
 * in one system call for each turn of its loop.
 *
 * <p>Safe for use by many threads.
 */
public abstract sealed class Context implements Executor, AutoCloseable permits UringContext, ThreadsContext {
    /** How a context executes operations. */
    public enum Kind {
        /** By a Linux io_uring, which one thread owns. */
        URING,
        /** By blocking calls on a pool of threads, on every system. */
        THREADS
    }

    /**
     * What a context has done so far.
     *
     * @param inFlight operations which have started and not ended, now
     * @param here asynchronous operations done on the calling thread, since nothing had to be waited for; the blocking
     *     forms, which need no context for that, are not counted
     * @param handedOver operations which went to the ring or to the threads
     * @param systemCalls calls which the ring's thread has made for them; for {@code threads} always 0
     */
    public record Statistics(int inFlight, long here, long handedOver, long systemCalls) {}

    /** Stands for this context in its threads, which must not keep it from being forgotten. */
    final Object identity = new Object();

    private @Nullable Forgotten forgotten;
    private final String name;
    private final int depth;
    private final String reason;
    private final boolean closable;
    private final ExecutorService calls;
    private final Semaphore permits;
    private final Set<ChannelLane> lanes = ConcurrentHashMap.newKeySet();
    private final LongAdder here = new LongAdder();
    private final LongAdder handedOver = new LongAdder();

    Context(String name, int depth, String reason, boolean closable) {
        this.name = name;
        this.depth = depth;
        this.reason = reason;
        this.closable = closable;
        Object owner = identity;
        AtomicInteger number = new AtomicInteger();
        this.calls = Executors.newThreadPerTaskExecutor(
                task -> new CallThread(owner, task, name + "-call-" + number.incrementAndGet()));
        this.permits = new Semaphore(depth);
    }

    /** {@return the context of files that name no other; made when first asked for} */
    public static Context shared() {
        return Shared.CONTEXT;
    }

    private static final class Shared {
        static final Context CONTEXT = builder().name("shared").unclosable().open();
    }

    /** {@return a builder of contexts} */
    public static ContextBuilder builder() {
        return new ContextBuilder();
    }

    /** {@return how this context executes operations} */
    public abstract Kind kind();

    /** {@return why it is of this kind, in one sentence; a fall-back from io_uring names its cause} */
    public final String reason() {
        return reason;
    }

    /** {@return the name, which its threads bear too} */
    public final String name() {
        return name;
    }

    /** {@return how many operations may be in flight} */
    public final int depth() {
        return depth;
    }

    /** {@return what it has done so far} */
    public final Statistics statistics() {
        return new Statistics(depth - permits.availablePermits(), here.sum(), handedOver.sum(), systemCalls());
    }

    abstract long systemCalls();

    /** {@return an empty batch, whose operations are started together} */
    public final Batch batch() {
        return new Batch(this);
    }

    /**
     * Allocates buffers that suit this context best: page-aligned, as direct files need it, and registered with the
     * ring, which saves work at each operation. They are freed by the garbage collector.
     *
     * @param count how many
     * @param bytes the size of each, rounded up to a multiple of 4096; together at most 1 GiB
     * @return the buffers
     * @throws IllegalStateException when this context is closed
     */
    public final Buffers buffers(int count, int bytes) {
        if (isClosed()) {
            throw new IllegalStateException(closedException().getMessage());
        }
        Buffers buffers = new Buffers(count, bytes);
        register(buffers);
        return buffers;
    }

    final void checkOpen() throws IOException {
        if (isClosed()) {
            throw closedException();
        }
    }

    private Failures.Closed closedException() {
        return new Failures.Closed(this + " is closed: open the file with another");
    }

    void register(Buffers buffers) {}

    /**
     * Runs a task on a completion thread, where it must not wait. On a ring, operations that it starts are submitted
     * together.
     *
     * @param task what to run
     */
    @Override
    public abstract void execute(Runnable task);

    /**
     * Ends the context: operations in flight are asked to stop, and this waits until each has ended. Files that are
     * still open can then only be closed. On a completion thread, and on one that opens files or makes another rare call,
     * it does not wait, since it would wait for itself. A context that was forgotten, together with all its files, ends when
     * the garbage collector finds it, with a warning in the log.
     */
    @Override
    public final void close() {
        if (!closable) {
            throw new UnsupportedOperationException("the shared context serves the whole process and is never closed");
        }
        if (FlightRecorder.isInitialized()) { // else the event alone would start it, which costs a tenth of a second
            ContextEvent.tell(this);
        }
        ExecutorService own = shutDown();
        calls.shutdown();
        stopLanes();
        if (forgotten != null) {
            forgotten.isNot();
        }
        if (isCompletionThread() || isCallThread()) {
            return;
        }
        try {
            awaitEnd(own);
            awaitEnd(calls);
            stopLanes();
            permits.acquire(depth);
            permits.release(depth);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the threads are daemons and end by themselves
        }
    }

    private void stopLanes() {
        lanes.forEach(lane -> lane.stopAll(Operation::contextClosedInUseException));
    }

    final void laneIsUsed(ChannelLane lane) {
        lanes.add(lane);
    }

    final void laneIsUnused(ChannelLane lane) {
        lanes.remove(lane);
    }

    /** A thread that makes one blocking call, and runs what is chained to it; whose. */
    private static final class CallThread extends Thread {
        private final Object owner;

        CallThread(Object owner, Runnable task, String name) {
            super(null, task, name, 0, false);
            this.owner = owner;
            setDaemon(true);
        }
    }

    private boolean isCallThread() {
        return Thread.currentThread() instanceof CallThread thread && thread.owner.equals(identity);
    }

    private static void awaitEnd(ExecutorService threads) throws InterruptedException {
        while (!threads.awaitTermination(1, TimeUnit.DAYS)) {
            Thread.onSpinWait();
        }
    }

    /** From now on, a context that becomes unreachable ends as if it were closed, with a warning. */
    final Context watched() {
        if (closable) {
            Runnable end = end();
            ExecutorService ownCalls = calls;
            forgotten = Forgotten.watch(this, () -> {
                end.run();
                ownCalls.shutdown();
            });
        }
        return this;
    }

    /** What ends this context's threads; it does not hold the context. */
    abstract Runnable end();

    /** Asks operations in flight to stop and takes no more; answers the threads that end when they have. */
    abstract ExecutorService shutDown();

    abstract boolean isClosed();

    /** True on the threads that complete this context's operations. */
    abstract boolean isCompletionThread();

    /** Queues an operation for which a permit was taken, or settles it with an error. */
    abstract void submit(Operation operation);

    /** Queues several operations for which permits were taken. */
    abstract void submitAll(Operation first, int count);

    /** Sees to it that an operation, which has been asked to end, does. */
    abstract void stop(Operation operation);

    /** Asks all operations of a file to stop, since it is being closed. */
    abstract void stopAll(SharedFile file);

    /** Runs a rare blocking call, such as opening a file, where it may block. */
    final Executor blockingCalls() {
        return calls;
    }

    /** Forgets a file that is about to be closed; waits until that is done. */
    void forget(SharedFile file) {}

    /** Starts an operation; does it at once where nothing has to be waited for. */
    final Operation start(Operation operation) {
        boolean ended;
        try {
            ended = !operation.pinFile()
                    || isEmpty(operation)
                    || (!isCompletionThread() && isDoneHere(operation))
                    || isRefused(operation);
        } catch (Throwable e) {
            ended = operation.endWithThrown(e); // such as a stack overflow; what it holds must be given back
        }
        if (!ended) {
            submit(operation);
            return operation;
        }
        try {
            operation.settle();
        } catch (StackOverflowError e) {
            if (operation.stripe >= 0) {
                synchronized (operation.file) { // see Pins.lost
                    operation.file.lost[operation.stripe]++;
                }
            }
            throw e;
        }
        return operation;
    }

    private boolean isRefused(Operation operation) {
        Throwable refusal = takePermits(1, operation);
        if (refusal == null && operation.pieces != null) {
            try {
                operation.pieces.lend();
            } catch (Throwable e) {
                permits.release();
                refusal = e;
            }
        }
        return refusal != null && operation.endWith(refusal);
    }

    private boolean isEmpty(Operation operation) {
        boolean empty = operation.length == 0
                && (operation.kind == Operation.Kind.READ || operation.kind == Operation.Kind.WRITE);
        return empty && operation.end();
    }

    private boolean isDoneHere(Operation operation) {
        if (!operation.file.isWorthTryingHere(operation)) {
            return false;
        }
        boolean ended = runHere(operation, false);
        if (ended) {
            here.increment();
        }
        return ended;
    }

    /** Calls until the operation has ended, or would have to wait though it must not: then answers false. */
    final boolean runHere(Operation operation, boolean mayWait) {
        try {
            boolean ended;
            do {
                long result = operation.file.call(operation, mayWait);
                if (result == OpenFile.WOULD_WAIT) {
                    return false;
                }
                ended = operation.advance(result);
            } while (!ended);
        } catch (Throwable e) {
            operation.endWithThrown(e);
        }
        return true;
    }

    /**
     * Takes permits, waiting for them.
     *
     * @return nothing when they were taken, else why they cannot be had
     */
    final @Nullable Throwable takePermits(int count, Object forWhat) {
        if (permits.tryAcquire(count)) {
            handedOver.add(count);
            return null;
        }
        if (isCompletionThread()) {
            return new BlockingCallException("more than " + depth + " operations at once were started on the completion"
                    + " thread of context '" + name
                    + "', which cannot wait for a free place: start fewer, or build the"
                    + " context with a greater depth");
        }
        try {
            permits.acquire(count);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new InterruptedIOException(
                    forWhat + " was not started: the thread was interrupted while too many others were in flight");
        }
        handedOver.add(count);
        return null;
    }

    /** Settles an operation that had a permit. */
    final void settle(Operation operation) {
        try {
            permits.release();
        } finally {
            operation.settle();
        }
    }

    /** Waits for an operation on behalf of a blocking form; an interrupt asks it to stop. */
    final long await(Operation operation) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return operation.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    operation.completeExceptionally(interrupted(operation));
                } catch (ExecutionException e) {
                    throw Failures.rethrown(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static InterruptedIOException interrupted(Operation operation) {
        return new InterruptedIOException(
                operation.file.name() + ": " + operation.action() + " was interrupted; the file stays open");
    }

    /**
     * Refuses to wait on a thread that completes this context's operations. Whoever builds a blocking form on files asks
     * this first.
     *
     * @param what what would have to be waited for, for the message: {@code "read numbers.bin"}
     * @throws BlockingCallException on such a thread
     */
    public final void refuseOnCompletionThread(String what) {
        if (isCompletionThread()) {
            throw blockingCall(what);
        }
    }

    /**
     * As {@link #refuseOnCompletionThread(String)}, for calls so short that putting the message together would be most of them.
     *
     * @param what what would have to be done: {@code "read"}
     * @param file with what, for the message
     * @throws BlockingCallException on such a thread
     */
    public final void refuseOnCompletionThread(String what, Path file) {
        if (isCompletionThread()) {
            throw blockingCall(what + " " + file);
        }
    }

    static BlockingCallException blockingCall(String what) {
        return new BlockingCallException("the completion thread '"
                + Thread.currentThread().getName() + "' was about to " + what
                + ", which could block for ever: chain the"
                + " next step with thenCompose, or move it to another thread with thenApplyAsync");
    }

    /**
     * Makes a blocking call on another thread; it counts as an operation in flight.
     *
     * @param discard what becomes of a result that nobody wants any more
     */
    final <T extends @Nullable Object> RareCall<T> call(
            RareCall<T> call, RareCall.Body<T> body, RareCall.Discard<T> discard) {
        Throwable refusal = takePermits(1, call.describe());
        if (refusal != null) {
            call.fail(refusal);
            return call;
        }
        try {
            blockingCalls().execute(() -> call.run(body, discard, permits::release));
        } catch (RejectedExecutionException e) {
            permits.release();
            call.fail(closedException());
        } catch (Error e) {
            permits.release(); // no memory for another thread, for example
            call.fail(e);
        }
        return call;
    }

    /** Opens something on another thread. */
    final <T extends AutoCloseable> CompletableFuture<T> open(
            Path path, RareCall.Body<T> body, RareCall.Discard<T> discard) {
        return call(new RareCall<>(this, path + ": opening", false), body, discard);
    }

    /** Ends an opening that waits for the other end of a pipe, when it is not to wait any longer. */
    final void checkOpening(Path path, BooleanSupplier unwanted) throws IOException {
        refuseOnCompletionThread("wait for the other end of " + path);
        if (isClosed()) {
            throw new Failures.ClosedInUse(
                    path + ": " + this + " was closed while the pipe's other end was waited for");
        }
        if (unwanted.getAsBoolean() || Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException(path + ": waiting for the pipe's other end was interrupted");
        }
    }

    @Override
    public String toString() {
        return "context '" + name + "' (" + kind().name().toLowerCase(Locale.ROOT) + ", depth " + depth + ")";
    }
}
