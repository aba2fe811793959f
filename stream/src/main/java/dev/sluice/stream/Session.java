package dev.sluice.stream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A step that takes part: one run of one of its programs, with all processes that come from it. Made by
 * {@link Workflow#start}; safe for use by many threads.
 */
public final class Session {
    private final Workflow workflow;
    private final String step;

    /** Its processes, once they are to be known. */
    volatile @Nullable Crew crew;

    // These belong to the workflow's lock.
    private final long begin = System.nanoTime();
    private long waited;
    private long waitsSince;
    private int waits;
    final Spans spans = new Spans();
    private long end;
    private boolean hasEnded;
    private boolean hasFailed;

    /**
     * How a session has spent its time up to now, or up to its end.
     *
     * @param taken the time since it began
     * @param waited for how much of it one of its requests, or more, waited for a file
     * @param hasEnded whether it has ended
     */
    public record Course(Duration taken, Duration waited, boolean hasEnded) {}

    Session(Workflow workflow, String step) {
        this.workflow = workflow;
        this.step = step;
    }

    /** {@return the name of its step} */
    public String step() {
        return step;
    }

    /** {@return how it has spent its time} */
    public Course course() {
        return workflow.course(this);
    }

    /** The same, with the workflow's lock held. */
    Course courseNow() {
        long now = hasEnded ? end : System.nanoTime();
        long waitsNow = waits > 0 ? now - waitsSince : 0;
        return new Course(Duration.ofNanos(now - begin), Duration.ofNanos(waited + waitsNow), hasEnded);
    }

    /** One more of its requests waits. Called with the workflow's lock held, as those below. */
    void waits() {
        if (waits++ == 0) {
            waitsSince = System.nanoTime();
        }
    }

    void waitsNoMore() {
        if (--waits == 0 && !hasEnded) {
            waited += System.nanoTime() - waitsSince;
        }
    }

    void ended(boolean succeeded) {
        if (hasEnded) {
            return;
        }
        hasFailed = !succeeded;
        waited = courseNow().waited().toNanos();
        end = System.nanoTime();
        waitsSince = end;
        hasEnded = true;
    }

    long begin() {
        return begin;
    }

    boolean hasEnded() {
        return hasEnded;
    }

    boolean hasFailed() {
        return hasFailed;
    }

    /**
     * All of its processes have ended: what it has not completed is complete now, or will never be.
     *
     * @param succeeded whether it has done its work
     */
    public void end(boolean succeeded) {
        workflow.ended(this, succeeded);
    }

    @Override
    public String toString() {
        return "step " + step;
    }
}
