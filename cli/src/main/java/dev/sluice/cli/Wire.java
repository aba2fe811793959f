package dev.sluice.cli;

import dev.sluice.jvm.MeetingPoint;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection between a server and a client, on which messages go. One thread at a time sends, and one receives. */
final class Wire implements AutoCloseable {
    /** What this version speaks; who speaks another is told so. */
    static final int VERSION = 1;

    private static final String SPOKEN = "sluice";
    private static final int CHUNK = 8192;

    private final SocketChannel channel;
    private final int longest;
    private final ByteBuffer in = ByteBuffer.allocate(CHUNK).flip();

    /**
     * Talks on a channel.
     *
     * @param channel it
     * @param longest how many bytes a line of the other side may have
     */
    Wire(SocketChannel channel, int longest) {
        this.channel = channel;
        this.longest = longest;
    }

    /** Is the process at the other end of the user who runs this one? */
    boolean isOfSameUser() throws IOException {
        return MeetingPoint.isOfSameUser(channel);
    }

    /** {@return the connection, for what is no message any more: the other side has waited for our last one} */
    SocketChannel channel() throws IOException {
        if (in.hasRemaining()) {
            throw new IOException("the other side has said more before it was answered");
        }
        return channel;
    }

    void send(Message message) throws IOException {
        String line = Message.of().with(SPOKEN, VERSION).with(message) + "\n";
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)); // all else is escaped
        while (bytes.hasRemaining()) {
            int _ = channel.write(bytes);
        }
    }

    /** {@return what the other side says next, or null when it has ended} */
    @Nullable
    Message receive() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            if (!in.hasRemaining()) {
                in.clear();
                int count = read();
                in.flip();
                if (count < 0) {
                    return null;
                }
            }
            byte next = in.get();
            if (next == '\n') {
                return understood(line.toString(StandardCharsets.UTF_8));
            }
            if (line.size() >= longest) {
                throw new IOException("a message has more than " + longest + " bytes");
            }
            line.write(next);
        }
    }

    /** Who is killed before he has read all that was said to him resets the connection. */
    private int read() throws IOException {
        try {
            return channel.read(in);
        } catch (SocketException e) {
            return -1;
        }
    }

    private static Message understood(String line) throws IOException {
        Message message;
        try {
            message = Message.parse(line);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        long version = message.number(SPOKEN);
        if (version != VERSION) {
            throw new IOException("the other side speaks version " + version + " of the protocol, this one version "
                    + VERSION + "; use the same Sluice for both");
        }
        return message;
    }

    /** False when nobody is there to hear it. */
    private boolean isSent(Message message) throws IOException {
        try {
            send(message);
            return true;
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            return false;
        }
    }

    /** Says something, and waits for the answer, which must come in time. */
    Message ask(Message message, Duration patience) throws IOException {
        CompletableFuture<Void> late = new CompletableFuture<>();
        CompletableFuture<Void> _ = late.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(_ -> {
                    close();
                    return null;
                });
        try {
            Message answer = isSent(message) ? receive() : null;
            if (answer == null) {
                throw new EOFException("the server has ended");
            }
            return answer;
        } catch (ClosedChannelException e) {
            throw new IOException("the server does not answer within " + patience.toSeconds() + " s", e);
        } finally {
            late.complete(null);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is not used any more.
        }
    }
}
