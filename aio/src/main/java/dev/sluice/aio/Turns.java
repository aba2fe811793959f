package dev.sluice.aio;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The turns of a stream's calls: one after the other, in the order in which they were issued, on threads that are there
 * anyway.
 *
 * <pre>
 *   blocking call ──┬─ nobody's turn ─► works on its own thread
 *                   └─ else ─► ticket ─┐
 *                                      ├─► queue ─► whoever ends a turn gives the next one
 *   call ───────────┬─ else ───────────┘
 *                   └─ nobody's turn ─► starts on the caller's thread, goes on where the file answers
 * </pre>
 *
 * <p>Whoever sets {@code taken} has the turn. On a completion thread a future is completed before the next turn begins,
 * so that continuations run in order; they cannot wait there for the stream. On any other thread the turn is passed on
 * first, since a continuation may wait for it. Safe for use by many threads.
 */
final class Turns {
    /** Who waits for a turn. */
    sealed interface Waiting permits Call, Ticket {}

    private final AsyncFile file;
    private final Context context;
    private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile @Nullable Call<?> working;

    /** Why calls that read are to end, once the stream is being closed. */
    private volatile @Nullable Throwable noMoreReading;

    Turns(AsyncFile file) {
        this.file = file;
        this.context = file.context();
    }

    /** Does work in its turn and waits for it. */
    <T extends @Nullable Object> T call(Work<T> work) throws IOException {
        context.refuseOnCompletionThread("wait for a call on " + file.name());
        if (!file.isPositional()) {
            // It may wait for ever, so it must be one that can be stopped when the stream is closed.
            return Call.await(start(work), () -> "a call on " + file.name());
        }
        enter();
        try {
            long answer = 0;
            for (Step step = work.next(0); step != null; step = work.next(answer)) {
                answer = step.make(file);
            }
            return work.result();
        } finally {
            leave();
        }
    }

    /** Does work in its turn without waiting. */
    <T extends @Nullable Object> CompletableFuture<T> start(Work<T> work) {
        Call<T> call = new Call<>(this, file, work);
        if (isFree() && call.claim()) {
            if (isStillOursAfterRunning(call)) {
                serve();
            }
        } else {
            queue.add(call);
            serveIfFree();
        }
        return call;
    }

    private boolean isFree() {
        return queue.isEmpty() && taken.compareAndSet(false, true);
    }

    private void enter() throws InterruptedIOException {
        if (!isFree()) {
            Ticket ticket = new Ticket(Thread.currentThread());
            queue.add(ticket);
            serveIfFree();
            ticket.await(file);
        }
    }

    private void leave() {
        taken.set(false);
        Waiting first = queue.peek();
        if (first instanceof Ticket) {
            serveIfFree();
        } else if (first != null) {
            try {
                context.execute(this::serveIfFree);
            } catch (RejectedExecutionException e) {
                // Closed: the calls that wait have to be told, and not from this depth of the stack.
                Thread.startVirtualThread(this::serveIfFree);
            }
        }
    }

    private void serveIfFree() {
        if (taken.compareAndSet(false, true)) {
            serve();
        }
    }

    /** Having the turn, gives it to those who wait, until nobody does. */
    private void serve() {
        while (true) {
            Waiting next = queue.poll();
            if (next == null) {
                taken.set(false);
                if (queue.isEmpty() || !taken.compareAndSet(false, true)) {
                    return;
                }
            } else if (!isStillOursAfter(next)) {
                return;
            }
        }
    }

    private boolean isStillOursAfter(Waiting next) {
        return switch (next) {
            case Ticket ticket -> !ticket.grant();
            case Call<?> call -> !call.claim() || isStillOursAfterRunning(call);
        };
    }

    /** Lets a call that has its turn go on. Answers false when it has the turn still, or has passed it on. */
    private boolean isStillOursAfterRunning(Call<?> call) {
        working = call;
        Throwable reason = noMoreReading;
        if (reason != null && call.isReading()) {
            call.completeExceptionally(reason);
        }
        if (!call.advance()) {
            return false;
        }
        working = null;
        if (context.isCompletionThread()) {
            call.finish();
            return true;
        }
        leave();
        call.finish();
        return false;
    }

    /** The file has answered to a call that has its turn. */
    void goOn(Call<?> call) {
        if (isStillOursAfterRunning(call)) {
            serve();
        }
    }

    /** Asks the calls that read, or wait to, to end with an error; one that begins meanwhile finds the reason. */
    void stopReading(Throwable reason) {
        noMoreReading = reason;
        Call<?> first = working;
        if (first != null && first.isReading()) {
            first.completeExceptionally(reason);
        }
        for (Waiting each : queue) {
            if (each instanceof Call<?> call && call.isReading()) {
                call.completeExceptionally(reason);
            }
        }
    }

    /** The place in the queue of a thread that waits for its turn. */
    static final class Ticket implements Waiting {
        private static final int GRANTED = 1;
        private static final int GIVEN_UP = 2;
        private final Thread thread;
        private final AtomicInteger state = new AtomicInteger();

        Ticket(Thread thread) {
            this.thread = thread;
        }

        boolean grant() {
            if (state.compareAndSet(0, GRANTED)) {
                LockSupport.unpark(thread);
                return true;
            }
            return false;
        }

        void await(AsyncFile file) throws InterruptedIOException {
            boolean interrupted = false;
            while (state.get() == 0) {
                LockSupport.park(this);
                if (Thread.interrupted()) {
                    interrupted = true;
                    if (state.compareAndSet(0, GIVEN_UP)) {
                        thread.interrupt();
                        throw new InterruptedIOException(
                                file.name() + ": the thread was interrupted while it waited for earlier calls of the"
                                        + " stream; its own was not started");
                    }
                }
            }
            if (interrupted) {
                thread.interrupt();
            }
        }
    }
}
