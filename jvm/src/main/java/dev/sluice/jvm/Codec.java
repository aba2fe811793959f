package dev.sluice.jvm;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Exceptions and records in messages. Stateless. */
final class Codec {
    private Codec() {}

    static void put(Parcel into, Door.Status status) {
        into.put(status.inode())
                .put(status.mode())
                .put(status.size())
                .put(status.links())
                .put(status.user())
                .put(status.group())
                .put(status.device());
        for (Instant time : new Instant[] {status.accessed(), status.modified(), status.changed()}) {
            into.put(time.getEpochSecond()).put(time.getNano());
        }
    }

    static Door.Status status(Parcel from) throws IOException {
        return new Door.Status(
                from.getLong(),
                from.getInt(),
                from.getLong(),
                from.getInt(),
                from.getInt(),
                from.getInt(),
                from.getLong(),
                from.getTime(),
                from.getTime(),
                from.getTime());
    }

    static Parcel put(Parcel into, Door.Wish wish) {
        return into.put(wish.mode())
                .put(wish.user())
                .put(wish.group())
                .put(wish.accessed())
                .put(wish.modified());
    }

    static Door.Wish wish(Parcel from) throws IOException {
        return new Door.Wish(
                from.getIntOrNull(),
                from.getIntOrNull(),
                from.getIntOrNull(),
                from.getTimeOrNull(),
                from.getTimeOrNull());
    }

    /** Says what has gone wrong. */
    static void put(Parcel into, Exception fault) {
        char kind = switch (fault) {
            case Door.LeadsOutside _ -> 'O';
            case NoSuchFileException _ -> 'N';
            case FileAlreadyExistsException _ -> 'E';
            case DirectoryNotEmptyException _ -> 'D';
            case NotDirectoryException _ -> 'F';
            case NotLinkException _ -> 'L';
            case AccessDeniedException _ -> 'A';
            case FileSystemLoopException _ -> 'R';
            case FileSystemException _ -> 'S';
            case InterruptedIOException _ -> 'I';
            case AsynchronousCloseException _ -> 'Y';
            case ClosedChannelException _ -> 'C';
            case IllegalArgumentException _ -> 'P';
            default -> 'X';
        };
        into.begin(Ask.FAILED).put((byte) kind);
        if (fault instanceof FileSystemException named) {
            into.put(named.getFile()).put(named.getOtherFile()).put(named.getReason());
        } else {
            into.put((String) null).put((String) null).put(fault.getMessage());
        }
    }

    /** Throws what has gone wrong. */
    static IOException fault(Parcel from) throws IOException {
        char kind = (char) from.getByte();
        String file = from.getTextOrNull();
        String other = from.getTextOrNull();
        String reason = from.getTextOrNull();
        return switch (kind) {
            case 'O' -> new Door.LeadsOutside(Objects.requireNonNullElse(file, ""), path(other));
            case 'N' -> new NoSuchFileException(file, other, reason);
            case 'E' -> new FileAlreadyExistsException(file, other, reason);
            case 'D' -> new DirectoryNotEmptyException(file);
            case 'F' -> new NotDirectoryException(file);
            case 'L' -> new NotLinkException(file, other, reason);
            case 'A' -> new AccessDeniedException(file, other, reason);
            case 'R' -> new FileSystemLoopException(file);
            case 'S' -> new FileSystemException(file, other, reason);
            case 'I' -> new InterruptedIOException(reason);
            case 'Y' -> new AsynchronousCloseException();
            case 'C' -> new ClosedChannelException();
            case 'P' -> throw new IllegalArgumentException(reason);
            default -> new IOException(reason);
        };
    }

    private static Path path(@Nullable String text) {
        return Path.of(Objects.requireNonNullElse(text, "/"));
    }
}
