package dev.sluice.jvm;

import dev.sluice.stream.Session;
import dev.sluice.stream.Workflow;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Serves JVMs that take part in a workflow from inside: each has a first connection, which lasts as long as it takes part, and
 * more for what it asks. Who connects, and whether he may, is decided before. Safe for use by many threads.
 */
public final class Reception implements AutoCloseable {
    private static final int KEY_BYTES = 16;

    private final Workflow workflow;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Guest> guests = new ConcurrentHashMap<>();
    private volatile boolean isClosed;

    /**
     * Serves a workflow.
     *
     * @param workflow the workflow
     */
    public Reception(Workflow workflow) {
        this.workflow = workflow;
    }

    /**
     * A JVM comes in.
     *
     * @param session the step that it belongs to
     * @param process its number; what it makes belongs to its user
     * @return the key by which its connections are known
     * @throws IOException when there is no such process
     */
    public String enter(Session session, int process) throws IOException {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        String key = HexFormat.of().formatHex(bytes);
        guests.put(key, new Guest(new TreeDoor(workflow, Caller.of(process, session))));
        return key;
    }

    /**
     * Tells whether a key is known.
     *
     * @param key the key
     * @return whether one has come in with it, and has not gone
     */
    public boolean knows(String key) {
        return guests.containsKey(key);
    }

    /**
     * Stays with the first connection of a JVM until that ends; then what it has left open is closed, and what it was writing is
     * complete only if it has said good-bye.
     *
     * @param key its key
     * @param channel the connection
     * @throws IOException when what is left cannot be closed
     */
    public void stay(String key, SocketChannel channel) throws IOException {
        Guest guest = guests.get(key);
        if (guest == null) {
            return;
        }
        boolean isWell = false;
        try {
            guest.add(channel);
            if (isClosed) {
                channel.close();
            }
            int last = new Parcel().receive(channel);
            isWell = last == Ask.BYE;
            if (isWell || last == Ask.FAILS) {
                guests.remove(key);
                guest.remove(channel);
                guest.leaves(isWell);
                new Parcel().begin(Ask.DONE).send(channel); // all is closed: what was to be complete is
            }
        } catch (IOException e) {
            // It has ended.
        } finally {
            guests.remove(key);
            guest.leaves(isWell);
        }
    }

    /**
     * Serves one more connection of a JVM until it ends.
     *
     * @param key its key
     * @param channel the connection, which is closed when it ends
     * @throws IOException when it cannot be closed
     */
    public void serve(String key, SocketChannel channel) throws IOException {
        @Nullable Guest guest = guests.get(key);
        if (guest != null) {
            guest.add(channel);
            new Desk(guest, channel).serveAll();
        }
    }

    /** Ends all connections. What was being written is not complete. */
    @Override
    public void close() throws IOException {
        isClosed = true;
        for (Guest guest : guests.values()) {
            guest.leaves(false);
        }
    }
}
