package dev.sluice.cli;

import dev.sluice.cli.Execution.Outcome;
import dev.sluice.cli.Execution.Part;
import dev.sluice.jvm.Reception;
import dev.sluice.stream.Session;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets the user's other processes take part in an execution, ask about it and end it, by a socket. Safe for use by many
 * threads.
 *
 * <p>Who connects is asked who he is by the kernel; another user, the administrator too, is refused.
 */
final class Server implements AutoCloseable {
    /** What a client may say in one line. */
    private static final int LONGEST_REQUEST = 64 << 10;

    private static final int MOST_WAITING = 1024;
    private static final int MOST_FILES = 10_000;
    private static final Duration TOLD_WITHIN = Duration.ofSeconds(5);

    private final Execution execution;
    private final Station station;
    private final String flow;
    private final boolean isOnce;
    private final boolean isRun;
    private final long start = System.nanoTime();
    private final ServerSocketChannel channel;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private volatile Outcome end =
            new Outcome(Refusal.FAILED, false, List.of("it has ended before its steps had begun"));

    private final CompletableFuture<Void> asked = new CompletableFuture<>();

    /** Those who are told the outcome before this process ends. */
    private final Set<CompletableFuture<Void>> curious = ConcurrentHashMap.newKeySet();

    /**
     * Listens; who connects is served from {@link #open} on.
     *
     * @param flow the digest of the flow's file
     * @param isOnce whether to end when all steps have
     */
    static Server ofSteps(Execution execution, Station station, String flow, boolean isOnce) throws IOException {
        return new Server(execution, station, flow, isOnce, false);
    }

    /** The same for a run, which starts its steps itself: others may ask how far it is, and end it. */
    static Server ofRun(Execution execution, Station station) throws IOException {
        return new Server(execution, station, "", true, true);
    }

    private Server(Execution execution, Station station, String flow, boolean isOnce, boolean isRun)
            throws IOException {
        this.execution = execution;
        this.station = station;
        this.flow = flow;
        this.isOnce = isOnce;
        this.isRun = isRun;
        Path socket = station.socket();
        Files.deleteIfExists(socket); // of a server that was killed: we have the right to be the server
        channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(socket), MOST_WAITING);
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    void open() {
        Thread.ofPlatform().daemon().name("sluice-server").start(this::accept);
    }

