package dev.sluice.view;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Facts as JSON: what a page shows, and what is kept. Its fields are those of {@link Facts}, but for nothing that is null. */
final class FactsText {
    /** What the first field says. */
    static final String FORMAT = "sluice run 1";

    private static final long HUNDRED = 100;

    private final Facts facts;

    private FactsText(Facts facts) {
        this.facts = facts;
    }

    static String of(Facts facts) {
        return Json.object(new FactsText(facts)::put);
    }

    private void put(Json json) {
        Facts.Head head = facts.head();
        json.with("format", FORMAT)
                .with("workflow", head.workflow())
                .with("directory", head.directory())
                .with("manner", head.manner())
                .with("begin", head.begin().toString())
                .with("micros", head.micros())
                .with("state", head.state())
                .with("status", head.status())
                .texts("said", head.said())
                .with("processors", head.processors());
        Facts.Sums sums = facts.sums();
        json.object(
                "sums",
                one -> one.with("read", sums.read())
                        .with("written", sums.written())
                        .with("cpu", sums.cpu())
                        .with("made", sums.made())
                        .with("complete", sums.complete())
                        .with("failed", sums.failed())
                        .with("opens", sums.opens())
                        .with("kernelOpens", sums.kernelOpens())
                        .numbers("waits", sums.waits())
                        .numbers("waited", sums.waited())
                        .with("memory", sums.memory())
                        .with("spilled", sums.spilled()));
        json.object(
                "alone",
                one -> one.with("micros", facts.alone().micros())
                        .with("hundredths", facts.alone().micros() * HUNDRED / Math.max(1, head.micros()))
                        .with("measured", facts.alone().isMeasured())
                        .with("when", facts.alone().when()));
        json.objects(
                "advice",
                facts.advice(),
                (one, advice) -> one.with("text", advice.text()).with("micros", advice.micros()));
        json.objects(
                "route",
                facts.route(),
                (one, leg) -> one.with("step", leg.step())
                        .with("from", leg.from())
                        .with("to", leg.to())
                        .with("path", leg.path()));
        json.with("tick", facts.tick());
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < facts.files().size(); i++) {
            places.putIfAbsent(facts.files().get(i).path(), i);
        }
        json.objects("steps", facts.steps(), (one, step) -> put(one, step, places));
        json.objects("files", facts.files(), FactsText::put);
    }

    private static void put(Json json, Facts.Step step, Map<String, Integer> places) {
        json.with("name", step.name())
                .with("state", step.state())
                .with("expected", step.expected())
                .with("started", step.started())
                .with("failed", step.failed())
                .with("begin", step.begin())
                .with("end", step.end())
                .with("taken", step.taken())
                .with("cpu", step.cpu())
                .with("waited", step.waited())
                .with("read", step.read())
                .with("written", step.written())
                .with("readAssumed", step.isReadAssumed())
                .with("writeAssumed", step.isWriteAssumed());
        String waitsFor = step.waitsFor();
        if (waitsFor != null) {
            json.with("waitsFor", waitsFor);
        }
        json.objects(
                "runs",
                step.runs(),
                (one, run) -> one.with("begin", run.begin())
                        .with("end", run.end())
                        .with("failed", run.hasFailed())
                        .with("cpu", run.cpu())
                        .with("waited", run.waited())
                        .objects(
                                "pauses",
                                run.pauses(),
                                (in, pause) -> in.with("from", pause.from())
                                        .with("to", pause.to())
                                        .with("waited", pause.waited())
                                        .with("reason", pause.reason())
                                        .with("file", places.getOrDefault(pause.path(), -1))));
        json.object(
                "course",
                one -> one.numbers("cpu", step.course().cpu())
                        .numbers("read", step.course().read())
                        .numbers("written", step.course().written()));
    }

    private static void put(Json json, Facts.File file) {
        List<Facts.Share> shares = file.shares();
        json.with("path", file.path())
                .with("kind", file.kind())
                .with("files", file.files())
                .texts("producers", file.producers())
                .texts("consumers", file.consumers())
                .with("commit", file.commit())
                .with("fire", file.fire())
                .with("state", file.state())
                .with("bytes", file.bytes())
                .with("created", file.created())
                .with("written", file.written())
                .with("closed", file.closed())
                .with("committed", file.committed())
                .with("read", file.read())
                .objects(
                        "shares",
                        shares,
                        (one, share) -> one.with("step", share.step())
                                .with("read", share.read())
                                .with("written", share.written())
                                .with("readAssumed", share.isReadAssumed())
                                .with("writeAssumed", share.isWriteAssumed())
                                .with("readsInOrder", share.readsInOrder())
                                .with("writesInOrder", share.writesInOrder()))
                .numbers("growth", file.growth())
                .with("every", file.every());
    }
}
