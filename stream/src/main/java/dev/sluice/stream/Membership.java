package dev.sluice.stream;

import dev.sluice.linux.Linux;
import dev.sluice.linux.Pids;
import dev.sluice.stream.Proc.Life;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Finds the crew of a process or thread, and keeps what it has found until that ends. Safe for use by many threads.
 *
 * <p>Who has ended is learned by a descriptor, so a number that is given to another process is not mistaken for the one before.
 * When there are too many, the time of the start is compared each time instead.
 */
final class Membership {
    private static final int RECENT = 4096;
    private static final int UNWATCHED = 4096;
    private static final int FIRST_PROCESS = 1;

    /** For so long it is looked whether one that is nobody's has become another program. */
    private static final long STRANGE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /**
     * What was found out about a process or thread. Who was nobody's may be of a crew whose root was told of since; or become
     * another program, with a crew's environment, as the helper does by which the JDK starts one.
     */
    private static final class Known {
        final Life life;
        private final long since = System.nanoTime();
        private volatile long image;
        volatile @Nullable Crew crew;
        private volatile int roots;
        volatile boolean isWatched;
        volatile boolean hasEnded;

        Known(Life life, @Nullable Crew crew, int roots) {
            this.life = life;
            image = life.image();
            this.crew = crew;
            this.roots = roots;
        }

        /** Keeps what was found out about it in this state, when so many roots had been told of. */
        void is(Life now, @Nullable Crew found, int when) {
            image = now.image();
            crew = found;
            roots = when;
        }

        boolean isSettled(int now) {
            return crew != null || roots == now;
        }

        /** The same, of one that may look so now. */
        boolean isSettled(int now, Life life) {
            return crew != null || (roots == now && image == life.image());
        }

        boolean isStrange() {
            return crew == null && System.nanoTime() - since < STRANGE_NANOS;
        }
    }

    private record Root(Crew crew, long start) {}

    private final int me;
    private final Ends ends;
    private final int mostWatched;
    private final Orphans orphans;
    private final Map<String, Crew> byToken = new ConcurrentHashMap<>();
    private final Map<Integer, Root> byRoot = new ConcurrentHashMap<>();
    private final Map<Integer, Known> known = new ConcurrentHashMap<>();

    /** How many roots were told of. */
    private final AtomicInteger roots = new AtomicInteger();

    /** Those asked about last, by their numbers' last bits: found without a look at anything else. */
    private final AtomicReferenceArray<@Nullable Known> recent = new AtomicReferenceArray<>(RECENT);

    Membership(int me, Ends ends, int mostWatched, Orphans orphans) {
        this.me = me;
        this.ends = ends;
        this.mostWatched = mostWatched;
        this.orphans = orphans;
    }

    void add(Crew crew) {
        byToken.put(crew.token, crew);
    }

    /** Says which process is a crew's root. Who was nobody's until now may have come from it. */
    void root(Crew crew, int process) {
        crew.root = process;
        Optional<Life> life = Proc.life(process);
        life.ifPresent(root -> byRoot.put(process, new Root(crew, root.start())));
        int now = roots.incrementAndGet();
        Known before = known.get(process);
        if (before != null) {
            life.filter(root -> root.start() == before.life.start()).ifPresent(root -> before.is(root, crew, now));
        }
    }

    /** {@return the roots of crews} */
    Set<Integer> roots() {
        return Set.copyOf(byRoot.keySet());
    }

    boolean isRoot(int process) {
        return byRoot.containsKey(process);
    }

    /** {@return the crew of a token, or null} */
    @Nullable
    Crew crew(String token) {
        return byToken.get(token);
    }

    /** {@return how many crews are known} */
    int count() {
        return Math.max(byToken.size(), byRoot.size());
    }

    /** A crew's last process has ended. */
    void remove(Crew crew) {
        byToken.remove(crew.token);
        byRoot.values().removeIf(root -> root.crew() == crew);
    }

    /** {@return the crew of a process or thread, or null} */
    @Nullable
    Crew crew(int task) {
        Known found = recent.getAcquire(task & (RECENT - 1));
        if (found == null || found.life.task() != task || found.hasEnded) {
            found = known.get(task);
            if (found == null) {
                return find(task);
            }
            recent.setRelease(task & (RECENT - 1), found);
        }
        if (!found.isWatched) {
            if (!Proc.isSame(found.life)) {
                forget(found);
                return find(task);
            }
            if (ends.count() < mostWatched) {
                watchLate(found);
            }
        }
        int now = roots.get();
        if (found.isSettled(now) && !found.isStrange()) {
            return found.crew;
        }
        Life life = Proc.life(task).orElse(found.life);
        return found.isSettled(now, life) ? found.crew : again(found, life, now);
    }

    private @Nullable Crew again(Known found, Life life, int now) {
        int process = Proc.process(life.task());
        Crew crew = process == 0 ? null : resolve(process, now);
        found.is(life, crew, now);
        return crew;
    }

    /** A descriptor is opened first: if the number changes hands before all is read, that is known to have ended at once. */
    private @Nullable Crew find(int task) {
        int fd = open(task);
        int process = fd >= 0 ? task : Proc.process(task);
        boolean isThread = process != task;
        if (isThread && process != 0 && ends.count() < mostWatched) {
            fd = watchable(Pids.open(task, Pids.THREAD));
        }
        Life life = Proc.life(task).orElse(null);
        if (life == null || process == 0) {
            close(fd);
            return null;
        }
        int now = roots.get();
        Crew crew = resolve(process, now);
        Known found = new Known(life, crew, now);
        keep(found);
        watch(found, fd, isThread);
        return crew;
    }

    private int open(int process) {
        return ends.count() < mostWatched ? watchable(Pids.open(process, 0)) : -1;
    }

