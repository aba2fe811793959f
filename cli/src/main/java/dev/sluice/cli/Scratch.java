package dev.sluice.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A directory for a while: it is gone when this is closed, and when the program is told to end. For one thread. */
final class Scratch implements AutoCloseable {
    private static final int ATTEMPTS = 100;

    private final Path parent;
    private final Path directory;
    private final Thread hook;
    private volatile boolean ending;
    private volatile Runnable first = () -> {};

    /**
     * Makes a directory.
     *
     * @param parent where
     * @param removed what to do when it was removed since the program was told to end
     */
    Scratch(Path parent, Runnable removed) throws IOException {
        this.parent = parent;
        directory = Files.createTempDirectory(parent, "sluice-demo-");
        hook = new Thread(() -> {
            ending = true;
            first.run();
            try {
                delete();
                removed.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Where the directory is. */
    Path parent() {
        return parent;
    }

    Path directory() {
        return directory;
    }

    /** What to do first when the program is told to end, before the directory is removed. */
    void first(Runnable deed) {
        first = deed;
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** True when the program was told to end: then files vanish, and errors tell nothing. */
    boolean isEnding() {
        return ending;
    }

    @Override
    public void close() throws IOException {
        if (!ending) {
            delete();
            try {
                boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                ending = true; // told to end just now
            }
        }
    }

    /** Others may still be making files in it. */
    private void delete() throws IOException {
        for (int attempt = 1; Files.exists(directory); attempt++) {
            try (Stream<Path> entries = Files.walk(directory)) {
                List<Path> inside = entries.toList();
                for (Path entry : inside.reversed()) { // directories come before what is in them
                    Files.deleteIfExists(entry);
                }
            } catch (UncheckedIOException | DirectoryNotEmptyException | NoSuchFileException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