    private void accept() {
        while (true) {
            try {
                SocketChannel client = channel.accept();
                Thread.ofVirtual().name("client").start(() -> serve(client));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                pause(); // too many files are open, perhaps, and some will be closed
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One client from the first word to the last. */
    private void serve(SocketChannel client) {
        try (Wire wire = new Wire(client, LONGEST_REQUEST)) {
            try {
                if (!wire.isOfSameUser()) {
                    throw Refusal.failed(station.directory() + " is served by another user");
                }
                Message request = wire.receive();
                if (request != null) {
                    answer(request, wire);
                }
            } catch (Refusal e) {
                wire.send(refused(e.status(), String.valueOf(e.getMessage())));
            } catch (IOException e) {
                wire.send(refused(Refusal.FAILED, Failure.sentence(e)));
            }
        } catch (IOException e) {
            // Nobody is there who could be told.
        }
    }

    private static Message refused(int status, String why) {
        return Message.of().with("ok", false).with("status", status).with("why", why);
    }

    private static Message done() {
        return Message.of().with("ok", true);
    }

    private void answer(Message request, Wire wire) throws IOException {
        switch (request.text("do")) {
            case "status" -> wire.send(status(Math.clamp(request.number("most"), 0, MOST_FILES)));
            case "stop" -> stop(request.is("now"), wire);
            case "join" -> join(request, wire);
            case "enter" -> enter(request, wire);
            default -> throw Refusal.misused("status, stop, join or enter is expected in the field do");
        }
    }

    private Message status(int most) {
        return Overview.message(execution, most)
                .with("run", isRun)
                .with("seconds", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
    }

    private void stop(boolean now, Wire wire) throws IOException {
        boolean isInAnyCase = now || isRun;
        var runningSteps = execution.end(isInAnyCase);
        if (!isInAnyCase && !runningSteps.isEmpty()) {
            throw Refusal.failed(
                    "steps still run: " + String.join(", ", runningSteps) + "; wait for them, or end them with --now");
        }
        if (isRun) {
            execution.stopSteps("sluice stop was said");
        }
        tellOutcome(wire, done());
    }

    /** The answer of one who wants to know how all has ended. */
    private void tellOutcome(Wire wire, Message answer) throws IOException {
        CompletableFuture<Void> told = new CompletableFuture<>();
        curious.add(told);
        try {
            asked.complete(null);
            Outcome all = outcome.join();
            wire.send(answer.with("over", true)
                    .with("status", all.status())
                    .with("failedStep", all.hasFailedStep())
                    .with("said", all.sentences()));
        } finally {
            told.complete(null);
        }
    }

    /** A step's command is run by the client, who tells of its beginning and end. */
    private void join(Message request, Wire wire) throws IOException {
        if (isRun) {
            throw Refusal.failed(
                    station.directory() + " has a sluice run, which starts its steps itself; wait for its end,"
                            + " or end it with sluice stop, and use sluice serve for steps that others start");
        }
        if (execution.isEnding() || (isOnce && execution.isOver())) {
            wire.send(refused(Refusal.FAILED, "the server ends, so no other step can begin")
                    .with("ending", true));
            return;
        }
        requireSame("flow", request.text("flow"), flow, "the directory is served with another flow file");
        requireSame(
                "workflow",
                request.text("workflow"),
                execution.flow().name(),
                "the directory is served for the workflow " + execution.flow().name() + ", not for "
                        + request.text("workflow"));
        Part part = execution.join(request.text("step"), request.is("again"));
        boolean hasRoot = false;
        boolean hasEnded = false;
        try {
            Map<String, String> environment = execution.environment(part);
            wire.send(done().with("directory", execution.directory())
                    .with("environment", environment)
                    .with(Redirections.answer(execution, request.text("step"), request.texts("opened"))));
            Message next = wire.receive();
            if (next != null && next.text("do").equals("started")) {
                begin(part, next);
                hasRoot = true;
                wire.send(done());
                next = wire.receive();
            }
            if (next != null && next.text("do").equals("ended")) {
                if (!hasRoot) {
                    execution.rootless(part, next.text("command"));
                    hasRoot = true;
                }
                hasEnded = true;
                execution.ended(part, Math.toIntExact(next.number("status")), next.text("command"));
                tellEnd(part, wire);
            }
        } finally {
            if (!hasRoot) {
                execution.rootless(part, "");
            }
            if (!hasEnded) {
                execution.ended(part, Refusal.FAILED, "its `sluice exec` has ended before its command");
            }
        }
    }

    /** A short command may have ended already. */
    private void begin(Part part, Message started) {
        long process = started.number("process");
        boolean isAlive = process > 1 && ProcessHandle.of(process).isPresent();
        if (isAlive) {
            execution.root(part, Math.toIntExact(process), started.text("command"));
        } else {
            execution.rootless(part, started.text("command"));
        }
    }

    /** A JVM of a step comes in, or one that has come in has one more connection. */
    private void enter(Message request, Wire wire) throws IOException {
        Reception reception = execution.reception();
        String known = request.text("key");
        if (!known.isEmpty()) {
            if (!reception.knows(known)) {
                throw Refusal.failed("no JVM has come in with this key, or it has gone");
            }
            wire.send(done());
            reception.serve(known, wire.channel());
            return;
        }
        int process = Math.toIntExact(Math.clamp(request.number("process"), 0, Integer.MAX_VALUE));
        Session session = execution.session(process, request.text("session"));
        if (session == null) {
            throw Refusal.failed("process " + process + " belongs to no step that runs on " + station.directory()
                    + "; start it with sluice run or sluice exec, or let it say which step it is");
        }
        String key = reception.enter(session, process);
        wire.send(done().with("directory", execution.directory())
                .with("step", session.step())
                .with("key", key));
        reception.stay(key, wire.channel());
    }

    private static void requireSame(String field, String asked, String here, String otherwise) {
        if (!asked.isEmpty() && !asked.equals(here)) {
            throw Refusal.failed(otherwise + "; end that with sluice stop, or say no other " + field);
        }
    }

    private void tellEnd(Part part, Wire wire) throws IOException {
        try {
            part.end().get(Execution.GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            wire.send(done().with("left", execution.left(part)));
            return;
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new IOException("the end of a step cannot be waited for: " + Failure.sentence(e), e);
        }
        if (isOnce && execution.isOver()) {
            tellOutcome(wire, done());
        } else {
            wire.send(done());
        }
    }

    /** Waits until all is over, or somebody wants it to be; then no step runs any more. */
    void await() {
        CompletableFuture<Void> all = isOnce ? execution.allOver() : new CompletableFuture<>();
        CompletableFuture.anyOf(all, asked, execution.killed()).join();
        execution.end(true);
        execution.stopSteps();
    }

    /** Finishes, when no step runs any more. {@return the status of the program} */
    int finish() throws IOException {
        close();
        try {
            end = execution.finish();
            return end.status();
        } catch (IOException e) {
            end = new Outcome(Refusal.FAILED, false, List.of(Failure.sentence(e)));
            throw e;
        }
    }

    /**
     * For when all is cleaned up and kept, and the claim has been given back: tells the outcome to all who want to know it, for
     * they may begin anew, or ask for the report.
     */
    void tell() {
        outcome.complete(end);
        try {
            CompletableFuture.allOf(curious.toArray(CompletableFuture[]::new))
                    .get(TOLD_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | java.util.concurrent.ExecutionException | TimeoutException e) {
            // Whoever does not read his answer misses it.
        }
    }

    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            Files.deleteIfExists(station.socket());
            channel.close();
        }
    }
}
