package dev.sluice.view;

import dev.sluice.stream.Waiting.Reason;
import dev.sluice.stream.Workflow;
import dev.sluice.stream.Workflow.Recording;
import dev.sluice.stream.Workflow.Snapshot;
import dev.sluice.stream.Workflow.Snapshot.StepState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Puts facts together from what was recorded and measured. Made for one moment; one thread at a time. */
final class Gathering {
    private static final long NANOS = 1000;

    private final Workflow workflow;
    private final String manner;
    private final Recording seen;
    private final Snapshot snapshot;
    private final Work work;
    private final Points stepPoints;
    private final Points filePoints;
    private final Map<String, long[]> moved;
    private final Set<String> readAssumed = new HashSet<>();
    private final Set<String> writeAssumed = new HashSet<>();

    Gathering(
            Workflow workflow,
            String manner,
            Recording seen,
            Snapshot snapshot,
            Work work,
            Points stepPoints,
            Points filePoints) {
        this.workflow = workflow;
        this.manner = manner;
        this.seen = seen;
        this.snapshot = snapshot;
        this.work = work;
        this.stepPoints = stepPoints;
        this.filePoints = filePoints;
        moved = moved(seen);
        for (Recording.File file : seen.files()) {
            for (Recording.Share share : file.shares()) {
                if (share.isReadAssumed()) {
                    readAssumed.add(share.step());
                }
                if (share.isWriteAssumed()) {
                    writeAssumed.add(share.step());
                }
            }
        }
    }

    /** How many bytes each step has read and written. */
    static Map<String, long[]> moved(Recording seen) {
        Map<String, long[]> moved = new HashMap<>();
        for (Recording.File file : seen.files()) {
            for (Recording.Share share : file.shares()) {
                long[] bytes = moved.computeIfAbsent(share.step(), _ -> new long[2]);
                bytes[0] += share.read();
                bytes[1] += share.written();
            }
        }
        return moved;
    }

    private static long micros(long nanos) {
        return nanos < 0 ? Facts.NEVER : nanos / NANOS;
    }

    Facts facts(String state, int status, List<String> said, @Nullable Earlier measured) {
        List<Facts.Step> steps =
                snapshot.steps().stream().map(each -> step(each, state)).toList();
        Facts.Head head = new Facts.Head(
                workflow.flow().name(),
                workflow.directory().toString(),
                manner,
                seen.begin(),
                micros(seen.now()),
                state,
                status,
                said,
                Runtime.getRuntime().availableProcessors());
        return new Facts(
                head,
                steps,
                seen.files().stream().map(this::file).toList(),
                sums(steps),
                stepPoints.tick(),
                alone(steps, measured),
                List.of(),
                List.of());
    }

    private Facts.Sums sums(List<Facts.Step> steps) {
        Recording.Counts counts = seen.counts();
        return new Facts.Sums(
                sum(steps, Facts.Step::read),
                sum(steps, Facts.Step::written),
                sum(steps, Facts.Step::cpu),
                counts.made(),
                counts.complete(),
                counts.failed(),
                counts.opens(),
                counts.kernelOpens(),
                List.of(
                        counts.waits().getOrDefault(Reason.BYTES, 0L),
                        counts.waits().getOrDefault(Reason.COMMIT, 0L),
                        counts.waits().getOrDefault(Reason.ROOM, 0L)),
                List.of(
                        counts.waited().getOrDefault(Reason.BYTES, 0L) / NANOS,
                        counts.waited().getOrDefault(Reason.COMMIT, 0L) / NANOS,
                        counts.waited().getOrDefault(Reason.ROOM, 0L) / NANOS),
                counts.memory(),
                counts.spilled());
    }

    private static long sum(List<Facts.Step> steps, ToLongFunction<Facts.Step> value) {
        return steps.stream().mapToLong(value).sum();
    }

    private Facts.Alone alone(List<Facts.Step> steps, @Nullable Earlier measured) {
        if (measured != null && measured.hasSameSteps(steps)) {
            return new Facts.Alone(measured.micros(), true, measured.begin());
        }
        // Who neither waits for a file nor works waits for something else, or for a processor that another step has.
        long possible = Math.max(1, micros(seen.now())) * Runtime.getRuntime().availableProcessors();
        double idle = 1 - Math.min(1, sum(steps, Facts.Step::cpu) / (double) possible);
        return new Facts.Alone(sum(steps, step -> alone(step, idle)), false, "");
    }

