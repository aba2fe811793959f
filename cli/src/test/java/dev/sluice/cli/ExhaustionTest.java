package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.fuse.Mount;
import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import dev.sluice.testing.MountPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExhaustionTest {
    @TempDir
    private Path folder;

    private final MountPoint point = MountPoint.of("exhaustion");

    @AfterEach
    void leaveNoMount() {
        point.close();
    }

    /** As with millions of files in a larger one. */
    @Test
    void aRunWhoseMemoryIsFullEndsAndSaysWhy() throws IOException {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        Path flow = Files.writeString(folder.resolve("flow.json"), """
            { "name": "many", "IO_Graph": [ { "name": "make", "input_stream": [], "output_stream": ["*"] } ] }
            """);
        Path pid = folder.resolve("pid");
        String step = "echo $$ > " + pid + "; cd " + point.path() + "; echo good > first; i=10000000; "
                + "while :; do i=$((i + 1)); : > a-name-that-is-rather-long-so-that-memory-is-full-soon-$i; done";
        List<String> command = RunLine.with(List.of("-Xmx24m"), flow, point.path(), "make=" + step);
        try (Child run = Child.of(command).start()) {
            Child.Outcome outcome = run.finish(Duration.ofMinutes(2));
            assertThat(outcome.output())
                    .contains("sluice: the memory of the Java program, 2", " MiB, is full, so it ends here");
            assertThat(outcome.exit()).isEqualTo(Refusal.FAILED);
        }
        Deadline.until("it is unmounted", () -> point.mounts().isEmpty());
        String process = Files.readString(pid).strip();
        Deadline.until("the step has ended", () -> !KilledRunTest.isAlive(process));
    }

    /** As in a container that may have few processes. */
    @Test
    void aRunThatGetsNoMoreThreadsEndsAndSaysWhy() throws IOException {
        Path all = Path.of("/sys/fs/cgroup/pids");
        Path group = (Files.isDirectory(all) ? all : Path.of("/sys/fs/cgroup"))
                .resolve("sluice-test-" + ProcessHandle.current().pid());
        try {
            Files.createDirectory(group);
        } catch (IOException e) {
            abort("no control group can be made: " + e);
        }
        Path most = group.resolve("pids.max");
        try {
            assumeTrue(Files.isWritable(most), "processes cannot be counted");
            Path flow = Files.writeString(folder.resolve("flow.json"), """
                { "name": "few", "IO_Graph": [ { "name": "make", "input_stream": [], "output_stream": ["*"] } ] }
                """);
            Path pipe = folder.resolve("pipe");
            Child.run(List.of("mkfifo", pipe.toString()));
            List<String> command = new ArrayList<>(
                    List.of("sh", "-c", "echo $$ > \"$0/cgroup.procs\" && exec \"$@\"", group.toString()));
            command.addAll(RunLine.of(flow, folder, "make=echo begun; read line < " + pipe));
            command.add("--no-mount");
            try (Child run = Child.of(command).start()) {
                run.untilItSays("make | begun\n");
                Files.writeString(most, "1");
                Files.writeString(pipe, "go on\n");
                Child.Outcome outcome = run.finish();
                assertThat(outcome.output())
                        .contains("no more threads, so it ends here")
                        .doesNotContain("-Xmx");
                assertThat(outcome.exit()).isEqualTo(Refusal.FAILED);
            } finally {
                Files.writeString(most, "max");
            }
        } finally {
            Deadline.until(
                    "all have ended",
                    () -> Files.readString(group.resolve("cgroup.procs")).isEmpty());
            Files.delete(group);
        }
    }
}
