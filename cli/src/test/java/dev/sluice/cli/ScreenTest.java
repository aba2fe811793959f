package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private static final Ability TERMINAL = new Ability(40, true, true, true);
    private static final Ability PIPE = new Ability(40, false, false, false);

    private final StringWriter out = new StringWriter();

    @Test
    void aTerminalHasColours() {
        screen(TERMINAL).heading("Title");
        screen(TERMINAL).verified("done");

        assertThat(out.toString()).contains("\033[1mTitle\033[0m", "\033[32m✓ \033[0mdone");
    }

    @Test
    void aPipeIsPlain() {
        Screen screen = screen(PIPE);
        screen.heading("Title");
        screen.live("changing");
        screen.endLive();
        screen.verified("done");

        assertThat(out.toString().lines()).containsExactly("", "Title", "  ok: done");
    }

    @Test
    void progressChangesALineThatFits() throws InterruptedException {
        Progress progress = new Progress(screen(TERMINAL), 100 << 20);
        Thread.sleep(50);
        progress.add(50 << 20);

        assertThat(out.toString().replaceAll("\033\\[[0-9;]*[mK]", "").strip())
                .contains("█", "50 %", "MiB/s")
                .hasSizeLessThan(40);
        assertThat(progress.end()).startsWith("50 MiB in ");
    }

    @Test
    void barsAreFine() {
        assertThat(Bar.of(0, 4, true)).isEqualTo("    ");
        assertThat(Bar.of(0.5, 3, true)).isEqualTo("█▌ ");
        assertThat(Bar.of(1, 4, true)).isEqualTo("████");
        assertThat(Bar.of(7, 4, false)).isEqualTo("####");
        assertThat(Bar.of(0.5, 4, false)).isEqualTo("##  ");
    }

    @Test
    void aChartFitsItsWidth() {
        Chart.Row one = new Chart.Row("one", 200_000, false);
        Chart.Row other = new Chart.Row("a name that is rather long", 1_100_000, true);

        new Chart(screen(PIPE)).print(List.of(one, other), one);

        assertThat(out.toString().lines())
                .hasSize(4)
                .allMatch(line -> line.length() <= 40)
                .last()
                .asString()
                .contains("####################   1.1 M/s  5.5x");
    }

    private Screen screen(Ability ability) {
        return new Screen(new PrintWriter(out, true), ability);
    }
}