    private static long alone(Facts.Step step, double idle) {
        long rest = step.busy() - step.cpu();
        return rest <= 0 ? step.busy() : step.cpu() + Math.round(rest * idle);
    }

    private Facts.Step step(StepState state, String all) {
        List<Facts.Run> runs = new ArrayList<>();
        long begin = Facts.NEVER;
        long end = Facts.NEVER;
        long taken = 0;
        long waited = 0;
        int failed = 0;
        String waitsFor = null;
        for (Recording.Run run : seen.runs()) {
            if (!run.session().step().equals(state.name())) {
                continue;
            }
            Facts.Run told = run(run);
            runs.add(told);
            begin = begin == Facts.NEVER ? told.begin() : Math.min(begin, told.begin());
            end = Math.max(end, told.end());
            taken += told.endOr(micros(seen.now())) - told.begin();
            waited += told.waited();
            failed += told.hasFailed() ? 1 : 0;
            if (run.end() < 0) {
                String path = waitsNow(run);
                waitsFor = path == null ? waitsFor : path;
            }
        }
        for (Recording.Crowd crowd : seen.crowds()) {
            if (crowd.step().equals(state.name())) {
                taken += crowd.taken() / NANOS;
                waited += crowd.waited() / NANOS;
                failed += crowd.failed();
            }
        }
        long[] bytes = moved.getOrDefault(state.name(), new long[2]);
        return new Facts.Step(
                state.name(),
                state(state, waitsFor, all),
                state.expected(),
                state.started(),
                failed,
                begin,
                state.running() > 0 ? Facts.NEVER : end,
                taken,
                work.of(state.name()).toNanos() / NANOS,
                Math.min(taken, waited),
                bytes[0],
                bytes[1],
                readAssumed.contains(state.name()),
                writeAssumed.contains(state.name()),
                waitsFor,
                runs,
                new Facts.Course(
                        stepPoints.of("c" + state.name()),
                        stepPoints.of("r" + state.name()),
                        stepPoints.of("w" + state.name())));
    }

    /** Does it wait at this moment? For what it has waited most lately. */
    private @Nullable String waitsNow(Recording.Run run) {
        String path = null;
        for (Recording.Pause pause : run.pauses()) {
            path = pause.to() == seen.now() ? pause.path() : path;
        }
        return path;
    }

    private static String state(StepState step, @Nullable String waitsFor, String all) {
        if (step.running() > 0) {
            return waitsFor == null ? "running" : "waiting";
        }
        if (step.hasFailed()) {
            return "failed";
        }
        if (step.expected() == 0) {
            return "left out";
        }
        return step.isOver() || (step.started() > 0 && !all.equals("running")) ? "done" : "expected";
    }

    private Facts.Run run(Recording.Run run) {
        return new Facts.Run(
                micros(run.begin()),
                micros(run.end()),
                run.hasFailed(),
                work.of(run.session()).toNanos() / NANOS,
                run.waited() / NANOS,
                run.pauses().stream()
                        .map(pause -> new Facts.Pause(
                                micros(pause.from()),
                                micros(pause.to()),
                                pause.waited() / NANOS,
                                pause.reason().name().toLowerCase(Locale.ROOT),
                                pause.path()))
                        .toList());
    }

    private Facts.File file(Recording.File file) {
        return new Facts.File(
                file.path(),
                file.isDirectory() ? "directory" : file.flows() ? "stream" : "plain",
                file.files(),
                file.producers(),
                file.consumers(),
                file.commit(),
                file.fire(),
                state(file),
                file.bytes(),
                micros(file.created()),
                micros(file.written()),
                micros(file.closed()),
                micros(file.committed()),
                micros(file.read()),
                file.shares().stream()
                        .map(share -> new Facts.Share(
                                share.step(),
                                share.read(),
                                share.written(),
                                share.isReadAssumed(),
                                share.isWriteAssumed(),
                                share.readsInOrder(),
                                share.writesInOrder()))
                        .toList(),
                file.files() == 1 && !file.isDirectory() ? filePoints.of(file.path()) : List.of(),
                Meter.EVERY);
    }

    private static String state(Recording.File file) {
        if (file.hasFailed()) {
            return "failed";
        }
        if (!file.flows()) {
            return "there";
        }
        if (file.committed() >= 0) {
            return "complete";
        }
        return file.created() >= 0 ? "growing" : "expected";
    }
}
