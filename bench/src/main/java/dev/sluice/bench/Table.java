package dev.sluice.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** Prints what was measured, and how it compares with what was to be reached. */
final class Table {
    /** Stands for the samples of a form that does not run here. */
    static final List<Sample> FAILED = List.of();

    private static final double ENOUGH = 0.95;

    private final PrintStream out;
    private final List<String> verdicts = new ArrayList<>();

    Table(PrintStream out) {
        this.out = out;
    }

    void print(Cell cell, Map<String, List<Sample>> all) {
        Map<String, List<Sample>> samples = new LinkedHashMap<>(all);
        samples.values().removeIf(List::isEmpty);
        out.printf("%n%-22s %12s %17s %9s %6s%n", cell.name(), "k/s", "(min - max)", "cpu us/op", "cores");
        samples.forEach((form, list) -> {
            double rate = median(list.stream().map(Sample::perSecond).toList());
            double cpu = median(list.stream().map(Sample::cpuMicros).toList());
            out.printf(
                    Locale.ROOT,
                    "  %-20s %12.1f %8.1f -%7.1f %9.2f %6.2f%n",
                    form,
                    rate / 1e3,
                    list.stream().mapToDouble(Sample::perSecond).min().orElse(0) / 1e3,
                    list.stream().mapToDouble(Sample::perSecond).max().orElse(0) / 1e3,
                    cpu,
                    rate * cpu / 1e6);
        });
        String fio = best(samples, form -> form.startsWith("fio-uring"));
        Predicate<String> sluice = form -> form.startsWith("uring") || form.startsWith("threads");
        if (!cell.sequential() && cell.depth() > 1 && !cell.write()) {
            // With as many busy cores as fio: one, whatever waits.
            String frugal = best(samples, form -> sluice.test(form) && cores(samples, form) <= 1.1);
            verdict(cell, samples, frugal, fio, ENOUGH, false);
        }
        String ours = best(samples, sluice);
        String channel = best(samples, form -> form.startsWith("filechannel"));
        verdict(cell, samples, ours, channel, ENOUGH, true);
        for (String peer : List.of("async-channel", "jasyncfio")) {
            for (String context : List.of("uring", "threads")) {
                verdict(cell, samples, best(samples, form -> form.startsWith(context)), peer, 1, false);
            }
        }
        if (!cell.direct() && !cell.write() && !cell.sequential() && cell.depth() > 1) {
            verdict(cell, samples, "uring-virtual", "filechannel-threads", 1, true);
        }
    }

    private static String best(Map<String, List<Sample>> samples, Predicate<String> forms) {
        return samples.keySet().stream()
                .filter(forms)
                .max((a, b) -> Double.compare(rate(samples, a), rate(samples, b)))
                .orElse("");
    }

    private static double cores(Map<String, List<Sample>> samples, String form) {
        return rate(samples, form)
                * median(samples.get(form).stream().map(Sample::cpuMicros).toList())
                / 1e6;
    }

    private static double rate(Map<String, List<Sample>> samples, String form) {
        return median(samples.get(form).stream().map(Sample::perSecond).toList());
    }

    /** Compares round by round, so that a slow minute of the machine hits both. */
    private void verdict(
            Cell cell, Map<String, List<Sample>> samples, String ours, String theirs, double enough, boolean withCpu) {
        List<Sample> mine = samples.get(ours);
        List<Sample> other = samples.get(theirs);
        if (mine == null || other == null) {
            return;
        }
        List<Double> ratios = new ArrayList<>();
        List<Double> cpuRatios = new ArrayList<>();
        for (int i = 0; i < Math.min(mine.size(), other.size()); i++) {
            ratios.add(mine.get(i).perSecond() / other.get(i).perSecond());
            cpuRatios.add(mine.get(i).cpuMicros() / other.get(i).cpuMicros());
        }
        double ratio = median(ratios);
        verdicts.add(String.format(
                Locale.ROOT,
                "%-4s %-18s %-16s / %-20s %5.2f (%.2f - %.2f), wanted %.2f%s",
                ratio >= enough ? "ok" : "LOW",
                cell.name(),
                ours,
                theirs,
                ratio,
                Collections.min(ratios),
                Collections.max(ratios),
                enough,
                withCpu ? String.format(Locale.ROOT, "; cpu/op %.2f", median(cpuRatios)) : ""));
        out.println("  " + verdicts.getLast());
    }

    void printVerdicts() {
        out.println();
        verdicts.forEach(out::println);
    }

    private static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
