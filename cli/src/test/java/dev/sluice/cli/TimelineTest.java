package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.cli.Lane.Mark;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final Lane STREAMED =
            new Lane("use", List.of(new Mark(1, 0), new Mark(3, 2), new Mark(5, 2), new Mark(9, 2.1)));

    private final StringWriter out = new StringWriter();

    private Timeline timeline(double seconds, int width) {
        return new Timeline(new Screen(new PrintWriter(out, true), new Ability(width, false, false, false)), seconds);
    }

    @Test
    void aCellShowsWhatTheStepDidMostOfTheTime() {
        assertThat(timeline(10, 80).cells(STREAMED, 10)).isEqualTo(" ..###### ");
        assertThat(timeline(10, 80).cells(Lane.busy("make", 0, 5), 10)).isEqualTo("#####     ");
    }

    @Test
    void theScaleIsTheSameForAllLanes() {
        timeline(10, 80).print(List.of(Lane.busy("make", 0, 5), STREAMED));

        List<String> lines = out.toString().lines().toList();
        assertThat(lines).allMatch(line -> line.length() <= 80);
        assertThat(lines.get(0)).startsWith("  make  ####").endsWith("5.00 s");
        assertThat(lines.get(1))
                .matches("  use {7,8}\\.{8,9}#{26,28} +8\\.00 s.*")
                .endsWith("8.00 s, waited 2.10 s");
    }

    @Test
    void narrowScreensHaveNoRoomForTheWaits() {
        timeline(10, 40).print(List.of(STREAMED));

        assertThat(out.toString().lines())
                .singleElement()
                .asString()
                .hasSize(40)
                .endsWith("8.00 s");
    }

    @Test
    void waitsBetweenTwoLooksAreSpread() {
        assertThat(STREAMED.waited(0, 10)).isCloseTo(2.1, within(1e-9));
        assertThat(STREAMED.waited(0, 2)).isCloseTo(1, within(1e-9));
        assertThat(STREAMED.waited(3, 5)).isZero();
        assertThat(STREAMED.present(0, 2)).isEqualTo(1);
        assertThat(STREAMED.present(9.5, 10)).isZero();
    }

    @Test
    void aLaneHasAStartAndAnEnd() {
        assertThatThrownBy(() -> new Lane("a", List.of(new Mark(0, 0)))).hasMessageContaining("a start and an end");
    }
}
