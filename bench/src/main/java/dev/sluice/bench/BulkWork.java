package dev.sluice.bench;

import dev.sluice.files.Checksum;
import dev.sluice.files.MappedFile;
import dev.sluice.files.MappedFiles;
import dev.sluice.files.Outcome;
import dev.sluice.files.Search;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Searches, sums and copies of many files, beside the programs that people use for it. */
final class BulkWork implements AutoCloseable {
    static final String NEEDLE = "qZqZqZqZ";

    private final Path folder;
    private final Path copies;
    private final int processors = Runtime.getRuntime().availableProcessors();
    private final MappedFiles files = new MappedFiles(processors);

    BulkWork(Path folder, int count, long size) throws IOException {
        this.folder = Files.createDirectories(folder.resolve("bulk"));
        this.copies = folder.resolve("copies");
        byte[] block = new byte[1 << 16];
        Random random = new Random(1);
        String letters = "etaoin shrdlu\ncmfwypvbgkjqxz";
        for (int i = 0; i < block.length; i++) {
            block[i] = (byte) letters.charAt(Math.min(27, (int) (Math.abs(random.nextGaussian()) * 8)));
        }
        for (int i = 0; i < count; i++) {
            try (var out = Files.newOutputStream(this.folder.resolve("f" + i))) {
                for (long done = 0; done < size; done += block.length) {
                    block[0] = (byte) i;
                    block[1] = (byte) (i >> 8);
                    out.write(block, 0, (int) Math.min(block.length, size - done));
                }
            }
        }
    }

    List<Path> paths() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }

    /** {@return seconds that it took} */
    double run(String form) throws IOException, InterruptedException {
        List<Path> paths = paths();
        reset();
        long begin = System.nanoTime();
        switch (form) {
            case "find/sluice" -> {
                Map<Path, Long> starts = new LinkedHashMap<>();
                paths.forEach(path -> starts.put(path, 0L));
                check(files.findAll(Search.of(NEEDLE), starts).join());
            }
            case "find/grep" ->
                shell("ls | xargs -P" + processors + " -n 64 grep -c -F " + NEEDLE + " > /dev/null || true");
            case "sha256/sluice" ->
                check(files.checksumAll(paths, Checksum.SHA_256).join());
            case "sha256/sha256sum" -> shell("ls | xargs -P" + processors + " -n 64 sha256sum > /dev/null");
            case "blake3/sluice" ->
                check(files.checksumAll(paths, Checksum.BLAKE3).join());
            case "blake3/b3sum" -> shell("ls | xargs -P" + processors + " -n 64 b3sum --num-threads 1 > /dev/null");
            case "crc32c/sluice" ->
                check(files.checksumAll(paths, Checksum.CRC32C).join());
            case "xxh3/sluice" ->
                check(files.checksumAll(paths, Checksum.XXH3_64).join());
            case "read/cat" -> shell("ls | xargs -P" + processors + " -n 64 cat > /dev/null");
            case "copy/sluice" -> {
                Map<Path, Path> pairs = new LinkedHashMap<>();
                paths.forEach(path -> pairs.put(path, copies.resolve(path.getFileName())));
                check(files.copyAll(pairs).join());
            }
            case "copy/cp" -> shell("ls | xargs -P" + processors + " -n 64 cp -t ../copies");
            default -> throw new IllegalArgumentException(form);
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void check(Map<Path, ? extends Outcome<?>> outcomes) throws IOException {
        for (Outcome<?> outcome : outcomes.values()) {
            outcome.get();
        }
    }

    private void shell(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("bash", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
    }

    private void reset() throws IOException, InterruptedException {
        delete(copies);
        Files.createDirectories(copies);
        new ProcessBuilder("sync").start().waitFor();
    }

    /** How fast one mapped file is searched, by us and by the C library, in bytes a nanosecond. */
    double[] inMemory(int rounds) throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle memmem = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("memmem"),
                FunctionDescriptor.of(
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG));
        double ours = 0;
        double theirs = 0;
        try (Arena arena = Arena.ofConfined();
                MappedFile file = files.openReadOnly(paths().getFirst())) {
            MemorySegment needle = arena.allocateFrom(NEEDLE);
            for (int i = 0; i < rounds; i++) {
                long begin = System.nanoTime();
                long[] _ = file.find(Search.of(NEEDLE), 0);
                long middle = System.nanoTime();
                MemorySegment memory = file.segment();
                var _ = (MemorySegment) memmem.invokeExact(memory, memory.byteSize(), needle, (long) NEEDLE.length());
                long end = System.nanoTime();
                ours = Math.max(ours, (double) memory.byteSize() / (middle - begin));
                theirs = Math.max(theirs, (double) memory.byteSize() / (end - middle));
            }
        }
        return new double[] {ours, theirs};
    }

    static void delete(Path place) throws IOException {
        if (Files.exists(place)) {
            try (Stream<Path> inside = Files.walk(place)) {
                for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        files.close();
        delete(folder);
        delete(copies);
    }
}
