package dev.sluice.jvm;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Those who use something that is open: it is closed when all of them have left it. Safe for use by many threads. */
final class Users {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();

    /** Guarded by the lock, as is the next. */
    private final Set<Call> calls = new HashSet<>();

    private boolean isClosed;

    void enter(Call call) throws IOException {
        lock.lock();
        try {
            if (isClosed) {
                throw new ClosedChannelException();
            }
            calls.add(call);
        } finally {
            lock.unlock();
        }
    }

    void leave(Call call) {
        lock.lock();
        try {
            calls.remove(call);
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets nobody in any more, ends all waits, and waits until all have left. {@return true to the first who says so} */
    boolean close(Supplier<IOException> reason) {
        lock.lock();
        try {
            boolean isFirst = !isClosed;
            isClosed = true;
            calls.forEach(call -> call.giveUp(reason));
            while (!calls.isEmpty()) {
                left.awaitUninterruptibly();
            }
            return isFirst;
        } finally {
            lock.unlock();
        }
    }
}
