package dev.sluice.aio;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A rare blocking call on a thread of its own, such as opening a file, which is the future of its result too.
 *
 * <p>When it is asked to stop, it completes at once, and a result that comes too late is undone; one that uses memory of
 * the caller's completes when it has let go of that.
 */
final class RareCall<T extends @Nullable Object> extends Stoppable<T> {
    /** What is called. */
    @FunctionalInterface
    interface Body<T extends @Nullable Object> {
        /**
         * Makes the call.
         *
         * @param unwanted asked by calls that can stop half-way: whether nobody wants the result any more
         */
        T make(BooleanSupplier unwanted) throws Exception;
    }

    /** What becomes of a result that came too late. */
    @FunctionalInterface
    interface Discard<T extends @Nullable Object> {
        void accept(T value) throws IOException;
    }

    private static final System.Logger LOG = System.getLogger(RareCall.class.getName());

    private final String what;
    private final boolean usingMemory;

    RareCall(Context context, String what, boolean usingMemory) {
        super(context);
        this.what = what;
        this.usingMemory = usingMemory;
    }

    /** Makes the call on this thread, and then gives back its place among the operations in flight. */
    void run(Body<T> body, Discard<T> discard, Runnable giveBack) {
        if (isAsked()) {
            giveBack.run();
            fail(null);
            return;
        }
        T value;
        try {
            value = body.make(this::isAsked);
        } catch (Throwable e) {
            giveBack.run();
            fail(e);
            return;
        }
        giveBack.run();
        if (!succeed(value)) {
            discard(value, discard);
        }
    }

    private void discard(T value, Discard<T> discard) {
        try {
            discard.accept(value);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "undoing what nobody waits for any more failed: " + what, e);
        }
    }

    @Override
    void stop() {
        if (!usingMemory) {
            fail(null);
        }
    }

    @Override
    String describe() {
        return what;
    }
}
