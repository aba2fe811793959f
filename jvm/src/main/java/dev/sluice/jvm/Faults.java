package dev.sluice.jvm;

import dev.sluice.linux.Errno;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/** Error numbers as the exceptions that the JDK has for them. Stateless. */
final class Faults {
    private Faults() {}

    static FileSystemException of(Errno errno, String path, @Nullable String other) {
        String reason = errno.name() + " (" + errno.text() + ")";
        return switch (errno) {
            case ENOENT -> new NoSuchFileException(path, other, null);
            case EEXIST -> new FileAlreadyExistsException(other == null ? path : other);
            case ENOTEMPTY -> new DirectoryNotEmptyException(other == null ? path : other);
            case ENOTDIR -> new NotDirectoryException(path);
            case EACCES -> new AccessDeniedException(path, other, null);
            case ELOOP -> new FileSystemLoopException(path);
            case EIO ->
                new FileSystemException(
                        path, other, reason + ", as when the step that should have completed it has failed");
            case ETIMEDOUT ->
                new FileSystemException(path, other, reason + ": it has been waited for as long as waits may last");
            case EDEADLK -> new FileSystemException(path, other, reason + ": steps wait for each other");
            default -> new FileSystemException(path, other, reason);
        };
    }
}
