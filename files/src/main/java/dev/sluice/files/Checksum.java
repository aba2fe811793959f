package dev.sluice.files;

import com.dynatrace.hash4j.hashing.HashStream128;
import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.digests.Blake2sDigest;
import org.bouncycastle.crypto.digests.Blake3Digest;

/**
 * How the bytes of a file become a short sum of them. Immutable, safe for use by many threads.
 *
 * <p>Against damage by chance the quick ones do, CRC32C and the XXH family; where somebody may want to deceive, BLAKE and SHA.
 */
public final class Checksum {
    /** BLAKE2b with 512 bits, as {@code b2sum} has it. */
    public static final Checksum BLAKE2B = digest("BLAKE2b", () -> new Blake2bDigest(512));

    /** BLAKE2s with 256 bits. */
    public static final Checksum BLAKE2S = digest("BLAKE2s", () -> new Blake2sDigest(256));

    /** BLAKE3 with 256 bits, as {@code b3sum} has it. */
    public static final Checksum BLAKE3 = digest("BLAKE3", () -> new Blake3Digest(256));

    /** SHA-256, as {@code sha256sum} has it; the quickest that resists deceit, where the processor helps. */
    public static final Checksum SHA_256 = ofJdk("SHA-256");

    /** SHA-512. */
    public static final Checksum SHA_512 = ofJdk("SHA-512");

    /** CRC32C (Castagnoli), as file systems and networks have it. */
    public static final Checksum CRC32C = new Checksum("CRC32C", () -> new OfJdk(new CRC32C()));

    /** CRC32, as zip and gzip have it. */
    public static final Checksum CRC32 = new Checksum("CRC32", () -> new OfJdk(new CRC32()));

    /** XXH64, as {@code xxhsum} has it. */
    public static final Checksum XXH64 =
            new Checksum("XXH64", () -> new Of64(Hashing.xxh64().hashStream()));

    /** XXH3 with 64 bits. */
    public static final Checksum XXH3_64 =
            new Checksum("XXH3-64", () -> new Of64(Hashing.xxh3_64().hashStream()));

    /** XXH3 with 128 bits. */
    public static final Checksum XXH3_128 =
            new Checksum("XXH3-128", () -> new Of128(Hashing.xxh3_128().hashStream()));

    private static final int BETWEEN = 32 << 10;

    private static final List<Checksum> KNOWN =
            List.of(BLAKE2B, BLAKE2S, BLAKE3, SHA_256, SHA_512, CRC32C, CRC32, XXH64, XXH3_64, XXH3_128);

    private final String name;
    private final Supplier<Sum> beginning;

    private Checksum(String name, Supplier<Sum> beginning) {
        this.name = name;
        this.beginning = beginning;
    }

    /** A sum that is being made. */
    interface Sum {
        /**
         * Adds the remaining bytes of a direct buffer.
         *
         * @param between room for those who have to have them in an array
         */
        void add(ByteBuffer bytes, byte[] between);

        byte[] result();

        /**
         * Whether the bytes are only copied out of the buffer, which the JVM watches over: so they may be those of a mapped file,
         * which somebody else may cut. What the JVM makes of a digest itself, it does not watch over.
         */
        default boolean copies() {
            return false;
        }
    }

    /**
     * Finds one by its name.
     *
     * @param name one of those above, as {@code "BLAKE3"}, or one of a {@link MessageDigest}, as {@code "SHA3-256"}
     * @return the checksum
     * @throws IllegalArgumentException when there is none of that name
     */
    public static Checksum of(String name) {
        String plain = plain(name);
        return KNOWN.stream()
                .filter(each -> plain(each.name).equals(plain))
                .findFirst()
                .orElseGet(() -> ofJdk(name));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
    }

    private static Checksum ofJdk(String name) {
        try {
            var _ = MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException(
                    "there is no checksum '" + name + "'; known are "
                            + KNOWN.stream().map(Checksum::name).toList() + " and the JDK's message digests",
                    e);
        }
        return new Checksum(name, () -> new OfDigest(name));
    }

    private static Checksum digest(String name, Supplier<Digest> beginning) {
        return new Checksum(name, () -> new OfBouncyCastle(beginning.get()));
    }

    /** {@return the name} */
    public String name() {
        return name;
    }

    /**
     * Sums up bytes in memory.
     *
     * @param bytes the bytes
     * @return the sum, in hexadecimal digits
     */
    public String of(byte[] bytes) {
        Sum sum = begin();
        sum.add(
                ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(),
                new byte[Math.clamp(bytes.length, 1, BETWEEN)]);
        return hex(sum);
    }

    Sum begin() {
        return beginning.get();
    }

    static String hex(Sum sum) {
        return HexFormat.of().formatHex(sum.result());
    }

    @Override
    public String toString() {
        return name;
    }

    private record OfDigest(MessageDigest digest) implements Sum {
        OfDigest(String name) {
            this(digest(name));
        }

        private static MessageDigest digest(String name) {
            try {
                return MessageDigest.getInstance(name);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("the JDK had a message digest " + name + ", and has none now", e);
            }
        }

        @Override
        public void add(ByteBuffer bytes, byte[] between) {
            digest.update(bytes);
        }

        @Override
        public byte[] result() {
            return digest.digest();
        }
    }

    private record OfJdk(java.util.zip.Checksum checksum) implements Sum {
        @Override
        public void add(ByteBuffer bytes, byte[] between) {
            checksum.update(bytes);
        }

        @Override
        public byte[] result() {
            return ByteBuffer.allocate(Integer.BYTES)
                    .putInt((int) checksum.getValue())
                    .array();
        }
    }

    /** Hands bytes on by the array, where a library knows no other memory. */
    private abstract static class ByArray implements Sum {
        @Override
        public final void add(ByteBuffer bytes, byte[] between) {
            while (bytes.hasRemaining()) {
                int some = Math.min(between.length, bytes.remaining());
                bytes.get(between, 0, some);
                add(between, some);
            }
        }

        abstract void add(byte[] bytes, int count);

        @Override
        public final boolean copies() {
            return true;
        }
    }

    private static final class OfBouncyCastle extends ByArray {
        private final Digest digest;

        OfBouncyCastle(Digest digest) {
            this.digest = digest;
        }

        @Override
        void add(byte[] bytes, int count) {
            digest.update(bytes, 0, count);
        }

        @Override
        public byte[] result() {
            byte[] result = new byte[digest.getDigestSize()];
            digest.doFinal(result, 0);
            return result;
        }
    }

    private static final class Of64 extends ByArray {
        private final HashStream64 stream;

        Of64(HashStream64 stream) {
            this.stream = stream;
        }

        @Override
        void add(byte[] bytes, int count) {
            stream.putBytes(bytes, 0, count);
        }

        @Override
        public byte[] result() {
            return ByteBuffer.allocate(Long.BYTES).putLong(stream.getAsLong()).array();
        }
    }

    private static final class Of128 extends ByArray {
        private final HashStream128 stream;

        Of128(HashStream128 stream) {
            this.stream = stream;
        }

        @Override
        void add(byte[] bytes, int count) {
            stream.putBytes(bytes, 0, count);
        }

        @Override
        public byte[] result() {
            HashValue128 value = stream.get();
            return ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(value.getMostSignificantBits())
                    .putLong(value.getLeastSignificantBits())
                    .array();
        }
    }
}
