package dev.sluice.cli;

import dev.sluice.aio.Context;
import dev.sluice.aio.ContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code demo}: checks the space, chooses the context, and shows the {@link Scenes}. One thread at a time. */
@Command(
        name = "demo",
        description = "Shows in a few seconds what asynchronous files do here, and verifies every byte of it.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
final class Demo implements Callable<Integer> {
    private static final int DEPTH = 512;
    private static final long SIZE = 256L << 20;
    private static final long SIZE_MIN = 1L << 20;
    private static final long SIZE_MAX = 1L << 40;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description = "How large a file to write, such as 64M or 1G; 256M or what there is room for when not said."
                    + " Twice as much and an eighth is needed.")
    private String size = "";

    @Option(
            names = "--directory",
            paramLabel = "DIRECTORY",
            description = "Where to write; the system's temporary directory when not said.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(
            names = "--context",
            paramLabel = "CONTEXT",
            description = "What executes the operations: uring, threads, or auto (when not said).")
    private String context = "auto";

    @Override
    public Integer call() {
        ContextBuilder builder = chosen();
        boolean asked = !size.isEmpty();
        long wanted = asked ? parsedSize() : SIZE;
        Screen screen = Screen.of(spec.commandLine().getOut());
        String problem = "";
        try {
            long room = room();
            long fitting = asked ? wanted : Math.min(wanted, room); // less when there is less
            if (fitting < SIZE_MIN || fitting > room) {
                return failed(directory + " has not enough room: " + Figures.bytes(needed(Math.max(fitting, SIZE_MIN)))
                        + " are needed, and there are "
                        + Figures.bytes(Files.getFileStore(directory).getUsableSpace())
                        + "; name another with --directory, or less with --size");
            }
            show(builder, screen, fitting);
        } catch (Exception e) {
            problem = Failure.sentence(e);
        }
        screen.endLive();
        return problem.isEmpty() ? 0 : failed(problem);
    }

    private void show(ContextBuilder builder, Screen screen, long bytes) throws Exception {
        long start = System.nanoTime();
        try (Context opened = builder.depth(DEPTH).name("demo").open();
                Scratch scratch = new Scratch(directory, () -> screen.print("interrupted; nothing is left behind"))) {
            try {
                new Scenes(screen, opened, scratch, bytes).show(bytes < SIZE && size.isEmpty());
            } catch (Exception e) {
                if (!scratch.isEnding()) {
                    throw e;
                }
            }
        }
        screen.heading("Every byte was verified, in " + Figures.seconds((System.nanoTime() - start) / 1e9)
                + ". The files are gone again.");
    }

    private int failed(String sentence) {
        spec.commandLine().getErr().println("sluice demo: " + sentence);
        return 1;
    }

    private ContextBuilder chosen() {
        ContextBuilder builder = Context.builder();
        return switch (context.toLowerCase(Locale.ROOT)) {
            case "uring" -> builder.kind(Context.Kind.URING);
            case "threads" -> builder.kind(Context.Kind.THREADS);
            case "auto" -> builder;
            default ->
                throw new ParameterException(
                        spec.commandLine(), "--context must be uring, threads or auto: " + context);
        };
    }

    private long parsedSize() {
        try {
            long bytes = Figures.parseBytes(size);
            if (bytes >= SIZE_MIN && bytes <= SIZE_MAX) {
                return Math.ceilDiv(bytes, RandomBlock.BYTES) * RandomBlock.BYTES;
            }
            throw new ParameterException(
                    spec.commandLine(),
                    "--size must be from " + Figures.bytes(SIZE_MIN) + " to " + Figures.bytes(SIZE_MAX) + ": " + size);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--size is " + e.getMessage(), e);
        }
    }

    /** The file, its copy, and the text, in whole blocks of the file system. */
    static long needed(long bytes) {
        return 2 * bytes + bytes / 8 + SIZE_MIN;
    }

    /** How large a file the directory has room for, in whole blocks; not all that is free is taken. */
    private long room() throws IOException {
        long usable = Files.getFileStore(directory).getUsableSpace();
        long bytes = Math.max(0, usable - usable / 20 - SIZE_MIN) / 17 * 8;
        return bytes / RandomBlock.BYTES * RandomBlock.BYTES;
    }
}
