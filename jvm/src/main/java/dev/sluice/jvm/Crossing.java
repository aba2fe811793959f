package dev.sluice.jvm;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides for each use of a path whether it goes through a door or to the machine's own file system, also when a link behind the
 * door leads out again; and names in exceptions what the caller has named. Stateless.
 */
final class Crossing {
    /** How often a path may lead out of one managed directory and into another. */
    private static final int MOST = 40;

    private static final String LOOP = "Too many levels of symbolic links";

    private Crossing() {}

    /** What is done behind a door. */
    @FunctionalInterface
    interface Inside<T extends @Nullable Object> {
        T at(Door door, String path) throws IOException;
    }

    /** What is done by the JDK's own file system. */
    @FunctionalInterface
    interface Outside<T extends @Nullable Object> {
        T at(FileSystemProvider machine, Path path) throws IOException;
    }

    static <T extends @Nullable Object> T at(StreamPath path, Inside<T> inside, Outside<T> outside) throws IOException {
        StreamFileSystem files = path.getFileSystem();
        FileSystemProvider machine = StreamFileSystem.machine().provider();
        Path there = path.absolute();
        Route route = files.route(there);
        if (route == null && files.territory() == null) {
            return outside.at(machine, path.plain());
        }
        try {
            for (int i = 0; i < MOST && route != null; i++) {
                try {
                    return inside.at(route.door(), route.path());
                } catch (Door.LeadsOutside e) {
                    there = StreamPath.plain(e.outside());
                    route = files.route(there);
                } catch (NotDirectoryException | FileSystemLoopException e) {
                    throw plainly(e, path.toString());
                }
            }
            return outside.at(machine, there);
        } catch (FileSystemException e) {
            boolean isAsTheJdks =
                    path.toString().equals(e.getFile()) && Objects.equals(e.getReason(), plain(e.getReason()));
            throw isAsTheJdks ? e : named(e, path.toString(), null);
        }
    }

    /** Most calls of the kernel have no exception of their own for these in the JDK. */
    private static FileSystemException plainly(FileSystemException e, String path) {
        String reason = e instanceof NotDirectoryException ? "Not a directory" : LOOP;
        FileSystemException plain = new FileSystemException(path, null, reason);
        plain.initCause(e);
        return plain;
    }

    /** The same exception about what the caller has named. */
    static FileSystemException named(FileSystemException e, String path, @Nullable String other) {
        FileSystemException named = switch (e) {
            case NoSuchFileException _ -> new NoSuchFileException(path, other, e.getReason());
            case FileAlreadyExistsException _ -> new FileAlreadyExistsException(path, other, e.getReason());
            case DirectoryNotEmptyException _ -> new DirectoryNotEmptyException(path);
            case AccessDeniedException _ -> new AccessDeniedException(path, other, e.getReason());
            case NotLinkException _ -> new NotLinkException(path, other, e.getReason());
            case NotDirectoryException _ -> new NotDirectoryException(path);
            case FileSystemLoopException _ -> new FileSystemException(path, other, LOOP);
            default -> new FileSystemException(path, other, plain(e.getReason()));
        };
        named.initCause(e);
        return named;
    }

    /** Without the error's name, which the JDK does not tell. */
    static @Nullable String plain(@Nullable String reason) {
        if (reason == null || !reason.startsWith("E") || !reason.endsWith(")")) {
            return reason;
        }
        int text = reason.indexOf(" (");
        return text < 0 ? reason : reason.substring(text + 2, reason.length() - 1);
    }
}
