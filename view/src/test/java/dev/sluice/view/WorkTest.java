package dev.sluice.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.Flow;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.stream.Limits;
import dev.sluice.stream.Session;
import dev.sluice.stream.Workflow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkTest {
    @TempDir
    private Path directory;

    private final Work work = new Work(ms(1000));
    private Workflow workflow;
    private Session one;
    private Session other;

    @BeforeEach
    void begin() throws Exception {
        Flow flow = Flow.builder("work")
                .step("one", List.of(), List.of())
                .step("other", List.of(), List.of())
                .build();
        workflow = Workflow.open(directory, flow, Keep.NONE, new Limits(1, null));
        one = workflow.start("one");
        other = workflow.start("other");
    }

    @AfterEach
    void end() {
        workflow.close();
    }

    private static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }

    @Test
    void whatARunDidAfterTheLastLookIsItsOwn() {
        work.look(Map.of(one, ms(100), other, ms(30)), ms(1000), Map.of(one, false, other, false));
        work.look(Map.of(other, ms(40)), ms(1250), Map.of(one, true, other, false));

        assertThat(work.of(one)).isEqualTo(ms(250));
        assertThat(work.of(other)).isEqualTo(ms(40));
        assertThat(work.of("one")).isEqualTo(ms(250));
    }

    @Test
    void aRunWhoseProcessesAreGoneHasEndedHere() {
        work.look(Map.of(one, ms(100), other, ms(80)), ms(1000), Map.of(one, false, other, false));
        // Both are gone, and only one is said to have ended yet.
        work.look(Map.of(), ms(1190), Map.of(one, true, other, false));

        assertThat(work.of(one)).isEqualTo(ms(105));
        assertThat(work.of(other)).isEqualTo(ms(85));
    }

    @Test
    void whoWasNeverSeenAliveHasWorkedToo() {
        work.look(Map.of(), ms(1070), Map.of(one, true, other, false));

        assertThat(work.of(one)).isEqualTo(ms(70));
        assertThat(work.of(other)).isZero();
    }

    @Test
    void runsThatAreToldOfNoMoreAreAddedUp() {
        work.look(Map.of(one, ms(100)), ms(1000), Map.of());
        work.look(Map.of(), ms(1100), Map.of());

        assertThat(work.of(one)).isZero();
        assertThat(work.of("one")).isEqualTo(ms(100));
    }
}
