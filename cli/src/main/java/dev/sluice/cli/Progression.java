package dev.sluice.cli;

import dev.sluice.view.Earlier;
import dev.sluice.view.Facts;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How fast a run goes on, and how far it is when an earlier one is known: from one look to the next. One thread at a time.
 */
final class Progression {
    private static final double MICROS = 1e6;

    /** A rate is that of the last seconds, not of the last look. */
    private static final double MEMORY_SECONDS = 2;

    /** With less done nothing can be said of the end. */
    private static final double LEAST_DONE = 0.03;

    private final @Nullable Earlier earlier;
    private final Map<String, double[]> rates = new HashMap<>();
    private final Map<String, Long> before = new HashMap<>();
    private long lastLook = Facts.NEVER;
    private @Nullable Facts facts;

    Progression(@Nullable Earlier earlier) {
        this.earlier = earlier;
    }

    void look(Facts now) {
        double seconds = lastLook == Facts.NEVER ? 0 : (now.head().micros() - lastLook) / MICROS;
        facts = now;
        set("", now.sums().written(), seconds);
        now.steps().forEach(step -> set("s" + step.name(), step.read() + step.written(), seconds));
        now.files().forEach(file -> set("f" + file.path(), moved(file), seconds));
        lastLook = now.head().micros();
    }

    private static long moved(Facts.File file) {
        return file.shares().stream()
                .mapToLong(share -> share.read() + share.written())
                .sum();
    }

    private void set(String what, long value, double seconds) {
        Long last = before.put(what, value);
        if (last != null && seconds > 0) {
            double rate = Math.max(0, value - last) / seconds;
            double weight = 1 - Math.exp(-seconds / MEMORY_SECONDS);
            double[] known = rates.computeIfAbsent(what, _ -> new double[] {rate});
            known[0] += weight * (rate - known[0]);
        }
    }

    private double rate(String what) {
        double[] known = rates.get(what);
        return known == null || known[0] < 1 ? 0 : known[0];
    }

    /** Bytes that are written in a second, by all steps. */
    double rate() {
        return rate("");
    }

    /** Bytes that a step reads and writes in a second. */
    double rate(Facts.Step step) {
        return rate("s" + step.name());
    }

    /** Bytes that are read from and written to a file in a second. */
    double rate(Facts.File file) {
        return rate("f" + file.path());
    }

    /** Which part of a step is done, from 0 to 1, if that can be said. */
    OptionalDouble done(Facts.Step step) {
        Long all = earlier == null ? null : earlier.steps().get(step.name());
        return all == null || all == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.min(1, (step.read() + step.written()) / (double) all));
    }

    /** Which part of a file is written, or of one that is complete, read by who reads it. */
    OptionalDouble done(Facts.File file) {
        if (file.state().equals("growing")) {
            return earlier == null || earlier.size(file.path()).orElse(0) == 0
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(Math.min(
                            1, file.bytes() / (double) earlier.size(file.path()).getAsLong()));
        }
        long least = file.shares().stream()
                .filter(share -> share.read() > 0)
                .mapToLong(Facts.Share::read)
                .min()
                .orElse(0);
        return file.bytes() == 0 || least == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.min(1, least / (double) file.bytes()));
    }

    /** How long it will take still, in microseconds, if that can be said: as long as the step that needs longest. */
    Optional<Long> left() {
        Facts now = facts;
        if (now == null || earlier == null) {
            return Optional.empty();
        }
        double longest = 0;
        for (Facts.Step step : now.steps()) {
            boolean isOver = step.state().equals("done")
                    || step.state().equals("failed")
                    || step.state().equals("left out");
            OptionalDouble done = done(step);
            if (isOver || done.isEmpty()) {
                continue;
            }
            double part = done.getAsDouble();
            if (part < LEAST_DONE || step.begin() == Facts.NEVER) {
                return Optional.empty();
            }
            longest = Math.max(longest, (now.head().micros() - step.begin()) * (1 - part) / part);
        }
        return longest <= 0 ? Optional.empty() : Optional.of(Math.round(longest));
    }
}
