package dev.sluice.examples;

import dev.sluice.aio.AsyncFileStream;
import dev.sluice.aio.AsyncFileStream.Whence;
import dev.sluice.aio.Context;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** Follows files that change by themselves, such as those of {@code /proc}, which claim to be empty. */
final class FollowProc {
    private static final String USAGE = """
        Usage: FollowProc [--samples N] [--every MILLIS] [--context uring|threads] FILE...
        Prints the files, such as /proc/loadavg or /proc/self/io, 5 times or N times, once each second
        or every so many milliseconds: the sample's number, the file, and the line.
        """;

    private FollowProc() {}

    public static void main(String... arguments) {
        System.exit(run(System.out, System.err, arguments));
    }

    static int run(PrintStream out, PrintStream err, String... arguments) {
        return Program.run(USAGE, out, err, arguments, typed -> {
            int samples = typed.number("--samples", 5, 1, Integer.MAX_VALUE);
            int every = typed.number("--every", 1000, 0, Integer.MAX_VALUE);
            var kind = typed.option("--context").map(FollowProc::kind);
            List<Path> files = typed.files(1, 100);
            var builder = Context.builder();
            kind.ifPresent(builder::kind);
            try (Context context = builder.open()) {
                follow(files, context, samples, every, out);
            }
        });
    }

    private static Context.Kind kind(String name) {
        return switch (name) {
            case "uring" -> Context.Kind.URING;
            case "threads" -> Context.Kind.THREADS;
            default -> throw new Arguments.Misuse("--context must be uring or threads: " + name);
        };
    }

    private static void follow(List<Path> files, Context context, int samples, int every, PrintStream out)
            throws IOException, InterruptedException {
        List<AsyncFileStream> streams = new ArrayList<>();
        try {
            for (Path file : files) {
                streams.add(AsyncFileStream.open(file, context));
            }
            for (int sample = 1; sample <= samples; sample++) {
                var contents = streams.stream().map(FollowProc::again).toList(); // all at once
                for (int i = 0; i < files.size(); i++) {
                    String content = new String(contents.get(i).join(), StandardCharsets.UTF_8);
                    String begin = String.format(Locale.ROOT, "%d %s ", sample, files.get(i));
                    content.lines().forEach(line -> out.println(begin + line));
                }
                Thread.sleep(sample < samples ? every : 0);
            }
        } finally {
            for (AsyncFileStream stream : streams) {
                stream.close();
            }
        }
    }

    /** A stream's calls run in the order in which they were issued: nobody waits between them. */
    private static CompletableFuture<byte[]> again(AsyncFileStream stream) {
        CompletableFuture<Long> begun = stream.seekAsync(0, Whence.START);
        return stream.readAllAsync().thenCombine(begun, (content, position) -> content);
    }
}
