package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverviewTest {
    private static final Message STEP = Message.of()
            .with("name", "count")
            .with("state", "running")
            .with("expected", 2)
            .with("started", 1)
            .with("running", 1)
            .with("processes", 3);

    private static Message file(String path) {
        return Message.of()
                .with("path", path)
                .with("state", "growing")
                .with("bytes", 3 << 20)
                .with("producers", List.of("make"))
                .with("consumers", List.of("count", "check"))
                .with("waiting", 1);
    }

    private static String shown(Message message) {
        StringWriter out = new StringWriter();
        Overview.show(message, new Screen(new PrintWriter(out, true), Ability.PLAIN));
        return out.toString();
    }

    private static Message message(String path) {
        return Message.of()
                .with("workflow", "words")
                .with("directory", "work")
                .with("seconds", 3725)
                .with("process", 12)
                .with("memory", 1 << 20)
                .with("steps", List.of(STEP))
                .with("files", List.of(file(path)))
                .with("allFiles", 9)
                .with(
                        "waits",
                        List.of(Message.of().with("why", "step count waits").with("seconds", 61)))
                .with("allWaits", 1);
    }

    @Test
    void tablesHaveAColumnForEachFact() {
        assertThat(shown(message("lines"))).isEqualTo("""
            words on work, served for 1 h 2 min by process 12, with 1 MiB of files in memory

            STEP   STATE    RUNS    PROCESSES
            count  running  1 of 2  3

            FILE   STATE    BYTES  FROM  READ BY       WAITING
            lines  growing  3 MiB  make  count, check  1
            and 8 more files; --json --most N tells of more

            step count waits (for 1 min 1 s)
            """);
    }

    @Test
    void longNamesAreCutInTheMiddleAndNothingCommandsATerminal() {
        String shown = shown(message("parts/" + "x".repeat(300) + "/\033[31mend"));

        assertThat(shown).doesNotContain("\033").contains("parts/xxx", "xx..x", "end ");
        assertThat(shown.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }
}
