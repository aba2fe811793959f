package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.language.Step;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"s:a,b>c", "s: a, b -> c", " s :a,b->c ", "s: a , b > c", "s:a,b,a->c"})
    void spacesAndArrowsAreAsYouLike(String typed) {
        assertThat(StepText.parse(typed)).isEqualTo(step("s", List.of("a", "b"), List.of("c")));
    }

    @Test
    void whatIsMissingIsNothing() {
        assertThat(StepText.parse("s: ->")).isEqualTo(step("s", List.of(), List.of()));
        assertThat(StepText.parse("s:a>")).isEqualTo(step("s", List.of("a"), List.of()));
        assertThat(StepText.parse("s: -> a")).isEqualTo(step("s", List.of(), List.of("a")));
        assertThat(StepText.parse("s: a ->")).isEqualTo(step("s", List.of("a"), List.of()));
    }

    @Test
    void everyPathCanBeSaid() {
        assertThat(StepText.parse("a\\:b: c:d, e\\,f, g\\>h, i\\\\j -> k-\\>l, *-x"))
                .isEqualTo(step("a:b", List.of("c:d", "e,f", "g>h", "i\\j"), List.of("k->l", "*-x")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":a", "s:a,,b", "s", "s:a", "s: a - b", "s: a -\\> b", "s:a>b>c", "s:a -> b,"})
    void otherTextsAreRefused(String typed) {
        assertThatIllegalArgumentException().isThrownBy(() -> StepText.parse(typed));
    }

    private static Step step(String name, List<String> reads, List<String> writes) {
        return new Step(name, reads, writes, List.of());
    }
}
