package dev.sluice.aio;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link AsyncFile} and its operations in flight share: the open file, the context, and the pins that keep the
 * file open as long as an operation uses it.
 *
 * <p>Safe for use by many threads; closed by the first who asks.
 */
final class SharedFile extends Pins {
    final OpenFile open;
    private final Context context;
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
    private final AtomicLong changes = new AtomicLong();

    /** The thread that closes the file, which does it itself when nothing uses it. */
    private volatile long closer = -1;

    /** The last result as an object: most transfers of a file have the same length. A racy cache of an immutable. */
    private @Nullable Long lastValue;

    SharedFile(OpenFile open, Context context) {
        this.open = open;
        this.context = context;
    }

    String name() {
        return open.name;
    }

    Context context() {
        return context;
    }

    boolean isPositional() {
        return open.isPositional();
    }

    boolean isUnaligned(long done) {
        return open.isUnaligned(done);
    }

    boolean isWorthTryingHere(Operation operation) {
        return open.isWorthTryingHere(operation);
    }

    long call(Operation operation, boolean mayWait) throws IOException {
        return open.call(operation, mayWait);
    }

    Long box(long value) {
        Long last = lastValue;
        if (last == null || last != value) {
            last = value;
            lastValue = last;
        }
        return last;
    }

    /** How often the bytes may have changed, so that who has read ahead knows when that is stale. */
    long changes() {
        return changes.get();
    }

    void changed() {
        changes.incrementAndGet();
    }

    int pinOrThrow() throws IOException {
        if (context.isClosed()) {
            throw contextClosedException();
        }
        int stripe = pin();
        if (stripe < 0) {
            throw closedException();
        }
        return stripe;
    }

    Failures.Closed contextClosedException() {
        return new Failures.Closed(name() + " cannot be used any more: " + context + " is closed");
    }

    Failures.Closed closedException() {
        return new Failures.Closed(name() + " is closed: open it again to go on");
    }

    Failures.ClosedInUse closedInUseException(Operation operation) {
        return new Failures.ClosedInUse(name() + " was closed while " + operation.action());
    }

    /**
     * True when {@link #readHere} and {@link #wroteHere} may be called with this memory. They are apart from this, and
     * take no segment, so that the compiler need not make an object for one.
     */
    boolean isCallableHere(MemorySegment memory) {
        // A completion thread must not wait for the disk; it is refused when it waits for the operation instead.
        return open.isCallableHere() && isUsableHere(memory) && !context.isCompletionThread();
    }

    /**
     * Reads on the calling thread, without making an object.
     *
     * @return as {@link AsyncFile#read(MemorySegment, long)}, or {@link OpenFile#WOULD_WAIT}
     */
    long readHere(long address, long length, long position) throws IOException {
        int stripe = pinOrThrow();
        try {
            boolean mayWait = !Thread.currentThread().isVirtual();
            return ((DescriptorFile) open).read(address, length, position, mayWait);
        } finally {
            try {
                unpin(stripe);
            } catch (StackOverflowError e) {
                synchronized (this) { // see Pins.lost
                    lost[stripe]++;
                }
            }
        }
    }

    /** As {@link #readHere}; answers false when it would have to go another way. */
    boolean wroteHere(long address, long length, long position) throws IOException {
        DescriptorFile file = (DescriptorFile) open;
        if (Thread.currentThread().isVirtual() && !file.isWriteShort(length)) {
            return false;
        }
        int stripe = pinOrThrow();
        try {
            file.write(address, length, position);
            return true;
        } finally {
            try {
                changed();
                unpin(stripe);
            } catch (StackOverflowError e) {
                synchronized (this) { // see Pins.lost
                    lost[stripe]++;
                }
            }
        }
    }

    private static boolean isUsableHere(MemorySegment memory) {
        return Memory.isStable(memory) || (memory.isNative() && Memory.isUsableByThisThread(memory));
    }

