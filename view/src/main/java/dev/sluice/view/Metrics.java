package dev.sluice.view;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A run as numbers for Prometheus and whoever reads its text format. */
public final class Metrics {
    private static final double MICROS = 1e6;
    private static final List<String> REASONS = List.of("bytes", "commit", "room");

    private final Facts facts;
    private final StringBuilder text = new StringBuilder();

    private Metrics(Facts facts) {
        this.facts = facts;
    }

    /**
     * Writes numbers down.
     *
     * @param facts a run
     * @return its numbers in the text format 0.0.4
     */
    public static String of(Facts facts) {
        return new Metrics(facts).all();
    }

    private String all() {
        Facts.Sums sums = facts.sums();
        one(
                "sluice_run_seconds",
                "gauge",
                "For how long the run has gone on.",
                facts.head().micros() / MICROS);
        one(
                "sluice_run_active",
                "gauge",
                "1 while the run goes on.",
                facts.head().isRunning() ? 1 : 0);
        one(
                "sluice_run_status",
                "gauge",
                "The status with which it has ended.",
                facts.head().status());
        one("sluice_streams_made_total", "counter", "Files that flow and were made.", sums.made());
        one("sluice_streams_complete_total", "counter", "Files that flow and were complete.", sums.complete());
        one("sluice_streams_failed_total", "counter", "Files that will never be complete.", sums.failed());
        one("sluice_opens_total", "counter", "How often steps have opened files.", sums.opens());
        one(
                "sluice_opens_by_kernel_total",
                "counter",
                "How often of these the kernel could move bytes by itself.",
                sums.kernelOpens());
        one("sluice_memory_bytes", "gauge", "Memory that files take.", sums.memory());
        one("sluice_spilled_files_total", "counter", "Files partly on disk, because memory was short.", sums.spilled());
        reasons("sluice_waits_total", "Waits that have ended.", sums.waits(), 1);
        reasons("sluice_waited_seconds_total", "How long these were, added up.", sums.waited(), MICROS);
        steps("sluice_step_running", "gauge", "1 while the step runs.", step -> isActive(step) ? 1 : 0);
        steps(
                "sluice_step_waiting",
                "gauge",
                "1 while it waits for a file.",
                step -> step.state().equals("waiting") ? 1 : 0);
        steps("sluice_step_runs_total", "counter", "Runs that have begun.", Facts.Step::started);
        steps("sluice_step_failed_runs_total", "counter", "Runs that have failed.", Facts.Step::failed);
        steps("sluice_step_cpu_seconds_total", "counter", "Time of processors.", step -> step.cpu() / MICROS);
        steps(
                "sluice_step_waited_seconds_total",
                "counter",
                "Time of waiting for files.",
                step -> step.waited() / MICROS);
        steps("sluice_step_read_bytes_total", "counter", "Bytes read from files.", Facts.Step::read);
        steps("sluice_step_written_bytes_total", "counter", "Bytes written to files.", Facts.Step::written);
        return text.toString();
    }

    private static boolean isActive(Facts.Step step) {
        return step.state().equals("running") || step.state().equals("waiting");
    }

    private void head(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void one(String name, String type, String help, double value) {
        head(name, type, help);
        sample(name, "", "", value);
    }

    private void one(String name, String type, String help, long value) {
        one(name, type, help, (double) value);
    }

    private void reasons(String name, String help, List<Long> values, double unit) {
        head(name, "counter", help);
        for (int i = 0; i < REASONS.size(); i++) {
            sample(name, "reason", REASONS.get(i), values.get(i) / unit);
        }
    }

    private void steps(String name, String type, String help, ToDoubleFunction<Facts.Step> value) {
        head(name, type, help);
        facts.steps().forEach(step -> sample(name, "step", step.name(), value.applyAsDouble(step)));
    }

    private void sample(String name, String label, String of, double value) {
        text.append(name)
                .append("{workflow=\"")
                .append(escaped(facts.head().workflow()))
                .append('"');
        if (!label.isEmpty()) {
            text.append(',').append(label).append("=\"").append(escaped(of)).append('"');
        }
        boolean isWhole = value == Math.rint(value) && Math.abs(value) < 1L << 53;
        text.append("} ")
                .append(isWhole ? Long.toString((long) value) : String.format(Locale.ROOT, "%.6f", value))
                .append('\n');
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
