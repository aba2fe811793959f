package dev.sluice.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** Searching finds what comparing at each place finds. */
class ScanProperties {
    private static byte[] bytes(Random random, int length, int kinds) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (random.nextInt(kinds) * 37 - 40);
        }
        return bytes;
    }

    @Property(tries = 1_500)
    void findsWhatIsThere(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 3) int kinds,
            @ForAll @IntRange(max = 4_000) int length,
            @ForAll @IntRange(min = 1, max = 40) int needleLength,
            @ForAll boolean overlapping) {
        Random random = new Random(seed);
        byte[] all = bytes(random, length, kinds);
        byte[] needle = bytes(random, needleLength, kinds);
        int from = random.nextInt(length + 1);
        Search search = overlapping ? Search.of(needle).overlapping() : Search.of(needle);
        List<Long> expected = MappedFileProperties.places(all, needle, from, overlapping);
        int limit = 1 + random.nextInt(expected.size() + 1);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, all);
            Scan scan = new Scan(search, from);
            scan.through(memory, length, 0);
            assertThat(scan.found()).containsExactly(expected.toArray(new Long[0]));
            Scan limited = new Scan(search.limit(limit), from);
            limited.through(memory, length, 0);
            assertThat(limited.found())
                    .containsExactly(expected.stream().limit(limit).toArray(Long[]::new));
        }
    }

    /** Where two bytes, and four, are in their places by chance again and again, and the rest sometimes is. */
    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void findsTextOfFrequentLetters(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 9) int kinds,
            @ForAll @IntRange(min = 3_900, max = 2_200_000) int length,
            @ForAll @IntRange(min = 1, max = 24) int needleLength,
            @ForAll boolean overlapping) {
        Random random = new Random(seed);
        String letters = "etaoinshr";
        byte[] all = new byte[length];
        for (int i = 0; i < length; i++) {
            all[i] = (byte) letters.charAt(random.nextInt(kinds));
        }
        int cut = random.nextInt(length - needleLength);
        byte[] needle = Arrays.copyOfRange(all, cut, cut + needleLength);
        if (random.nextBoolean()) {
            needle[random.nextInt(needleLength)] = '.';
        }
        System.arraycopy(needle, 0, all, length - needleLength, needleLength);
        Search search = overlapping ? Search.of(needle).overlapping() : Search.of(needle);
        int from = random.nextInt(9_000) % length;
        List<Long> expected = MappedFileProperties.places(all, needle, from, overlapping);
        int limit = 1 + random.nextInt(expected.size() + 1);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, all);
            Scan scan = new Scan(search, from);
            scan.through(memory, length, 0);
            assertThat(Arrays.stream(scan.found()).boxed().toList()).isEqualTo(expected);
            Scan limited = new Scan(search.limit(limit), from);
            limited.through(memory, length, 0);
            assertThat(Arrays.stream(limited.found()).boxed().toList())
                    .isEqualTo(expected.stream().limit(limit).toList());
        }
    }

    /** Also where a piece ends and the next begins, and where the automaton takes over. */
    @Property(tries = 8, shrinking = ShrinkingMode.OFF)
    void findsAcrossPieces(@ForAll long seed, @ForAll boolean overlapping) throws IOException {
        Random random = new Random(seed);
        byte[] all = bytes(random, 2 * Pieces.SIZE + random.nextInt(1_000), 200);
        byte[] needle = random.nextBoolean() ? "needle".getBytes(UTF_8) : bytes(random, 60, 1);
        for (int i = 0; i < 40; i++) {
            int at = i % 2 == 0
                    ? random.nextInt(all.length - needle.length)
                    : (1 + random.nextInt(2)) * Pieces.SIZE - random.nextInt(needle.length + 2);
            int count = Math.min(needle.length, all.length - at);
            System.arraycopy(needle, 0, all, at, Math.max(0, count));
        }
        if (random.nextBoolean()) {
            Arrays.fill(all, 1_000, 300_000, needle[0]);
        }
        Search search = overlapping ? Search.of(needle).overlapping() : Search.of(needle);
        Path path = Files.createTempFile(Path.of("target"), "scan", "");
        try {
            Files.write(path, all);
            try (Descriptor file = Descriptor.forReading(path)) {
                long[] found = Pieces.find(file, search, 0, () -> false);
                assertThat(Arrays.stream(found).boxed().toList())
                        .isEqualTo(MappedFileProperties.places(all, needle, 0, overlapping));
            }
        } finally {
            Files.delete(path);
        }
    }

    /** Large files are mapped, and looked at part by part. */
    @Property(tries = 4, shrinking = ShrinkingMode.OFF)
    void findsInLargeFiles(@ForAll long seed, @ForAll boolean overlapping) throws IOException {
        Random random = new Random(seed);
        int part = 4 << 20;
        byte[] all = bytes(random, 3 * part + random.nextInt(10_000), 250);
        byte[] needle = bytes(random, 1 + random.nextInt(70), 250);
        for (int i = 0; i < 30; i++) {
            int at = i % 2 == 0
                    ? random.nextInt(all.length - needle.length)
                    : (1 + random.nextInt(2)) * part - random.nextInt(needle.length + 2);
            System.arraycopy(needle, 0, all, at, needle.length);
        }
        System.arraycopy(needle, 0, all, all.length - needle.length, needle.length);
        Search search = overlapping ? Search.of(needle).overlapping() : Search.of(needle);
        int from = random.nextInt(9_000);
        List<Long> expected = MappedFileProperties.places(all, needle, from, overlapping);
        Path path = Files.createTempFile(Path.of("target"), "scan", "");
        try {
            Files.write(path, all);
            try (Descriptor file = Descriptor.forReading(path)) {
                assertThat(Pieces.find(file, search, from, () -> false)).containsExactly(expected.toArray(new Long[0]));
                assertThat(Pieces.find(file, search.limit(3), from, () -> false))
                        .containsExactly(expected.stream().limit(3).toArray(Long[]::new));
                for (Checksum checksum :
                        List.of(Checksum.SHA_256, Checksum.BLAKE3, Checksum.XXH3_64, Checksum.CRC32C)) {
                    assertThat(Pieces.sum(file, checksum, () -> false)).isEqualTo(checksum.of(all));
                }
            }
        } finally {
            Files.delete(path);
        }
    }
}
