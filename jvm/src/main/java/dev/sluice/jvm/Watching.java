package dev.sluice.jvm;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches directories: those behind a door by {@link Lookout}s, others by the JDK's own service. Its keys are owned by it. Safe for
 * use by many threads.
 */
final class Watching implements WatchService, KeyQueue {
    private final LinkedBlockingDeque<Sight> signalled = new LinkedBlockingDeque<>();
    private final Map<StreamPath, Sight> keys = new ConcurrentHashMap<>();
    private final Map<WatchKey, Sight> plain = new ConcurrentHashMap<>();

    /** Ends the waits of those who take. */
    private final Sight end = new Sight(this, Path.of(""), FileSystems.getDefault(), Set.of());

    private volatile boolean isClosed;

    /** Of the machine's own directories; made when one is watched, guarded by this object's monitor. */
    private @Nullable WatchService machine;

    WatchKey register(StreamPath directory, WatchEvent.Kind<?>[] kinds, WatchEvent.Modifier... modifiers)
            throws IOException {
        Set<WatchEvent.Kind<?>> wanted = wanted(kinds);
        for (WatchEvent.Modifier modifier : modifiers) {
            Objects.requireNonNull(modifier);
        }
        requireOpen();
        Sight before = keys.get(directory);
        if (before != null && before.isValid()) {
            before.wants(wanted);
            return before;
        }
        Sight sight = new Sight(this, directory, directory.getFileSystem(), wanted);
        boolean isDirectory = Crossing.at(
                directory,
                (door, inside) -> {
                    if (!door.status(inside, true).isDirectory()) {
                        return false;
                    }
                    Lookout.start(sight, door, inside);
                    return true;
                },
                (_, outside) -> {
                    WatchKey key = outside.register(machine(), wanted.toArray(WatchEvent.Kind<?>[]::new), modifiers);
                    plain.put(key, sight);
                    sight.whenCancelled(key::cancel);
                    return true;
                });
        if (!isDirectory) {
            throw new NotDirectoryException(directory.toString());
        }
        keys.put(directory, sight);
        if (isClosed) {
            sight.cancel();
        }
        return sight;
    }

    static Set<WatchEvent.Kind<?>> wanted(WatchEvent.Kind<?>[] kinds) {
        Set<WatchEvent.Kind<?>> wanted = new LinkedHashSet<>();
        for (WatchEvent.Kind<?> kind : kinds) {
            if (kind.equals(StandardWatchEventKinds.ENTRY_CREATE)
                    || kind.equals(StandardWatchEventKinds.ENTRY_DELETE)
                    || kind.equals(StandardWatchEventKinds.ENTRY_MODIFY)) {
                wanted.add(kind);
            } else if (!kind.equals(StandardWatchEventKinds.OVERFLOW)) {
                throw new UnsupportedOperationException(kind.name());
            }
        }
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException("No events to register");
        }
        return wanted;
    }

    private synchronized WatchService machine() throws IOException {
        WatchService service = machine;
        if (service == null) {
            service = StreamFileSystem.machine().newWatchService();
            machine = service;
            WatchService made = service;
            Hands.take(() -> forward(made));
        }
        return service;
    }

    /** Hands on what the JDK's own service tells. */
    private void forward(WatchService service) {
        try {
            while (true) {
                WatchKey key = service.take();
                Sight sight = plain.get(key);
                List<WatchEvent<?>> events = key.pollEvents();
                boolean isValid = key.reset();
                if (sight != null) {
                    for (WatchEvent<?> event : events) {
                        sight.tell(event.kind(), event.context() instanceof Path name ? name.toString() : null);
                    }
                    if (!isValid) {
                        sight.lose();
                    }
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            return; // this service is closed, and that one with it
        }
    }

    @Override
    public void signal(Sight sight) {
        signalled.add(sight);
    }

    @Override
    public void forget(Sight sight) {
        keys.values().remove(sight);
        plain.values().remove(sight);
    }

    @Override
    public @Nullable WatchKey poll() {
        requireOpen();
        return open(signalled.poll());
    }

    @Override
    public @Nullable WatchKey poll(long timeout, TimeUnit unit) throws InterruptedException {
        requireOpen();
        return open(signalled.poll(timeout, unit));
    }

    @Override
    public WatchKey take() throws InterruptedException {
        requireOpen();
        return Objects.requireNonNull(open(signalled.take()));
    }

    private @Nullable WatchKey open(@Nullable Sight sight) {
        if (end.equals(sight)) {
            signalled.add(end); // for the next who waits
            throw new ClosedWatchServiceException();
        }
        return sight;
    }

    @Override
    public boolean isOpen() {
        return !isClosed;
    }

    private void requireOpen() {
        if (isClosed) {
            throw new ClosedWatchServiceException();
        }
    }

    @Override
    public void close() throws IOException {
        isClosed = true;
        List.copyOf(keys.values()).forEach(Sight::cancel);
        signalled.add(end);
        synchronized (this) {
            if (machine != null) {
                machine.close();
            }
        }
    }
}
