package dev.sluice.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a run at a moment, or at its end. Times are microseconds since it began, and {@link #NEVER} where something
 * has not happened. Immutable; from a {@link Meter}.
 *
 * @param head which run it is
 * @param steps its steps, in the order of the flow
 * @param files its files, in the order in which they were seen first
 * @param sums sums over everything
 * @param tick how far the points of the steps' courses are apart
 * @param alone how long the same steps would take one after the other
 * @param route the critical path, from the end to the beginning
 * @param advice what could be better, the most useful first
 */
@SuppressWarnings("exports") // users need not have JSpecify
public record Facts(
        Head head,
        List<Step> steps,
        List<File> files,
        Sums sums,
        long tick,
        Alone alone,
        List<Leg> route,
        List<Advice> advice) {
    /** Has not happened. */
    public static final long NEVER = -1;

    /** Copies the lists. */
    public Facts {
        steps = List.copyOf(steps);
        files = List.copyOf(files);
        route = List.copyOf(route);
        advice = List.copyOf(advice);
    }

    /**
     * Which run it is.
     *
     * @param workflow the flow's name
     * @param directory the managed directory
     * @param manner {@code run}, {@code serve}, or {@code in turn} for steps one after the other
     * @param begin when it began
     * @param micros how long it has taken until now
     * @param state {@code running}, {@code succeeded} or {@code failed}
     * @param status the status with which it has ended; 0 while it has not
     * @param said what went wrong, as sentences
     * @param processors how many processors there are
     */
    public record Head(
            String workflow,
            String directory,
            String manner,
            Instant begin,
            long micros,
            String state,
            int status,
            List<String> said,
            int processors) {
        /** Copies the list. */
        public Head {
            said = List.copyOf(said);
        }

        /** {@return whether it has not ended} */
        public boolean isRunning() {
            return state.equals("running");
        }
    }

    /**
     * A step: all of its runs.
     *
     * @param name its name
     * @param state {@code expected}, {@code running}, {@code waiting}, {@code done}, {@code failed} or {@code left out}
     * @param expected how many runs will come in all
     * @param started how many have begun
     * @param failed how many have failed
     * @param begin when the first one began
     * @param end when the last one ended; never while one runs
     * @param taken how long all of them took, added up
     * @param cpu how long processors worked for them
     * @param waited for how long they waited
     * @param read how many bytes of files they have read
     * @param written how many bytes of files they have written
     * @param isReadAssumed whether the kernel has read some by itself: then files are taken for read as a whole
     * @param isWriteAssumed whether the kernel has written some by itself, so that the number follows from the sizes of files
     * @param waitsFor for which file it waits now; null when for none
     * @param runs its runs, of which the last ones may be left out when there are many
     * @param course its course
     */
    public record Step(
            String name,
            String state,
            int expected,
            int started,
            int failed,
            long begin,
            long end,
            long taken,
            long cpu,
            long waited,
            long read,
            long written,
            boolean isReadAssumed,
            boolean isWriteAssumed,
            @Nullable String waitsFor,
            List<Run> runs,
            Course course) {
        /** Copies the list. */
        public Step {
            runs = List.copyOf(runs);
        }

        /** {@return for how long it did not wait} */
        public long busy() {
            return Math.max(0, taken - waited);
        }
    }

    /**
     * How far a step was after each tick; empty when there are too many steps.
     *
     * @param cpu how long processors had worked for it
     * @param read how many bytes it had read
     * @param written how many it had written
     */
    public record Course(List<Long> cpu, List<Long> read, List<Long> written) {
        /** Copies the lists. */
        public Course {
            cpu = List.copyOf(cpu);
            read = List.copyOf(read);
            written = List.copyOf(written);
        }
    }

    /**
     * A run of a step.
     *
     * @param begin when it began
     * @param end when it ended
     * @param hasFailed whether it has failed
     * @param cpu how long processors worked for it
     * @param waited for how long it waited
     * @param pauses when it waited, and for what
     */
    public record Run(long begin, long end, boolean hasFailed, long cpu, long waited, List<Pause> pauses) {
        /** Copies the list. */
        public Run {
            pauses = List.copyOf(pauses);
        }

        /** {@return its end, or the moment that is now} */
        long endOr(long now) {
            return end == NEVER ? now : end;
        }
    }

    /**
     * A time in which a run has waited, once or several times.
     *
     * @param from its begin
     * @param to its end
     * @param waited how long it waited in between
     * @param reason {@code bytes}, {@code commit} or {@code room}
     * @param path of which file
     */
    public record Pause(long from, long to, long waited, String reason, String path) {}

    /**
     * A file or directory, or several files.
     *
     * @param path its path; of several, that of the first
     * @param kind {@code directory}; {@code plain} when the flow does not speak of it; else {@code stream}
     * @param files how many it stands for
     * @param producers who writes it, as the flow says
     * @param consumers who reads it, as the flow says
     * @param commit its commit rule, as a phrase
     * @param fire its fire rule
     * @param state {@code expected}, {@code growing}, {@code complete}, {@code failed} or {@code there}
     * @param bytes its size
     * @param created when it was made
     * @param written when its first byte was written
     * @param closed when a writer has closed it last
     * @param committed when it was complete, or has failed
     * @param read when its first byte was read
     * @param shares who has moved how much of it
     * @param growth how large it was after some ticks, from the first one on; empty when there are too many files
     * @param every how many ticks these are apart
     */
    public record File(
            String path,
            String kind,
            int files,
            List<String> producers,
            List<String> consumers,
            String commit,
            String fire,
            String state,
            long bytes,
            long created,
            long written,
            long closed,
            long committed,
            long read,
            List<Share> shares,
            List<Long> growth,
            int every) {
        /** Copies the lists. */
        public File {
            producers = List.copyOf(producers);
            consumers = List.copyOf(consumers);
            shares = List.copyOf(shares);
            growth = List.copyOf(growth);
        }

        /** {@return whether it is one file, of which the flow speaks} */
        boolean isStream() {
            return kind.equals("stream") && files == 1;
        }

        boolean isFireUpdate() {
            return fire.equals("update");
        }
    }

    /**
     * What a step has moved to and from a file.
     *
     * @param step the step
     * @param read how many bytes it has read
     * @param written how many it has written
     * @param isReadAssumed whether the kernel has read some by itself
     * @param isWriteAssumed whether the kernel has written some by itself
     * @param readsInOrder whether it is known to have read from start to end
     * @param writesInOrder whether it is known to have written from start to end
     */
    public record Share(
            String step,
            long read,
            long written,
            boolean isReadAssumed,
            boolean isWriteAssumed,
            boolean readsInOrder,
            boolean writesInOrder) {}

    /**
     * Sums over everything.
     *
     * @param read how many bytes steps have read
     * @param written how many they have written
     * @param cpu how long processors have worked for them
     * @param made how many files that flow were made
     * @param complete how many of them were complete
     * @param failed how many have failed
     * @param opens how often steps have opened files
     * @param kernelOpens how often of these the kernel could move bytes by itself, from its cache or from the file below
     * @param waits how many waits have ended: for bytes, for commits, for room
     * @param waited how long these were, added up
     * @param memory how many bytes of memory the files take
     * @param spilled how many files were partly on disk, because memory was short
     */
    public record Sums(
            long read,
            long written,
            long cpu,
            long made,
            long complete,
            long failed,
            long opens,
            long kernelOpens,
            List<Long> waits,
            List<Long> waited,
            long memory,
            long spilled) {
        /** Copies the lists. */
        public Sums {
            waits = List.copyOf(waits);
            waited = List.copyOf(waited);
        }
    }

    /**
     * How long the same steps take one after the other.
     *
     * @param micros that time
     * @param isMeasured whether it was measured in another run; else it is estimated: each step needs the time that it worked, and
     *     of the time in which it neither worked nor waited for files as much as processors were idle
     * @param when when it was measured; empty when it was not
     */
    public record Alone(long micros, boolean isMeasured, String when) {}

    /**
     * A part of the critical path: what the end had to wait for.
     *
     * @param step which step worked
     * @param from from when
     * @param to until when
     * @param path the file for which the next one waited then; empty at the end
     */
    public record Leg(String step, long from, long to, String path) {}

    /**
     * What could be better.
     *
     * @param text a sentence or two
     * @param micros how much earlier something would begin or end; 0 when nobody knows
     */
    public record Advice(String text, long micros) {}

    Facts with(List<Leg> newRoute, List<Advice> newAdvice) {
        return new Facts(head, steps, files, sums, tick, alone, newRoute, newAdvice);
    }
}
