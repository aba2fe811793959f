package dev.sluice.bench;

import dev.sluice.files.Checksum;
import dev.sluice.files.MappedFile;
import dev.sluice.files.MappedFiles;
import dev.sluice.files.Outcome;
import dev.sluice.files.Search;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

/** Searches, sums and copies of many files, beside the programs that people use for it. */
final class BulkWork implements AutoCloseable {
    /** What is looked for, none of which is there: of rare bytes, of the most frequent ones, and a long text that nearly is. */
    static final Map<String, String> NEEDLES =
            Map.of("rare", "qZqZqZqZ", "frequent", "eeeetttteeee", "long", text(1).substring(5_000, 5_255) + "Z");

    private static final int PAGE = 4096;

    /** What xargs says when a program has found nothing; another one when there is no such program. */
    private static final int NOTHING_FOUND = 123;

    private final Path folder;
    private final Path copies;
    private final int processors = Runtime.getRuntime().availableProcessors();
    private final MappedFiles files = new MappedFiles(processors);
    private final List<Digests> shares =
            Stream.generate(Digests::new).limit(processors).toList();

    BulkWork(Path folder, int count, long size) throws IOException {
        this.folder = Files.createDirectories(folder.resolve("bulk"));
        this.copies = folder.resolve("copies");
        byte[] block = text(1).getBytes(StandardCharsets.ISO_8859_1);
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

    /** 64 KiB of letters, as frequent as in a text. */
    private static String text(int seed) {
        Random random = new Random(seed);
        String letters = "etaoin shrdlu\ncmfwypvbgkjqxz";
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1 << 16; i++) {
            text.append(letters.charAt(Math.min(27, (int) (Math.abs(random.nextGaussian()) * 8))));
        }
        return text.toString();
    }

    List<Path> paths() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }

    /** {@return seconds that it took} */
    double run(String form) throws IOException, InterruptedException {
        List<Path> paths = paths();
        if (form.startsWith("copy")) {
            reset();
        }
        String last = form.substring(form.lastIndexOf('/') + 1);
        long begin = System.nanoTime();
        switch (form.substring(0, form.lastIndexOf('/'))) {
            case "find/sluice" -> {
                Map<Path, Long> starts = new LinkedHashMap<>();
                paths.forEach(path -> starts.put(path, 0L));
                check(files.findAll(Search.of(needle(last)), starts).join());
            }
            case "find/grep" -> shell("env LC_ALL=C grep -c -F -f ../needle", last);
            case "find/rg" -> shell("rg -j1 -c -F -f ../needle", last);
            case "sum/sluice" ->
                check(files.checksumAll(paths, Checksum.of(last)).join());
            case "sum/memory", "sum/cached" -> {
                int room = form.startsWith("sum/memory") ? Digests.MEMORY : Digests.PIECE;
                long size = Files.size(paths.getFirst());
                share(paths.size(), (digests, from, end) -> digests.ofMemory(last, end - from, size, room));
            }
            case "sum/program" -> shell(last + (last.equals("b3sum") ? " --num-threads 1" : ""), "");
            case "read/filechannel" ->
                share(paths.size(), (digests, from, end) -> digests.read(paths.subList(from, end)));
            case "copy/sluice" -> {
                Map<Path, Path> pairs = new LinkedHashMap<>();
                paths.forEach(path -> pairs.put(path, copies.resolve(path.getFileName())));
                check(files.copyAll(pairs).join());
            }
            case "copy/cp" -> shell("cp -t ../copies", "");
            default -> throw new IllegalArgumentException(form);
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private static String needle(String name) {
        return Objects.requireNonNull(NEEDLES.get(name), name);
    }

    /** Work on some of the files, or on as much memory. */
    private interface Part {
        void on(Digests digests, int from, int end) throws IOException;
    }

    private void share(int count, Part part) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < processors; i++) {
            Digests digests = shares.get(i);
            int from = (int) ((long) count * i / processors);
            int end = (int) ((long) count * (i + 1) / processors);
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    part.on(digests, from, end);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void check(Map<Path, ? extends Outcome<?>> outcomes) throws IOException {
        for (Outcome<?> outcome : outcomes.values()) {
            outcome.get();
        }
    }

    /** Runs a program on all files, on as many processors. */
    private void shell(String program, String needle) throws IOException, InterruptedException {
        if (!needle.isEmpty()) {
            Files.writeString(folder.resolveSibling("needle"), needle(needle).replace("\n", " "));
        }
        String each = Math.min(64, Math.ceilDiv(paths().size(), processors)) + " ";
        String command = "ls | xargs -P" + processors + " -n " + each + program + " > /dev/null";
        Process process = new ProcessBuilder("bash", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        int status = process.waitFor();
        if (status != 0 && (needle.isEmpty() || status != NOTHING_FOUND)) {
            throw new IOException(command + ": " + said);
        }
    }

    private void reset() throws IOException, InterruptedException {
        delete(copies);
        Files.createDirectories(copies);
        new ProcessBuilder("sync").start().waitFor();
    }

    /** How fast one mapped file is searched, by us and by the C library, and how fast its bytes are looked at, in bytes a nanosecond. */
    double[] inMemory(String name, int rounds) throws Throwable {
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
        double memory = 0;
        try (Arena arena = Arena.ofConfined();
                MappedFile file = files.openReadOnly(paths().getFirst())) {
            MemorySegment needle = arena.allocateFrom(needle(name));
            MemorySegment all = file.segment();
            long read = 0;
            for (int i = 0; i < rounds; i++) {
                long begin = System.nanoTime();
                long[] _ = file.find(Search.of(needle(name)), 0);
                long middle = System.nanoTime();
                var _ = (MemorySegment) memmem.invokeExact(
                        all, all.byteSize(), needle, (long) needle(name).length());
                long end = System.nanoTime();
                read ^= sum(all);
                long last = System.nanoTime();
                ours = Math.max(ours, (double) all.byteSize() / (middle - begin));
                theirs = Math.max(theirs, (double) all.byteSize() / (end - middle));
                memory = Math.max(memory, (double) all.byteSize() / (last - end));
            }
            if (read == 1) { // or the compiler sees that nobody wants the bytes
                System.out.println();
            }
        }
        return new double[] {ours, theirs, memory};
    }

    private static long sum(MemorySegment memory) {
        long sum = 0;
        for (long at = 0; at + PAGE <= memory.byteSize(); at += PAGE) {
            sum ^= sumOfPage(memory, at);
        }
        return sum;
    }

    private static long sumOfPage(MemorySegment memory, long at) {
        long sum = 0;
        for (int i = 0; i < PAGE / Long.BYTES; i++) {
            sum ^= memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at + (long) Long.BYTES * i);
        }
        return sum;
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
