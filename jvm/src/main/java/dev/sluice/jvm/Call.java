package dev.sluice.jvm;

import dev.sluice.stream.Parked;
import dev.sluice.stream.Refusal;
import dev.sluice.stream.Request;
import dev.sluice.stream.Session;
import dev.sluice.stream.Tree;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call of a thread, which waits where the flow says so. Belongs to the thread that has made it; others may only give it
 * up.
 */
final class Call extends Request {
    /** What is asked of a tree. */
    @FunctionalInterface
    interface Deed<T extends @Nullable Object> {
        T of() throws Refusal, Parked;
    }

    private final Tree tree;
    private final Caller caller;
    private final String path;
    private final Thread thread = Thread.currentThread();
    private final @Nullable Patience patience = Patience.HERE.isBound() ? Patience.HERE.get() : null;
    private volatile boolean isResumed;

    /** With what its wait ends when it is given up; null as long as it is not. */
    private volatile @Nullable Supplier<IOException> end;

    /**
     * Made for one use.
     *
     * @param path the file or directory that is asked about, for who is told of it
     */
    Call(Tree tree, Caller caller, String path) {
        this.tree = tree;
        this.caller = caller;
        this.path = path;
    }

    @Override
    public int task() {
        return caller.process();
    }

    @Override
    public int user() {
        return caller.user();
    }

    @Override
    public int group() {
        return caller.group();
    }

    @Override
    public int umask() {
        return caller.umask();
    }

    @Override
    public Session session() {
        return caller.session();
    }

    @Override
    protected void resume() {
        isResumed = true;
        LockSupport.unpark(thread);
    }

    /** Its wait, now or later, ends with an exception. */
    void giveUp(Supplier<IOException> reason) {
        end = reason;
        LockSupport.unpark(thread);
    }

    /** {@return what is said of a wait that was given up because somebody is interrupted} */
    InterruptedIOException interrupted() {
        return new InterruptedIOException("interrupted while waiting for "
                + (path.isEmpty() ? "the managed directory" : path)
                + ", which another step has yet to write or complete; ask again, or see by sluice status which one");
    }

    /** Does it, as soon as that can be. */
    <T extends @Nullable Object> T patiently(Deed<T> deed) throws Refusal, IOException {
        while (true) {
            try {
                return deed.of();
            } catch (Parked e) {
                await();
            }
        }
    }

    /** Does it, unless it would wait. {@return what comes of it, or the other thing} */
    <T extends @Nullable Object> T now(Deed<T> deed, T otherwise) throws Refusal {
        try {
            return deed.of();
        } catch (Parked e) {
            if (!tree.cancel(this)) {
                awaitResumed(); // it could go on now; who asks for no wait is told what was true just before
            }
            return otherwise;
        }
    }

    private void await() throws IOException {
        if (patience != null) {
            patience.waits(this);
        }
        while (!isResumed) {
            Supplier<IOException> reason = end;
            boolean isInterrupted = thread.isInterrupted();
            if (reason != null || isInterrupted) {
                if (!tree.cancel(this)) {
                    awaitResumed();
                }
                throw reason != null ? reason.get() : interrupted();
            }
            LockSupport.park(this);
        }
        isResumed = false;
    }

    /** Somebody is about to resume it. An interrupt is kept for later. */
    private void awaitResumed() {
        boolean isInterrupted = false;
        while (!isResumed) {
            LockSupport.park(this);
            isInterrupted |= Thread.interrupted();
        }
        isResumed = false;
        if (isInterrupted) {
            thread.interrupt();
        }
    }
}
