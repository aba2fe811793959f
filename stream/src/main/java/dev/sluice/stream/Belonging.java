package dev.sluice.stream;

import dev.sluice.language.Contract;
import dev.sluice.language.Rule.Kind;
import dev.sluice.stream.Gate.Phase;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the flow says of files whose names change: to which stream they belong then. Owned by the workflow's lock. */
final class Belonging {
    private final Streams streams;

    Belonging(Streams streams) {
        this.streams = streams;
    }

    /** A file has got a name beside those that it has. */
    void added(RegularFile file, Directory parent, String name, @Nullable Session session) {
        Stream stream = file.stream;
        if (stream == null || stream.isOrphan) {
            settle(file, new RegularFile.Link(parent, name), session);
        } else {
            named(file, stream, parent, name);
        }
    }

    /** A file has got a name in place of one that it had. */
    void replaced(RegularFile file, String oldPath, Directory parent, String name, @Nullable Session session) {
        Stream stream = file.stream;
        if (stream == null || stream.isOrphan) {
            settle(file, new RegularFile.Link(parent, name), session);
        } else if (stream.path().equals(oldPath)) {
            settle(file, session);
        } else {
            named(file, stream, parent, name);
        }
    }

    /**
     * A file that was there has other names than before: what the flow says of one of them holds from now on. Its readers go on.
     *
     * @param session who has named it, and is one of its writers for that; or null
     */
    void settle(RegularFile file, @Nullable Session session) {
        RegularFile.Link link = file.links.getLast();
        for (RegularFile.Link other : file.links) {
            link = streams.contract(link.parent(), link.name()) == null ? other : link;
        }
        settle(file, link, session);
    }

    /** The same, by the only one of its names of which the flow may speak: there may be very many. */
    private void settle(RegularFile file, RegularFile.Link link, @Nullable Session session) {
        streams.settling(file);
        Stream old = file.stream;
        Stream stream = streams.of(link.parent(), link.name(), Kind.FILE, Phase.EXPECTED);
        if (stream == null && old != null && old.phase == Phase.GROWING && file.writers() > 0) {
            streams.orphaned(old, file.writers()); // until nobody writes it, its readers wait for more
            return;
        }
        file.stream = stream;
        if (stream != null) {
            stream.file = file;
            if (old != null && file.isInMemory()) {
                stream.inheritsBytes(old);
            } else {
                stream.written.add(0, file.size);
            }
            streams.grows(stream, session);
            streams.unsettled(file);
            if (old != null) {
                stream.inherits(old);
            }
            streams.consider(stream, file.closes(), file.writers(), 0);
        } else {
            streams.stray(file);
        }
        if (old != null) {
            streams.gone(old);
            if (stream == null || !stream.path().equals(old.path())) {
                streams.departed.leave(old);
            }
        }
    }

    /** A file has one more name, of which its stream's contract does not speak. */
    private void named(RegularFile file, Stream stream, Directory parent, String name) {
        Contract other = streams.contract(parent, name);
        if (other != null) {
            stream.also(other);
        }
        file.changed();
        streams.again(file);
    }

    /** A directory is elsewhere: so is all that is in it, and who waits for something there looks it up again. */
    void moved(Directory directory, @Nullable Session session) {
        settle(directory, session, new HashSet<>());
        streams.arrived(Directory.path(directory, ""));
    }

    private void settle(Directory directory, @Nullable Session session, Set<RegularFile> settled) {
        awaitNothing(directory);
        for (Entry entry : List.copyOf(directory.entries())) {
            if (entry.node instanceof RegularFile file) {
                if (file.links.size() == 1 || settled.add(file)) { // once, however many names it has there
                    settle(file, session);
                }
            } else if (entry.node instanceof Directory inside) {
                settle(inside, session, settled);
            }
        }
        Stream old = directory.stream;
        if (old != null) {
            streams.gone(old);
        }
        Directory parent = directory.parent;
        Stream stream = parent == null ? null : streams.of(parent, directory.name, Kind.DIRECTORY, Phase.GROWING);
        directory.stream = stream;
        if (stream != null) {
            streams.grows(stream, session); // as what is in it: complete when who has moved it has ended as well
            if (old != null) {
                stream.inherits(old);
            }
            streams.consider(stream, 0, 0, streams.counted(stream, directory));
        }
    }

    /**
     * A directory is elsewhere or gone, and nothing is expected in it any more. Who waits for something there goes on waiting for
     * its path: the kernel looks a name up again only once, so that is left for when there is something.
     */
    void awaitNothing(Directory directory) {
        for (Node node : directory.awaitNothing()) {
            if (node instanceof Directory inside) {
                awaitNothing(inside);
            }
        }
    }
}
