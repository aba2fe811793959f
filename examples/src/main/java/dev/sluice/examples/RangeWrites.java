package dev.sluice.examples;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.sluice.aio.AsyncFile;
import dev.sluice.aio.AsyncFileStream;
import dev.sluice.aio.ChunkWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Writes one file from many streams at once, each of which brings a range of it, as range requests over HTTP do. */
final class RangeWrites {
    private static final String USAGE = """
        Usage: RangeWrites [--parts N] SOURCE TARGET
        Fetches SOURCE in 10 parts (or N) at once, writes each at its place in TARGET, and compares digests.
        """;

    private RangeWrites() {}

    public static void main(String... arguments) {
        System.exit(run(System.out, System.err, arguments));
    }

    static int run(PrintStream out, PrintStream err, String... arguments) {
        return Program.run(USAGE, out, err, arguments, typed -> {
            int parts = typed.number("--parts", 10, 1, 1000);
            List<Path> files = typed.files(2, 2);
            Program.requireDifferent(files.get(0), files.get(1));
            fetch(files.get(0), files.get(1), parts);
            String digest = digest(files.get(1));
            if (!digest.equals(digest(files.get(0)))) {
                throw new FileSystemException(files.get(1).toString(), null, "differs from " + files.get(0));
            }
            out.println("SHA256 (" + files.get(1) + ") = " + digest);
        });
    }

    private static void fetch(Path from, Path to, int parts) throws Exception {
        try (AsyncFileStream source = AsyncFileStream.open(from);
                AsyncFile target = AsyncFile.open(to, WRITE, CREATE, TRUNCATE_EXISTING);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long size = source.size();
            List<Callable<Long>> fetching = new ArrayList<>();
            for (int part = 0; part < parts; part++) {
                long begin = size / parts * part;
                long end = part + 1 < parts ? begin + size / parts : size;
                fetching.add(() -> fetchPart(source.duplicateAt(begin).inputStream(), target, begin, end));
            }
            for (Future<Long> part : threads.invokeAll(fetching)) {
                part.get();
            }
        }
    }

    /** Writes what a stream brings, be it a file's or an HTTP response's, and answers how far it came. */
    private static long fetchPart(InputStream source, AsyncFile target, long begin, long end) throws IOException {
        ChunkWriter writer = ChunkWriter.of(target, begin, 1 << 16);
        try (source;
                writer) {
            for (long left = end - begin; left > 0; ) {
                byte[] piece = source.readNBytes((int) Math.min(left, 10_000)); // as a network would cut it
                if (piece.length == 0) {
                    throw new IOException(
                            target.name() + ": the part from " + begin + " ended " + left + " bytes early");
                }
                writer.write(piece);
                left -= piece.length;
            }
        }
        return writer.position();
    }

    private static String digest(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        return HexFormat.of().formatHex(HashFanOut.digest(AsyncFileStream.open(file), digest));
    }
}
