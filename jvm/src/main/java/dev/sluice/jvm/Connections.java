package dev.sluice.jvm;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The file systems of scheme {@code sluice} that are open in this JVM: one for each step and managed directory. Owned by this
 * class. Safe for use by many threads.
 */
final class Connections {
    private static final Map<Key, StreamFileSystem> OPEN = new ConcurrentHashMap<>();

    /** What may be said when one is opened. */
    private static final Set<String> KNOWN = Set.of("flow", "step");

    private Connections() {}

    /** Whose file system it is. */
    private record Key(String step, Path directory) {
        static Key of(Territory territory) {
            return new Key(territory.door().step(), territory.directory());
        }
    }

    /** Makes a door's file system known. */
    static StreamFileSystem add(Territory territory) {
        StreamFileSystem files = new StreamFileSystem(SluiceFileSystemProvider.installed(), territory);
        if (OPEN.putIfAbsent(Key.of(territory), files) != null) {
            throw new FileSystemAlreadyExistsException(
                    files.uri(files.getPath("")).toString());
        }
        return files;
    }

    static void remove(StreamFileSystem files) {
        OPEN.values().remove(files);
    }

    static StreamFileSystem open(URI uri, Map<String, ?> env) throws IOException {
        return open(step(uri), Path.of(uri.getPath()), env);
    }

    static StreamFileSystem open(String step, Path directory, Map<String, ?> env) throws IOException {
        for (String name : env.keySet()) {
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException("a managed directory is opened with flow and step, not " + name);
            }
        }
        Scope.Builder settings = Sluice.scope(directory).step(step);
        Object flow = env.get("flow");
        if (flow != null) {
            settings.flow(flow instanceof Path file ? file : Path.of(flow.toString()));
        }
        Scope scope = settings.open();
        StreamFileSystem files = (StreamFileSystem) scope.files();
        if (!files.ends(scope)) {
            scope.close();
            throw new FileSystemAlreadyExistsException("this JVM has opened " + files.uri(files.getPath(""))
                    + " already: FileSystems.getFileSystem has it");
        }
        return files;
    }

    /** {@return the one to which a path belongs, that of the innermost directory; null when there is none} */
    static @Nullable StreamFileSystem find(URI uri) {
        String step = step(uri);
        Path path = StreamFileSystem.machine().getPath(uri.getPath()).normalize();
        for (Path directory = path; directory != null; directory = directory.getParent()) {
            StreamFileSystem files = OPEN.get(new Key(step, directory));
            if (files != null) {
                return files;
            }
        }
        return null;
    }

    private static String step(URI uri) {
        if (!SluiceFileSystemProvider.SCHEME.equalsIgnoreCase(uri.getScheme())
                || uri.getAuthority() == null
                || uri.getPath() == null
                || uri.getPath().isEmpty()
                || uri.getQuery() != null
                || uri.getFragment() != null) {
            throw new IllegalArgumentException("sluice://STEP/DIRECTORY is expected, not " + uri);
        }
        return uri.getAuthority();
    }
}
