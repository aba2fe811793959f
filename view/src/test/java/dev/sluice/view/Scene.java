package dev.sluice.view;

import dev.sluice.view.Facts.Pause;
import dev.sluice.view.Facts.Share;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A run as a test tells it; times in seconds. One thread at a time. */
final class Scene {
    private final double length;
    private final List<Facts.Step> steps = new ArrayList<>();
    private final List<Facts.File> files = new ArrayList<>();
    long spilled;
    long room;
    long cpu;
    boolean writesInOrder = true;
    String commit = "on_close";

    Scene(double length) {
        this.length = length;
    }

    static long micros(double seconds) {
        return Math.round(seconds * Samples.SECOND);
    }

    static Pause pause(double from, double to, String reason, String path) {
        return new Pause(micros(from), micros(to), micros(to) - micros(from), reason, path);
    }

    Scene step(String name, double begin, double end, Pause... pauses) {
        long waited = Arrays.stream(pauses).mapToLong(Pause::waited).sum();
        long taken = micros(end) - micros(begin);
        steps.add(new Facts.Step(
                name,
                "done",
                1,
                1,
                0,
                micros(begin),
                micros(end),
                taken,
                (taken - waited) / 2,
                waited,
                10,
                20,
                false,
                false,
                null,
                List.of(new Facts.Run(
                        micros(begin), micros(end), false, (taken - waited) / 2, waited, List.of(pauses))),
                new Facts.Course(List.of(), List.of(), List.of())));
        return this;
    }

    Scene file(String path, String from, String to, String fire, double created, double committed) {
        files.add(new Facts.File(
                path,
                "stream",
                1,
                List.of(from),
                List.of(to),
                commit,
                fire,
                "complete",
                1000,
                micros(created),
                micros(created),
                micros(created + 0.5),
                micros(committed),
                micros(committed),
                List.of(
                        new Share(from, 0, 1000, false, false, false, writesInOrder),
                        new Share(to, 1000, 0, true, false, false, false)),
                List.of(),
                4));
        return this;
    }

    Facts facts() {
        return new Facts(
                new Facts.Head(
                        "scene",
                        "/managed",
                        "run",
                        Instant.parse("2026-01-02T03:04:05Z"),
                        micros(length),
                        "succeeded",
                        0,
                        List.of(),
                        2),
                steps,
                files,
                new Facts.Sums(1, 2, cpu, 3, 3, 0, 5, 4, List.of(1L, 2L, 3L), List.of(4L, 5L, room), 6, spilled),
                100_000,
                new Facts.Alone(micros(length) * 2, false, ""),
                List.of(),
                List.of());
    }
}
