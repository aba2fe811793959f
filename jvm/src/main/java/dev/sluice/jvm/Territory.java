package dev.sluice.jvm;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A door, and the paths of the machine that lead through it: those below its directory, by the name that it has and by the name
 * that it was given, if that one has links in it. Compared name by name, so that {@code /data2} is not inside {@code /data}.
 *
 * @param door the door
 * @param roots absolute paths of the directory, as the JDK's own file system has them
 */
record Territory(Door door, List<Path> roots) {
    /** Copies the list. */
    Territory {
        roots = List.copyOf(roots);
    }

    /** Made of a door and the name under which its directory is known to who opens it. */
    static Territory of(Door door, Path given) {
        return new Territory(
                door,
                Stream.of(door.directory(), given)
                        .map(path -> StreamPath.plain(path).toAbsolutePath().normalize())
                        .distinct()
                        .toList());
    }

    /** {@return the directory by the name that it has} */
    Path directory() {
        return roots.getFirst();
    }

    /**
     * {@return where a path leads, or null when it is not inside}
     *
     * @param path absolute, of the JDK's own file system; dots behind the directory are the door's, which knows its links
     */
    @Nullable
    Route route(Path path) {
        for (Path root : roots) {
            if (path.startsWith(root)) {
                return through(root, path);
            }
        }
        Path normal = path.normalize();
        if (normal.getNameCount() != path.getNameCount()) {
            for (Path root : roots) {
                if (normal.startsWith(root)) {
                    return through(root, normal);
                }
            }
        }
        return null;
    }

    private Route through(Path root, Path path) {
        int from = root.getNameCount();
        int to = path.getNameCount();
        return new Route(door, from == to ? "" : path.subpath(from, to).toString());
    }
}
