package dev.sluice.jvm;

import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.Watchable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory that is watched, with what has been seen and not been fetched. Its state is guarded by its monitor. Safe for use by
 * many threads.
 */
final class Sight implements WatchKey {
    private static final int MOST = 512;

    private final KeyQueue queue;
    private final Path directory;

    /** Of which the entries' names are paths. */
    private final FileSystem files;

    private final List<Seen> events = new ArrayList<>();
    private Set<WatchEvent.Kind<?>> wanted;
    private boolean isSignalled;
    private boolean isValid = true;
    private @Nullable Runnable whenCancelled;

    /**
     * What has been seen.
     *
     * @param kind what kind of thing
     * @param context the entry's name
     * @param count how often
     */
    private record Seen(
            WatchEvent.Kind<Object> kind, @Nullable Object context, int count) implements WatchEvent<Object> {}

    Sight(KeyQueue queue, Path directory, FileSystem files, Set<WatchEvent.Kind<?>> wanted) {
        this.queue = queue;
        this.directory = directory;
        this.files = files;
        this.wanted = wanted;
    }

    synchronized void wants(Set<WatchEvent.Kind<?>> kinds) {
        wanted = kinds;
    }

    synchronized boolean isWanted(WatchEvent.Kind<?> kind) {
        return wanted.contains(kind);
    }

    synchronized void whenCancelled(Runnable work) {
        whenCancelled = work;
    }

    /** Something was seen; without a name, more than can be told. */
    @SuppressWarnings("unchecked") // a kind and its context belong together, which its type does not say
    synchronized void tell(WatchEvent.Kind<?> kind, @Nullable String name) {
        boolean isOverflow = kind.equals(StandardWatchEventKinds.OVERFLOW) || name == null;
        if (!isValid || (!isOverflow && !wanted.contains(kind))) {
            return;
        }
        Path context = isOverflow || name == null ? null : files.getPath(name);
        WatchEvent.Kind<Object> told =
                (WatchEvent.Kind<Object>) (isOverflow ? StandardWatchEventKinds.OVERFLOW : (WatchEvent.Kind<?>) kind);
        Seen last = events.isEmpty() ? null : events.getLast();
        if (last != null && last.kind.equals(told) && Objects.equals(last.context, context)) {
            events.set(events.size() - 1, new Seen(told, context, last.count + 1));
        } else if (events.size() < MOST) {
            events.add(new Seen(told, context, 1));
        } else {
            events.clear();
            tell(StandardWatchEventKinds.OVERFLOW, null);
        }
        signal();
    }

    private void signal() {
        if (!isSignalled) {
            isSignalled = true;
            queue.signal(this);
        }
    }

    /** The directory is there no more: who takes this key finds it invalid. */
    void lose() {
        cancel();
        synchronized (this) {
            signal();
        }
    }

    @Override
    public synchronized boolean isValid() {
        return isValid && queue.isOpen();
    }

    @Override
    public synchronized List<WatchEvent<?>> pollEvents() {
        List<WatchEvent<?>> all = List.copyOf(events);
        events.clear();
        return all;
    }

    @Override
    public synchronized boolean reset() {
        if (isValid && isSignalled) {
            if (events.isEmpty()) {
                isSignalled = false;
            } else {
                queue.signal(this);
            }
        }
        return isValid;
    }

    @Override
    public void cancel() {
        Runnable work;
        synchronized (this) {
            isValid = false;
            work = whenCancelled;
            whenCancelled = null;
        }
        queue.forget(this);
        if (work != null) {
            work.run();
        }
    }

    @Override
    public Watchable watchable() {
        return directory;
    }
}
