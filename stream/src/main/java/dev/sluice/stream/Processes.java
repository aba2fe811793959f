package dev.sluice.stream;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Linux;
import dev.sluice.linux.Pids;
import dev.sluice.stream.Proc.Life;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Knows which processes belong to which session: its root process, all that descend from it, and all that have inherited its
 * environment, also after they have left their parents. Learns when a session's last process has ended, and ends them all
 * when that is wanted. Safe for use by many threads.
 *
 * <p>Not found is a process that has cleared its environment, and left its parents, before anybody asked about it.
 */
public final class Processes implements AutoCloseable {
    /** The environment variable that has a step's name. */
    public static final String STEP = "SLUICE_STEP";

    /** The environment variable that has a session's token. */
    public static final String SESSION = "SLUICE_SESSION";

    /** How many processes and threads are watched by descriptors, unless it is said. */
    static final int MOST_WATCHED = 2048;

    private static final int SIGCONT = 18;
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LATER_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration BETWEEN_KILLS = Duration.ofMillis(50);
    private static final Duration KILLED_WITHIN = Duration.ofSeconds(10);

    private final int me = (int) ProcessHandle.current().pid();
    private final long myStart = Proc.life(me).map(Life::start).orElse(0L);
    private final AtomicLong number = new AtomicLong();
    private final Orphans orphans = new Orphans(me, System::nanoTime);
    private final Ends ends = new Ends(this::afterwards);
    private final Membership membership;

    /** Those whose end must be looked for from time to time, and the time of the last look: the thread's own. */
    private final Set<Crew> unwatched = new LinkedHashSet<>();

    private long lastLook = System.nanoTime() - LATER_NANOS;

    /** Knows none yet, and starts the thread that learns of their ends. */
    public Processes() {
        this(MOST_WATCHED);
    }

    Processes(int mostWatched) {
        membership = new Membership(me, ends, mostWatched, orphans);
        ends.start();
    }

    /**
     * A session begins: from now on its processes are told from others, if they are started with its
     * {@linkplain #environment environment}. Processes that descend from this one become its children when their parents end.
     *
     * @param session the session
     */
    public void begin(Session session) {
        Orphans.adopt();
        String token = prefix() + number.incrementAndGet();
        Crew crew = new Crew(session, token, Proc.now());
        session.crew = crew;
        membership.add(crew);
    }

    private String prefix() {
        return me + "-" + myStart + "-";
    }

    /** {@return how a variable begins, with its name, that all processes of all sessions have in their environment} */
    public String mark() {
        return SESSION + "=" + prefix();
    }

    /**
     * Answers what a session's root process is to be started with.
     *
     * @param session a session that has begun
     * @return environment variables
     */
    public Map<String, String> environment(Session session) {
        return Map.of(STEP, session.step(), SESSION, crew(session).token);
    }

    /**
     * Says that a session's root process has been started. The session ends when it, and all that come from it, have ended.
     *
     * @param session a session that has begun
     * @param process the root's number
     */
    public void root(Session session, int process) {
        Crew crew = crew(session);
        Proc.life(process).ifPresent(life -> crew.begin = Math.min(crew.begin, life.start()));
        membership.root(crew, process);
        int fd = Membership.watchable(Pids.open(process, 0));
        if (fd < 0 || !ends.watch(fd, () -> rootEnded(crew))) {
            ends.soon(() -> rootEnded(crew));
        }
    }

    /**
     * Says that a session's root process will not be told of. The session ends when the processes that have its environment have
     * ended, at once if there are none.
     *
     * @param session a session that has begun
     */
    public void rootless(Session session) {
        Crew crew = crew(session);
        ends.soon(() -> rootEndedOrNone(crew));
    }

    /**
     * Finds the session of a process.
     *
     * @param task the number of a process or of a thread
     * @return the session, or null when it belongs to none
     */
    @SuppressWarnings("exports") // users need not have JSpecify
    public @Nullable Session session(int task) {
        Crew crew = membership.crew(task);
        return crew == null ? null : crew.session;
    }

    /**
     * Finds the session of a token, which is in the {@linkplain #environment environment} of its processes.
     *
     * @param token the token
     * @return the session, or null when none that has not ended has it
     */
    @SuppressWarnings("exports") // users need not have JSpecify
    public @Nullable Session session(String token) {
        Crew crew = membership.crew(token);
        return crew == null ? null : crew.session;
    }

    /**
     * Lists the processes of a session that have not ended.
     *
     * @param session a session that has begun
     * @return their numbers
     */
    public List<Integer> alive(Session session) {
        return membership.alive(crew(session)).stream().map(Life::task).toList();
    }

    /**
     * Tells how long processors have worked for sessions: for their processes that have not ended, and for those that these have
     * waited for.
     *
     * @return that time for each session that has such processes
     */
    public Map<Session, Duration> efforts() {
        Map<Session, Duration> all = new HashMap<>();
        Set<Integer> seen = new HashSet<>();
        Deque<Integer> open = new ArrayDeque<>(membership.roots());
        open.addAll(Proc.children(me)); // whose parents have ended
        while (!open.isEmpty()) {
            int process = open.pop();
            Crew crew = seen.add(process) ? membership.crew(process) : null;
            if (crew != null) {
                all.merge(crew.session, Duration.ofNanos(Proc.effort(process)), Duration::plus);
                open.addAll(Proc.children(process));
            }
        }
        return all;
    }

