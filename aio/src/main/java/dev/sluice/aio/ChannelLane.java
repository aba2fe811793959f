package dev.sluice.aio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a pipe, a terminal or the like behind a channel: its reads, or its writes, one after the other.
 *
 * <pre>
 *   operation ──► queue ──► a thread waits in the channel for the first ──► settled by whoever took it out of the queue
 *                   └─────► stopped ──────────────────────────────────────┘
 * </pre>
 *
 * <p>A thread that waits in such a channel cannot be woken without closing the channel. So it has memory of its own, and
 * nobody waits for it: an operation that is stopped leaves the queue, and what comes then is kept for the next read. The
 * queue and who works are guarded by the lane itself; {@code block} belongs to the thread that works. Safe for use by many
 * threads.
 */
final class ChannelLane {
    private static final int BLOCK_BYTES = 64 << 10;

    private final FileChannel channel;
    private final Queue<Operation> queue = new ArrayDeque<>();
    private boolean working;

    /** What was read and is not given out yet. */
    private ByteBuffer block = ByteBuffer.allocate(0);

    ChannelLane(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes an operation for which a permit was taken. */
    void submit(Operation operation) {
        Context context = operation.context();
        synchronized (this) {
            context.laneIsUsed(this);
            queue.add(operation);
            if (!working) {
                working = true;
                startWorking(context);
            }
        }
        // Whoever closed meanwhile did not find it here.
        if (operation.file.isClosed()) {
            operation.completeExceptionally(operation.file.closedInUseException(operation));
        } else if (context.isClosed()) {
            operation.completeExceptionally(operation.contextClosedInUseException());
        }
    }

    private void startWorking(Context context) {
        Thread.ofPlatform().daemon().name(context.name() + "-pipe").start(() -> work(context));
    }

    /** Takes out an operation that was asked to stop; false when it is somewhere else, or done. */
    boolean stop(Operation operation) {
        if (!take(operation)) {
            return false;
        }
        settle(operation);
        return true;
    }

    /** Asks all operations to stop. */
    void stopAll(Function<Operation, Throwable> reason) {
        List<Operation> all;
        synchronized (this) {
            all = List.copyOf(queue);
        }
        all.forEach(operation -> operation.completeExceptionally(reason.apply(operation)));
    }

    private static void settle(Operation operation) {
        operation.context().settle(operation);
    }

    private synchronized boolean take(Operation operation) {
        return queue.remove(operation);
    }

    /** Does the first operation, and lets another thread do the next: continuations may wait. */
    private void work(Context context) {
        Operation first = first();
        while (first != null && !isAnswered(first)) {
            first = first();
        }
        synchronized (this) {
            working = !queue.isEmpty();
            if (working) {
                startWorking(context);
            } else {
                context.laneIsUnused(this);
            }
        }
        if (first != null) {
            settle(first);
        }
    }

    private synchronized @Nullable Operation first() {
        return queue.peek();
    }

    /** Answers false when it was stopped meanwhile. */
    private boolean isAnswered(Operation operation) {
        try {
            return operation.kind == Operation.Kind.READ ? hasRead(operation) : hasWritten(operation);
        } catch (IOException e) {
            return take(operation) && operation.endWith(e);
        } catch (RuntimeException e) {
            return take(operation) && operation.endWithThrown(e);
        }
    }

    private boolean hasRead(Operation operation) throws IOException {
        if (!block.hasRemaining()) {
            makeRoom((int) Math.min(operation.length, BLOCK_BYTES));
            try {
                channel.read(block);
            } finally {
                block.flip();
            }
        }
        return take(operation) && isDelivered(operation);
    }

    private boolean isDelivered(Operation operation) {
        try {
            return operation.advance(move(block, ChannelFile.next(operation)));
        } catch (RuntimeException e) {
            return operation.endWithThrown(e);
        }
    }

    private boolean hasWritten(Operation operation) throws IOException {
        while (true) {
            synchronized (this) {
                if (!queue.contains(operation)) {
                    return false;
                }
                makeRoom(BLOCK_BYTES);
                move(ChannelFile.next(operation), block);
                block.flip();
            }
            int count = block.remaining();
            while (block.hasRemaining()) {
                channel.write(block);
            }
            synchronized (this) {
                if (!queue.contains(operation)) {
                    return false;
                }
                if (operation.advance(count)) {
                    return queue.remove(operation);
                }
            }
        }
    }

    private void makeRoom(int bytes) {
        if (block.capacity() < bytes) {
            block = ByteBuffer.allocateDirect(BLOCK_BYTES);
        }
        block.clear().limit(bytes);
    }

    /** Moves what fits and answers how many bytes that were. */
    private static int move(ByteBuffer source, ByteBuffer target) {
        int count = Math.min(source.remaining(), target.remaining());
        target.put(source.slice(source.position(), count));
        source.position(source.position() + count);
        return count;
    }
}
