package dev.sluice.stream;

import dev.sluice.stream.Workflow.Keeper;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells who keeps what the tree has answered, as a kernel does, what does not hold any more. It keeps what is settled or none of
 * the flow's; and such a file may begin to grow, or be changed by another door than its own, such as that of JVMs. Safe for use by
 * many threads.
 */
final class Keeping {
    private final Waiters waiters;
    private volatile @Nullable Keeper keeper;

    Keeping(Waiters waiters) {
        this.waiters = waiters;
    }

    void tell(Keeper other) {
        keeper = other;
    }

    /** It was settled, or none of the flow's, and is so no more. Called with the lock held. */
    void unsettled(Node file) {
        Keeper told = keeper;
        if (told != null) {
            told.described(file);
        }
    }

    /** Who keeps it may have to wait for answers until it has forgotten something, so it is told without the lock. */
    private void later(Consumer<Keeper> what) {
        Keeper told = keeper;
        if (told != null) {
            waiters.enter();
            try {
                waiters.afterwards(() -> what.accept(told));
            } finally {
                waiters.leave();
            }
        }
    }

    /** A file in a directory is new, or has one more name. */
    void made(Request request, Node directory, Node node) {
        if (!request.isOfKeeper()) {
            later(told -> {
                told.described(directory);
                told.described(node);
            });
        }
    }

    void changed(Request request, Node node, Change change) {
        if (!request.isOfKeeper()) {
            boolean hasOtherBytes = change.has(Change.SIZE);
            later(told -> {
                if (hasOtherBytes) {
                    told.written(node);
                } else {
                    told.described(node);
                }
            });
        }
    }

    /** Its attributes are others now: the number of its names, for one. */
    void described(Request request, @Nullable Node node) {
        if (node != null && !request.isOfKeeper()) {
            later(told -> told.described(node));
        }
    }

    /** A name leads to nothing any more, or to something else. */
    void moved(Request request, Node directory, String name) {
        if (!request.isOfKeeper()) {
            later(told -> {
                told.described(directory);
                told.moved(directory, name);
            });
        }
    }

    /** It is open for writing, or was until now, or its bytes have changed otherwise. */
    void written(Handle handle) {
        if (handle.writes() && !handle.isOfKeeper) {
            later(told -> told.written(handle.file));
        }
    }

    /** Bytes have come. Of what is in memory, and is written, nothing is kept before that is over. */
    void grown(Handle handle) {
        Keeper told = keeper;
        if (told != null && !handle.isOfKeeper && !handle.isDirect()) {
            told.described(handle.file);
        }
    }
}
