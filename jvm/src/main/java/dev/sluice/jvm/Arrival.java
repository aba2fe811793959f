package dev.sluice.jvm;

import dev.sluice.language.Contracts;
import dev.sluice.language.Flow;
import dev.sluice.language.FlowException;
import dev.sluice.stream.Session;
import dev.sluice.stream.Workflow;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Goes into a managed directory as a step: by the workflow of this JVM, or by a server, which is waited for, and started if a flow is
 * there to start it with. Used once, by one thread.
 *
 * @param directory the managed directory, without links
 * @param given as it was named
 * @param step the step
 * @param workflow which workflow it must be; null for any
 * @param flow with which a server is started; null for none
 * @param embedded the workflow of this JVM; null for a server
 * @param server what starts the program
 * @param patience how long a server is waited for
 * @param isSilent whether nothing is printed
 * @param tearsDown whether a server that was started here is ended
 */
record Arrival(
        Path directory,
        Path given,
        String step,
        @Nullable String workflow,
        @Nullable Path flow,
        @Nullable Workflow embedded,
        List<String> server,
        Duration patience,
        boolean isSilent,
        boolean tearsDown) {
    private static final long BETWEEN_LOOKS_MILLIS = 50;

    Connection.Entrance open() throws IOException {
        return embedded == null ? byServer() : byWorkflow(embedded);
    }

    private Connection.Entrance byWorkflow(Workflow own) throws IOException {
        if (!StreamPath.plain(own.directory()).equals(StreamPath.plain(directory))) {
            throw new IllegalArgumentException("the scope is of " + directory + ", but the workflow is of "
                    + own.directory() + "; name the same directory for both");
        }
        Session session = own.start(step);
        TreeDoor door = new TreeDoor(own, Caller.here(session));
        return new Connection.Entrance(Territory.of(door, given), well -> {
            if (well) {
                door.close();
            } else {
                door.abandon();
            }
            session.end(well);
        });
    }

    private Connection.Entrance byServer() throws IOException {
        if (StreamFileSystem.front() instanceof StreamFileSystem) {
            throw new UnsupportedOperationException(
                    "a JVM whose default file system was replaced has no sockets of files, says the JDK, so it cannot"
                            + " talk to a server: say within(workflow), or use the agent instead of the provider");
        }
        long end = System.nanoTime() + patience.toNanos();
        ServerProcess started = null;
        boolean isTold = isSilent;
        while (true) {
            RemoteDoor door = Aside.doesUntilInterrupted(this::tryJoin);
            if (door != null) {
                ServerProcess mine = started;
                if (mine != null) {
                    mine.forgetIfEnded();
                }
                return new Connection.Entrance(Territory.of(door, given), well -> end(door, well, mine));
            }
            if (started == null && flow != null) {
                requireStep(flow);
                started = ServerProcess.start(server, directory, flow);
                tell("starts a server of " + directory + ", which prints to " + started.log());
            }
            if (System.nanoTime() - end > 0) {
                throw nobody(started);
            }
            if (started != null) {
                started.refuseIfFailed();
            } else if (!isTold) {
                isTold = true;
                tell("nobody serves " + directory + " yet; waits for that up to " + patience.toMillis() + " ms");
            }
            pause();
        }
    }

    /** Else a server would be started that nobody comes to. */
    private void requireStep(Path file) throws IOException {
        try {
            Contracts.of(Flow.read(file)).requireStep(step);
        } catch (FlowException e) {
            throw new IOException(e.getMessage(), e); // each line names the file and the place
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private void end(RemoteDoor door, boolean well, @Nullable ServerProcess mine) throws IOException {
        try {
            if (well) {
                door.close();
            } else {
                door.fail();
            }
        } finally {
            if (mine != null && tearsDown) {
                mine.stop();
            }
        }
    }

    /** Null when there is no server, or it has ended before it has answered. */
    private @Nullable RemoteDoor tryJoin() throws IOException {
        if (!isServed()) {
            return null;
        }
        try {
            if (Surroundings.isOf(step)) {
                return RemoteDoor.enter(directory, Surroundings.token(), null);
            }
            Line request = new Line();
            if (workflow != null) {
                request = request.with("workflow", workflow);
            }
            if (flow != null) {
                request = request.with("flow", MeetingPoint.digest(Files.readAllBytes(flow)));
            }
            return RemoteDoor.join(directory, step, false, request);
        } catch (IOException e) {
            if (isServed()) {
                throw e;
            }
            return null; // it was about to end; another one may come
        }
    }

    private boolean isServed() throws IOException {
        try (SocketChannel channel = MeetingPoint.connect(directory)) {
            return channel != null;
        }
    }

    private FileSystemException nobody(@Nullable ServerProcess started) throws IOException {
        String what = "no server has come within " + patience.toMillis() + " ms; ";
        return new FileSystemException(
                directory.toString(),
                null,
                started == null
                        ? what + "start one with sluice serve FLOW --dir " + directory + ", or say flow(FILE)"
                        : what + "the one that was started " + started.condition() + "; what it has printed is in "
                                + started.log() + "; say waiting(DURATION) if it needs longer");
    }

    private void tell(String sentence) {
        if (!isSilent) {
            System.err.println("sluice: " + Objects.requireNonNull(sentence));
        }
    }

    private void pause() throws IOException {
        try {
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while waiting for a server of " + directory
                    + "; it is there when sluice serve has said that it is ready");
        }
    }
}
