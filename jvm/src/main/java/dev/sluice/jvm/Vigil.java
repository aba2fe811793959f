package dev.sluice.jvm;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A wait for bytes that may come by a gauge. The server is asked as well, by a thread of its own, so that it shows the wait, limits
 * it, and ends it when nothing is to come; whichever of both is first counts. Used by one thread, for one wait.
 */
final class Vigil<T> {
    /** What the server is asked. */
    @FunctionalInterface
    interface Question<T> {
        T ask() throws IOException;
    }

    /** So long a platform thread sleeps by itself, which wakes it sooner than if another one has to. */
    private static final long NAPS_NANOS = 1_000_000_000;

    /** So late it sees an interrupt then, or that the server refuses. */
    private static final long NAP_NANOS = 5_000_000;

    private final Thread waiter = Thread.currentThread();
    private final Question<T> question;

    // Written before isAnswered is set, and read afterwards.
    private @Nullable T answer;
    private @Nullable Throwable failure;
    private volatile boolean isAnswered;

    /** Who asks, as long as he does; he does other things afterwards, at which nobody is to interrupt him. Guarded by the monitor. */
    private @Nullable Thread asker;

    private boolean isGivenUp;

    private Vigil(Question<T> question) {
        this.question = question;
    }

    /**
     * Waits.
     *
     * @param gauge by what bytes may come
     * @param isThere whether they have
     * @param question what is asked meanwhile; an interrupt of its thread ends it
     * @return the answer, or null when it is not needed any more
     */
    static <T> @Nullable T keep(MappedGauge gauge, BooleanSupplier isThere, Question<T> question) throws IOException {
        int bell = gauge.bell();
        if (isThere.getAsBoolean() || gauge.isOver()) {
            return null;
        }
        return new Vigil<>(question).keep(gauge, bell);
    }

    private @Nullable T keep(MappedGauge gauge, int bell) throws IOException {
        Hands.take(this::ask);
        Bells.Listener listener = null;
        boolean isInterrupted = false;
        long end = System.nanoTime() + (waiter.isVirtual() ? 0 : NAPS_NANOS);
        try {
            while (!isAnswered) {
                if (!isInterrupted && gauge.hasRung(bell)) {
                    Thread.ofVirtual()
                            .name("vigil")
                            .start(this::giveUp); // nobody wants its answer, and that takes time
                    return null;
                }
                if (Thread.interrupted()) {
                    isInterrupted = true;
                    giveUp();
                }
                if (listener == null && System.nanoTime() - end < 0 && gauge.naps(bell, NAP_NANOS)) {
                    continue;
                }
                if (listener == null) {
                    listener = Bells.listen(gauge, bell);
                } else {
                    LockSupport.park(this);
                }
            }
        } finally {
            if (listener != null) {
                Bells.forget(listener);
            }
            if (isInterrupted) {
                waiter.interrupt();
            }
        }
        switch (failure) {
            case null -> {
                return answer;
            }
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Throwable e -> throw new IOException(e);
        }
    }

    private synchronized void giveUp() {
        isGivenUp = true;
        if (asker != null) {
            asker.interrupt();
        }
    }

    private synchronized void begins() {
        asker = Thread.currentThread();
        if (isGivenUp) {
            asker.interrupt();
        }
    }

    private synchronized void ends() {
        asker = null;
        boolean _ = Thread.interrupted();
    }

    private void ask() {
        begins();
        try {
            answer = question.ask();
        } catch (IOException | RuntimeException e) {
            failure = e;
        } finally {
            ends();
            isAnswered = true;
            LockSupport.unpark(waiter);
        }
    }
}
