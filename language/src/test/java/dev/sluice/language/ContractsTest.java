package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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

    /** CAPIO-CL's engine does so too: its {@code testAddFileManuallyQuestion}. */
    @Test
    void whatAPatternOfDirectoriesMatchesIsADirectory() {
        Contracts contracts = directories(
                Rule.directories("lane-*", "/data/run/*.d").commits(CommitRule.onNFiles(3)),
                Rule.files("lane-*.log").commits(CommitRule.onClose()));

        assertThat(contracts.isDirectory("lane-1")).isTrue();
        assertThat(contracts.path("lane-1").commit()).isEqualTo(CommitRule.onNFiles(3));
        assertThat(contracts.isDirectory("/data/run/lane-1")).isTrue();
        assertThat(contracts.isDirectory("b/c.d")).isTrue();
        assertThat(contracts.isDirectory("lane-1.log"))
                .as("the longer pattern is one of files")
                .isFalse();
        assertThat(contracts.isDirectory("qc")).isFalse();
        assertThat(contracts.isDirectory("qc-7"))
                .as("written with a slash at its end")
                .isTrue();
    }

    @Test
    void whatIsInADirectoryThatAPatternMatchesIsAFile() {
        Contracts contracts = directories(Rule.directories("lane-*").commits(CommitRule.onNFiles(3)));

        assertThat(contracts.isDirectory("lane-1/reads.fq")).isFalse();
        assertThat(contracts.path("lane-1/reads.fq").kind()).isEqualTo(Rule.Kind.FILE);
        assertThat(contracts.isDirectory("lane-1/reads/")).isTrue();
        assertThat(contracts.isDirectory("/elsewhere/lane-1")).isFalse();
    }

    @Test
    void anOwnRuleForAFileComesBeforeAPatternOfDirectories() {
        Contracts contracts = directories(
                Rule.directories("lane-*").commits(CommitRule.onNFiles(3)),
                Rule.files("lane-x").commits(CommitRule.onClose()));

        assertThat(contracts.isDirectory("lane-x")).isFalse();
        assertThat(contracts.path("lane-x").commit()).isEqualTo(CommitRule.onClose());
    }

    private static Contracts directories(Rule... rules) {
        Flow flow = Flow.builder("w")
                .step("cut", List.of("qc-*/"), List.of("lane-*"), rules)
                .build();
        return Contracts.of(flow, Path.of("/data/run"));
    }
}
