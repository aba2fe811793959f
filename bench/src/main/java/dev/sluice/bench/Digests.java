package dev.sluice.bench;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.bouncycastle.crypto.digests.Blake3Digest;

/** What sums of files are measured against: the same digests where there are no files, and files that are only read. For use by one thread. */
final class Digests {
    /** More than the caches that a processor has for itself. */
    static final int MEMORY = 64 << 20;

    static final int PIECE = 32 << 10;

    /** Of each thread, made before anything is measured. */
    private final byte[] memory = new byte[MEMORY];

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);

    Digests() {
        new Random(1).nextBytes(memory);
    }

    private interface Digest {
        void add(byte[] bytes, int from, int count);

        void end();
    }

    private static Digest of(String name) {
        switch (name) {
            case "SHA-256" -> {
                MessageDigest digest;
                try {
                    digest = MessageDigest.getInstance(name);
                } catch (NoSuchAlgorithmException e) {
                    throw new IllegalStateException(e);
                }
                return digest(digest::update, digest::digest);
            }
            case "BLAKE3" -> {
                Blake3Digest digest = new Blake3Digest(256);
                return digest(digest::update, () -> digest.doFinal(new byte[32], 0));
            }
            case "CRC32C" -> {
                CRC32C sum = new CRC32C();
                return digest(sum::update, sum::getValue);
            }
            case "XXH3-64" -> {
                HashStream64 sum = Hashing.xxh3_64().hashStream();
                return digest(sum::putBytes, sum::getAsLong);
            }
            default -> throw new IllegalArgumentException(name);
        }
    }

    private interface Adding {
        void add(byte[] bytes, int from, int count);
    }

    private static Digest digest(Adding adding, Runnable end) {
        return new Digest() {
            @Override
            public void add(byte[] bytes, int from, int count) {
                adding.add(bytes, from, count);
            }

            @Override
            public void end() {
                end.run();
            }
        };
    }

    /**
     * Sums up so many times so many bytes, out of memory.
     *
     * @param room how much of it is gone through: more than the processor's caches hold, or so little that they hold it
     */
    void ofMemory(String name, int times, long size, int room) {
        int at = 0;
        for (int i = 0; i < times; i++) {
            Digest digest = of(name);
            for (long done = 0; done < size; done += PIECE) {
                int count = (int) Math.min(PIECE, size - done);
                digest.add(memory, at, count);
                at = (at + PIECE) % room;
            }
            digest.end();
        }
    }

    /** Reads files, and does nothing with their bytes. */
    void read(List<Path> files) throws IOException {
        for (Path file : files) {
            try (FileChannel channel = FileChannel.open(file)) {
                while (channel.read(buffer.clear()) > 0) {
                    // the bytes are not looked at
                }
            }
        }
    }
}
