package dev.sluice.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Measures cached reads and bulk work round by round beside their peers, and prints medians and ratios.
 *
 * <p>Arguments: {@code --rounds N} (5), {@code --cells REGEX}, {@code --dir DIRECTORY}.
 */
public final class FileWork {
    private static final long MILLIS = 700;

    /** So many bytes are searched until the compiler has done what it can. */
    private static final long WARM = 8L << 30;

    private static final Map<String, List<String>> BULK = new LinkedHashMap<>();

    static {
        for (String needle : List.of("rare", "frequent", "long")) {
            BULK.put("find-" + needle, List.of("find/sluice/" + needle, "find/grep/" + needle, "find/rg/" + needle));
        }
        BULK.put(
                "sha256",
                List.of("sum/sluice/SHA-256", "sum/memory/SHA-256", "sum/cached/SHA-256", "sum/program/sha256sum"));
        BULK.put("blake3", List.of("sum/sluice/BLAKE3", "sum/memory/BLAKE3", "sum/cached/BLAKE3", "sum/program/b3sum"));
        BULK.put(
                "crc32c",
                List.of(
                        "sum/sluice/CRC32C",
                        "sum/memory/CRC32C",
                        "sum/cached/CRC32C",
                        "read/filechannel/-",
                        "sum/program/cat"));
        BULK.put(
                "xxh3",
                List.of("sum/sluice/XXH3-64", "sum/memory/XXH3-64", "sum/cached/XXH3-64", "read/filechannel/-"));
        BULK.put("copy", List.of("copy/sluice/-", "copy/cp/-"));
    }

    private final int rounds;
    private final Pattern cells;
    private final Path folder;

    private FileWork(int rounds, Pattern cells, Path folder) {
        this.rounds = rounds;
        this.cells = cells;
        this.folder = folder;
    }

    private void cached() throws Exception {
        for (int[] cell :
                new int[][] {{1, 256, 4096}, {64, 256, 4096}, {1, 16384, 4096}, {1, 64, 65536}, {64, 64, 65536}}) {
            String name = "cached-" + cell[2] / 1024 + "k-" + cell[1] + "-blocks-" + cell[0] + "-threads";
            if (!cells.matcher(name).find()) {
                continue;
            }
            Path file = folder.resolve("cached");
            Files.write(file, new byte[cell[1] * cell[2]]);
            Map<String, List<Double>> values = new LinkedHashMap<>();
            Map<String, CachedReads> forms = new LinkedHashMap<>();
            for (String form : CachedReads.FORMS) {
                forms.put(form, new CachedReads(form, file, cell[1], cell[2]));
            }
            for (int round = 0; round <= rounds; round++) {
                for (String form : CachedReads.FORMS) {
                    double value = forms.get(form).measure(cell[0], MILLIS);
                    if (round > 0) {
                        values.computeIfAbsent(form, _ -> new ArrayList<>()).add(value);
                    }
                }
            }
            forms.values().forEach(CachedReads::close);
            print(name, "ns for each read", 1, values);
        }
    }

    private void bulk(String name, int count, long size) throws Throwable {
        Map<String, List<String>> wanted = new LinkedHashMap<>();
        BULK.forEach((cell, forms) -> {
            if (cells.matcher(name + "-" + cell).find()) {
                wanted.put(cell, forms);
            }
        });
        List<String> inMemory = BulkWork.NEEDLES.keySet().stream()
                .filter(needle -> cells.matcher(name + "-mapped-" + needle).find())
                .sorted()
                .toList();
        if (wanted.isEmpty() && inMemory.isEmpty()) {
            return;
        }
        try (BulkWork work = new BulkWork(folder, count, size)) {
            for (Map.Entry<String, List<String>> cell : wanted.entrySet()) {
                bulk(name + "-" + cell.getKey(), cell.getValue(), count * (double) size / 1e9, work);
            }
            for (String needle : inMemory) {
                double[] speeds = work.inMemory(needle, (int) Math.max(20, WARM / size));
                System.out.printf(
                        Locale.ROOT,
                        "%n%s-mapped-%s: find %.2f GB/s, memmem %.2f, ratio %.2f; only read %.2f, ratio %.2f%n",
                        name,
                        needle,
                        speeds[0],
                        speeds[1],
                        speeds[0] / speeds[1],
                        speeds[2],
                        speeds[0] / speeds[2]);
            }
        }
    }

    private void bulk(String name, List<String> forms, double gigabytes, BulkWork work) throws InterruptedException {
        Map<String, List<Double>> values = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (String form : forms) {
                try {
                    double value = work.run(form);
                    if (round > 0) {
                        values.computeIfAbsent(form, _ -> new ArrayList<>()).add(value);
                    }
                } catch (IOException e) {
                    System.out.println(name + ": " + form + " does not run here: " + e.getMessage());
                }
            }
        }
        print(name, "GB/s", gigabytes, values);
    }

    /** Values are seconds or nanoseconds, of which fewer are better; shown as they are, or as an amount by them. */
    private static void print(String name, String unit, double amount, Map<String, List<Double>> values) {
        System.out.printf("%n%-36s %18s%n", name, unit);
        List<Double> ours = null;
        for (Map.Entry<String, List<Double>> each : values.entrySet()) {
            double median = median(each.getValue());
            ours = ours == null ? each.getValue() : ours;
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < ours.size(); i++) {
                ratios.add(each.getValue().get(i) / ours.get(i));
            }
            System.out.printf(
                    Locale.ROOT,
                    "  %-24s %12.2f   the first is %.2f times as fast%n",
                    each.getKey(),
                    amount == 1 ? median : amount / median,
                    median(ratios));
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /**
     * Runs it.
     *
     * @param arguments see the class
     * @throws Throwable when something does not work
     */
    public static void main(String... arguments) throws Throwable {
        Options options = Options.of(List.of("--rounds", "--cells", "--dir"), List.of(arguments));
        Path directory = Path.of(options.text("--dir", "."));
        Path folder = Files.createTempDirectory(directory.toAbsolutePath(), "sluice-file-work");
        try {
            FileWork work = new FileWork(options.number("--rounds", 5), options.pattern("--cells"), folder);
            work.cached();
            work.bulk("10000-files-of-64k", 10_000, 64 << 10);
            work.bulk("8-files-of-1g", 8, 1 << 30);
        } finally {
            BulkWork.delete(folder);
        }
    }
}
