package dev.sluice.view;

import dev.sluice.view.Facts.Advice;
import dev.sluice.view.Facts.File;
import dev.sluice.view.Facts.Leg;
import dev.sluice.view.Facts.Pause;
import dev.sluice.view.Facts.Run;
import dev.sluice.view.Facts.Share;
import dev.sluice.view.Facts.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Says in sentences what could be better, as far as the facts tell. One thread at a time. */
final class Adviser {
    private static final int MOST = 4;

    /** A gain smaller than this part of all is not worth a sentence. */
    private static final double WORTH = 0.03;

    private static final long LEAST = 50_000;
    private static final double FULL = 0.85;
    private static final double IDLE = 0.3;
    private static final double MOSTLY = 0.5;
    private static final double PERCENT = 100;

    private final Facts facts;
    private final List<Advice> all = new ArrayList<>();

    private Adviser(Facts facts) {
        this.facts = facts;
    }

    static List<Advice> of(Facts facts, List<Leg> route) {
        Adviser adviser = new Adviser(facts);
        facts.files().stream().filter(File::isStream).forEach(adviser::file);
        adviser.bottleneck(route);
        adviser.memory();
        adviser.processors();
        return adviser.all.stream()
                .sorted(Comparator.comparingLong(Advice::micros).reversed())
                .limit(MOST)
                .toList();
    }

    private long worth() {
        return Math.max(LEAST, Math.round(WORTH * facts.head().micros()));
    }

    /** Could who reads it have begun earlier? */
    private void file(File file) {
        Optional<Share> writer =
                file.shares().stream().filter(share -> share.written() > 0).findFirst();
        if (file.committed() == Facts.NEVER || file.created() == Facts.NEVER || writer.isEmpty()) {
            return;
        }
        for (Step step : facts.steps()) {
            for (Run run : step.runs()) {
                run.pauses().stream()
                        .filter(pause -> pause.path().equals(file.path())
                                && pause.reason().equals("commit"))
                        .findFirst()
                        .ifPresent(pause -> commit(file, writer.get(), step, run, pause));
                if (run.pauses().stream().anyMatch(pause -> pause.path().equals(file.path()))) {
                    break; // one of its runs is enough
                }
            }
        }
    }

    private void commit(File file, Share writer, Step reader, Run run, Pause pause) {
        long first = Math.max(file.written() == Facts.NEVER ? file.created() : file.written(), pause.from());
        long byBytes = pause.to() - first;
        long byClose = file.closed() == Facts.NEVER ? 0 : pause.to() - Math.max(file.closed(), pause.from());
        String waited = "Step " + reader.name() + " waited " + share(pause.waited(), run) + " of its time for "
                + file.path() + " to be complete (" + seconds(pause.waited()) + "): ";
        if (file.isFireUpdate() && byBytes >= worth()) {
            String order = writer.writesInOrder()
                    ? "it is written once from start to end, so "
                    : "if step " + writer.step() + " writes it once from start to end, ";
            all.add(new Advice(
                    waited + order + "`no_update` would let " + reader.name() + " start " + seconds(byBytes)
                            + " earlier, if it reads from start to end as well.",
                    byBytes));
        } else if (byClose >= worth() && file.commit().equals("on_termination")) {
            all.add(new Advice(
                    waited + "it was closed for the last time " + seconds(byClose)
                            + " before, and is complete only when step " + writer.step()
                            + " ends. `on_close` would let " + reader.name() + " go on then.",
                    byClose));
        }
    }

    /** Who takes most of the critical path decides how long all takes. */
    private void bottleneck(List<Leg> route) {
        Step longest = null;
        long most = 0;
        for (Step step : facts.steps()) {
            long time = route.stream()
                    .filter(leg -> leg.step().equals(step.name()))
                    .mapToLong(leg -> leg.to() - leg.from())
                    .sum();
            if (time > most) {
                most = time;
                longest = step;
            }
        }
        if (longest == null || most < MOSTLY * facts.head().micros() || route.size() < 2) {
            return;
        }
        double load = longest.cpu() / (double) Math.max(1, longest.busy());
        String why = load >= FULL
                ? "it works on " + String.format(Locale.ROOT, "%.1f", load)
                        + " processors all the time: let it use more of them, or run more of it at once"
                : load <= IDLE
                        ? "it uses a processor for only " + percent(load)
                                + " of that time: it waits for something else,"
                                + " such as a disk, the network, or a sleep"
                        : "the others wait for it, so making it faster makes everything faster";
        all.add(new Advice(
                "Step " + longest.name() + " takes "
                        + percent(most / (double) Math.max(1, facts.head().micros())) + " of the critical path: " + why
                        + ".",
                0));
    }

    private void memory() {
        long room = facts.sums().waited().getLast();
        if (room >= worth()) {
            all.add(new Advice(
                    "Writers waited " + seconds(room) + " for room in memory, which is freed as readers come further:"
                            + " more `--memory` lets them run ahead.",
                    room));
        }
        if (facts.sums().spilled() > 0) {
            all.add(new Advice(
                    facts.sums().spilled() + (facts.sums().spilled() == 1 ? " file was" : " files were")
                            + " partly kept on disk, because memory was full: more `--memory`, or `--overflow wait`,"
                            + " keeps them off it.",
                    0));
        }
    }

    private void processors() {
        long possible = facts.head().micros() * facts.head().processors();
        double load = facts.sums().cpu() / (double) Math.max(1, possible);
        if (facts.head().micros() >= LEAST && load >= FULL) {
            all.add(new Advice(
                    "The steps kept " + percent(load) + " of this machine's "
                            + facts.head().processors() + " processors busy: more at the same time gains nothing here.",
                    0));
        }
    }

    private String share(long waited, Run run) {
        return percent(waited / (double) Math.max(1, run.endOr(facts.head().micros()) - run.begin()));
    }

    private static String percent(double part) {
        return String.format(Locale.ROOT, "%.0f %%", Math.min(1, part) * PERCENT);
    }

    private static String seconds(long micros) {
        return Figures.seconds(micros);
    }
}
