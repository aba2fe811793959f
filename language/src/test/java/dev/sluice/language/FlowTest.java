package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

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
}
