package dev.sluice.bench;

import dev.sluice.bench.FlowCells.Form;
import dev.sluice.bench.FlowCells.Measured;
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

    private Flows(Path folder, Path tmpfs, String sluice) throws IOException {
        this.folder = folder;
        for (String program : List.of("small-files.py", "wake-up.py", "chain.py", "classes.py")) {
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

    private void run(List<Measured> all, Pattern wanted, int rounds) throws IOException, InterruptedException {
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
        if (cell.written() > 0) {
            Memory.get(cell.written());
        }
        return read(cell, bash(form.script()));
    }

    private String bash(String script) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", script).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroy();
        }
        return said;
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
                    form.startsWith("sluice") ? "" : compared(cell, values, form));
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
        Options options =
                Options.of(List.of("--rounds", "--cells"), List.of(arguments).subList(1, arguments.length));
        Path folder = Files.createTempDirectory(Path.of(arguments[0]).resolveSibling("bench/target"), "flows");
        Path tmpfs = Files.createTempDirectory(Path.of("/dev/shm"), "sluice-bench");
        try {
            Flows flows = new Flows(folder.toAbsolutePath(), tmpfs, arguments[0]);
            flows.run(new FlowCells().all(), options.pattern("--cells"), options.number("--rounds", 3));
        } finally {
            delete(tmpfs);
            delete(folder);
        }
    }
}
