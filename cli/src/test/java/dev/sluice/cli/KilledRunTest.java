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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose server is killed in the midst of it. */
class KilledRunTest {
    @TempDir
    private Path folder;

    private final MountPoint point = MountPoint.of("killed-run");

    @AfterEach
    void leaveNoMount() {
        point.close();
    }

    @Test
    void noStepGoesOnWithoutTheServerWhereNothingIsMounted() throws IOException {
        Path work = Files.createDirectory(folder.resolve("work"));
        Path pids = folder.resolve("pids");
        String step = "setsid sh -c 'echo $$ >> PIDS; while :; do sleep 1; done' & echo $$ >> PIDS; echo ready; wait";
        try (Child run = start(work, step.replace("PIDS", pids.toString()), "--no-mount")) {
            run.untilItSays("ready");
            Deadline.until(
                    "both processes say who they are",
                    () -> Files.readAllLines(pids).size() == 2);
            run.killAlone();
            run.finish();
            Deadline.until(
                    "both have ended", () -> Files.readAllLines(pids).stream().noneMatch(KilledRunTest::isAlive));
        }
    }

    private Child start(Path work, String step, String... words) throws IOException {
        Path flow = Files.writeString(folder.resolve("flow.json"), """
            { "name": "killed", "IO_Graph": [ { "name": "make", "input_stream": [], "output_stream": ["data"] } ] }
            """);
        List<String> command = RunLine.of(flow, work, "make=" + step);
        command.addAll(List.of(words));
        return Child.of(command).start();
    }

    /** In the directory below, what it writes would be taken for a result. */
    @Test
    void noStepGoesOnWithoutTheMount() throws IOException {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        Path work = point.path();
        Path pids = folder.resolve("pids");
        String step = "setsid sh -c 'echo $$ >> PIDS; while :; do echo half > WORK/data; done' & echo $$ >> PIDS;"
                + " echo half > WORK/whole; echo ready; while :; do echo half > WORK/more; done";
        try (Child run = start(work, step.replace("WORK", work.toString()).replace("PIDS", pids.toString()))) {
            run.untilItSays("ready");
            Deadline.until(
                    "both processes say who they are",
                    () -> Files.readAllLines(pids).size() == 2);
            run.killAlone();
            run.finish();
            Deadline.until("it is unmounted", () -> point.mounts().isEmpty());
            for (String pid : Files.readAllLines(pids)) {
                assertThat(isAlive(pid)).as("process " + pid + " of the step").isFalse();
            }
        }
        try (Stream<Path> left = Files.list(work)) {
            assertThat(left.map(file -> file.getFileName().toString())).doesNotContain("data");
        }
    }

    /** One that has ended, and that nobody has asked about yet, has no environment. */
    static boolean isAlive(String pid) {
        try {
            return Files.readAllBytes(Path.of("/proc", pid, "environ")).length > 0;
        } catch (IOException e) {
            return false;
        }
    }
}
