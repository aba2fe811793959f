package dev.sluice.jvm;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Does in a thread of its own what an interrupt of the caller must not meet, since it would close a channel, or what waits for a
 * connection, for which a virtual thread needs a carrier. Stateless.
 */
final class Aside {
    private Aside() {}

    /** What is done. */
    @FunctionalInterface
    interface Deed<T extends @Nullable Object> {
        T of() throws IOException;
    }

    /** A deed, and the thread that does it, as long as it does. Safe for use by two threads. */
    private static final class Doing<T extends @Nullable Object> implements Runnable {
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private final Deed<T> deed;

        /** Guarded by the monitor, as is the next. */
        private @Nullable Thread doer;

        private boolean isInterrupted;

        Doing(Deed<T> deed) {
            this.deed = deed;
        }

        @Override
        public void run() {
            begins();
            try {
                T done = deed.of();
                ends();
                result.complete(done);
            } catch (IOException | RuntimeException e) {
                ends();
                result.completeExceptionally(e);
            }
        }

        private synchronized void begins() {
            doer = Thread.currentThread();
            if (isInterrupted) {
                doer.interrupt();
            }
        }

        /** It does other things from now on, at which nobody is to interrupt it. */
        private synchronized void ends() {
            doer = null;
            boolean _ = Thread.interrupted();
        }

        synchronized void interrupt() {
            isInterrupted = true;
            if (doer != null) {
                doer.interrupt();
            }
        }
    }

    /** Does it, and waits for it; an interrupt is kept for later. */
    static <T extends @Nullable Object> T does(Deed<T> deed) throws IOException {
        Doing<T> doing = new Doing<>(deed);
        Hands.take(doing);
        try {
            return doing.result.join();
        } catch (CompletionException e) {
            throw thrown(e.getCause(), e);
        }
    }

    /** The same for what may take long: an interrupt is handed on, and kept. What was done all the same is not lost. */
    static <T extends @Nullable Object> T doesUntilInterrupted(Deed<T> deed) throws IOException {
        Doing<T> doing = new Doing<>(deed);
        Hands.take(doing);
        boolean isInterrupted = false;
        try {
            while (true) {
                try {
                    return doing.result.get();
                } catch (InterruptedException e) {
                    isInterrupted = true;
                    doing.interrupt();
                } catch (ExecutionException e) {
                    throw thrown(e.getCause(), e);
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static IOException thrown(@Nullable Throwable cause, Exception around) {
        return switch (cause) {
            case IOException e -> e;
            case RuntimeException e -> throw e;
            case null, default -> throw new IllegalStateException(around);
        };
    }
}
