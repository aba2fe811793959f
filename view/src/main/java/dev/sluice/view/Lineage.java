package dev.sluice.view;

import dev.sluice.view.Facts.File;
import dev.sluice.view.Facts.Share;
import dev.sluice.view.Facts.Step;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Who has read and written what in a run, as events of OpenLineage, each on a line: one for every step, and one for the
 * workflow, which is the parent of these.
 */
public final class Lineage {
    private static final String PRODUCER = "urn:dev.sluice";
    private static final String SCHEMAS = "https://openlineage.io/spec/";
    private static final String EVENT = SCHEMAS + "2-0-2/OpenLineage.json#/$defs/RunEvent";
    private static final String PARENT = SCHEMAS + "facets/1-0-1/ParentRunFacet.json#/$defs/ParentRunFacet";
    private static final String ERROR = SCHEMAS + "facets/1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet";
    private static final String OUTPUT =
            SCHEMAS + "facets/1-0-2/OutputStatisticsOutputDatasetFacet.json#/$defs/OutputStatisticsOutputDatasetFacet";
    private static final String NAMESPACE = "sluice";

    private final Facts facts;
    private final StringBuilder lines = new StringBuilder();

    private record Dataset(String name, long bytes) {}

    private Lineage(Facts facts) {
        this.facts = facts;
    }

    /**
     * Writes events down.
     *
     * @param facts a run that has ended
     * @return the events
     */
    public static String of(Facts facts) {
        return new Lineage(facts).events();
    }

    private String events() {
        Facts.Head head = facts.head();
        for (Step step : facts.steps()) {
            if (step.started() > 0) {
                event(
                        step.name(),
                        step.failed() > 0,
                        step.end() == Facts.NEVER ? head.micros() : step.end(),
                        datasets(file -> moves(file, step.name(), false)),
                        datasets(file -> moves(file, step.name(), true)));
            }
        }
        event(
                "",
                head.state().equals("failed"),
                head.micros(),
                datasets(file -> reads(file) && !writes(file)),
                datasets(file -> writes(file) && !reads(file)));
        return lines.toString();
    }

    private List<Dataset> datasets(Predicate<File> which) {
        List<Dataset> found = new ArrayList<>();
        for (File file : facts.files()) {
            if (!file.kind().equals("directory") && which.test(file)) {
                found.add(new Dataset(facts.head().directory() + "/" + file.path(), file.bytes()));
            }
        }
        return found;
    }

    private static boolean moves(File file, String step, boolean writes) {
        return file.shares().stream()
                .anyMatch(share -> share.step().equals(step) && (writes ? wrote(share, file) : share.read() > 0));
    }

    /** An empty file was written as well, by who made it. */
    private static boolean wrote(Share share, File file) {
        return share.written() > 0
                || (file.created() != Facts.NEVER && file.producers().contains(share.step()));
    }

    private static boolean reads(File file) {
        return file.shares().stream().anyMatch(share -> share.read() > 0);
    }

    private static boolean writes(File file) {
        return file.shares().stream().anyMatch(share -> wrote(share, file));
    }

    private void event(String step, boolean hasFailed, long at, List<Dataset> inputs, List<Dataset> outputs) {
        Facts.Head head = facts.head();
        Instant time = head.begin().plus(at, ChronoUnit.MICROS);
        lines.append(Json.object(json -> {
                    json.with("eventType", hasFailed ? "FAIL" : "COMPLETE").with("eventTime", time.toString());
                    json.object("run", run -> {
                        run.with("runId", id(step));
                        run.object("facets", facets -> facets(facets, step, hasFailed));
                    });
                    json.object("job", job -> job.with("namespace", NAMESPACE).with("name", name(step)));
                    json.objects(
                            "inputs",
                            inputs,
                            (one, set) -> one.with("namespace", "file").with("name", set.name()));
                    json.objects(
                            "outputs",
                            outputs,
                            (one, set) -> one.with("namespace", "file")
                                    .with("name", set.name())
                                    .object(
                                            "outputFacets",
                                            facets -> facets.object(
                                                    "outputStatistics",
                                                    facet -> facet.with("_producer", PRODUCER)
                                                            .with("_schemaURL", OUTPUT)
                                                            .with("size", set.bytes()))));
                    json.with("producer", PRODUCER).with("schemaURL", EVENT);
                }))
                .append('\n');
    }

    private void facets(Json facets, String step, boolean hasFailed) {
        if (!step.isEmpty()) {
            facets.object(
                    "parent",
                    parent -> parent.with("_producer", PRODUCER)
                            .with("_schemaURL", PARENT)
                            .object("run", run -> run.with("runId", id("")))
                            .object(
                                    "job",
                                    job -> job.with("namespace", NAMESPACE).with("name", name(""))));
        } else if (hasFailed) {
            facets.object(
                    "errorMessage",
                    error -> error.with("_producer", PRODUCER)
                            .with("_schemaURL", ERROR)
                            .with("message", String.join("; ", facts.head().said()))
                            .with("programmingLanguage", "sh"));
        }
    }

    private String name(String step) {
        return facts.head().workflow() + (step.isEmpty() ? "" : "." + step);
    }

    /** The same run has the same numbers. */
    private String id(String step) {
        Facts.Head head = facts.head();
        String text = head.begin() + "\n" + head.directory() + "\n" + head.workflow() + "\n" + step;
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
