package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Overlap.Link;
import dev.sluice.cli.Sightings.Turn;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverlapTest {
    private final List<Turn> turns = List.of(turn(1000, 1100), turn(1100, 1200), turn(1200, 1250));

    private static Turn turn(long begin, long end) {
        Turn turn = new Turn("step", begin);
        turn.end = end;
        return turn;
    }

    @Test
    void whoNeedsNothingGoesAtOnce() {
        assertThat(Overlap.nanos(turns, List.of())).isEqualTo(100);
    }

    @Test
    void whoWaitsForAWholeFileBeginsBehindIt() {
        Link whole = new Link(0, 1100, 1100, 1, 1100, 1200);
        assertThat(Overlap.nanos(turns, List.of(whole))).isEqualTo(200);
    }

    @Test
    void whoReadsAlongIsLateByTheFirstBytesOnly() {
        // There from 10 on, complete at 100; the reader takes from 0 to 100 of its own time.
        Link streamed = new Link(0, 1010, 1100, 1, 1100, 1200);
        assertThat(Overlap.nanos(turns, List.of(streamed))).isEqualTo(110);
    }

    @Test
    void whoIsDoneBeforeTheEndWaitsForIt() {
        // The third reads for 10, and has 40 to do afterwards.
        Link streamed = new Link(0, 1010, 1100, 2, 1200, 1210);
        assertThat(Overlap.nanos(turns, List.of(streamed))).isEqualTo(140);
    }

    @Test
    void delaysAddUpAlongAChain() {
        Link first = new Link(0, 1100, 1100, 1, 1100, 1100);
        Link second = new Link(1, 1200, 1200, 2, 1200, 1200);
        assertThat(Overlap.nanos(turns, List.of(first, second))).isEqualTo(250);
    }
}
