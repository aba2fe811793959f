package dev.sluice.aio;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's elements. Whenever something has happened that may let it go on (demand, a batch, a cancellation),
 * whoever made it happen calls {@link #wake}; the first of them goes round until no more has happened, so that signals
 * are never concurrent and the stack never grows. All others only count.
 *
 * <p>A batch is read while the one before is given out. Signals come on completion threads, so that a subscriber's
 * {@code request} returns at once. Safe for use by many threads; its plain fields belong to who goes round.
 */
final class Delivery<T> implements Flow.Subscription, Runnable {
    private final AsyncFile file;
    private final Context context;
    private final AtomicInteger happened = new AtomicInteger();
    private final AtomicLong demand = new AtomicLong();
    private volatile boolean cancelled;
    private volatile @Nullable IllegalArgumentException badRequest;

    private Publication.@Nullable Source<T> source;
    private Flow.@Nullable Subscriber<? super T> subscriber;
    private volatile @Nullable CompletableFuture<List<T>> reading;
    private List<T> batch = List.of();
    private int given;

    Delivery(AsyncFile file, Publication.Source<T> source, Flow.Subscriber<? super T> subscriber) {
        this.file = file;
        this.context = file.context();
        this.source = source;
        this.subscriber = subscriber;
    }

    /** Introduces the subscription; nothing else is signalled before that has returned. */
    void begin() {
        happened.set(1);
        Flow.Subscriber<? super T> to = subscriber;
        if (to != null) {
            to.onSubscribe(this);
            if (!file.isOpen() && !cancelled) {
                end();
                to.onError(new Failures.Closed(file.name() + " is closed: subscribe while it is open"));
            }
        }
        if (happened.decrementAndGet() != 0) {
            goRound();
        }
    }

    @Override
    public void request(long count) {
        if (count <= 0) {
            badRequest = new IllegalArgumentException(
                    "a subscriber must request 1 or more (Reactive Streams, 3.9): " + count);
        } else {
            demand.accumulateAndGet(count, (before, more) -> before + more < 0 ? Long.MAX_VALUE : before + more);
        }
        wake();
    }

    @Override
    public void cancel() {
        cancelled = true;
        CompletableFuture<List<T>> underWay = reading;
        if (underWay != null) {
            underWay.cancel(true);
        }
        wake();
    }

    private void wake() {
        if (happened.getAndIncrement() == 0) {
            goRound();
        }
    }

    private void goRound() {
        if (context.isCompletionThread()) {
            run();
            return;
        }
        try {
            context.execute(this);
        } catch (RejectedExecutionException e) {
            run(); // closed: the subscriber has to be told by somebody
        }
    }

    /** Goes round until nothing more has happened. */
    @Override
    public void run() {
        int seen;
        do {
            seen = happened.get();
            try {
                goOn();
            } catch (Throwable e) {
                fail(e); // a subscriber threw, which it must not: no more signals but this
            }
        } while (happened.addAndGet(-seen) != 0);
    }

    private void goOn() {
        while (true) {
            Flow.Subscriber<? super T> to = subscriber;
            if (to == null) {
                return;
            } else if (cancelled) {
                end();
            } else if (badRequest != null) {
                fail(badRequest);
            } else if (given < batch.size()) {
                if (demand.get() == 0) {
                    return;
                }
                demand.getAndUpdate(now -> now == Long.MAX_VALUE ? now : now - 1);
                T element = batch.get(given);
                given++;
                to.onNext(element);
            } else if (!isNextBatchThere()) {
                return;
            }
        }
    }

    /** Takes the batch that was read meanwhile and starts reading another one; answers false while there is none. */
    private boolean isNextBatchThere() {
        CompletableFuture<List<T>> underWay = reading;
        if (underWay == null) {
            if (demand.get() > 0) {
                read();
            }
            return false;
        }
        if (!underWay.isDone()) {
            return false;
        }
        reading = null;
        if (underWay.isCancelled()) {
            fail(new CancellationException(file.name() + ": the reading was cancelled"));
        } else if (underWay.isCompletedExceptionally()) {
            fail(underWay.exceptionNow());
        } else {
            batch = underWay.resultNow();
            given = 0;
            if (batch.isEmpty()) {
                complete();
            } else {
                read();
            }
        }
        return true;
    }

    private void read() {
        Publication.Source<T> from = source;
        if (from != null) {
            CompletableFuture<List<T>> started = from.next();
            reading = started;
            if (cancelled) {
                started.cancel(true);
            }
            var _ = started.whenComplete((elements, e) -> wake());
        }
    }

    private void complete() {
        Flow.Subscriber<? super T> to = subscriber;
        end();
        if (to != null) {
            to.onComplete();
        }
    }

    private void fail(Throwable failure) {
        Flow.Subscriber<? super T> to = subscriber;
        end();
        if (to != null) {
            to.onError(failure);
        }
    }

    /** Lets go of everything: a cancelled subscription may be kept for ever. */
    private void end() {
        CompletableFuture<List<T>> underWay = reading;
        if (underWay != null) {
            underWay.cancel(true);
        }
        reading = null;
        subscriber = null;
        source = null;
        batch = List.of();
        given = 0;
    }
}
