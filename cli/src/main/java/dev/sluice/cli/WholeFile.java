package dev.sluice.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Predicate;

/** Writes a file so that others see it as it was, or whole. */
final class WholeFile {
    private static final int BEGINNING = 4096;
    private static final int MOST_TRIES = 100;

    private WholeFile() {}

    /**
     * Writes a text.
     *
     * @param file where; a link is followed, and what is no plain file, such as a pipe, is written to
     * @param isOurs whether what is there may be replaced, by its first 4096 characters; an empty file may be
     * @throws FileAlreadyExistsException when it may not be
     */
    static void write(Path file, String text, Predicate<String> isOurs) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            if (Files.isDirectory(file)) {
                throw new FileSystemException(file.toString(), null, "is a directory");
            }
            Files.write(file, bytes, StandardOpenOption.WRITE);
            return;
        }
        Path real = Files.exists(file) ? file.toRealPath() : file;
        if (Files.exists(real) && !mayReplace(real, isOurs)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Path beside = beside(real);
        try {
            Files.write(beside, bytes, StandardOpenOption.WRITE);
            if (Files.exists(real)) {
                Files.setPosixFilePermissions(beside, Files.getPosixFilePermissions(real));
            }
            Files.move(beside, real, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static boolean mayReplace(Path file, Predicate<String> isOurs) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] beginning = in.readNBytes(BEGINNING);
            return beginning.length == 0 || isOurs.test(new String(beginning, StandardCharsets.UTF_8));
        }
    }

    /** A new file in the same directory, with the rights that new files have. */
    private static Path beside(Path file) throws IOException {
        for (int i = 0; i < MOST_TRIES; i++) {
            Path beside = file.resolveSibling(
                    "." + file.getFileName() + "." + ProcessHandle.current().pid() + "-" + i);
            try {
                return Files.createFile(beside);
            } catch (FileAlreadyExistsException _) {
                // Left by a process that had this number before; the next one is free.
            }
        }
        throw new FileSystemException(file.toString(), null, "has too many unfinished files beside it");
    }
}
