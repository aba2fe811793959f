package dev.sluice.cli;

import dev.sluice.fuse.MountOptions;
import dev.sluice.jvm.MeetingPoint;
import dev.sluice.jvm.Reception;
import dev.sluice.language.Contracts;
import dev.sluice.language.Flow;
import dev.sluice.stream.Ending;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.stream.Limits;
import dev.sluice.stream.Processes;
import dev.sluice.stream.Session;
import dev.sluice.stream.Workflow;
import dev.sluice.view.Meter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Steps at work: begun, followed, and cleaned up after. Safe for use by many threads; the shutdown of the JVM ends
 * it at any time.
 */
final class Execution implements AutoCloseable {
    static final Duration GRACE = Duration.ofSeconds(5);

    private static final int ENDED_BY_TERM = 128 + 15;

    /** So long may it take, after the steps have been ended, until what stays is on the disk. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private final StepOutput output;
    private final Workflow workflow;
    private final Processes processes;
    private final Ground ground;

    /** By which processes of steps find the server. */
    private final Path socket;

    private final Meter meter;
    private final Thread whenKilled = Thread.ofPlatform().unstarted(this::interrupted);
    private final CompletableFuture<Void> killed = new CompletableFuture<>();
    private final CountDownLatch over = new CountDownLatch(1);

