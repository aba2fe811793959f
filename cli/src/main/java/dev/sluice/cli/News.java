package dev.sluice.cli;

import dev.sluice.view.Earlier;
import dev.sluice.view.Facts;
import dev.sluice.view.Meter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Tells where nobody sees lines that change how far a run is: a sentence now and then, the more seldom the longer it takes. */
final class News {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration SELDOM = Duration.ofMinutes(2);
    private static final int MOST_STEPS = 6;

    private final Meter meter;
    private final Supplier<Optional<Earlier>> earlier;
    private final Consumer<String> teller;

    News(Meter meter, Supplier<Optional<Earlier>> earlier, Consumer<String> teller) {
        this.meter = meter;
        this.earlier = earlier;
        this.teller = teller;
    }

    Thread start() {
        return Thread.ofVirtual().name("news").start(() -> {
            try {
                Duration pause = FIRST;
                Progression progression = null;
                while (true) {
                    Thread.sleep(pause);
                    if (progression == null) {
                        progression = new Progression(earlier.get().orElse(null));
                    }
                    Facts facts = meter.facts();
                    progression.look(facts);
                    teller.accept(sentence(facts, progression));
                    pause = longer(pause);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // it ends
            }
        });
    }

    /** After 10, 30, 70, 150 seconds, and so on. */
    static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(SELDOM) > 0 ? SELDOM : twice;
    }

    static String sentence(Facts facts, Progression progression) {
        List<String> steps = new ArrayList<>();
        List<Facts.Step> active = facts.steps().stream()
                .filter(step -> step.state().equals("running") || step.state().equals("waiting"))
                .toList();
        active.stream().limit(MOST_STEPS).forEach(step -> steps.add(step.name() + " " + Panel.state(step)));
        if (active.size() > MOST_STEPS) {
            steps.add((active.size() - MOST_STEPS) + " more run");
        }
        String rate = progression.rate() > 0 ? " (" + Figures.rate(Math.round(progression.rate()), 1) + ")" : "";
        return "after " + Panel.clock(facts.head().micros()) + ": "
                + (steps.isEmpty() ? "no step runs" : String.join(", ", steps)) + "; "
                + Figures.bytes(facts.sums().written()) + " written" + rate
                + progression
                        .left()
                        .map(left -> ", about " + Panel.clock(left) + " left")
                        .orElse("");
    }
}
