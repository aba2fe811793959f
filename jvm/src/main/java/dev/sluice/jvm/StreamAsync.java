package dev.sluice.jvm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ShutdownChannelGroupException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A file behind a door as an {@link AsynchronousFileChannel}: each operation by one of the {@link Hands}, since who waits for
 * it may keep the carrier that a virtual thread would need, or by the executor that was given. Safe for use by many threads.
 */
final class StreamAsync extends AsynchronousFileChannel {
    private final StreamChannel channel;
    private final Locks locks;
    private final Executor executor;

    StreamAsync(StreamChannel channel, @Nullable Executor executor) {
        this.channel = channel.uninterruptible();
        this.executor = executor == null ? Hands::take : executor;
        locks = channel.locksOf(this);
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public AsynchronousFileChannel truncate(long size) throws IOException {
        channel.truncate(size);
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        channel.force(metaData);
    }

    @Override
    public <A extends @Nullable Object> void lock(
            long position, long size, boolean shared, A attachment, CompletionHandler<FileLock, ? super A> handler) {
        checkLock(shared);
        FutureTask<FileLock> taking = taking(position, size, shared);
        start(() -> taken(taking), attachment, handler);
    }

    @Override
    public Future<FileLock> lock(long position, long size, boolean shared) {
        checkLock(shared);
        return taking(position, size, shared);
    }

    /** An overlapping lock is an exception of the caller; all else is told by the future. */
    private FutureTask<FileLock> taking(long position, long size, boolean shared) {
        FutureTask<FileLock> taking = new FutureTask<>(() -> {
            if (!isOpen()) {
                throw new ClosedChannelException();
            }
            return locks.take(position, size, shared);
        });
        taking.run();
        if (taking.state() == Future.State.FAILED
                && taking.exceptionNow() instanceof OverlappingFileLockException overlapping) {
            throw overlapping;
        }
        return taking;
    }

    private static FileLock taken(Future<FileLock> taking) throws IOException {
        if (taking.state() == Future.State.FAILED) {
            throw taking.exceptionNow() instanceof IOException e ? e : new IOException(taking.exceptionNow());
        }
        return taking.resultNow();
    }

    private void checkLock(boolean shared) {
        if (shared) {
            mayRead();
        } else {
            mayWrite();
        }
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        checkLock(shared);
        return taken(taking(position, size, shared));
    }

    @Override
    public <A extends @Nullable Object> void read(
            ByteBuffer into, long position, A attachment, CompletionHandler<Integer, ? super A> handler) {
        java.util.Objects.requireNonNull(handler);
        checkRead(into, position);
        start(() -> channel.read(into, position), attachment, handler);
    }

    @Override
    public Future<Integer> read(ByteBuffer into, long position) {
        checkRead(into, position);
        return start(() -> channel.read(into, position));
    }

    private void checkRead(ByteBuffer into, long position) {
        checkPlace(position);
        if (into.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
        mayRead();
    }

    @Override
    public <A extends @Nullable Object> void write(
            ByteBuffer from, long position, A attachment, CompletionHandler<Integer, ? super A> handler) {
        java.util.Objects.requireNonNull(handler);
        checkWrite(position);
        start(() -> channel.write(from, position), attachment, handler);
    }

    @Override
    public Future<Integer> write(ByteBuffer from, long position) {
        checkWrite(position);
        return start(() -> channel.write(from, position));
    }

    private void checkWrite(long position) {
        checkPlace(position);
        mayWrite();
    }

    private static void checkPlace(long position) {
        if (position < 0) {
            throw new IllegalArgumentException("Negative position");
        }
    }

    private void mayRead() {
        if (!channel.reads()) {
            throw new NonReadableChannelException();
        }
    }

    private void mayWrite() {
        if (!channel.writes()) {
            throw new NonWritableChannelException();
        }
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        locks.releaseAll();
        channel.close();
    }

    private <T> Future<T> start(Callable<T> work) {
        if (!isOpen()) {
            return CompletableFuture.failedFuture(new ClosedChannelException());
        }
        FutureTask<T> task = new FutureTask<>(() -> told(work));
        execute(task);
        return task;
    }

    private <T, A extends @Nullable Object> void start(
            Callable<T> work, A attachment, CompletionHandler<T, ? super A> handler) {
        boolean wasOpen = isOpen();
        execute(() -> {
            T result;
            try {
                if (!wasOpen) {
                    throw new ClosedChannelException();
                }
                result = told(work);
            } catch (Exception e) {
                handler.failed(e, attachment);
                return;
            }
            handler.completed(result, attachment);
        });
    }

    /** Who was let in is told that it was closed meanwhile. */
    private <T> T told(Callable<T> work) throws Exception {
        try {
            return work.call();
        } catch (AsynchronousCloseException e) {
            throw e;
        } catch (ClosedChannelException e) {
            AsynchronousCloseException closed = new AsynchronousCloseException();
            closed.initCause(e);
            throw closed;
        }
    }

    private void execute(Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException e) {
            ShutdownChannelGroupException shut = new ShutdownChannelGroupException();
            shut.initCause(e);
            throw shut;
        }
    }
}
