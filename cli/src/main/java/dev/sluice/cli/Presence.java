package dev.sluice.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A run as {@code sluice status} and {@code stop} see it: the right to its directory, and a server for those who ask. Where it
 * cannot be had, as without a private folder, a run goes on without it. One thread at a time.
 *
 * <p>It is closed last of all, for who waits for the end is told of it then: what he begins on the directory finds it free, and
 * what he asks of the run has been kept.
 */
final class Presence implements AutoCloseable {
    private final StepOutput output;
    private final @Nullable Station station;
    private final Station.@Nullable Claim claim;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread whenKilled = Thread.ofPlatform().unstarted(this::waitForEnd);
    private @Nullable Server server;

    private Presence(StepOutput output, @Nullable Station station, Station.@Nullable Claim claim) {
        this.output = output;
        this.station = station;
        this.claim = claim;
        if (claim != null) {
            Runtime.getRuntime().addShutdownHook(whenKilled);
        }
    }

    /** For Ctrl-C and kill, which {@link Execution} obeys: those who wait are told before this process has ended. */
    private void waitForEnd() {
        try {
            boolean _ = over.await(Execution.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** None: nobody can ask. */
    static Presence none(StepOutput output) {
        return new Presence(output, null, null);
    }

    /** Takes the right to a directory; refuses when another one has it. */
    static Presence claim(Path directory, StepOutput output) {
        Station station;
        Station.Claim claim;
        try {
            station = Station.of(directory);
            claim = station.claim();
        } catch (IOException | Refusal e) {
            notSeen(output, e);
            return none(output);
        }
        return claimed(output, station, claim);
    }

    /** Takes the right to a station; refuses when another one has it, and where none can be had. */
    static Presence claim(Station station, StepOutput output) throws IOException {
        return claimed(output, station, station.claim());
    }

    private static Presence claimed(StepOutput output, Station station, Station.@Nullable Claim claim) {
        if (claim == null) {
            throw station.taken();
        }
        return new Presence(output, station, claim);
    }

    private static void notSeen(StepOutput output, Exception e) {
        output.say("sluice status and sluice stop will not find this run: "
                + (e instanceof Refusal ? e.getMessage() : Failure.sentence(e)));
    }

    /** There are steps to take part in; as {@link Server#ofSteps}. */
    void begin(Execution execution, String flow, boolean isOnce) throws IOException {
        server = Server.ofSteps(execution, requireNonNull(station), flow, isOnce);
    }

    /** There is something to ask about. */
    void begin(Execution execution) {
        if (station == null) {
            return;
        }
        try {
            server = Server.ofRun(execution, station);
        } catch (IOException e) {
            notSeen(output, e);
        }
    }

    /** From now on who asks is answered. */
    void open() {
        if (server != null) {
            server.open();
        }
    }

    /** Waits until all steps have ended, or have been ended. */
    void await(Execution execution) {
        if (server == null) {
            execution.allOver().join();
        } else {
            server.await();
        }
    }

    /** {@return the status of the program, when no step runs any more and all is cleaned up} */
    int finish(Execution execution) throws IOException {
        return server == null ? execution.finish().status() : server.finish();
    }

    @Override
    public void close() throws IOException {
        try {
            try (Station.Claim _ = claim) {
                if (server != null) {
                    server.close();
                }
            }
            if (server != null) {
                server.tell();
            }
        } finally {
            over.countDown();
        }
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(whenKilled);
        } catch (IllegalStateException e) {
            // The hook runs, and has waited for this.
        }
    }
}
