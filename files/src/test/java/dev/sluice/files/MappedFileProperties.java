package dev.sluice.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** A mapped file does to its bytes what the same is for an array. */
class MappedFileProperties {
    private static final int STEPS = 600;
    private static final int MOST = 40_000;

    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void aMappedFileIsAnArrayOfBytes(@ForAll long seed) throws IOException {
        Path path = Files.createTempFile(Path.of("target"), "mapped", "");
        Random random = new Random(seed);
        byte[] model = {};
        try (MappedFiles files = new MappedFiles(2)) {
            MappedFile one = files.open(path);
            MappedFile other = files.open(path);
            for (int step = 0; step < STEPS; step++) {
                MappedFile file = random.nextBoolean() ? one : other;
                model = step(file, model, random);
                assertThat(file.size()).isEqualTo(model.length);
            }
            assertThat(one.readAll()).isEqualTo(model);
            one.close();
            other.force();
            other.close();
            assertThat(Files.readAllBytes(path)).isEqualTo(model);
        } finally {
            Files.delete(path);
        }
    }

    /** Few different bytes, so that some are found more than once. */
    private static byte[] some(Random random, int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.nextInt(3);
        }
        return bytes;
    }

    private static byte[] step(MappedFile file, byte[] model, Random random) throws IOException {
        int at = random.nextInt(model.length + 200);
        return switch (random.nextInt(12)) {
            case 0, 1 -> {
                byte[] bytes = some(random, 3_000);
                file.write(
                        at,
                        random.nextBoolean()
                                ? ByteBuffer.wrap(bytes)
                                : ByteBuffer.allocateDirect(bytes.length)
                                        .put(bytes)
                                        .flip());
                yield model.length + bytes.length > MOST ? shrunk(file) : written(model, at, bytes);
            }
            case 2 -> {
                byte[] bytes = some(random, 300);
                file.insert(at, bytes);
                byte[] longer = Arrays.copyOf(model, Math.max(model.length, at));
                yield concat(Arrays.copyOf(longer, at), bytes, Arrays.copyOfRange(longer, at, longer.length));
            }
            case 3 -> {
                int count = random.nextInt(500);
                int from = Math.min(at, model.length);
                int end = Math.min(model.length, from + count);
                assertThat(file.delete(at, count)).isEqualTo(end - from);
                yield concat(Arrays.copyOf(model, from), Arrays.copyOfRange(model, end, model.length));
            }
            case 4 -> {
                int size = random.nextInt(MOST / 2);
                file.resize(size);
                yield Arrays.copyOf(model, size);
            }
            case 5 -> {
                int end = model.length;
                while (end > 0 && model[end - 1] == 0) {
                    end--;
                }
                assertThat(file.compact()).isEqualTo(model.length - end);
                yield Arrays.copyOf(model, end);
            }
            case 6 -> {
                int count = random.nextInt(model.length + 1);
                int from = random.nextInt(model.length - count + 1);
                file.move(at, from, count);
                byte[] longer = count == 0 ? model : Arrays.copyOf(model, Math.max(model.length, at + count));
                System.arraycopy(
                        Arrays.copyOfRange(model, from, from + count), 0, longer, Math.min(at, longer.length), count);
                yield longer;
            }
            case 7 -> {
                byte[] needle = needle(random);
                byte[] replacement = some(random, 6);
                List<Long> places = places(model, needle, at, false);
                assertThat(file.replace(Search.of(needle), at, replacement)).isEqualTo(places.size());
                yield replaced(model, needle.length, places, replacement);
            }
            case 8, 9 -> {
                byte[] needle = needle(random);
                boolean overlapping = random.nextBoolean();
                Search search = overlapping ? Search.of(needle).overlapping() : Search.of(needle);
                List<Long> places = places(model, needle, at, overlapping);
                assertThat(file.find(search, at)).containsExactly(places.toArray(new Long[0]));
                List<Long> all = places(model, needle, 0, true);
                assertThat(file.findLast(needle, Long.MAX_VALUE))
                        .isEqualTo(all.isEmpty() ? Optional.empty() : Optional.of(all.getLast()));
                yield model;
            }
            case 10 -> {
                byte[] pattern = some(random, 5);
                if (pattern.length > 0) {
                    int times = random.nextInt(100);
                    file.fill(at, pattern, times);
                    byte[] all = new byte[times * pattern.length];
                    for (int i = 0; i < all.length; i++) {
                        all[i] = pattern[i % pattern.length];
                    }
                    yield written(model, at, all);
                }
                yield model;
            }
            default -> {
                int count = random.nextInt(5_000);
                int from = Math.min(at, model.length);
                assertThat(file.read(at, count))
                        .isEqualTo(Arrays.copyOfRange(model, from, Math.min(model.length, from + count)));
                yield model;
            }
        };
    }

    private static byte[] shrunk(MappedFile file) throws IOException {
        file.resize(0);
        return new byte[0];
    }

    private static byte[] needle(Random random) {
        byte[] needle = some(random, 7);
        return needle.length == 0 ? new byte[] {1} : needle;
    }

    private static byte[] written(byte[] model, int at, byte[] bytes) {
        byte[] longer = bytes.length == 0 ? model : Arrays.copyOf(model, Math.max(model.length, at + bytes.length));
        System.arraycopy(bytes, 0, longer, Math.min(at, longer.length), bytes.length);
        return longer;
    }

    private static byte[] concat(byte[]... parts) {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** The plain way. */
    static List<Long> places(byte[] all, byte[] needle, int from, boolean overlapping) {
        List<Long> places = new ArrayList<>();
        for (int at = from; at <= all.length - needle.length; at++) {
            if (Arrays.equals(all, at, at + needle.length, needle, 0, needle.length)) {
                places.add((long) at);
                at += overlapping ? 0 : needle.length - 1;
            }
        }
        return places;
    }

    private static byte[] replaced(byte[] model, int length, List<Long> places, byte[] replacement) {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        int at = 0;
        for (long place : places) {
            all.write(model, at, (int) place - at);
            all.writeBytes(replacement);
            at = (int) place + length;
        }
        all.write(model, at, model.length - at);
        return all.toByteArray();
    }
}
