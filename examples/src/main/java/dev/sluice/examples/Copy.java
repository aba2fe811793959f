package dev.sluice.examples;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.sluice.aio.AsyncFile;
import dev.sluice.aio.Buffers;
import dev.sluice.aio.Context;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Copies a file as {@code cp} does, with several chunks in flight: each on a virtual thread, which may wait. */
final class Copy {
    private static final String USAGE = """
        Usage: Copy [--chunk-size N[K|M]] [--chunks N] SOURCE TARGET
        Copies the bytes of a file, and nothing else: no times, no permissions, no holes.
        A chunk has 1M unless said otherwise, and 8 are in flight. A target that is there is replaced.
        """;

    private Copy() {}

    public static void main(String... arguments) {
        System.exit(run(System.out, System.err, arguments));
    }

    static int run(PrintStream out, PrintStream err, String... arguments) {
        return Program.run(USAGE, out, err, arguments, typed -> {
            int chunkSize = typed.number("--chunk-size", 1 << 20, 1, 64 << 20);
            int chunks = typed.number("--chunks", 8, 1, 64);
            List<Path> files = typed.files(2, 2);
            Program.requireDifferent(files.get(0), files.get(1));
            copy(files.get(0), files.get(1), chunkSize, chunks, out);
        });
    }

    private static void copy(Path from, Path to, int chunkSize, int chunks, PrintStream out) throws Exception {
        try (AsyncFile source = AsyncFile.open(from);
                AsyncFile target = AsyncFile.open(to, WRITE, CREATE, TRUNCATE_EXISTING);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            int lanes = source.isPositional() && target.isPositional() ? chunks : 1; // pipes keep their order
            Buffers buffers = Context.shared().buffers(lanes, chunkSize);
            Progress progress = new Progress(to.toString(), source.size(), out);
            List<Callable<Long>> copying = new ArrayList<>();
            for (int lane = 0; lane < lanes; lane++) {
                MemorySegment buffer = buffers.get(lane).asSlice(0, chunkSize);
                long first = (long) lane * chunkSize;
                long step = (long) lanes * chunkSize;
                copying.add(() -> everyNth(source, target, buffer, first, step, progress));
            }
            long copied = 0;
            for (Future<Long> lane : threads.invokeAll(copying)) {
                copied += lane.get();
            }
            progress.end();
            if ((target.isPositional() && target.size() != copied) || source.size() > copied) {
                throw new FileSystemException(
                        from.toString(),
                        to.toString(),
                        "changed while it was copied: " + copied + " bytes were copied");
            }
        }
    }

    /** Copies the chunks at {@code first}, {@code first + step} and so on, and answers how many bytes those were. */
    private static long everyNth(
            AsyncFile source, AsyncFile target, MemorySegment buffer, long first, long step, Progress progress)
            throws IOException {
        long copied = 0;
        for (long position = first; ; position += step) {
            long count = source.read(buffer, position);
            if (count < 0) {
                return copied;
            }
            target.write(buffer.asSlice(0, count), position);
            progress.add(count);
            copied += count;
        }
    }
}
