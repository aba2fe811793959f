package dev.sluice.jvm;

import java.io.IOException;
import java.nio.file.StandardWatchEventKinds;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches one directory behind a door, by one of the {@link Hands}, since who waits for its events may be
 * a virtual thread that keeps the only carrier. As long as the directory grows, its listing waits for the
 * next entry, so each is told in the moment in which it comes; afterwards it is listed several times a second. What a file is like
 * may have to be waited for until it is complete, so that is asked for in other threads: that a file has become complete is told as
 * a change of it. What was there when it was registered is not told.
 */
final class Lookout {
    private static final long PAUSE_MILLIS = 100;

    private final Sight sight;
    private final Door door;
    private final String path;

    /** The entries that are known; the lookout's thread's own. */
    private final Set<String> known = new HashSet<>();

    /** What they were like, if that has been asked for; safe for use by many threads. */
    private final Map<String, Door.Status> statuses = new ConcurrentHashMap<>();

    private final Set<String> asking = ConcurrentHashMap.newKeySet();
    private final CountDownLatch ready = new CountDownLatch(1);
    private volatile boolean isRegistered;

    /** The listing that is under way, so that it can be closed when nobody wants it any more. */
    private volatile Door.@Nullable Listing listing;

    private Lookout(Sight sight, Door door, String path) {
        this.sight = sight;
        this.door = door;
        this.path = path;
    }

    /** Begins; returns when it is known what is there now. */
    static void start(Sight sight, Door door, String path) throws IOException {
        Lookout lookout = new Lookout(sight, door, path);
        sight.whenCancelled(lookout::end);
        Hands.take(lookout::run);
        try {
            // A directory that grows has no end yet: what does not come now was not there.
            boolean _ = lookout.ready.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lookout.isRegistered = true;
    }

    private void end() {
        Door.Listing now = listing;
        if (now != null) {
            try {
                now.close();
            } catch (IOException e) {
                return; // nobody wants to know any more
            }
        }
    }

    private void run() {
        try {
            while (sight.isValid()) {
                look();
                ready.countDown();
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (IOException | InterruptedException e) {
            ready.countDown();
            sight.lose(); // its directory cannot be listed any more
        }
    }

    private void look() throws IOException {
        Set<String> gone = new HashSet<>(known);
        try (Door.Listing entries = door.list(path)) {
            listing = entries;
            for (String name = entries.next(); name != null; name = entries.next()) {
                gone.remove(name);
                if (known.add(name) && isRegistered) {
                    sight.tell(StandardWatchEventKinds.ENTRY_CREATE, name);
                }
                askFor(name);
            }
        } finally {
            listing = null;
        }
        for (String name : gone) {
            known.remove(name);
            statuses.remove(name);
            sight.tell(StandardWatchEventKinds.ENTRY_DELETE, name);
        }
    }

    private void askFor(String name) {
        if (sight.isWanted(StandardWatchEventKinds.ENTRY_MODIFY) && asking.add(name)) {
            Hands.take(() -> ask(name));
        }
    }

    private void ask(String name) {
        long begin = System.nanoTime();
        try {
            Door.Status status = door.status(path.isEmpty() ? name : path + "/" + name, false);
            boolean hasWaited = System.nanoTime() - begin > TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
            Door.Status before = statuses.put(name, status);
            boolean isOther = before != null
                    && (before.size() != status.size()
                            || before.inode() != status.inode()
                            || !before.modified().equals(status.modified()));
            if (isOther || (before == null && hasWaited)) {
                sight.tell(StandardWatchEventKinds.ENTRY_MODIFY, name);
            }
        } catch (IOException e) {
            statuses.remove(name); // it is gone, or never was complete; the next listing says which
        } finally {
            asking.remove(name);
        }
    }
}
