package dev.sluice.cli;

import dev.sluice.aio.Context;
import dev.sluice.aio.ContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Shows asynchronous files: checks the space, opens the context, and plays the {@link Scenes}. For one thread. */
final class FileDemo {
    private static final int DEPTH = 512;
    private static final long SIZE = 256L << 20;

    private final Screen screen;
    private final Path directory;
    private final ContextBuilder context;

    FileDemo(Screen screen, Path directory, ContextBuilder context) {
        this.screen = screen;
        this.directory = directory;
        this.context = context;
    }

    /**
     * Shows it with a file of a size.
     *
     * @param asked how large; 0 when nobody has said
     */
    void show(long asked) throws Exception {
        long room = room();
        long bytes = asked > 0 ? asked : Math.min(SIZE, room); // less when there is less
        if (bytes < Demo.SIZE_MIN || bytes > room) {
            throw Refusal.failed(directory + " has not enough room: "
                    + Figures.bytes(needed(Math.max(bytes, Demo.SIZE_MIN))) + " are needed, and there are "
                    + Figures.bytes(Files.getFileStore(directory).getUsableSpace())
                    + "; name another with --directory, or less with --size");
        }
        long start = System.nanoTime();
        try (Context opened = context.depth(DEPTH).name("demo").open();
                Scratch scratch = new Scratch(directory, () -> screen.print("interrupted; nothing is left behind"))) {
            try {
                new Scenes(screen, opened, scratch, bytes).show(bytes < SIZE && asked == 0);
            } catch (Exception e) {
                if (!scratch.isEnding()) {
                    throw e;
                }
            }
        }
        screen.heading("Every byte was verified, in " + Figures.seconds((System.nanoTime() - start) / 1e9)
                + ". The files are gone again.");
    }

    /** The file, its copy, and the text, in whole blocks of the file system. */
    private static long needed(long bytes) {
        return 2 * bytes + bytes / 8 + Demo.SIZE_MIN;
    }

    /** How large a file the directory has room for, in whole blocks; not all that is free is taken. */
    private long room() throws IOException {
        long usable = Files.getFileStore(directory).getUsableSpace();
        long bytes = Math.max(0, usable - usable / 20 - Demo.SIZE_MIN) / 17 * 8;
        return bytes / RandomBlock.BYTES * RandomBlock.BYTES;
    }
}
