package dev.sluice.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures whole programs on a mount beside the same programs on tmpfs, on disk, with a pipe, and through a file system of
 * libfuse, all in one run, form after form in each round.
 */
final class Flows {
    private static final int MINUTES = 10;
    private static final int SLEEP_MILLIS = 20;
    private static final int PIECES = 100;
    private static final Pattern TIME = Pattern.compile("@(\\d{12,})");

    private static final String FLOW = """
        { "name": "bench", "IO_Graph": [
          { "name": "w", "input_stream": [], "output_stream": ["grow", "whole", "files/*"], "streaming": [
            { "name": ["grow"], "committed": "on_close", "mode": "no_update" },
            { "name": ["whole", "files/*"], "committed": "on_close", "mode": "update" } ] },
          { "name": "r", "input_stream": ["grow", "whole", "files/*"], "output_stream": [] } ] }
        """;

    private final Path folder;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final List<Measured> all = new ArrayList<>();

    /**
     * One way of doing it.
     *
     * @param script what bash runs; it prints values as {@code NAME NUMBER}, or times of day as {@code @NANOSECONDS}
     */
    private record Form(String name, String script) {}

    /**
     * What is measured.
     *
     * @param value the value's name in what the scripts print; empty for the time from the first {@code @} to the last
     * @param amount what is divided by that time; 0 for the time itself, in seconds
     * @param better 1 when more is better, -1 when less is
     * @param wanted by form, how ours is to compare with it
     */
    private record Measured(
            String name,
            String unit,
            String value,
            double amount,
            int better,
            Map<String, Double> wanted,
            Form... forms) {}

    private Flows(Path folder, Path tmpfs, String sluice) throws IOException {
        this.folder = folder;
        for (String program : List.of("small-files.py", "wake-up.py", "chain.py")) {
            try (InputStream in = Flows.class.getResourceAsStream(program)) {
                Files.write(folder.resolve(program), in.readAllBytes());
            }
        }
        Files.writeString(folder.resolve("flow.json"), FLOW);
        environment.put("SLUICE", sluice);
        environment.put("B", folder.toString());
        environment.put("T", tmpfs.toString());
        environment.put("D", folder.resolve("disk").toString());
        environment.put("M", folder.resolve("mounted").toString());
        environment.put("PY", "python3 -I " + folder);
    }

    private static Form sluice(String... steps) {
        StringBuilder script = new StringBuilder("\"$SLUICE\" run $B/flow.json --dir $M --keep none");
        for (String step : steps) {
            script.append(" --step \"").append(step.replace("\"", "\\\"")).append('"');
        }
        return new Form("sluice", script.toString());
    }

    private static String dd(String from, String to, String block, int count) {
        return "dd if=" + from + " of=" + to + " bs=" + block + (count > 0 ? " count=" + count : "") + " status=none";
    }

    private static final String NOW = "date +@%s%N";

    private void cells() {
        stream("stream-1G-by-1M", "1M", 1024);
        stream("stream-4G-by-1M", "1M", 4096);
        stream("stream-1G-by-64k", "64k", 16 * 1024);
        stream("stream-256M-by-4k", "4k", 64 * 1024);
        String make = dd("/dev/zero", "FILE", "1M", 1024);
        String take = dd("FILE", "/dev/null", "1M", 0);
        all.add(new Measured(
                "write-1G-by-1M",
                "MiB/s",
                "",
                1024,
                1,
                Map.of("tmpfs", 0.5),
                sluice("w=" + NOW + "; " + make.replace("FILE", "$M/whole") + "; " + NOW),
                new Form("tmpfs", NOW + "; " + make.replace("FILE", "$T/f") + "; " + NOW)));
        all.add(new Measured(
                "read-1G-by-1M",
                "MiB/s",
                "",
                1024,
                1,
                Map.of("tmpfs", 0.95),
                sluice(
                        "w=" + make.replace("FILE", "$M/whole"),
                        "r=exec 3< $M/whole; " + NOW + "; dd <&3 of=/dev/null bs=1M status=none; " + NOW),
                new Form(
                        "tmpfs",
                        make.replace("FILE", "$T/f") + "; " + NOW + "; " + take.replace("FILE", "$T/f") + "; " + NOW)));
        for (int count : new int[] {2_000, 100_000}) {
            Form ours = sluice("w=cd /; $PY/small-files.py $M/files " + count);
            Form theirs = new Form("tmpfs", "$PY/small-files.py $T/files " + count);
            for (String what : List.of("create", "read", "stat")) {
                all.add(new Measured(
                        "small-" + count + "-" + what, "us", what, 0, -1, Map.of("tmpfs", 1 / 6.0), ours, theirs));
            }
        }
        Form wakes = sluice("w=cd /; $PY/wake-up.py write $M/grow 1000", "r=cd /; $PY/wake-up.py read $M/grow");
        Form pipe = new Form("pipe", "mkfifo $D/p; $PY/wake-up.py write $D/p 1000 & $PY/wake-up.py read $D/p; wait");
        for (String what : List.of("p50", "p99")) {
            all.add(new Measured("wake-up-" + what, "us", what, 0, -1, Map.of(), wakes, pipe));
        }
        for (int steps : new int[] {2, 4, 8}) {
            overlap(steps);
        }
        recorded();
        all.add(new Measured(
                "start",
                "s",
                "",
                0,
                -1,
                Map.of(),
                new Form("sluice", NOW + "; " + sluice("w=" + NOW).script())));
        plain(
                "git-status",
                "git init -q FOLDER/g; cd FOLDER/g; seq 2000 | split -l 1 -a 3; git add .",
                "cd FOLDER/g; git status --short | wc -l > /dev/null");
        plain(
                "tar-x",
                "mkdir -p $B/src; (cd $B/src; seq 2000 | split -l 1 -a 3); tar cf $B/src.tar -C $B src",
                "tar xf $B/src.tar -C FOLDER");
    }

