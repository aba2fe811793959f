package dev.sluice.jvm;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Keys of managed directories in a watch service of the JDK's own, which a program with the agent has made: who takes its keys gets
 * ours among them. Owns those keys. Safe for use by many threads.
 */
final class Lodging implements KeyQueue {
    private final WatchService service;
    private final BiPredicate<WatchService, @Nullable WatchKey> hands;
    private final Map<StreamPath, Sight> keys = new ConcurrentHashMap<>();

    /**
     * Made for a service.
     *
     * @param service the service
     * @param hands hands a key to it, if there is one; answers whether it is open
     */
    Lodging(WatchService service, BiPredicate<WatchService, @Nullable WatchKey> hands) {
        this.service = service;
        this.hands = hands;
    }

    WatchKey register(StreamPath directory, WatchEvent.Kind<?>[] kinds, WatchEvent.Modifier[] modifiers)
            throws IOException {
        Set<WatchEvent.Kind<?>> wanted = Watching.wanted(kinds);
        for (WatchEvent.Modifier modifier : modifiers) {
            Objects.requireNonNull(modifier);
        }
        if (!isOpen()) {
            throw new ClosedWatchServiceException();
        }
        Sight before = keys.get(directory);
        if (before != null && before.isValid()) {
            before.wants(wanted);
            return before;
        }
        return Crossing.at(
                directory,
                (door, inside) -> {
                    if (!door.status(inside, true).isDirectory()) {
                        throw new NotDirectoryException(directory.toString());
                    }
                    Path plain = StreamPath.plain(directory);
                    Sight sight = new Sight(this, plain, plain.getFileSystem(), wanted);
                    keys.put(directory, sight);
                    Lookout.start(sight, door, inside);
                    return sight;
                },
                (_, outside) -> outside.register(service, kinds, modifiers));
    }

    @Override
    public void signal(Sight sight) {
        if (!hands.test(service, sight)) {
            sight.cancel(); // nobody will take it
        }
    }

    @Override
    public void forget(Sight sight) {
        keys.values().remove(sight);
    }

    @Override
    public boolean isOpen() {
        return hands.test(service, null);
    }
}
