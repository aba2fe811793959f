package dev.sluice.examples;

import dev.sluice.aio.AsyncFileStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Computes several digests of a file at once: each from a duplicate of one stream, which reads at its own pace. */
final class HashFanOut {
    private static final String USAGE = """
        Usage: HashFanOut [--algorithms NAME,NAME,...] FILE
        Prints digests of a file, as `sha256sum --tag` does: MD5, SHA-1, SHA-256 and SHA-512, or those named.
        """;

    private HashFanOut() {}

    public static void main(String... arguments) {
        System.exit(run(System.out, System.err, arguments));
    }

    static int run(PrintStream out, PrintStream err, String... arguments) {
        return Program.run(USAGE, out, err, arguments, typed -> {
            List<MessageDigest> digests = new ArrayList<>();
            for (String name : typed.option("--algorithms")
                    .orElse("MD5,SHA-1,SHA-256,SHA-512")
                    .split(",", -1)) {
                digests.add(named(name));
            }
            print(typed.files(1, 1).getFirst(), digests, out);
        });
    }

    private static MessageDigest named(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new Arguments.Misuse("unknown algorithm: " + algorithm);
        }
    }

    private static void print(Path file, List<MessageDigest> digests, PrintStream out) throws Exception {
        try (AsyncFileStream stream = AsyncFileStream.open(file);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<byte[]>> results = new ArrayList<>();
            for (MessageDigest digest : digests) {
                AsyncFileStream duplicate = stream.duplicate();
                results.add(threads.submit(() -> digest(duplicate, digest)));
            }
            for (int i = 0; i < digests.size(); i++) {
                String tag = digests.get(i).getAlgorithm().replaceFirst("^SHA-", "SHA");
                out.println(tag + " (" + file + ") = "
                        + HexFormat.of().formatHex(results.get(i).get()));
            }
        }
    }

    /** Reads a stream up to its end, and closes it. */
    static byte[] digest(AsyncFileStream stream, MessageDigest digest) throws IOException {
        try (stream) {
            for (ByteBuffer chunk : stream.chunks(1 << 18)) {
                digest.update(chunk);
            }
            return digest.digest();
        }
    }
}
