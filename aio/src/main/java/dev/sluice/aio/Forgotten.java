package dev.sluice.aio;

import java.lang.ref.Cleaner;

/** Closes a file that became unreachable without having been closed, and says so in the log. */
final class Forgotten implements Runnable {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final System.Logger LOG = System.getLogger(AsyncFile.class.getName());

    private final SharedFile shared;
    private Cleaner.@org.jspecify.annotations.Nullable Cleanable cleanable;

    private Forgotten(SharedFile shared) {
        this.shared = shared;
    }

    static Forgotten watch(AsyncFile file, SharedFile shared) {
        Forgotten forgotten = new Forgotten(shared);
        forgotten.cleanable = CLEANER.register(file, forgotten);
        return forgotten;
    }

    /** The file is being closed: nothing is left to do. */
    void isNot() {
        if (cleanable != null) {
            cleanable.clean();
        }
    }

    @Override
    public void run() {
        if (!shared.isClosed()) {
            LOG.log(System.Logger.Level.WARNING, "{0} was not closed; use try-with-resources", shared.name());
            var _ = shared.close().whenComplete((_, failure) -> {
                if (failure != null) {
                    LOG.log(System.Logger.Level.WARNING, shared.name() + " could not be closed", failure);
                }
            });
        }
    }
}
