package dev.sluice.aio;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Operations that are started together; a ring takes them all in one system call. Made by {@link Context#batch}.
 *
 * <p>One thread at a time.
 */
public final class Batch {
    private final Context context;
    private final List<Operation> operations = new ArrayList<>();

    Batch(Context context) {
        this.context = context;
    }

    /**
     * Adds a read, as {@link AsyncFile#readAsync(MemorySegment, long)} does it.
     *
     * @param file a file of this batch's context
     * @param target where the bytes go
     * @param position the first byte's place in the file
     * @return the number of bytes read, or -1 at the end of the file
     */
    public CompletableFuture<Long> read(AsyncFile file, MemorySegment target, long position) {
        return add(file.operation(Operation.Kind.READ, target, position));
    }

    /**
     * Adds a write, as {@link AsyncFile#writeAsync(MemorySegment, long)} does it.
     *
     * @param file a file of this batch's context
     * @param source where the bytes come from
     * @param position the first byte's place in the file
     * @return the number of bytes written: all of them
     */
    public CompletableFuture<Long> write(AsyncFile file, MemorySegment source, long position) {
        return add(file.operation(Operation.Kind.WRITE, source, position));
    }

    private CompletableFuture<Long> add(Operation operation) {
        if (operation.file.context() != context) {
            throw new IllegalArgumentException(operation.file.name() + " belongs to " + operation.file.context()
                    + ", and the batch to " + context);
        }
        if (operations.size() == context.depth()) {
            throw new IllegalStateException("a batch can have " + context.depth() + " operations, the depth of "
                    + context + ": start it, or build the context with a greater depth");
        }
        operations.add(operation);
        return operation;
    }

    /** {@return how many operations have been added and not yet started} */
    public int size() {
        return operations.size();
    }

    /** Starts all operations that have been added, waiting while too many others are in flight; empties the batch. */
    public void start() {
        Operation first = null;
        int count = 0;
        Throwable refusal;
        try {
            for (Operation operation : operations.reversed()) {
                if (operation.isAsked() || !operation.pinFile()) {
                    operation.settle();
                } else {
                    operation.next = first;
                    first = operation;
                    count++;
                }
            }
            refusal = first == null ? null : context.takePermits(count, "a batch of " + count + " operations");
        } catch (Error e) {
            refusal = e;
        }
        if (refusal != null) {
            for (Operation each : operations) {
                if (!each.isDone()) {
                    each.endWith(refusal);
                    each.settle();
                }
            }
        } else if (first != null) {
            context.submitAll(first, count);
        }
        operations.clear();
    }
}
