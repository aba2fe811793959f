package dev.sluice.jvm;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which paths lead through which door, for the code that runs here and now: first the scope that it runs in, then those around
 * it, then what holds for the whole process. A scope's are bound to the code that runs in it, so they need no owner; the process's
 * are owned by this class. Safe for use by many threads.
 *
 * @param territory the innermost
 * @param around those around it; null when there are none
 */
record Routes(Territory territory, @Nullable Routes around) {
    private static final ScopedValue<Routes> HERE = ScopedValue.newInstance();
    private static volatile @Nullable Territory everywhere;

    /** Lets paths of a directory lead through a door in the whole process, whoever asks; null ends that. */
    static void everywhere(@Nullable Territory territory) {
        everywhere = territory;
    }

    /** {@return those that hold here; null when there are none} */
    static @Nullable Routes here() {
        return HERE.isBound() ? HERE.get() : null;
    }

    /** Does something with these. */
    <T extends @Nullable Object, X extends Throwable> T call(ScopedValue.CallableOp<? extends T, X> work) throws X {
        return ScopedValue.where(HERE, this).call(work);
    }

    /**
     * {@return where a path leads now, or null for the machine's own file system}
     *
     * @param path absolute, of the JDK's own file system
     */
    static @Nullable Route find(Path path) {
        for (Routes routes = here(); routes != null; routes = routes.around) {
            Route route = routes.territory.route(path);
            if (route != null) {
                return route;
            }
        }
        Territory all = everywhere;
        return all == null ? null : all.route(path);
    }
}
