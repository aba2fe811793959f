package dev.sluice.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes a file so that others see it as it was, or whole. What is no plain file, such as a pipe, is just written to. */
final class WholeFile {
    /** As many as Linux follows. */
    private static final int MOST_LINKS = 40;

    private WholeFile() {}

    /**
     * Writes a text, in the place of what is there.
     *
     * @param file where; a link is followed, also to a file that is not there yet
     * @throws FileSystemException when it cannot be done; names this file, whatever was in the way
     */
    static void write(Path file, String text) throws FileSystemException {
        try {
            Path target = target(file);
            if (isDevice(target)) {
                Files.writeString(target, text, StandardOpenOption.WRITE);
            } else {
                replace(target, text);
            }
        } catch (IOException e) {
            FileSystemException failure = new FileSystemException(file.toString(), null, Failure.reason(e));
            failure.initCause(e);
            throw failure;
        }
    }

    /** Is it there, and neither a plain file nor a directory? */
    static boolean isDevice(Path file) {
        return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
    }

    private static void replace(Path target, String text) throws IOException {
        Path folder = target.getParent();
        if (folder == null || Files.isDirectory(target)) {
            throw new IOException("it is a directory; name a file in it");
        }
        if (!Files.isDirectory(folder)) {
            throw new IOException("there is no directory " + folder + "; make it first");
        }
        // No temporary file of the JDK's: nobody but its owner may read those.
        Path fresh = folder.resolve("." + UUID.randomUUID() + ".sluice");
        try {
            Files.writeString(fresh, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            if (Files.exists(target)) {
                Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(target));
            }
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** What a file is in the end, when it is a symbolic link. */
    private static Path target(Path file) throws IOException {
        Path target = file.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(target); links++) {
            if (links == MOST_LINKS) {
                throw new IOException("it is a symbolic link that leads nowhere");
            }
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        return target;
    }
}
