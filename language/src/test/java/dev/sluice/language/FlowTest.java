package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FlowTest {
    @Test
    void isBuiltStepByStep() throws Exception {
        // @start region="build"
        Flow flow = Flow.builder("wordcount")
                .step(
                        "split",
                        List.of("book.txt"),
                        List.of("parts/*.txt"),
                        Rule.files("parts/*.txt").commits(CommitRule.onClose()).fires(FireRule.NO_UPDATE))
                .step("count", List.of("parts/*.txt"), List.of("counts.csv"))
                .permanent("counts.csv")
                .build();
        String json = flow.toJson(Flow.Version.V1_1);
        // @end

        assertThat(Reading.of("flow.json", json, Reading.Mode.STRICT).orThrow()).isEqualTo(flow);
    }

    @Test
    void aStepThatComesAgainIsAddedToTheFirstOfItsName() {
        Rule one = Rule.files("x").commits(CommitRule.onClose());
        Rule other = Rule.files("y").commits(CommitRule.onClose(2));
        Flow flow = Flow.builder("w")
                .step("s", List.of("a", "a"), List.of("x"), one)
                .step("t", List.of("x"), List.of())
                .step("s", List.of("b", "a"), List.of("y", "x"), other)
                .build();
        assertThat(flow.steps())
                .containsExactly(
                        new Step("s", List.of("a", "b"), List.of("x", "y"), List.of(one, other)),
                        new Step("t", List.of("x"), List.of(), List.of()));
    }

    @Test
    void whatIsSaidOfAPathTakesTheNextRuleInItsPlace() {
        Flow flow = Flow.builder("w")
                .step("s", List.of(), List.of("x", "y"), Rule.files("x", "y").commits(CommitRule.onClose()))
                .path("x", path -> path.producers("t").commits(CommitRule.onClose(3)))
                .path("x", path -> path.producers("t").commits(CommitRule.onClose(2)))
                .build();
        assertThat(flow.steps().getFirst().rules())
                .singleElement()
                .satisfies(rule -> assertThat(rule.paths()).containsExactly("y"));
        assertThat(flow.steps().getLast().rules())
                .singleElement()
                .satisfies(rule -> assertThat(rule.commit()).isEqualTo(CommitRule.onClose(2)));
    }

    /** Each of these takes minutes when what is there already is walked through every time. */
    @Test
    @Timeout(20)
    void manyStepsAndManyPathsOfOneStepAreBuiltInTimeProportionalToTheirNumber() {
        int many = 300_000;
        Flow.Builder steps = Flow.builder("many steps");
        Flow.Builder paths = Flow.builder("many paths");
        IntStream.range(0, many).forEach(i -> {
            steps.step("s" + i, List.of("f" + i), List.of("f" + (i + 1)));
            paths.path(
                    "f" + i,
                    path -> path.producers("s").commits(CommitRule.onClose()).storedIn(Storage.Place.MEMORY));
        });
        assertThat(steps.build().steps()).hasSize(many);
        assertThat(paths.build().steps().getFirst().rules()).hasSize(many);
    }

    @Test
    void aConfigurationNeedsTheVersionThatHasIt() throws Exception {
        Flow flow = Flow.builder("w").configuration("c.toml").build();
        assertThatThrownBy(() -> flow.toJson(Flow.Version.V1_0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write version 1.1");
        assertThat(Reading.of("f", flow.toJson(Flow.Version.V1_1), Reading.Mode.STRICT)
                        .orThrow())
                .isEqualTo(flow);
    }
}
