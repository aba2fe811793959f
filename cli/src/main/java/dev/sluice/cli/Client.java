package dev.sluice.cli;

import dev.sluice.jvm.MeetingPoint;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A server as another process sees it. One thread at a time. */
final class Client implements AutoCloseable {
    /** A server that lives answers at once; one that is stopped or hangs does not. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int LONGEST_ANSWER = 64 << 20;

    private final Wire wire;

    private Client(Wire wire) {
        this.wire = wire;
    }

    /** The server of a directory, or null when there is none. */
    static @Nullable Client find(Path directory) throws IOException {
        SocketChannel channel = MeetingPoint.connect(directory);
        return channel == null ? null : new Client(new Wire(channel, LONGEST_ANSWER));
    }

    /** The server of a directory; refuses when there is none. */
    static Client require(Path directory) throws IOException {
        Client client = find(directory);
        if (client == null) {
            throw Refusal.failed("nobody serves " + directory
                    + (ManagedDirectory.isMounted(directory)
                            ? " whom you may ask: a mount of Sluice is there, of another user or with another"
                                    + " XDG_RUNTIME_DIR or TMPDIR; one whose server was killed, the next start removes"
                            : ": neither sluice run nor sluice serve is at work there"));
        }
        return client;
    }

    /** Asks, and refuses when the server does. */
    Message ask(Message request) throws IOException {
        return accepted(wire.ask(request, PATIENCE));
    }

    /** Asks, and refuses when the server does; null when it ends, or has ended before it answered. */
    @Nullable
    Message askUnlessEnding(Message request) throws IOException {
        Message answer;
        try {
            answer = wire.ask(request, PATIENCE);
        } catch (EOFException e) {
            return null;
        }
        return answer.is("ending") ? null : accepted(answer);
    }

    void send(Message message) throws IOException {
        wire.send(message);
    }

    /** {@return what the server says next, or null when it has ended} */
    @Nullable
    Message next() throws IOException {
        return wire.receive();
    }

    /** Asks for what may last; as long as the server lives it is waited for. */
    Message askForEnd(Message request) throws IOException {
        wire.send(request);
        Message answer = wire.receive();
        if (answer == null) {
            throw new EOFException("the server has ended without an answer");
        }
        return accepted(answer);
    }

    private static Message accepted(Message answer) {
        if (!answer.is("ok")) {
            String why = answer.text("why");
            throw answer.number("status") == Refusal.MISUSED ? Refusal.misused(why) : Refusal.failed(why);
        }
        return answer;
    }

    @Override
    public void close() {
        wire.close();
    }
}
