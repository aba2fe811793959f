package dev.sluice.files;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Gives a stream's chunks to subscribers, who share its cursor. Safe for use by many threads. */
final class Chunks implements Flow.Publisher<byte[]> {
    private final AsyncCachedStream stream;

    Chunks(AsyncCachedStream stream) {
        this.stream = stream;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super byte[]> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        new Delivery(stream, subscriber).begin();
    }

    /**
     * One subscriber's chunks, none of which is read before it was asked for.
     *
     * <p>Whenever something has happened that may let it go on (demand, a chunk, a cancellation), whoever made it happen counts;
     * the first of them has a virtual thread go round until no more has happened, so that signals are never concurrent and the
     * stack never grows. Safe for use by many threads; its plain fields belong to who goes round.
     */
    private static final class Delivery implements Flow.Subscription, Runnable {
        private final AsyncCachedStream stream;
        private final AtomicInteger happened = new AtomicInteger();
        private final AtomicLong demand = new AtomicLong();
        private volatile boolean cancelled;
        private volatile @Nullable IllegalArgumentException badRequest;
        private volatile @Nullable CompletableFuture<byte[]> reading;
        private Flow.@Nullable Subscriber<? super byte[]> subscriber;

        Delivery(AsyncCachedStream stream, Flow.Subscriber<? super byte[]> subscriber) {
            this.stream = stream;
            this.subscriber = subscriber;
        }

        /** Introduces the subscription; nothing else is signalled before that has returned. */
        void begin() {
            happened.set(1);
            Flow.Subscriber<? super byte[]> to = subscriber;
            if (to != null) {
                to.onSubscribe(this);
            }
            if (happened.decrementAndGet() != 0) {
                Sequence.onVirtualThread(this);
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
            CompletableFuture<byte[]> underWay = reading;
            if (underWay != null) {
                underWay.cancel(true); // a chunk that nobody gets is not read, if that can be helped
            }
            wake();
        }

        private void wake() {
            if (happened.getAndIncrement() == 0) {
                Sequence.onVirtualThread(this);
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
                Flow.Subscriber<? super byte[]> to = subscriber;
                IllegalArgumentException bad = badRequest;
                CompletableFuture<byte[]> underWay = reading;
                if (to == null) {
                    return;
                } else if (cancelled) {
                    subscriber = null;
                } else if (bad != null) {
                    fail(bad);
                } else if (underWay == null) {
                    if (demand.get() == 0) {
                        return;
                    }
                    read();
                } else if (underWay.isDone()) {
                    reading = null;
                    give(to, underWay);
                } else {
                    return;
                }
            }
        }

        private void read() {
            CompletableFuture<byte[]> started = stream.readChunkAsync();
            reading = started;
            if (cancelled) {
                started.cancel(true);
            }
            var _ = started.whenComplete((_, _) -> wake());
        }

        private void give(Flow.Subscriber<? super byte[]> to, CompletableFuture<byte[]> read) {
            if (read.isCancelled()) {
                fail(new CancellationException(stream.path() + ": the reading was cancelled"));
            } else if (read.isCompletedExceptionally()) {
                fail(read.exceptionNow());
            } else if (read.resultNow().length == 0) {
                subscriber = null;
                to.onComplete();
            } else {
                demand.getAndUpdate(now -> now == Long.MAX_VALUE ? now : now - 1);
                to.onNext(read.resultNow());
            }
        }

        private void fail(Throwable failure) {
            Flow.Subscriber<? super byte[]> to = subscriber;
            subscriber = null;
            CompletableFuture<byte[]> underWay = reading;
            if (underWay != null) {
                underWay.cancel(true);
            }
            if (to != null) {
                to.onError(failure);
            }
        }
    }
}
