package dev.sluice.cli;

import dev.sluice.aio.Context;
import dev.sluice.aio.ContextBuilder;
import dev.sluice.fuse.Mount;
import dev.sluice.linux.Availability;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code demo}: a workflow with and without Sluice, or asynchronous files. One thread at a time. */
@Command(
        name = "demo",
        description = "Runs a workflow of three steps one after the other, then at the same time through Sluice, and"
                + " compares times and results.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footer = {
            "",
            "Examples:",
            "  sluice demo                 takes about 15 seconds",
            "  sluice demo --save weather  writes the workflow down, to try and to change",
            "  sluice demo --files         shows asynchronous files instead"
        })
final class Demo implements Callable<Integer> {
    static final long SIZE_MIN = 1L << 20;
    private static final long SIZE_MAX = 1L << 40;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description =
                    "How large a file the first step writes, such as 64M or 1G; when not said, as much as keeps the"
                        + " steps busy for some seconds. With --files: how large a file to write; 256M when not said.")
    private String size = "";

    @Option(
            names = "--directory",
            paramLabel = "DIRECTORY",
            description = "Where to write; the system's temporary directory when not said. Nothing stays there.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(
            names = "--save",
            paramLabel = "DIRECTORY",
            description = "Runs nothing; writes the flow and the programs of the workflow there.")
    private @Nullable Path saved;

    @Option(names = "--files", description = "Shows what asynchronous files do here, and verifies every byte of it.")
    private boolean files;

    @Option(
            names = "--context",
            paramLabel = "CONTEXT",
            description = "With --files, what executes the operations: uring, threads, or auto (when not said).")
    private @Nullable String context;

    @Override
    public Integer call() {
        ContextBuilder builder = chosen();
        long bytes = size.isEmpty() ? 0 : parsedSize();
        if (context != null && !files) {
            throw new ParameterException(spec.commandLine(), "--context is about asynchronous files; say --files, too");
        }
        if (saved != null && files) {
            throw new ParameterException(spec.commandLine(), "--save writes the workflow, and --files shows none");
        }
        Screen screen = Screen.of(spec.commandLine().getOut());
        String problem = "";
        try {
            show(screen, new FileDemo(screen, directory, builder), bytes);
        } catch (Refusal e) {
            problem = String.valueOf(e.getMessage());
        } catch (Exception e) {
            problem = Failure.sentence(e);
        }
        screen.endLive();
        if (problem.isEmpty()) {
            return 0;
        }
        spec.commandLine().getErr().println("sluice demo: " + Printable.text(problem));
        return Refusal.FAILED;
    }

    private void show(Screen screen, FileDemo fileDemo, long bytes) throws Exception {
        Availability mounts = Mount.availability();
        WeatherDemo weather = new WeatherDemo(screen, directory);
        if (saved != null) {
            weather.save(saved);
        } else if (files) {
            fileDemo.show(bytes);
        } else if (!mounts.available()) {
            showFilesInstead(screen, fileDemo, bytes, mounts.reason());
        } else {
            try {
                weather.show(bytes);
            } catch (WeatherDemo.NoMountException e) {
                showFilesInstead(screen, fileDemo, bytes, Failure.sentence(e.getCause()));
            }
        }
    }

    private static void showFilesInstead(Screen screen, FileDemo fileDemo, long bytes, String why) throws Exception {
        screen.endLive();
        String sentence = why.endsWith(".") ? why : why + ".";
        screen.heading("No workflow can be shown here, since it needs a mount");
        screen.text(sentence + " What follows are the asynchronous files that Sluice has, too.");
        fileDemo.show(bytes);
    }

    private ContextBuilder chosen() {
        ContextBuilder builder = Context.builder();
        String kind = context == null ? "auto" : context.toLowerCase(Locale.ROOT);
        return switch (kind) {
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
}
