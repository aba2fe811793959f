package dev.sluice.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Child;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files that somebody else cuts while they are mapped. */
class CutFileTest extends OnFiles {
    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void usingWhatWasCutOffFailsWithTheReasonAndNeverEndsTheProcess() {
        List<String> command = Child.java(
                CutFile.class.getName(),
                CutFile.class,
                List.of(
                        "-XX:TieredStopAtLevel=4",
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=" + folder.resolve("crash")),
                folder.toString());
        Child.Outcome outcome = Child.run(command);
        assertThat(outcome.exit()).as(outcome.output()).isZero();
        assertThat(outcome.output().lines().filter(line -> line.contains(": ")))
                .hasSize(17)
                .allSatisfy(line -> assertThat(line).endsWith(": noticed"));
        assertThat(outcome.output()).contains("all done");
    }
}
