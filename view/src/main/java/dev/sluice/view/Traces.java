package dev.sluice.view;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A run as a trace of OpenTelemetry, in the JSON of its protocol (OTLP): a span for the run, below it one for each run of a
 * step, and below that one for each time in which it waited.
 */
public final class Traces {
    private static final int TRACE_BYTES = 16;
    private static final int SPAN_BYTES = 8;
    private static final int INTERNAL = 1;
    private static final int OK = 1;
    private static final int ERROR = 2;

    private final Facts facts;
    private final String trace;
    private final List<Span> spans = new ArrayList<>();

    /** A value of a span. */
    private record Attribute(String key, Object value) {}

    private record Span(
            String id, String parent, String name, long from, long to, int status, List<Attribute> attributes) {}

    private Traces(Facts facts) {
        this.facts = facts;
        trace = id("trace", TRACE_BYTES);
    }

    /**
     * Writes a trace down.
     *
     * @param facts a run that has ended
     * @return the trace, as a collector takes it
     */
    public static String of(Facts facts) {
        return new Traces(facts).text();
    }

    /** The same run has the same numbers. */
    private String id(String what, int bytes) {
        Facts.Head head = facts.head();
        String text = head.workflow() + "\n" + head.directory() + "\n" + head.begin() + "\n" + what;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has it", e);
        }
    }

    private void gather() {
        Facts.Head head = facts.head();
        String root = id("run", SPAN_BYTES);
        spans.add(new Span(
                root,
                "",
                "workflow " + head.workflow(),
                0,
                head.micros(),
                head.state().equals("failed") ? ERROR : OK,
                List.of(
                        new Attribute("sluice.workflow", head.workflow()),
                        new Attribute("sluice.directory", head.directory()),
                        new Attribute("sluice.manner", head.manner()),
                        new Attribute("sluice.read", facts.sums().read()),
                        new Attribute("sluice.written", facts.sums().written()))));
        for (Facts.Step step : facts.steps()) {
            for (int i = 0; i < step.runs().size(); i++) {
                run(step, i, root);
            }
        }
    }

    private void run(Facts.Step step, int number, String root) {
        Facts.Run run = step.runs().get(number);
        String key = "step " + step.name() + " " + number;
        String id = id(key, SPAN_BYTES);
        spans.add(new Span(
                id,
                root,
                "step " + step.name(),
                run.begin(),
                run.endOr(facts.head().micros()),
                run.hasFailed() ? ERROR : OK,
                List.of(
                        new Attribute("sluice.step", step.name()),
                        new Attribute("sluice.cpu_micros", run.cpu()),
                        new Attribute("sluice.waited_micros", run.waited()))));
        for (int i = 0; i < run.pauses().size(); i++) {
            Facts.Pause pause = run.pauses().get(i);
            spans.add(new Span(
                    id(key + " pause " + i, SPAN_BYTES),
                    id,
                    "wait for " + (pause.path().isEmpty() ? "." : pause.path()),
                    pause.from(),
                    pause.to(),
                    0,
                    List.of(
                            new Attribute("sluice.reason", pause.reason()),
                            new Attribute("sluice.path", pause.path()),
                            new Attribute("sluice.waited_micros", pause.waited()))));
        }
    }

    private String text() {
        gather();
        List<Attribute> resource =
                List.of(new Attribute("service.name", "sluice"), new Attribute("process.runtime.name", "java"));
        return Json.object(json -> json.objects("resourceSpans", List.of(resource), (one, attributes) -> {
            one.object("resource", in -> attributes(in, attributes));
            one.objects("scopeSpans", List.of(spans), (scope, all) -> {
                scope.object("scope", in -> in.with("name", "dev.sluice"));
                scope.objects("spans", all, this::span);
            });
        }));
    }

    private void span(Json json, Span span) {
        json.with("traceId", trace).with("spanId", span.id());
        if (!span.parent().isEmpty()) {
            json.with("parentSpanId", span.parent());
        }
        json.with("name", span.name())
                .with("kind", INTERNAL)
                .with("startTimeUnixNano", nanos(span.from()))
                .with("endTimeUnixNano", nanos(Math.max(span.from(), span.to())));
        attributes(json, span.attributes());
        json.object("status", status -> {
            if (span.status() != 0) {
                status.with("code", span.status());
            }
        });
    }

    /** In this JSON, whole numbers of 64 bits are texts. */
    private String nanos(long micros) {
        Instant at = facts.head().begin().plus(micros, ChronoUnit.MICROS);
        return BigInteger.valueOf(at.getEpochSecond())
                .multiply(BigInteger.valueOf(1_000_000_000))
                .add(BigInteger.valueOf(at.getNano()))
                .toString();
    }

    private static void attributes(Json json, List<Attribute> attributes) {
        json.objects("attributes", attributes, (one, attribute) -> {
            one.with("key", attribute.key());
            one.object("value", value -> {
                if (attribute.value() instanceof Long number) {
                    value.with("intValue", number.toString());
                } else {
                    value.with("stringValue", attribute.value().toString());
                }
            });
        });
    }
}
