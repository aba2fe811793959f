package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VitalsTest {
    private static final int ME = (int) ProcessHandle.current().pid();

    private static long descriptors() throws Exception {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    @Test
    void whoLivesHasNotFailedHoweverOftenHeIsAskedAbout() {
        try (Vitals vitals = new Vitals()) {
            for (int i = 0; i < 10; i++) {
                assertThat(vitals.failure(ME)).isZero();
            }
        }
    }

    @Test
    void whoHasEndedByASignalTellsIt() throws Exception {
        // A process that has ended, and that its parent has not asked about yet.
        try (Vitals vitals = new Vitals();
                Child parent = Child.of(List.of("sh", "-c", "sh -c 'echo $$; exec sleep 60' & read go; sleep 60"))) {
            parent.start();
            parent.untilItSays("\n");
            int process = Integer.parseInt(parent.said().strip());
            assertThat(vitals.failure(process)).isZero();
            Child.run(List.of("kill", "-KILL", Integer.toString(process)));
            dev.sluice.testing.Deadline.until("the process has ended", () -> vitals.failure(process) == 9);
        }
    }

    @Test
    void whoIsGoneIsNotTakenForWhoHasItsPlaceNow() throws Exception {
        try (Vitals vitals = new Vitals()) {
            int gone = Integer.parseInt(
                    Child.run(List.of("sh", "-c", "echo $$")).output().strip());
            assertThat(vitals.failure(gone)).isZero(); // nothing is known
            assertThat(vitals.failure(ME)).isZero();
            assertThat(vitals.failure(ME + 64)).isZero(); // perhaps nobody; its place is that of this process
            assertThat(vitals.failure(ME)).isZero();
        }
    }

    @Test
    void itKeepsFewFilesOpenAndNoneInTheEnd() throws Exception {
        long before = descriptors();
        try (Vitals vitals = new Vitals()) {
            for (int task : Proc.processes()) {
                vitals.failure(task);
            }
            assertThat(descriptors()).isLessThanOrEqualTo(before + 64);
        }
        assertThat(descriptors()).isEqualTo(before);
    }
}
