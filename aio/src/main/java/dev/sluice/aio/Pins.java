package dev.sluice.aio;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts who uses a file, so that its descriptor is not closed, and its number not given to another file, under them.
 *
 * <p>The count is striped over cache lines, since all threads that read one hot file take and give back a pin for each
 * read. A pin is given back on the stripe on which it was taken. After {@link #closePins} no pin is given, and once no pin
 * is held {@link #onReleased} runs, once, on the thread that brought that about. Safe for use by many threads.
 */
abstract class Pins {
    private static final int STRIPES = 16;
    private static final int STRIDE = 16;
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle RELEASED;

    static {
        try {
            RELEASED = MethodHandles.lookup().findVarHandle(Pins.class, "released", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int[] counts = new int[STRIPES * STRIDE];

    /**
     * How many pins of each stripe could not be given back, since no stack was left to call anything. Whoever has such
     * a pin counts it here, holding this object's monitor; no call is needed for that.
     */
    final int[] lost = new int[STRIPES * STRIDE];

    private volatile boolean closed;

    @SuppressWarnings("unused") // through RELEASED
    private volatile boolean released;

    /** Runs once, when the pins are closed and none is held any more. */
    abstract void onReleased();

    /** Takes a pin and answers its stripe, or -1 when the pins are closed. */
    final int pin() {
        int stripe = ((int) Thread.currentThread().threadId() & (STRIPES - 1)) * STRIDE;
        COUNT.getAndAdd(counts, stripe, 1);
        if (closed) {
            unpin(stripe);
            return -1;
        }
        return stripe;
    }

    final void unpin(int stripe) {
        giveBack(stripe);
        releaseWhenClosed();
    }

    /** Gives a pin back; {@link #releaseWhenClosed} must follow. */
    final void giveBack(int stripe) {
        COUNT.getAndAdd(counts, stripe, -1);
    }

    final void releaseWhenClosed() {
        if (closed) {
            releaseWhenUnused();
        }
    }

    /** Gives no more pins; answers false when that was so already. */
    final boolean closePins() {
        synchronized (counts) {
            if (closed) {
                return false;
            }
            closed = true;
        }
        return true;
    }

    final boolean isClosed() {
        return closed;
    }

    /** Gives back what could not be given back before. */
    final void giveBackLost() {
        synchronized (this) {
            for (int stripe = 0; stripe < lost.length; stripe += STRIDE) {
                COUNT.getAndAdd(counts, stripe, -lost[stripe]);
                lost[stripe] = 0;
            }
        }
    }

    final void releaseWhenUnused() {
        for (int stripe = 0; stripe < counts.length; stripe += STRIDE) {
            if ((int) COUNT.getVolatile(counts, stripe) != 0) {
                return;
            }
        }
        if (RELEASED.compareAndSet(this, false, true)) {
            onReleased();
        }
    }
}
