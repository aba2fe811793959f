package dev.sluice.view;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.sluice.stream.Processes;
import dev.sluice.stream.Session;
import dev.sluice.stream.Workflow;
import dev.sluice.stream.Workflow.Recording;
import dev.sluice.stream.Workflow.Snapshot;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a run from time to time, the more seldom the longer it takes, and puts together what is known of it. Safe for use by
 * many threads.
 */
@SuppressWarnings("exports") // users need not have JSpecify
public final class Meter implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Meter.class.getName());
    private static final long NANOS = 1000;
    private static final int MOST_STEPS = 100;
    private static final int MOST_FILES = 300;
    private static final int TRIES = 3;
    static final int EVERY = 4;

    private final Workflow workflow;
    private final Processes processes;
    private volatile String manner = "run";
    private final Thread thread;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Points steps = new Points(3 * MOST_STEPS, 1);

    @GuardedBy("lock")
    private final Points files = new Points(MOST_FILES, EVERY);

    @GuardedBy("lock")
    private final Work work;

    @GuardedBy("lock")
    private boolean isFrozen;

    @GuardedBy("lock")
    private String state = "running";

    @GuardedBy("lock")
    private int status;

    @GuardedBy("lock")
    private List<String> said = List.of();

    @GuardedBy("lock")
    private @Nullable Recording last;

    private volatile @Nullable Earlier measured;

    /**
     * Begins to look.
     *
     * @param workflow the workflow
     * @param processes who belongs to its steps
     */
    public Meter(Workflow workflow, Processes processes) {
        this.workflow = workflow;
        this.processes = processes;
        work = new Work(processes.effortOfEnded());
        thread = Thread.ofPlatform().daemon().name("meter").start(this::run);
    }

    /**
     * Says how the steps run; when it is not said, at the same time.
     *
     * @param how {@code run}, {@code serve} or {@code in turn}
     * @return this
     */
    public Meter manner(String how) {
        manner = how;
        return this;
    }

    private void run() {
        try {
            while (!isClosed.get()) {
                long now = look().now() / NANOS;
                long next;
                synchronized (lock) {
                    next = steps.next();
                }
                TimeUnit.MICROSECONDS.sleep(Math.max(1, next - now));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a run cannot be looked at any more", e);
        }
    }

    private Recording look() {
        synchronized (lock) {
            if (last != null && isFrozen) {
                return last;
            }
            Recording seen = workflow.recording();
            Map<Session, Boolean> runs = new HashMap<>();
            seen.runs().forEach(run -> runs.put(run.session(), run.end() >= 0));
            ask(runs);
            take(seen);
            last = seen;
            return seen;
        }
    }

    /** Once more when a process has ended meanwhile, which would be in both answers, or in none. */
    @GuardedBy("lock")
    private void ask(Map<Session, Boolean> runs) {
        Duration ended = processes.effortOfEnded();
        for (int i = 0; i < TRIES; i++) {
            Map<Session, Duration> alive = processes.efforts();
            Duration after = processes.effortOfEnded();
            if (after.equals(ended) || i == TRIES - 1) {
                work.look(alive, after, runs);
                return;
            }
            ended = after;
        }
    }

    @GuardedBy("lock")
    private void take(Recording seen) {
        Map<String, long[]> moved = Gathering.moved(seen);
        for (var step : workflow.flow().steps()) {
            String name = step.name();
            long[] bytes = moved.getOrDefault(name, new long[2]);
            steps.set("c" + name, work.of(name).toNanos() / NANOS);
            steps.set("r" + name, bytes[0]);
            steps.set("w" + name, bytes[1]);
        }
        for (Recording.File file : seen.files()) {
            if (file.files() == 1 && !file.isDirectory() && file.created() >= 0) {
                files.set(file.path(), file.bytes());
            }
        }
        long now = seen.now() / NANOS;
        steps.pass(now);
        files.pass(now);
        if (FlightRecorder.isInitialized()) { // else the event alone would start it
            StatisticsEvent.tell(seen);
        }
    }

    /** {@return what is known now} */
    public Facts facts() {
        Recording seen = look();
        Snapshot snapshot = workflow.snapshot(0);
        Facts facts;
        synchronized (lock) {
            facts = new Gathering(workflow, manner, seen, snapshot, work, steps, files)
                    .facts(state, status, said, measured);
        }
        List<Facts.Leg> route = Route.of(facts);
        return facts.with(route, Adviser.of(facts, route));
    }

    /**
     * Tells of an earlier run of the same steps, one after the other.
     *
     * @param earlier that run
     */
    public void compareWith(Earlier earlier) {
        measured = earlier;
    }

    /** All steps have ended: this is the last look. */
    public void freeze() {
        close();
        Recording _ = look();
        synchronized (lock) {
            isFrozen = true;
        }
    }

    /**
     * Says how the run has ended.
     *
     * @param endStatus the status with which it ends
     * @param sentences what went wrong
     */
    public void finish(int endStatus, List<String> sentences) {
        freeze();
        synchronized (lock) {
            if (state.equals("running")) {
                state = endStatus == 0 ? "succeeded" : "failed";
                status = endStatus;
                said = List.copyOf(sentences);
            }
        }
    }

    /** Looks no more from time to time. */
    @Override
    public void close() {
        isClosed.set(true);
        thread.interrupt();
    }
}
