package dev.sluice.aio;

import java.nio.file.FileSystemException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/**
 * A context that executes operations on an io_uring, owned by one thread: {@link RingLoop}.
 *
 * <p>Rare calls that io_uring gives to a kernel thread anyway, and files that are known by a channel only, go to threads
 * made as needed. Safe for use by many threads.
 */
final class UringContext extends Context {
    private final RingLoop loop;

    UringContext(String name, int depth, String reason, boolean closable) throws FileSystemException {
        super(name, depth, reason, closable);
        loop = RingLoop.start(toString(), name, depth, identity);
    }

    @Override
    public Kind kind() {
        return Kind.URING;
    }

    @Override
    long systemCalls() {
        return loop.systemCalls();
    }

    @Override
    boolean isCompletionThread() {
        return loop.isCurrentThread();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    void register(Buffers buffers) {
        loop.callAndWait(registrations -> registrations.register(buffers));
    }

    @Override
    void forget(SharedFile file) {
        if (file.open instanceof DescriptorFile descriptor && descriptor.ringPlace >= 0) {
            loop.callAndWait(registrations -> registrations.forget(descriptor));
        }
    }

    @Override
    void submit(Operation operation) {
        if (operation.file.open instanceof DescriptorFile) {
            loop.submit(operation, operation);
        } else {
            callElsewhere(operation);
        }
    }

    private void callElsewhere(Operation operation) {
        if (operation.file.open instanceof ChannelFile file && file.takes(operation)) {
            return;
        }
        try {
            blockingCalls().execute(() -> {
                if (!operation.isAsked()) {
                    runHere(operation, true);
                }
                settle(operation);
            });
        } catch (RejectedExecutionException e) {
            operation.endWith(operation.contextClosedException());
            settle(operation);
        } catch (Error e) {
            operation.endWith(e); // no memory for another thread, for example
            settle(operation);
        }
    }

    @Override
    void submitAll(Operation first, int count) {
        Operation ringFirst = null;
        Operation ringLast = null;
        Operation each = first;
        while (each != null) {
            Operation after = each.next;
            each.next = null;
            if (!(each.file.open instanceof DescriptorFile)) {
                callElsewhere(each);
            } else {
                // The loop takes its queue from the newest to the oldest.
                each.next = ringFirst;
                ringFirst = each;
                ringLast = ringLast == null ? each : ringLast;
            }
            each = after;
        }
        if (ringFirst != null && ringLast != null) {
            loop.submit(ringFirst, ringLast);
        }
    }

    @Override
    void stop(Operation operation) {
        loop.stop(operation);
    }

    @Override
    void stopAll(SharedFile file) {
        loop.stopAll(file);
    }

    @Override
    boolean isClosed() {
        return loop.isStopping();
    }

    @Override
    Runnable end() {
        return loop::shutDown;
    }

    @Override
    ExecutorService shutDown() {
        return loop.shutDown();
    }
}
