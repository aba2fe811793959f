package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ContractsTest {
    private final Flow flow = Flow.builder("w")
            .step(
                    "writer",
                    List.of(),
                    List.of("out"),
                    Rule.files("out/*.dat").commits(CommitRule.onClose(3)),
                    Rule.files("out/last.dat").fires(FireRule.UPDATE))
            .step("reader", List.of("out/*"), List.of())
            .build();

    @Test
    void tellsWhatHoldsForAPath() {
        // @start region="ask"
        Contracts contracts = Contracts.of(flow);
        Contract contract = contracts.file("out/7.dat");
        assertThat(contract.producers()).containsExactly("writer"); // "out" is what it writes
        assertThat(contract.isConsumer("reader")).isTrue();
        assertThat(contract.commit()).isEqualTo(CommitRule.onClose(3)); // the rule for out/*.dat
        assertThat(contract.fire()).isEqualTo(FireRule.NO_UPDATE);
        // @end
        assertThat(contracts.file("out/last.dat").commit()).isEqualTo(CommitRule.onTermination());
        assertThat(contracts.file("elsewhere").fire()).isEqualTo(FireRule.UPDATE);
    }
}
