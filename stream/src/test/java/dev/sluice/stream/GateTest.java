package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.FireRule;
import dev.sluice.stream.Gate.Ask;
import dev.sluice.stream.Gate.Decision;
import dev.sluice.stream.Gate.Phase;
import dev.sluice.stream.Gate.Role;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole table, cell by cell. */
class GateTest {
    /** What a consumer is told; a read of what is written, and of what is not. */
    @ParameterizedTest
    @CsvSource(textBlock = """
        EXPECTED,  update,    OPEN WAIT, WRITE ABSENT, READ WAIT WAIT, STAT WAIT, STAT_OPEN WAIT
        EXPECTED,  no_update, OPEN WAIT, WRITE ABSENT, READ WAIT WAIT, STAT WAIT, STAT_OPEN WAIT
        PRIOR,     update,    OPEN WAIT, WRITE GO,     READ WAIT WAIT, STAT WAIT, STAT_OPEN WAIT
        PRIOR,     no_update, OPEN WAIT, WRITE GO,     READ WAIT WAIT, STAT WAIT, STAT_OPEN WAIT
        GROWING,   update,    OPEN WAIT, WRITE GO,     READ WAIT WAIT, STAT WAIT, STAT_OPEN WAIT
        GROWING,   no_update, OPEN GO,   WRITE GO,     READ GO WAIT,   STAT WAIT, STAT_OPEN GO
        COMMITTED, update,    OPEN GO,   WRITE GO,     READ GO GO,     STAT GO,   STAT_OPEN GO
        COMMITTED, no_update, OPEN GO,   WRITE GO,     READ GO GO,     STAT GO,   STAT_OPEN GO
        FAILED,    update,    OPEN BROKEN, WRITE GO, READ BROKEN BROKEN, STAT BROKEN, STAT_OPEN BROKEN
        FAILED,    no_update, OPEN BROKEN, WRITE GO, READ BROKEN BROKEN, STAT BROKEN, STAT_OPEN BROKEN
        MISSING,   update,    OPEN ABSENT, WRITE ABSENT, READ ABSENT ABSENT, STAT ABSENT, STAT_OPEN ABSENT
        MISSING,   no_update, OPEN ABSENT, WRITE ABSENT, READ ABSENT ABSENT, STAT ABSENT, STAT_OPEN ABSENT
        """)
    void aConsumerIsTold(
            Phase phase, String fire, String open, String write, String read, String stat, String statOpen) {
        FireRule rule = fire.equals("update") ? FireRule.UPDATE : FireRule.NO_UPDATE;
        Map<Ask, String> cells =
                Map.of(Ask.OPEN, open, Ask.WRITE, write, Ask.READ, read, Ask.STAT, stat, Ask.STAT_OPEN, statOpen);
        assertThat(cells).hasSize(Ask.values().length);
        cells.forEach((ask, cell) -> {
            String[] words = cell.split(" ", -1);
            assertThat(words[0]).isEqualTo(ask.name());
            assertThat(Gate.decide(ask, Role.CONSUMER, phase, rule, true)).hasToString(words[1]);
            assertThat(Gate.decide(ask, Role.CONSUMER, phase, rule, false)).hasToString(words[words.length - 1]);
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"PRODUCER", "BYSTANDER"})
    void nobodyElseWaits(Role role) {
        for (Ask ask : Ask.values()) {
            for (Phase phase : Phase.values()) {
                for (FireRule fire : FireRule.values()) {
                    boolean isThere = phase != Phase.EXPECTED && phase != Phase.MISSING;
                    assertThat(Gate.decide(ask, role, phase, fire, false))
                            .as(ask + " " + phase)
                            .isEqualTo(isThere ? Decision.GO : Decision.ABSENT);
                }
            }
        }
    }

    @Test
    void whatIsCompleteKeepsNobodyWaiting() {
        for (Ask ask : Ask.values()) {
            for (Role role : Role.values()) {
                assertThat(Gate.decide(ask, role, Phase.COMMITTED, FireRule.UPDATE, false))
                        .isEqualTo(Decision.GO);
            }
        }
    }
}