    /** Does what an operation says and waits for it, on the calling thread where that does no harm. */
    long await(Operation operation) throws IOException {
        context.refuseOnCompletionThread("wait for " + operation.action() + " of " + name());
        if (open.isCallableHere() && !Thread.currentThread().isVirtual()) {
            StackOverflowError unsettled = null;
            try {
                if (operation.pinFile()) {
                    context.runHere(operation, true);
                }
            } finally {
                try {
                    operation.settle();
                } catch (StackOverflowError e) {
                    if (operation.stripe >= 0) {
                        synchronized (this) { // see Pins.lost
                            lost[operation.stripe]++;
                        }
                    }
                    unsettled = e;
                }
            }
            if (unsettled != null) {
                throw unsettled;
            }
            return awaited(operation);
        }
        return awaited(context.start(operation));
    }

    private long awaited(Operation operation) throws IOException {
        long result = context.await(operation);
        if (operation.pieces != null) {
            operation.pieces.fetch(Math.max(0, result));
        }
        return result;
    }

    /** True when other threads make this file's calls, and not the kernel alone touches the memory. */
    boolean isCalledElsewhere() {
        return open instanceof ChannelFile;
    }

    /** Appends, on the calling thread if that does no harm. */
    long append(MemorySegment source) throws IOException {
        return isCalledElsewhere() ? Failures.joined(appendAsync(source)) : appendHere(source, () -> false);
    }

    private long appendHere(MemorySegment source, BooleanSupplier unwanted) throws IOException {
        int stripe = pinOrThrow();
        try (Arena arena = Arena.ofConfined()) {
            return open.append(
                    isUsableHere(source)
                            ? source
                            : arena.allocate(source.byteSize()).copyFrom(source),
                    unwanted);
        } finally {
            changed();
            unpin(stripe);
        }
    }

    Stoppable<Long> appendAsync(MemorySegment source) {
        RareCall<Long> call = new RareCall<>(context, name() + ": appending " + source.byteSize() + " bytes", true);
        if (open.isAppendShort(source.byteSize()) && !context.isCompletionThread()) {
            try {
                call.succeed(appendHere(source, () -> false));
            } catch (Throwable e) {
                call.fail(e);
            }
            return call;
        }
        MemorySegment stable;
        try {
            stable = Memory.isStable(source)
                    ? source
                    : Arena.ofAuto().allocate(source.byteSize()).copyFrom(source);
        } catch (OutOfMemoryError e) {
            call.fail(e);
            return call;
        }
        return context.call(call, unwanted -> appendHere(stable, unwanted), landed -> {});
    }

    /** A rare call on the open file. */
    @FunctionalInterface
    interface Call<T extends @Nullable Object> {
        T on(OpenFile open) throws IOException;
    }

    <T extends @Nullable Object> T call(Call<T> call) throws IOException {
        int stripe = pinOrThrow();
        try {
            return call.on(open);
        } finally {
            unpin(stripe);
        }
    }

    /** A call that changes the bytes. */
    <T extends @Nullable Object> Call<T> changing(Call<T> call) {
        return target -> {
            try {
                return call.on(target);
            } finally {
                changed();
            }
        };
    }

    /** Makes a call that may have to wait for the disk on another thread. */
    <T extends @Nullable Object> CompletableFuture<T> callAsync(Call<T> call) {
        return context.call(new RareCall<>(context, name() + ": a call", false), unwanted -> call(call), result -> {});
    }

    /** Closes the file when nothing uses it any more, having asked what does to stop. */
    CompletableFuture<@Nullable Void> close() {
        if (closePins()) {
            closer = Thread.currentThread().threadId();
            giveBackLost();
            context.stopAll(this);
            open.stopAll(this::closedInUseException);
            releaseWhenUnused();
        }
        return closed;
    }

    @Override
    void onReleased() {
        if (closer == Thread.currentThread().threadId() && !context.isCompletionThread()) {
            closeNow();
            return;
        }
        try {
            context.blockingCalls().execute(this::closeNow);
        } catch (RejectedExecutionException | Error e) {
            closeNow(); // the context is closed, or has no memory for a thread: there is nobody else to do it
        }
    }

    private void closeNow() {
        try {
            context.forget(this);
            open.close();
            closed.complete(null);
        } catch (Throwable e) {
            closed.completeExceptionally(e);
        }
    }
}
