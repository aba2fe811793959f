package dev.sluice.cli;

import dev.sluice.view.Facts;
import dev.sluice.view.Lineage;
import dev.sluice.view.LivePage;
import dev.sluice.view.Meter;
import dev.sluice.view.Metrics;
import dev.sluice.view.Report;
import dev.sluice.view.Traces;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a run is to be seen, as the options say. One thread at a time. */
final class Watching {
    private static final int MOST_PORTS = 1 << 16;

    @Option(
            names = {"-q", "--quiet"},
            description = "Say nothing of how far it is; what steps print is printed.")
    private boolean quiet;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write a page on the run to FILE, such as out.html, and the same facts as JSON beside it.")
    private @Nullable Path report;

    @Option(
            names = "--ui",
            description = "Serve that page while it runs, on this machine only, and print its address; at /metrics are"
                    + " numbers for Prometheus. The token is what SLUICE_UI_TOKEN says, or else made anew.")
    private boolean served;

    @Option(names = "--port", paramLabel = "PORT", description = "With --ui: the port; one that is free when not said.")
    private int port;

    @Option(
            names = "--metrics",
            paramLabel = "FILE",
            description = "Write numbers for Prometheus to FILE every few seconds, and at the end.")
    private @Nullable Path metrics;

    @Option(
            names = "--trace",
            paramLabel = "FILE",
            description = "Write a trace to FILE at the end, as OpenTelemetry's collector reads it (OTLP in JSON).")
    private @Nullable Path trace;

    @Option(
            names = "--lineage",
            paramLabel = "FILE",
            description = "Write who has read and written what to FILE at the end, as events of OpenLineage.")
    private @Nullable Path lineage;

    /** Refuses what cannot be, before anything is done. */
    void check() {
        if (report != null) {
            Target.ofRun(report).check();
            Target.ofRun(beside(report)).check();
        }
        if (port < 0 || port >= MOST_PORTS) {
            throw Refusal.misused("--port needs a number from 1 to " + (MOST_PORTS - 1) + ", and is: " + port);
        }
        if (port != 0 && !served) {
            throw Refusal.misused("--port is about the page that --ui serves; say --ui, or leave it out");
        }
    }

    boolean isQuiet() {
        return quiet;
    }

    /** {@return the file for numbers, which is written again and again; or null} */
    @Nullable
    Path metrics() {
        return metrics;
    }

    /** {@return the files that are wanted of a run, and what is in them} */
    Map<Path, String> files(Facts facts) {
        Map<Path, String> files = new LinkedHashMap<>();
        if (report != null) {
            String json = Report.json(facts);
            files.put(report, Report.page(json));
            files.put(beside(report), json + "\n");
        }
        if (metrics != null) {
            files.put(metrics, Metrics.of(facts));
        }
        if (trace != null) {
            files.put(trace, Traces.of(facts) + "\n");
        }
        if (lineage != null) {
            files.put(lineage, Lineage.of(facts));
        }
        return files;
    }

    /** Begins to serve the page, if that is wanted. */
    @Nullable
    LivePage page(Meter meter) {
        if (!served) {
            return null;
        }
        String token = System.getenv("SLUICE_UI_TOKEN");
        try {
            return new LivePage(port, token == null ? "" : token, meter::facts);
        } catch (IOException e) {
            throw Refusal.failed("the page cannot be served on port " + port + ": " + Failure.reason(e)
                    + "; name another one with --port, or none, for one that is free");
        }
    }

    /** The file for the facts beside that of a page. */
    static Path beside(Path page) {
        String name = String.valueOf(page.getFileName());
        int end = name.lastIndexOf('.');
        return page.resolveSibling((end <= 0 || name.endsWith(".json") ? name : name.substring(0, end)) + ".json");
    }
}
