package dev.sluice.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What went wrong, as one sentence for the user. */
final class Failure {
    private Failure() {}

    static String sentence(@Nullable Throwable failure) {
        return switch (failure) {
            case CompletionException e when e.getCause() != null -> sentence(e.getCause());
            case ExecutionException e when e.getCause() != null -> sentence(e.getCause());
            case UncheckedIOException e -> sentence(e.getCause());
            case FileSystemException e when e.getReason() == null -> e.getFile() + ": " + reason(e);
            case IOException e when e.getMessage() != null -> e.getMessage();
            case UnsupportedOperationException e when e.getMessage() != null -> e.getMessage();
            case IllegalArgumentException e when e.getMessage() != null -> e.getMessage();
            case InterruptedException e -> "interrupted";
            case null, default -> String.valueOf(failure);
        };
    }

    /** Why, without the file's name: the JDK's exceptions have but that to say. */
    static String reason(IOException failure) {
        return switch (failure) {
            case FileSystemException e when e.getReason() != null -> e.getReason();
            case NoSuchFileException _ -> "no such file or directory";
            case AccessDeniedException _ -> "permission denied";
            case NotDirectoryException _ -> "not a directory";
            case FileSystemException e -> e.getClass().getSimpleName();
            default -> String.valueOf(failure.getMessage());
        };
    }
}