    /** {@return how long processors have worked for processes that were this one's children, and have ended} */
    public Duration effortOfEnded() {
        return Duration.ofNanos(Proc.effortOfEnded(me));
    }

    /**
     * Tells of a session's end.
     *
     * @param session a session that has begun
     * @return what is done when the root, and all that come from it, have ended
     */
    public CompletableFuture<Void> end(Session session) {
        return crew(session).end.copy();
    }

    /**
     * Says whether the processes of a session can do nothing but wait: for requests that wait here, and for each other. When it
     * cannot be told, they can.
     *
     * @param session a session that has begun
     * @param parked the numbers of the threads whose requests wait here
     * @return whether none can go on without help from outside
     */
    public boolean areStuck(Session session, Set<Integer> parked) {
        List<Integer> processes = alive(session);
        List<Task> tasks = tasks(processes, parked);
        return Task.areStuck(tasks, new HashSet<>(processes)) && tasks.equals(tasks(processes, parked));
    }

    /** {@return how many sessions are known, whose end has not come yet} */
    int known() {
        return membership.count();
    }

    /** {@return what a session's threads do} */
    List<Task> tasks(Session session, Set<Integer> parked) {
        return tasks(alive(session), parked);
    }

    private static List<Task> tasks(List<Integer> processes, Set<Integer> parked) {
        return processes.stream()
                .flatMap(process -> Task.of(process, parked).stream())
                .toList();
    }

    /**
     * Ends a session's processes: asks them (SIGTERM), and kills (SIGKILL) those that are left after a while.
     *
     * @param session a session that has begun
     * @param grace how long they are waited for before they are killed
     * @return whether all have ended; one in the midst of a call that cannot be broken off may be left
     * @throws InterruptedException when the thread is interrupted
     */
    public boolean stop(Session session, Duration grace) throws InterruptedException {
        Crew crew = crew(session);
        signal(crew, Pids.SIGTERM);
        signal(crew, SIGCONT);
        ends.soon(() -> rootEndedOrNone(crew));
        if (ended(crew, grace)) {
            return true;
        }
        long deadline = System.nanoTime() + KILLED_WITHIN.toNanos();
        do {
            signal(crew, Pids.SIGKILL);
            if (ended(crew, BETWEEN_KILLS)) {
                return true;
            }
        } while (System.nanoTime() < deadline);
        return false;
    }

    private static boolean ended(Crew crew, Duration within) throws InterruptedException {
        try {
            crew.end.get(within.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private void signal(Crew crew, int signal) {
        for (Life life : membership.alive(crew)) {
            int fd = Pids.open(life.task(), 0);
            if (fd >= 0) {
                if (Proc.isSame(life)) {
                    Pids.signalTo(fd, signal);
                }
                Linux.close(fd);
            }
        }
    }

    private Crew crew(Session session) {
        Crew crew = session.crew;
        if (crew == null) {
            throw new IllegalStateException(session + " has not begun");
        }
        return crew;
    }

    private void rootEndedOrNone(Crew crew) {
        if (crew.root == 0) {
            rootEnded(crew);
        }
    }

    private void rootEnded(Crew crew) {
        crew.hasRootEnded = true;
        look(crew);
    }

    /** Has the last one ended? If not, look again after the end of one that is left. */
    private void look(Crew crew) {
        while (!crew.end.isDone()) {
            List<Life> alive = membership.alive(crew);
            if (alive.isEmpty()) {
                membership.remove(crew);
                Thread.startVirtualThread(() -> crew.end.complete(null));
                return;
            }
            if (watchOne(crew, alive.getLast())) {
                return;
            }
        }
    }

    private boolean watchOne(Crew crew, Life life) {
        int fd = Membership.watchable(Pids.open(life.task(), 0));
        if (fd == Errno.ESRCH.negated()) {
            return false;
        }
        boolean isWatched = fd >= 0
                && ends.watch(fd, () -> {
                    membership.reap(life.task());
                    look(crew);
                });
        if (!isWatched) {
            unwatched.add(crew); // no descriptors left, perhaps
            ends.lookAgainIn(SOON_NANOS);
        }
        return true;
    }

    private void afterwards() {
        long since = System.nanoTime() - lastLook;
        if (since < SOON_NANOS) {
            ends.lookAgainIn(SOON_NANOS);
            return;
        }
        lastLook = System.nanoTime();
        List<Crew> again = List.copyOf(unwatched);
        unwatched.clear();
        again.forEach(this::look);
        if (orphans.reapStrangers(membership::isRoot)) {
            ends.lookAgainIn(LATER_NANOS);
        }
    }

    /** Lets go of all processes, which go on. */
    @Override
    public void close() {
        ends.close();
    }
}