    /** The ends of runs, one after the other. */
    private final ExecutorService ends = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("ends of steps").factory());

    private final CompletableFuture<Void> allOver = new CompletableFuture<>();

    /** Guards the rest. */
    private final Object lock = new Object();

    private final Map<String, Count> counts = new LinkedHashMap<>();
    private final List<Session> sessions = new ArrayList<>();
    private final Set<Part> running = new LinkedHashSet<>();
    /** The runs that have failed, and have not been repeated. */
    private final List<Part> failures = new ArrayList<>();

    private boolean isEnding;
    private boolean isClosed;

    private static final class Count {
        int expected = 1;

        /** How many of these came because another one had failed, or was to be made anew. */
        int repeated;

        int started;
        int ended;
    }

    /** One run of a step. */
    static final class Part {
        private final String step;
        private final Session session;
        private final CompletableFuture<Integer> status = new CompletableFuture<>();
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private volatile String what = "";

        private Part(String step, Session session) {
            this.step = step;
            this.session = session;
        }

        /** {@return done when the run has ended, with all its processes, and its files are complete or have failed} */
        CompletableFuture<Void> end() {
            return end.copy();
        }

        /** {@return whether it has ended, and not well} */
        boolean hasFailed() {
            return status.getNow(0) != 0;
        }
    }

    /**
     * What became of it.
     *
     * @param status that with which the program ends
     * @param hasFailedStep whether that is a step's
     * @param sentences what went wrong, and what is to be known
     */
    record Outcome(int status, boolean hasFailedStep, List<String> sentences) {}

    private Execution(StepOutput output, Ground ground, Path socket) {
        this.output = output;
        this.ground = ground;
        this.socket = socket;
        workflow = ground.workflow();
        processes = ground.processes();
        meter = new Meter(workflow, processes);
        workflow.flow().steps().forEach(step -> counts.put(step.name(), new Count()));
    }

    /** Opens the directory; with a mount for all processes, or for JVMs alone. */
    static Execution begin(Flow flow, Path directory, Terms terms, StepOutput output) throws IOException {
        return begin(flow, directory, terms.keep(), terms.limits(), terms.mount(), output);
    }

    static Execution begin(
            Flow flow, Path directory, Keep keep, Limits limits, @Nullable MountOptions mount, StepOutput output)
            throws IOException {
        // Before there is a mount, which would be asked for the directory's name.
        Path socket = MeetingPoint.all(directory).getFirst().socket();
        Ground ground = Ground.under(flow, directory, keep, limits, mount, output);
        Execution execution = new Execution(output, ground, socket);
        execution.endWhenKilled();
        return execution;
    }

    private void endWhenKilled() throws IOException {
        try {
            Runtime.getRuntime().addShutdownHook(whenKilled);
        } catch (IllegalStateException e) { // told to end just now
            ground.closeDoors();
            throw new IOException("interrupted", e);
        }
    }

    /** {@return the sessions of all runs that have begun, in their order} */
    List<Session> sessions() {
        synchronized (lock) {
            return List.copyOf(sessions);
        }
    }

    /** {@return what looks at it from time to time} */
    Meter meter() {
        return meter;
    }

    /** Has somebody told what steps do with files; said before any begins. */
    void observe(Workflow.Observer observer) {
        workflow.observe(observer);
    }

    Flow flow() {
        return workflow.flow();
    }

    Path directory() {
        return ground.directory();
    }

    /** {@return the door of JVMs} */
    Reception reception() {
        return ground.reception();
    }

    /** {@return the run to which a process, or all that have a token, belong; null when there is none} */
    @Nullable
    Session session(int process, String token) {
        Session session = token.isEmpty() ? null : processes.session(token);
        return session == null ? processes.session(process) : session;
    }

    /** How often a step will run; unless it is said, once. Said before it has begun. */
    void expect(String step, int runs) {
        synchronized (lock) {
            count(step).expected = runs;
        }
        workflow.announce(step, runs);
        lookWhetherAllIsOver();
    }

    /** The same of many: first those that run, for with none all would be over. */
    void expect(Map<String, Integer> runs) {
        runs.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .forEach(run -> expect(run.getKey(), run.getValue()));
    }

    private Count count(String step) {
        Count count = counts.get(step);
        if (count == null) {
            throw new IllegalArgumentException("no step of the flow: " + step);
        }
        return count;
    }

    /** A run of a step begins; refused when there is no such step, or no run of it is expected any more. */
    Part join(String step) {
        return join(step, false);
    }

    /**
     * A run of a step begins, in place of one that has failed if there is one and no other is expected.
     *
     * @param again whether a step that has run once, and well, may run once more
     */
    Part join(String step, boolean again) {
        synchronized (lock) {
            if (isEnding) {
                throw Refusal.failed("the steps are being ended, so no other one can begin");
            }
            if (!counts.containsKey(step)) {
                try {
                    Contracts.of(flow()).requireStep(step);
                } catch (IllegalArgumentException e) {
                    throw Refusal.misused(Failure.sentence(e));
                }
            }
            Count count = count(step);
            boolean isMore = count.started >= count.expected;
            boolean hasFailed = failures.stream().anyMatch(part -> part.step.equals(step));
            boolean isOnceMore = isMore && !hasFailed;
            if (isOnceMore) {
                requireMayRunAgain(step, count, again);
            }
            count.expected += isMore ? 1 : 0;
            count.started++;
            if (isMore && hasFailed) {
                forgetFailure(step);
            }
            Part part = new Part(step, isOnceMore ? workflow.again(step) : workflow.start(step));
            sessions.add(part.session);
            running.add(part);
            processes.begin(part.session);
            CompletableFuture<Void> _ = processes
                    .end(part.session)
                    .thenCombine(part.status, (_, status) -> status)
                    .thenAcceptAsync(status -> ended(part, status), ends)
                    .whenComplete((_, failure) -> Exhaustion.pass(failure));
            return part;
        }
    }

    /** One run too many may be the sign of a forgotten {@code --runs}; what the others have made must not go for that. */
    private static void requireMayRunAgain(String step, Count count, boolean again) {
        boolean isSingle = count.expected - count.repeated == 1;
        if (isSingle && again && count.ended == count.started) {
            count.repeated++;
            return;
        }
        String sentence = "step " + step + " has run as often as was expected (" + count.expected
                + "), so its files are complete; ";
        if (isSingle && again) {
            sentence = "step " + step + " still runs; wait for its end before it runs again";
        } else if (isSingle) {
            sentence += "start it with sluice exec --again to run it once more and make them anew, or say --runs "
                    + step + "=N where the server is started";
        } else {
            sentence += "which of its runs is to be repeated nobody can tell: end the server, and start anew";
        }
        throw Refusal.failed(sentence);
    }

    private void forgetFailure(String step) {
        for (Part part : failures) {
            if (part.step.equals(step)) {
                failures.remove(part);
                count(step).repeated++;
                return;
            }
        }
    }

    /** {@return what a run's processes have in their environment} */
    Map<String, String> environment(Part part) {
        Map<String, String> environment = new HashMap<>(processes.environment(part.session));
        environment.put("SLUICE_SERVER", socket.toString());
        environment.put("SLUICE_DIR", ground.directory().toString());
        environment.put("CAPIO_DIR", ground.directory().toString());
        environment.put("CAPIO_APP_NAME", part.step);
        environment.put("CAPIO_WORKFLOW_NAME", workflow.flow().name());
        JavaAgent.option().ifPresent(option -> environment.put("SLUICE_AGENT", option));
        return environment;
    }

    /** A run's first process has been started. */
    void root(Part part, int process, String what) {
        part.what = what;
        processes.root(part.session, process);
    }

    /** A run's first process has not been started, or nobody can say which it is. */
    void rootless(Part part, String what) {
        part.what = what;
        processes.rootless(part.session);
    }

    /** A run's first process has ended; the run ends with the last one. */
    void ended(Part part, Integer status, String what) {
        if (part.status.complete(status) && !what.isEmpty()) {
            part.what = what;
        }
    }

    private void ended(Part part, int status) {
        try {
            part.session.end(status == 0);
        } finally {
            synchronized (lock) {
                count(part.step).ended++;
                running.remove(part);
                if (status != 0) {
                    failures.add(part);
                }
            }
            lookWhetherAllIsOver(); // before: who waits for the part's end then asks whether it was the last one
            part.end.complete(null);
        }
    }

    private void lookWhetherAllIsOver() {
        boolean isOver;
        synchronized (lock) {
            isOver = counts.values().stream().allMatch(count -> count.ended >= count.expected);
        }
        if (isOver) {
            allOver.complete(null);
        }
    }

    /** {@return done when every run that is expected has ended} */
    CompletableFuture<Void> allOver() {
        return allOver.copy();
    }

    /** {@return done when the JVM is to end; what is left then is to be finished quickly} */
    CompletableFuture<Void> killed() {
        return killed.copy();
    }

    boolean isOver() {
        return allOver.isDone();
    }

    boolean isEnding() {
        synchronized (lock) {
            return isEnding;
        }
    }

    /** Lets no other run begin, if none runs now, or in any case. {@return the steps that run} */
    List<String> end(boolean inAnyCase) {
        synchronized (lock) {
            isEnding |= inAnyCase || running.isEmpty();
            return running.stream().map(part -> part.step).distinct().toList();
        }
    }

    Workflow.Snapshot snapshot(int most) {
        return workflow.snapshot(most);
    }

    /** {@return how many processes each step has} */
    Map<String, Integer> processes() {
        List<Part> all;
        synchronized (lock) {
            all = List.copyOf(running);
        }
        Map<String, Integer> numbers = new HashMap<>();
        all.forEach(
                part -> numbers.merge(part.step, processes.alive(part.session).size(), Integer::sum));
        return numbers;
    }

    /** {@return how many processes of a run are left} */
    int left(Part part) {
        return part.end.isDone() ? 0 : processes.alive(part.session).size();
    }

    /** Unmounts, brings to the disk what stays, and tells what went wrong. For when no step runs any more. */
    Outcome finish() throws IOException {
        List<String> sentences = new ArrayList<>();
        @Nullable Part failure;
        meter.freeze();
        synchronized (lock) {
            failure = failures.isEmpty() ? null : failures.getFirst();
            counts.forEach((step, count) -> {
                if (count.started < count.expected) {
                    sentences.add("step " + step + " was expected to run " + Report.counted(count.expected, "time")
                            + ", and has run " + Report.counted(count.started, "time"));
                }
            });
        }
        ground.closeDoors();
        Ending ending = workflow.finish(failure == null && sentences.isEmpty());
        sentences.addAll(ending.incidents());
        ending.warnings().forEach(output::say);
        int status = sentences.isEmpty() ? 0 : Refusal.FAILED;
        if (failure != null) {
            status = failure.status.join();
            sentences.add("step " + failure.step + " failed with status " + status
                    + (failure.what.isEmpty() ? "" : ": " + Printable.command(failure.what)));
        }
        sentences.forEach(output::say);
        meter.finish(status, sentences);
        List<String> all = new ArrayList<>(ending.warnings());
        all.addAll(sentences);
        return new Outcome(status, failure != null, all);
    }

    /** For Ctrl-C and kill: ends the steps, and waits until the thread that runs them has cleaned up after them. */
    private void interrupted() {
        stopSteps("interrupted");
        killed.complete(null);
        try {
            boolean isOver = over.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (!isOver) {
                output.say("what is left was not cleaned up in time; the next run does it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends all steps, and says why. */
    void stopSteps(String why) {
        output.say(why + "; the steps are ended");
        stopSteps();
    }

    /** Ends all steps; what they do not do when asked, is done to them after a while. */
    void stopSteps() {
        List<Part> all;
        synchronized (lock) {
            isEnding = true;
            all = List.copyOf(running);
        }
        List<CompletableFuture<Void>> stopping = new ArrayList<>();
        for (Part part : all) {
            stopping.add(CompletableFuture.runAsync(() -> stop(part), Thread::startVirtualThread));
        }
        stopping.forEach(CompletableFuture::join);
    }

    /** Ends one; who has started it tells with which status, unless that cannot be waited for. */
    private void stop(Part part) {
        try {
            if (processes.stop(part.session, GRACE)) {
                CompletableFuture<Void> _ = part.status
                        .copy()
                        .orTimeout(GRACE.toMillis(), TimeUnit.MILLISECONDS)
                        .handle((_, _) -> {
                            part.status.complete(ENDED_BY_TERM);
                            return null;
                        });
                part.end.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (lock) {
            if (isClosed) {
                return;
            }
            isClosed = true;
        }
        try {
            stopSteps();
            try {
                ground.closeDoors();
            } catch (IOException e) {
                output.say("the mount over " + ground.directory() + " could not be removed: " + e.getMessage());
            }
            meter.close();
            processes.close();
            ends.shutdown();
            workflow.close();
        } finally {
            over.countDown();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(whenKilled);
        } catch (IllegalStateException e) {
            // The hook runs, and has waited for this.
        }
    }
}
