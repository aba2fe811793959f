package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.fuse.Mount;
import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import dev.sluice.testing.MountPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs in which somebody is killed at any moment: nothing hangs, nothing is half, nothing is left. The properties {@code
 * seed} and {@code rounds} choose others.
 */
@Tag("abuse")
class KillsTest {
    private static final int LINES = 120;
    private static final int LATEST = 2500; // milliseconds; a run takes less
    private static final String LONG_LINE = "x".repeat(3000);

    @TempDir
    private Path folder;

    private final MountPoint point = MountPoint.of("kills");
    private String flow;

    private enum Victim {
        MAKE,
        TURN,
        USE,
        SERVER,
        NOBODY
    }

    @BeforeEach
    void prepare() throws IOException {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        flow = Files.writeString(folder.resolve("flow.json"), """
            { "name": "kills",
              "IO_Graph": [
                { "name": "make", "input_stream": [], "output_stream": ["data", "early"],
                  "streaming": [ { "name": ["data"], "committed": "on_close", "mode": "no_update" } ] },
                { "name": "turn", "input_stream": ["data"], "output_stream": ["turned"],
                  "streaming": [ { "name": ["turned"], "committed": "on_termination", "mode": "no_update" } ] },
                { "name": "use", "input_stream": ["turned"], "output_stream": ["result"] }
              ],
              "permanent": ["data", "early", "turned", "result"] }
            """).toString();
    }

    @AfterEach
    void leaveNoMount() {
        point.close();
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void nothingHangsNothingIsHalfNothingIsLeft() throws IOException {
        long seed = Long.getLong("seed", ThreadLocalRandom.current().nextInt(1_000_000));
        int rounds = Integer.getInteger("rounds", 60);
        System.out.println("kills, seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < rounds; round++) {
            Victim victim = Victim.values()[random.nextInt(Victim.values().length)];
            // One round in which nobody is killed comes last: all works as ever.
            round(round, round == rounds - 1 ? Victim.NOBODY : victim, random.nextInt(LATEST));
        }
    }

    private void round(int number, Victim victim, int moment) throws IOException {
        String what = "round " + number + ", " + victim + " killed after " + moment + " ms";
        String mark = "KILLS_ROUND=" + ProcessHandle.current().pid() + "." + number;
        Path pids = Files.createDirectory(folder.resolve("pids" + number));
        Path work = point.path();
        String record =
                "echo $$ > " + pids + "/$SLUICE_STEP.new; mv " + pids + "/$SLUICE_STEP.new " + pids + "/$SLUICE_STEP; ";
        List<String> command = Child.java(
                Main.class.getName(),
                Main.class,
                List.of(),
                "run",
                flow,
                "--dir",
                work.toString(),
                "--timeout",
                "60s",
                "--step",
                "make=" + record + "echo early > " + work + "/early; i=0; while [ $i -lt " + LINES + " ]; do echo $i "
                        + LONG_LINE + "; i=$((i+1)); sleep 0.005; done > " + work + "/data",
                "--step",
                "turn=" + record + "sed s/x/y/g < " + work + "/data > " + work + "/turned",
                "--step",
                "use=" + record + "{ cat " + work + "/turned || exit 5; } | wc > " + work + "/result; test $(wc -l < "
                        + work + "/turned) = " + LINES);
        String[] variable = mark.split("=", 2);
        try (Child run = Child.of(command).with(variable[0], variable[1]).start()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(moment)); // any moment will do
            if (victim == Victim.SERVER) {
                run.killAlone();
            } else if (victim != Victim.NOBODY) {
                kill(pids.resolve(victim.name().toLowerCase(java.util.Locale.ROOT)), mark);
            }
            Child.Outcome outcome = run.finish();
            what += ": " + outcome.output();
            Deadline.until(
                    what + ": its processes have ended",
                    () -> Marked.processes(mark).isEmpty());
            Deadline.until(what + ": it is unmounted", () -> point.mounts().isEmpty());
            check(what, work, outcome.exit(), victim);
        } catch (AssertionError e) {
            throw new AssertionError(what + "; processes: " + Marked.processes(mark), e);
        }
    }

    private static void kill(Path file, String mark) throws IOException {
        if (Files.exists(file)) {
            String pid = Files.readString(file).strip();
            if (Marked.isMarked(Path.of("/proc", pid), mark)) { // it may have ended, and the number be another's
                Child.run(List.of("kill", "-9", pid));
            }
        }
    }

    private void check(String what, Path work, int exit, Victim victim) throws IOException {
        if (victim == Victim.NOBODY) {
            assertThat(exit).as(what).isZero();
        }
        String data = IntStream.range(0, LINES)
                .mapToObj(i -> i + " " + LONG_LINE + "\n")
                .collect(Collectors.joining());
        whole(what, work.resolve("early"), "early\n", exit == 0);
        whole(what, work.resolve("data"), data, exit == 0);
        whole(what, work.resolve("turned"), data.replace('x', 'y'), exit == 0);
        Path result = work.resolve("result");
        if (exit == 0) {
            assertThat(Files.readString(result).strip()).as(what).startsWith(LINES + " ");
        }
        try (Stream<Path> left = Files.list(work)) { // also what a killed run has written aside
            for (Path each : left.toList()) {
                String name = each.getFileName().toString();
                boolean isKnown = List.of("early", "data", "turned", "result").contains(name);
                boolean isAside = name.startsWith(".sluice-aside-") && victim == Victim.SERVER;
                assertThat(isKnown || name.endsWith(".incomplete") || isAside)
                        .as("%s; there is %s", what, name)
                        .isTrue();
                if (!isAside) { // that is for the next run to remove
                    Files.delete(each);
                }
            }
        }
    }

    private static void whole(String what, Path file, String content, boolean isThere) throws IOException {
        if (isThere || Files.exists(file)) {
            String found = Files.readString(file);
            assertThat(found.equals(content))
                    .as("%s; %s is whole, and has %d of %d bytes", what, file, found.length(), content.length())
                    .isTrue();
        }
    }
}
