package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcTest {
    private static final int ME = (int) ProcessHandle.current().pid();

    @TempDir
    private Path folder;

    private final Kin kin = new Kin(1);

    @AfterEach
    void endAll() {
        kin.close();
    }

    @Test
    void oddNamesOfProgramsDoNotDisturb() throws Exception {
        Path program = Files.copy(Path.of("/bin/sleep"), folder.resolve("a) Z 1 (\n2"));
        Process process = kin.start(Map.of(), List.of(program.toString(), "1000"));
        int number = (int) process.pid();
        Deadline.until(
                "it sleeps",
                () -> Proc.life(number).filter(life -> life.state() == 'S').isPresent());
        Proc.Life life = Proc.life(number).orElseThrow();
        assertThat(life.parent()).isEqualTo(ME);
        assertThat(life.threads()).isEqualTo(1);
        assertThat(life.isBecoming()).isFalse();
        assertThat(life.start()).isBetween(1L, Proc.now() + 1);
        assertThat(Proc.process(number)).isEqualTo(number);
        assertThat(Proc.isSame(life)).isTrue();
        assertThat(Proc.isSame(new Proc.Life(number, 'S', ME, 0, 0, 1, life.start() + 1, 0, false)))
                .isFalse();
    }

    @Test
    void variablesAreFoundByTheirWholeNames() {
        Process process = kin.start(
                Map.of(
                        "SLUICE_SESSIONS",
                        "no",
                        "X_SLUICE_SESSION",
                        "no",
                        "SLUICE_SESSION",
                        "a=b c",
                        "SLUICE_EMPTY",
                        ""),
                List.of("sleep", "1000"));
        int number = (int) process.pid();
        assertThat(Proc.variable(number, "SLUICE_SESSION")).contains("a=b c");
        assertThat(Proc.variable(number, "SLUICE_EMPTY")).contains("");
        assertThat(Proc.variable(number, "SLUICE_SESS")).isEmpty();
    }

    @Test
    void whatIsGoneIsNotThere() {
        int none = 999_999_999;
        assertThat(Proc.life(none)).isEmpty();
        assertThat(Proc.process(none)).isZero();
        assertThat(Proc.variable(none, "PATH")).isEmpty();
        assertThat(Proc.threads(none)).isEmpty();
        assertThat(Proc.opened(none, 0)).isEmpty();
        assertThat(Proc.children(none)).isEmpty();
    }

    @Test
    void thisProcessIsOneOfAll() {
        assertThat(Proc.processes()).contains(ME, 1);
        assertThat(Proc.threads(ME)).contains(ME).hasSizeGreaterThan(1);
        int other =
                Proc.threads(ME).stream().filter(task -> task != ME).findAny().orElseThrow();
        assertThat(Proc.process(other)).isEqualTo(ME);
    }

    @Test
    void childrenAreThoseOfAllThreads() {
        int child = (int) kin.start(Map.of(), List.of("sleep", "1000")).pid();
        assertThat(Proc.children(ME)).contains(child);
        assertThat(Proc.children(child)).isEmpty();
    }

    @Test
    void brokenLinesAreNothing() {
        assertThat(Proc.life(1, "")).isEmpty();
        assertThat(Proc.life(1, "1 (a) ")).isEmpty();
        assertThat(Proc.life(1, "1 (a) S 2 3")).isEmpty();
    }
}
