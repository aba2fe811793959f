package dev.sluice.cli;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;

/** Reads of one block after the other by a channel's completion handler; complete when the time is over. */
final class ReadChain extends CompletableFuture<Long> implements CompletionHandler<Integer, Long> {
    private final AsynchronousFileChannel file;
    private final RandomBlock block;
    private final long deadline;

    private ReadChain(AsynchronousFileChannel file, RandomBlock block, long deadline) {
        this.file = file;
        this.block = block;
        this.deadline = deadline;
    }

    /** Begins a chain. */
    static ReadChain begin(AsynchronousFileChannel file, RandomBlock block, long deadline) {
        ReadChain chain = new ReadChain(file, block, deadline);
        chain.next();
        return chain;
    }

    private void next() {
        long position = block.choose();
        file.read(block.buffer(), position, position, this);
    }

    @Override
    public void completed(Integer count, Long position) {
        try {
            block.check(count);
            if (System.nanoTime() < deadline) {
                next();
            } else {
                complete(position);
            }
        } catch (IOException | RuntimeException e) {
            completeExceptionally(e);
        }
    }

    @Override
    public void failed(Throwable failure, Long position) {
        completeExceptionally(failure);
    }
}
