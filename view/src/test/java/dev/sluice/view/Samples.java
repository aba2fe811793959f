package dev.sluice.view;

import dev.sluice.view.Facts.Alone;
import dev.sluice.view.Facts.Course;
import dev.sluice.view.Facts.File;
import dev.sluice.view.Facts.Head;
import dev.sluice.view.Facts.Pause;
import dev.sluice.view.Facts.Run;
import dev.sluice.view.Facts.Share;
import dev.sluice.view.Facts.Step;
import dev.sluice.view.Facts.Sums;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Runs to show: chains of steps that hand files to each other. */
final class Samples {
    static final long SECOND = 1_000_000;
    private static final int POINTS = 60;

    private Samples() {}

    /** A chain of steps, each of which writes some files that the next one reads. */
    static Facts chain(int steps, int files, String state) {
        List<Step> all = new ArrayList<>();
        List<File> written = new ArrayList<>();
        long end = (steps + 10) * SECOND;
        for (int i = 0; i < steps; i++) {
            long begin = i * 20_000L;
            long own = begin + i * SECOND / 2;
            List<Pause> pauses = i == 0
                    ? List.of()
                    : List.of(new Pause(
                            begin + 10_000,
                            own,
                            own - begin - 10_000,
                            i % 3 == 1 ? "bytes" : "commit",
                            name(i - 1, 0)));
            long last = own + 5 * SECOND;
            long bytes = (1L << 20) * (i + 3) * 7 / 3;
            Run run = new Run(begin, last, false, 4 * SECOND, own - begin, pauses);
            all.add(new Step(
                    "step-" + i,
                    "done",
                    1,
                    1,
                    0,
                    begin,
                    last,
                    last - begin,
                    4 * SECOND,
                    own - begin,
                    i == 0 ? 0 : bytes,
                    bytes + 1,
                    i % 2 == 1,
                    false,
                    null,
                    List.of(run),
                    course(begin, last, end, bytes)));
        }
        for (int n = 0; n < files; n++) {
            int from = n % steps;
            long size = 1000L * (n + 1) * (n + 1);
            long made = from * SECOND / 2 + 50_000 + n * 7_000L;
            List<Share> shares = new ArrayList<>();
            shares.add(new Share("step-" + from, 0, size, false, false, false, true));
            if (from + 1 < steps) {
                shares.add(new Share("step-" + (from + 1), size - 1, 0, n % 2 == 0, false, true, true));
            }
            written.add(new File(
                    name(from, n / steps),
                    "stream",
                    1,
                    List.of("step-" + from),
                    from + 1 < steps ? List.of("step-" + (from + 1)) : List.of(),
                    "on_close",
                    from % 3 == 0 ? "no_update" : "update",
                    "complete",
                    size,
                    made,
                    made + 20_000,
                    made + SECOND,
                    made + SECOND + 1_000,
                    made + 2 * SECOND,
                    shares,
                    LongStream.range(0, 15).map(k -> k * size / 15).boxed().toList(),
                    4));
        }
        Head head = new Head(
                "chain of " + steps,
                "/data/<work> & more",
                "run",
                Instant.parse("2026-03-01T12:00:00.5Z"),
                end,
                state,
                0,
                List.of(),
                8);
        Facts facts = new Facts(
                head,
                all,
                written,
                new Sums(
                        all.stream().mapToLong(Step::read).sum(),
                        all.stream().mapToLong(Step::written).sum(),
                        4L * SECOND * steps,
                        files,
                        files,
                        0,
                        2L * files,
                        files,
                        List.of(5L, 6L, 0L),
                        List.of(7 * SECOND, 8 * SECOND, 0L),
                        1 << 20,
                        2),
                end / POINTS,
                new Alone(all.stream().mapToLong(Step::busy).sum(), false, ""),
                List.of(),
                List.of());
        List<Facts.Leg> route = Route.of(facts);
        return facts.with(route, Adviser.of(facts, route));
    }

    private static Course course(long begin, long last, long end, long bytes) {
        List<Long> read = IntStream.range(1, POINTS)
                .mapToObj(k -> part(begin, last, end / POINTS * k, bytes))
                .toList();
        return new Course(
                IntStream.range(1, POINTS)
                        .mapToObj(k -> part(begin, last, end / POINTS * k, 4 * SECOND))
                        .toList(),
                read,
                read);
    }

    private static long part(long begin, long last, long at, long all) {
        return Math.round(all * Math.clamp((at - begin) / (double) (last - begin), 0, 1));
    }

    private static String name(int step, int number) {
        return "out" + step + "/part-" + number + ".dat";
    }
}
