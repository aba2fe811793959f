package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.view.Earlier;
import dev.sluice.view.Facts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PanelTest {
    private static final int SECOND = 1_000_000;
    private static final Ability WIDE = new Ability(100, true, false, true);

    private final Earlier earlier = new Earlier(
            "flow", "run", "", 10L * SECOND, "succeeded", Map.of("make", 1000L << 20), Map.of("big.dat", 1000L << 20));

    private static Facts.Step step(String name, String state, long read, long written, String waitsFor) {
        return new Facts.Step(
                name,
                state,
                1,
                1,
                0,
                0,
                Facts.NEVER,
                4L * SECOND,
                2L * SECOND,
                0,
                read,
                written,
                false,
                false,
                waitsFor,
                List.of(),
                new Facts.Course(List.of(), List.of(), List.of()));
    }

    private static Facts facts(double seconds, long bytes, int more) {
        List<Facts.Step> steps = new ArrayList<>();
        steps.add(step("make", "running", 0, bytes, null));
        steps.add(step("count", "waiting", bytes / 2, 0, "big.dat"));
        for (int i = 0; i < more; i++) {
            steps.add(step("step-" + i, "done", 0, 0, null));
        }
        Facts.File file = new Facts.File(
                "big.dat",
                "stream",
                1,
                List.of("make"),
                List.of("count"),
                "on_close",
                "no_update",
                "growing",
                bytes,
                1,
                2,
                -1,
                -1,
                3,
                List.of(
                        new Facts.Share("make", 0, bytes, false, false, false, true),
                        new Facts.Share("count", bytes / 2, 0, false, false, true, false)),
                List.of(),
                4);
        return new Facts(
                new Facts.Head(
                        "flow", "/d", "run", Instant.EPOCH, (long) (seconds * SECOND), "running", 0, List.of(), 2),
                steps,
                List.of(file),
                new Facts.Sums(bytes / 2, bytes, 0, 1, 0, 0, 2, 0, List.of(0L, 0L, 0L), List.of(0L, 0L, 0L), 0, 0),
                100_000,
                new Facts.Alone(0, false, ""),
                List.of(),
                List.of());
    }

    private List<String> lines(Panel panel, Ability ability, int most, int more) {
        panel.lines(facts(2, 100L << 20, more), ability, most);
        return panel.lines(facts(4, 500L << 20, more), ability, most);
    }

    @Test
    void aLaneForEachStepAndTheBusiestFilesAreShown() {
        List<String> lines = lines(new Panel(earlier), WIDE, 16, 0);

        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).isEqualTo("flow  4 s  0 of 2 steps done  500 MiB written, 200 MiB/s  about 4 s left");
        assertThat(lines.get(1))
                .startsWith("  make   ██████        running")
                .contains("50 %")
                .contains("out 500 MiB")
                .endsWith("200 MiB/s");
        assertThat(lines.get(2))
                .startsWith("  count")
                .contains("waits")
                .contains("in 250 MiB")
                .endsWith("for big.dat");
        assertThat(lines.get(3)).isEqualTo("    ██████        big.dat  500 MiB  count is 250 MiB behind  count waits");
    }

    @Test
    void ofTheFirstLineWholePartsAreLeftOutWhereThereIsNoRoom() {
        for (int width = 40; width < 80; width++) {
            Ability ability = new Ability(width, true, false, false);
            assertThat(lines(new Panel(earlier), ability, 16, 0).get(0))
                    .as("%d columns", width)
                    .startsWith("flow  4 s  0 of 2 steps done")
                    .matches(".*(done|written|MiB/s|left)");
        }
    }

    @Test
    void withoutAnEarlierRunNothingIsSaidOfTheEnd() {
        assertThat(lines(new Panel(null), WIDE, 16, 0)).noneMatch(line -> line.contains("left") || line.contains("█"));
    }

    @Test
    void itFitsIntoAnyTerminal() {
        for (int width : new int[] {1, 10, 25, 40, 60, 79, 120}) {
            for (boolean colours : new boolean[] {true, false}) {
                Ability ability = new Ability(width, true, colours, false);
                for (int most : new int[] {1, 2, 5, 16}) {
                    List<String> lines = lines(new Panel(earlier), ability, most, 40);
                    assertThat(lines).hasSizeBetween(1, most);
                    assertThat(lines)
                            .allMatch(line ->
                                    line.replaceAll("\033\\[[0-9;]*m", "").length() < Math.max(2, width))
                            .allMatch(line -> colours || !line.contains("\033"))
                            .allMatch(line ->
                                    !line.contains("\033") || line.endsWith("\033[0m") || line.contains("\033[0m"));
                }
            }
        }
    }

    @Test
    void ofManyStepsThoseThatAreAtWorkAreShown() {
        List<String> lines = lines(new Panel(null), WIDE, 8, 40);

        assertThat(lines).anyMatch(line -> line.startsWith("  make")).anyMatch(line -> line.contains("more steps"));
    }

    @Test
    void theNewsAreASentence() {
        Progression progression = new Progression(earlier);
        progression.look(facts(2, 100L << 20, 0));
        progression.look(facts(4, 500L << 20, 0));

        assertThat(News.sentence(facts(4, 500L << 20, 0), progression))
                .isEqualTo(
                        "after 4 s: make runs, count waits for big.dat; 500 MiB written (200 MiB/s), about 4 s left");
    }
}