    private void stream(String name, String block, int count) {
        String in = dd("/dev/zero", "FILE", block, count);
        String out = dd("FILE", "/dev/null", block, 0);
        String both = NOW + "; " + in + "; " + out + "; " + NOW;
        double mebibytes = count * (block.equals("1M") ? 1 : block.equals("64k") ? 1 / 16.0 : 1 / 256.0);
        all.add(new Measured(
                name,
                "MiB/s",
                "",
                mebibytes,
                1,
                Map.of("tmpfs", 1.0, "pipe", 1.0),
                sluice(
                        "w=" + NOW + "; " + in.replace("FILE", "$M/grow"),
                        "r=" + out.replace("FILE", "$M/grow") + "; " + NOW),
                new Form("tmpfs", both.replace("FILE", "$T/f")),
                new Form("disk", both.replace("FILE", "$D/f")),
                new Form(
                        "pipe",
                        "mkfifo $D/p; " + NOW + "; (" + in.replace("FILE", "$D/p") + ") & "
                                + out.replace("FILE", "$D/p") + "; wait; " + NOW),
                new Form(
                        "libfuse",
                        "command -v bindfs > /dev/null || exit 0; mkdir -p $T/below $D/above; "
                                + "bindfs $T/below $D/above || exit 0; " + both.replace("FILE", "$D/above/f")
                                + "; fusermount3 -u $D/above")));
    }

    /** What it costs that a run is recorded: the same without. */
    private void recorded() {
        String in = dd("/dev/zero", "$M/grow", "BLOCK", 0);
        String out = dd("$M/grow", "/dev/null", "BLOCK", 0);
        for (String block : List.of("1M", "64k", "4k")) {
            int count = block.equals("1M") ? 4096 : block.equals("64k") ? 32 * 1024 : 128 * 1024;
            recorded(
                    "recorded-stream-" + block,
                    "",
                    sluice(
                            "w=" + NOW + "; " + in.replace("BLOCK", block) + " count=" + count,
                            "r=" + out.replace("BLOCK", block) + "; " + NOW));
        }
        Form small = sluice("w=cd /; $PY/small-files.py $M/files 20000");
        for (String what : List.of("create", "read")) {
            recorded("recorded-small-20000-" + what, what, small);
        }
    }

    private void recorded(String name, String value, Form form) {
        String without = "export SLUICE_JAVA_OPTS=-Ddev.sluice.record=no; ";
        all.add(new Measured(
                name,
                value.isEmpty() ? "s" : "us",
                value,
                0,
                -1,
                Map.of("unrecorded", 0.99),
                form,
                new Form("unrecorded", without + form.script())));
    }

    private void overlap(int steps) {
        String rules = IntStream.range(0, steps)
                .mapToObj(i ->
                        "{ \"name\": \"s%d\", \"input_stream\": [%s], \"output_stream\": [\"f%d\"], \"streaming\": [{ \"name\": [\"f%d\"], \"committed\": \"on_close\", \"mode\": \"no_update\" }] }"
                                .formatted(i, i == 0 ? "" : "\"f" + (i - 1) + "\"", i, i))
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();
        StringBuilder script = new StringBuilder("echo '{ \"name\": \"chain\", \"IO_Graph\": [" + rules
                + "] }' > $B/chain.json; \"$SLUICE\" run $B/chain.json --dir $M --keep none");
        for (int i = 0; i < steps; i++) {
            script.append(String.format(
                    Locale.ROOT,
                    " --step \"s%d=cd /; $PY/chain.py %s $M/f%d %d %.3f\"",
                    i,
                    i == 0 ? "-" : "$M/f" + (i - 1),
                    i,
                    PIECES,
                    SLEEP_MILLIS / 1e3));
        }
        // As much as one step has to do, and each further one's first piece.
        double ideal = (PIECES + steps - 1) * SLEEP_MILLIS / 1e3;
        all.add(new Measured(
                "overlap-" + steps, "of the ideal", "", ideal, 1, Map.of(), new Form("sluice", script.toString())));
    }

