package dev.sluice.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;

/** Something that keeps a file busy until it is told to stop; then it says how many operations it has done. */
abstract class Load {
    private final long[] counts;
    volatile boolean stop;

    Load(int issuers) {
        counts = new long[issuers * 8];
    }

    abstract void start() throws Exception;

    abstract void awaitEnd() throws Exception;

    final void count(int issuer, long operations) {
        counts[issuer * 8] += operations;
    }

    final long operations() {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    /** A blocking operation. */
    interface Call {
        void once(int issuer, long offset) throws Exception;
    }

    /** An operation that answers a future. */
    interface Start {
        CompletableFuture<?> begin(int issuer, long offset) throws Exception;
    }

    /** An operation that calls back. */
    interface Begin {
        void begin(int issuer, long offset, Runnable done) throws Exception;
    }

    /** As many threads as the cell is deep (or one), each doing one blocking operation after the other. */
    static Load threads(Cell cell, long size, int threads, ThreadFactory factory, Call call) {
        return new Load(threads) {
            private final CountDownLatch ended = new CountDownLatch(threads);

            @Override
            void start() {
                for (int i = 0; i < threads; i++) {
                    int issuer = i;
                    factory.newThread(() -> run(issuer)).start();
                }
            }

            private void run(int issuer) {
                Cell.Offsets offsets = new Cell.Offsets(cell, size, issuer);
                long done = 0;
                try {
                    while (!stop) {
                        call.once(issuer, offsets.next());
                        done++;
                    }
                } catch (Exception e) {
                    e.printStackTrace();
                } finally {
                    count(issuer, done);
                    ended.countDown();
                }
            }

            @Override
            void awaitEnd() throws InterruptedException {
                ended.await();
            }
        };
    }

    /** One thread that keeps as many futures in flight as the cell is deep. */
    static Load window(Cell cell, long size, Start start) {
        return new Load(1) {
            private final CompletableFuture<Void> ended = new CompletableFuture<>();

            @Override
            void start() {
                Thread.ofPlatform().start(this::run);
            }

            private void run() {
                CompletableFuture<?>[] window = new CompletableFuture<?>[cell.depth()];
                Cell.Offsets offsets = new Cell.Offsets(cell, size, 0);
                long done = 0;
                try {
                    for (int i = 0; i < window.length; i++) {
                        window[i] = start.begin(i, offsets.next());
                    }
                    while (!stop) {
                        for (int i = 0; i < window.length; i++) {
                            window[i].join();
                            window[i] = start.begin(i, offsets.next());
                            done++;
                        }
                    }
                    CompletableFuture.allOf(window).join();
                    count(0, done);
                    ended.complete(null);
                } catch (Throwable e) {
                    ended.completeExceptionally(e);
                }
            }

            @Override
            void awaitEnd() {
                ended.join();
            }
        };
    }

    /** Callbacks, each of which begins the next operation in its place, so that no thread waits. */
    static Load callbacks(Cell cell, long size, java.util.concurrent.Executor starter, Begin begin) {
        return new Load(cell.depth()) {
            private final Semaphore ended = new Semaphore(0);

            @Override
            void start() {
                starter.execute(() -> {
                    for (int i = 0; i < cell.depth(); i++) {
                        new Chain(i).next();
                    }
                });
            }

            // One of the operations in flight; its successor begins when it ends.
            final class Chain implements Runnable {
                private final int issuer;
                private final Cell.Offsets offsets;
                private long done;

                Chain(int issuer) {
                    this.issuer = issuer;
                    offsets = new Cell.Offsets(cell, size, issuer);
                }

                void next() {
                    try {
                        begin.begin(issuer, offsets.next(), this);
                    } catch (Exception e) {
                        e.printStackTrace();
                        ended.release();
                    }
                }

                @Override
                public void run() {
                    if (stop) {
                        count(issuer, done);
                        ended.release();
                    } else {
                        done++;
                        next();
                    }
                }
            }

            @Override
            void awaitEnd() throws InterruptedException {
                ended.acquire(cell.depth());
            }
        };
    }
}
