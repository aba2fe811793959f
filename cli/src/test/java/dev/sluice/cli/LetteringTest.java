package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LetteringTest {
    @Test
    void whatFitsStaysAsItIs() {
        assertThat(Lettering.PATH.fit("a/b.txt", 100)).isEqualTo("a/b.txt");
    }

    @Test
    void whatDoesNotLosesItsMiddle() {
        String fitting = Lettering.PATH.fit("data/" + "x".repeat(100) + "/last.txt", 120);

        assertThat(fitting).startsWith("data").contains("…").endsWith("/last.txt");
        assertThat(Lettering.PATH.width(fitting)).isLessThanOrEqualTo(120);
    }

    @Test
    void lettersOfTwoCharactersAreNotCutInHalf() {
        String fitting = Lettering.STEP.fit("😀".repeat(50), 100);

        assertThat(Lettering.visible(fitting)).isEqualTo(fitting);
        assertThat(Lettering.STEP.width(fitting)).isLessThanOrEqualTo(100);
    }

    @Test
    void whatCannotBeSeenIsSpelt() {
        assertThat(Lettering.visible("a\nb\t\u0000\u202ec\ud83d")).isEqualTo("a\\nb\\t\\u0000\\u202ec\\ud83d");
    }

    @Test
    void rowsAreFilledAndNoneIsWiderThanAllowed() {
        List<List<String>> rows = Lettering.SMALL.rows(List.of("one", "two", "x".repeat(80)), 90, 10);

        assertThat(rows).hasSize(2);
        assertThat(rows.getFirst()).containsExactly("one", "two");
        assertThat(Lettering.SMALL.width(rows.get(1).getFirst()) + 10).isLessThanOrEqualTo(90);
    }
}
