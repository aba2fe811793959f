package dev.sluice.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A run as {@code sluice status} and {@code stop} see it: the right to its directory, and a server for those who ask. Where it
 * cannot be had, as without a private folder, the run goes on without it. One thread at a time.
 */
final class Presence implements AutoCloseable {
    private final StepOutput output;
    private final @Nullable Station station;
    private final Station.@Nullable Claim claim;
    private @Nullable Server server;

    private Presence(StepOutput output, @Nullable Station station, Station.@Nullable Claim claim) {
        this.output = output;
        this.station = station;
        this.claim = claim;
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
        if (claim == null) {
            throw station.taken();
        }
        return new Presence(output, station, claim);
    }

    private static void notSeen(StepOutput output, Exception e) {
        output.say("sluice status and sluice stop will not find this run: "
                + (e instanceof Refusal ? e.getMessage() : Failure.sentence(e)));
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

    /** Who waits for the end is told of it when the directory is free again. */
    @Override
    public void close() throws IOException {
        try (Station.Claim _ = claim) {
            if (server != null) {
                server.close();
            }
        }
        if (server != null) {
            server.tell();
        }
    }
}
