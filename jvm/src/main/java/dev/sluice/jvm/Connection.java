package dev.sluice.jvm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How this JVM takes part as a step in a managed directory: once, whoever wants to. All scopes of that step share it; the run of the
 * step ends with the last of them. The table of all is owned by this class, what is in a connection by its lock. Safe for use by
 * many threads.
 */
final class Connection {
    private static final Map<Key, Connection> ALL = new ConcurrentHashMap<>();

    private final Key key;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Entrance entrance;
    private @Nullable StreamFileSystem files;
    private int users;
    private boolean hasFailed;

    /** Which step, and where. */
    private record Key(String step, Path directory) {}

    /** Goes in. */
    @FunctionalInterface
    interface Opener {
        Entrance open() throws IOException;
    }

    /**
     * A door that was opened, and how the run of its step is ended.
     *
     * @param territory the door
     * @param ending ends it
     */
    record Entrance(Territory territory, Ending ending) {}

    /** Ends a run of a step. */
    @FunctionalInterface
    interface Ending {
        void end(boolean well) throws IOException;
    }

    private Connection(Key key) {
        this.key = key;
    }

    /**
     * Takes part; the same connection for all who do so at the same time.
     *
     * @param directory without links
     */
    static Connection take(String step, Path directory, Opener opener) throws IOException {
        Connection connection = ALL.computeIfAbsent(new Key(step, directory), Connection::new);
        connection.lock.lock();
        try {
            if (connection.users == 0) {
                Entrance entrance = opener.open();
                connection.entrance = entrance;
                connection.files = Connections.add(entrance.territory());
                connection.hasFailed = false;
            }
            connection.users++;
            return connection;
        } finally {
            connection.lock.unlock();
        }
    }

    Territory territory() {
        return entrance().territory();
    }

    StreamFileSystem files() {
        lock.lock();
        try {
            if (files == null) {
                throw new IllegalStateException("the run of step " + key.step + " has ended");
            }
            return files;
        } finally {
            lock.unlock();
        }
    }

    private Entrance entrance() {
        lock.lock();
        try {
            if (entrance == null) {
                throw new IllegalStateException("the run of step " + key.step + " has ended");
            }
            return entrance;
        } finally {
            lock.unlock();
        }
    }

    /** One who took part does so no more. */
    void leave(boolean well) throws IOException {
        lock.lock();
        try {
            hasFailed |= !well;
            if (--users > 0) {
                return;
            }
            Entrance last = entrance();
            entrance = null;
            if (files != null) {
                files.ended();
                files = null;
            }
            last.ending().end(!hasFailed);
        } finally {
            lock.unlock();
        }
    }
}