    /** Programs that know nothing of flows. */
    private void plain(String name, String before, String measured) {
        String script = before + "; " + NOW + "; " + measured + "; " + NOW;
        all.add(new Measured(
                name,
                "s",
                "",
                0,
                -1,
                Map.of("tmpfs", 0.25),
                sluice("w=" + script.replace("FOLDER", "$M")),
                new Form("tmpfs", script.replace("FOLDER", "$T"))));
    }

    private void run(Pattern wanted, int rounds) throws IOException, InterruptedException {
        for (Measured cell : all) {
            if (!wanted.matcher(cell.name()).find()) {
                continue;
            }
            Map<String, List<Double>> values = new LinkedHashMap<>();
            for (int round = 0; round < rounds; round++) {
                List<Form> forms = List.of(cell.forms());
                for (Form form : round % 2 == 0 ? forms : forms.reversed()) {
                    double value = measure(cell, form);
                    if (!Double.isNaN(value)) {
                        values.computeIfAbsent(form.name(), _ -> new ArrayList<>())
                                .add(value);
                    }
                }
            }
            print(cell, values);
        }
    }

    private double measure(Measured cell, Form form) throws IOException, InterruptedException {
        for (String each : List.of("M", "D", "T")) {
            Path place = Path.of(environment.get(each));
            delete(place);
            Files.createDirectories(place);
        }
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", form.script()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroy();
        }
        return read(cell, said);
    }

    /** Of values that come more than once the last one counts: then everything is compiled. */
    private static double read(Measured cell, String said) {
        if (cell.value().isEmpty()) {
            List<Long> times = TIME.matcher(said)
                    .results()
                    .map(found -> Long.parseLong(found.group(1)))
                    .toList();
            if (times.size() < 2) {
                return Double.NaN;
            }
            double seconds = (times.stream().max(Comparator.naturalOrder()).orElseThrow()
                            - times.stream().min(Comparator.naturalOrder()).orElseThrow())
                    / 1e9;
            return cell.amount() == 0 ? seconds : cell.amount() / seconds;
        }
        Matcher found =
                Pattern.compile("(?m)\\b" + cell.value() + " ([0-9.]+)$").matcher(said);
        return found.results()
                .map(MatchResult::group)
                .reduce((_, last) -> last)
                .map(text -> Double.parseDouble(text.substring(text.indexOf(' ') + 1)))
                .orElse(Double.NaN);
    }

    private static void print(Measured cell, Map<String, List<Double>> values) {
        System.out.printf("%n%-22s %12s %22s%n", cell.name(), cell.unit(), "(min - max)");
        values.forEach((form, list) -> {
            List<Double> sorted = list.stream().sorted().toList();
            System.out.printf(
                    Locale.ROOT,
                    "  %-20s %12.2f %10.2f -%10.2f%s%n",
                    form,
                    median(sorted),
                    sorted.getFirst(),
                    sorted.getLast(),
                    form.equals("sluice") ? "" : compared(cell, values, form));
        });
    }

    private static String compared(Measured cell, Map<String, List<Double>> values, String form) {
        List<Double> ours = values.get("sluice");
        if (ours == null) {
            return "";
        }
        List<Double> theirs = values.get(form);
        List<Double> ratios = IntStream.range(0, Math.min(ours.size(), theirs.size()))
                .mapToObj(i -> cell.better() > 0 ? ours.get(i) / theirs.get(i) : theirs.get(i) / ours.get(i))
                .sorted()
                .toList();
        Double wanted = cell.wanted().get(form);
        return String.format(
                Locale.ROOT,
                "   sluice is %.2f times as fast (%.2f - %.2f)%s",
                median(ratios),
                ratios.getFirst(),
                ratios.getLast(),
                wanted == null
                        ? ""
                        : String.format(
                                Locale.ROOT, ", wanted %.2f: %s", wanted, median(ratios) >= wanted ? "ok" : "LOW"));
    }

    private static double median(List<Double> sorted) {
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static void delete(Path place) throws IOException {
        if (!Files.exists(place)) {
            return;
        }
        try (Stream<Path> inside = Files.walk(place)) {
            for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    public static void main(String... arguments) throws Exception {
        Pattern cells = Pattern.compile("");
        int rounds = 3;
        for (int i = 1; i + 1 < arguments.length; i += 2) {
            switch (arguments[i]) {
                case "--cells" -> cells = Pattern.compile(arguments[i + 1]);
                case "--rounds" -> rounds = Integer.parseInt(arguments[i + 1]);
                default -> throw new IllegalArgumentException("--cells or --rounds is expected, not " + arguments[i]);
            }
        }
        Path folder = Files.createTempDirectory(Path.of(arguments[0]).resolveSibling("bench/target"), "flows");
        Path tmpfs = Files.createTempDirectory(Path.of("/dev/shm"), "sluice-bench");
        try {
            Flows flows = new Flows(folder.toAbsolutePath(), tmpfs, arguments[0]);
            flows.cells();
            flows.run(cells, rounds);
        } finally {
            delete(tmpfs);
            delete(folder);
        }
    }
}