    /** Who cannot be watched, since too few descriptors would be left, is looked at each time. */
    static int watchable(int fd) {
        return Descriptors.OURS.takeSpare(fd);
    }

    private static void close(int fd) {
        if (fd >= 0) {
            Linux.close(fd);
        }
    }

    /** The nearest process on the way to the first one that says whose it is. */
    private @Nullable Crew resolve(int process, int now) {
        long start = Long.MAX_VALUE;
        int at = process;
        while (at > FIRST_PROCESS && at != me) {
            Life life = Proc.life(at).orElse(null);
            if (life == null || life.start() > start) {
                return null; // gone, and its number given to a younger one
            }
            Known found = known.get(at);
            if (found != null && found.life.start() == life.start() && found.isSettled(now, life)) {
                return found.crew;
            }
            Crew crew = own(life);
            if (crew != null) {
                return crew;
            }
            start = life.start();
            at = life.parent();
        }
        return null;
    }

    /** What a process itself says, without its parent. */
    private @Nullable Crew own(Life life) {
        Root root = byRoot.get(life.task());
        if (root != null && root.start() == life.start()) {
            return root.crew();
        }
        Optional<Crew> crew = Proc.variable(life.task(), Processes.SESSION).map(byToken::get);
        return crew.orElseGet(() -> life.parent() == me ? ofLeader(life) : null);
    }

    /** The crew whose root leads or led the group of an orphan, which keeps the group's number from others. */
    private @Nullable Crew ofLeader(Life life) {
        for (int leader : new int[] {life.group(), life.terminal()}) {
            Root root = byRoot.get(leader);
            if (root != null && root.start() <= life.start()) {
                return root.crew();
            }
        }
        return null;
    }

    /**
     * {@return a crew's processes that have not ended} There are none only when that is certain: one that ends while others
     * are looked at may have made another one before, so those that have come since are looked at too.
     */
    List<Life> alive(Crew crew) {
        Set<Integer> seen = new HashSet<>();
        Map<Integer, Life> young = new HashMap<>();
        Map<Integer, @Nullable Crew> found = new HashMap<>();
        List<Life> alive = new ArrayList<>();
        boolean isCertain = false;
        while (alive.isEmpty() && !isCertain) {
            isCertain = true;
            List<Life> fresh = new ArrayList<>();
            for (int process : Proc.processes()) {
                if (seen.add(process) && process != me) {
                    Optional<Life> life = Proc.life(process);
                    isCertain &= life.isPresent();
                    life.filter(each -> each.start() >= crew.begin).ifPresent(fresh::add);
                }
            }
            fresh.forEach(life -> young.put(life.task(), life));
            for (Life life : fresh) {
                boolean isOurs = crew(life, young, found) == crew;
                if (isOurs && !life.isZombie()) {
                    alive.add(life);
                } else if (isOurs) {
                    reap(life.task());
                }
                isCertain &= isOurs ? !life.isZombie() : isAlive(life);
            }
        }
        return alive;
    }

    /** Was it alive when it was said whose it is? Who ends has no environment any more. */
    private static boolean isAlive(Life life) {
        return !life.isZombie()
                && Proc.life(life.task())
                        .filter(now -> !now.isZombie() && !now.isBecoming())
                        .isPresent();
    }

    /** Reaps a process that has ended, if it is certain that it was not started by the JDK. */
    void reap(int process) {
        Known found = known.get(process);
        if (found != null) {
            reap(found);
        }
    }

    private void reap(Known found) {
        if (found.life.parent() != me) { // and is now, if it is ours to reap
            orphans.reap(found.life.task());
        }
    }

    private @Nullable Crew crew(Life life, Map<Integer, Life> young, Map<Integer, @Nullable Crew> found) {
        if (found.containsKey(life.task())) {
            return found.get(life.task());
        }
        found.put(life.task(), null);
        int now = roots.get();
        Known before = known.get(life.task());
        if (before != null && before.life.start() != life.start()) {
            before = null;
        }
        if (before != null && before.isSettled(now, life)) {
            found.put(life.task(), before.crew);
            return before.crew;
        }
        Crew crew = own(life);
        Life parent = young.get(life.parent());
        if (crew == null && parent != null) {
            crew = crew(parent, young, found);
        }
        if (crew != null) {
            found.put(life.task(), crew);
            if (before != null) {
                before.is(life, crew, now);
            } else {
                keep(new Known(life, crew, now)); // it may lose its parent, or its environment
            }
        }
        return crew;
    }

    private void keep(Known found) {
        if (known.size() - ends.count() > UNWATCHED) {
            known.values().removeIf(each -> !each.isWatched);
        }
        known.put(found.life.task(), found);
        recent.setRelease(found.life.task() & (RECENT - 1), found);
    }

    private void watchLate(Known found) {
        int task = found.life.task();
        int fd = watchable(Pids.open(task, 0));
        boolean isThread = fd < 0;
        if (isThread) {
            fd = watchable(Pids.open(task, Pids.THREAD));
        }
        if (Proc.isSame(found.life)) {
            watch(found, fd, isThread);
        } else {
            close(fd);
        }
    }

    private void watch(Known found, int fd, boolean isThread) {
        synchronized (found) {
            if (found.isWatched) {
                close(fd);
            } else if (fd >= 0) {
                found.isWatched = ends.watch(fd, () -> ended(found, isThread));
            }
        }
    }

    private void ended(Known found, boolean isThread) {
        forget(found);
        if (!isThread && found.crew != null) {
            reap(found);
        }
    }

    private void forget(Known found) {
        found.hasEnded = true;
        known.remove(found.life.task(), found);
        recent.compareAndSet(found.life.task() & (RECENT - 1), found, null);
    }
}
