package dev.sluice.aio;

import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/** Closes a file or a context that became unreachable without having been closed, and says so in the log. */
final class Forgotten implements Runnable {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final System.Logger LOG = System.getLogger(AsyncFile.class.getName());

    private final String name;
    private final Runnable closing;
    private volatile boolean watching = true;
    private Cleaner.@Nullable Cleanable cleanable;

    private Forgotten(String name, Runnable closing) {
        this.name = name;
        this.closing = closing;
    }

    static Forgotten watch(AsyncFile file, SharedFile shared) {
        return watch(file, shared.name(), () -> {
            var _ = shared.close().whenComplete((_, failure) -> {
                if (failure != null) {
                    LOG.log(System.Logger.Level.WARNING, shared.name() + " could not be closed", failure);
                }
            });
        });
    }

    /**
     * Watches a context.
     *
     * @param closing ends it, and does not hold it
     */
    static Forgotten watch(Context context, Runnable closing) {
        return watch(context, context.toString(), closing);
    }

    private static Forgotten watch(Object watched, String name, Runnable closing) {
        Forgotten forgotten = new Forgotten(name, closing);
        forgotten.cleanable = CLEANER.register(watched, forgotten);
        return forgotten;
    }

    /** It is being closed: nothing is left to do. */
    void isNot() {
        watching = false;
        if (cleanable != null) {
            cleanable.clean();
        }
    }

    @Override
    public void run() {
        if (watching) {
            LOG.log(System.Logger.Level.WARNING, "{0} was not closed; use try-with-resources", name);
            closing.run();
        }
    }
}
