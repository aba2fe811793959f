package dev.sluice.stream;

import dev.sluice.linux.Pids;
import dev.sluice.stream.Proc.Life;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;

/**
 * Makes this process the parent of those whose parents end, and reaps them when they end too. Owned by one thread, but for
 * {@link #adopt}.
 *
 * <p>A process that the JDK has started is the JDK's to reap, which it does at once. What nobody knows is therefore reaped
 * only after it has been dead for a while.
 */
final class Orphans {
    /** The JDK takes no longer to reap what it has started. */
    private static final long STRANGERS_NANOS = TimeUnit.SECONDS.toNanos(2);

    private record Dead(long start, long since) {}

    private final int me;
    private final LongSupplier clock;
    private final Map<Integer, Dead> strangers = new HashMap<>();

    Orphans(int me, LongSupplier clock) {
        this.me = me;
        this.clock = clock;
    }

    /** From now on processes that descend from this one, and lose their parents, become its children. */
    static void adopt() {
        if (Pids.adoptsOrphans() == 0) {
            Pids.adoptOrphans(true);
        }
    }

    /** Reaps a process that was not started by the JDK, if it has ended and is ours to reap. */
    void reap(int process) {
        Proc.life(process)
                .filter(life -> life.parent() == me && life.isZombie())
                .ifPresent(_ -> Pids.reap(process, false));
    }

    /**
     * Reaps the dead that nobody has known.
     *
     * @param isJdks whether a process is the JDK's to reap for certain
     * @return whether there are some that are not dead for long enough
     */
    boolean reapStrangers(IntPredicate isJdks) {
        List<Integer> adopted = Proc.children(me, me);
        strangers.keySet().retainAll(adopted);
        for (int process : adopted) {
            if (!isJdks.test(process)) {
                Proc.life(process).filter(Life::isZombie).ifPresent(this::reapLate);
            }
        }
        return !strangers.isEmpty();
    }

    private void reapLate(Life life) {
        Dead before = strangers.get(life.task());
        if (before == null || before.start() != life.start()) {
            strangers.put(life.task(), new Dead(life.start(), clock.getAsLong()));
        } else if (clock.getAsLong() - before.since() > STRANGERS_NANOS) {
            Pids.reap(life.task(), false);
            strangers.remove(life.task());
        }
    }
}
