package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.Problem;
import dev.sluice.language.Problem.Severity;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Problem ERROR =
            new Problem(Severity.ERROR, "code", "$.x", 1, 3, "this is wrong for more than one line", "mend it");
    private static final Problem WARNING = new Problem(Severity.WARNING, "code", "$.x", 0, 0, "doubtful", "");

    private final SourceText source = new SourceText("f.json", "{ x }".getBytes(StandardCharsets.UTF_8));
    private final StringWriter out = new StringWriter();

    @Test
    void aTerminalShowsColours() {
        report(new Ability(40, true, true, true)).problems(source, List.of(ERROR, WARNING));

        assertThat(out.toString()).isEqualTo("""
            \033[1mf.json:1:3: \033[0m\033[1;31merror:\033[0m this is wrong for
                more than one line; mend it\033[2m [code,\033[0m
            \033[2m    $.x]\033[0m
              { x }
            \033[1;31m    ^\033[0m
            \033[1mf.json: \033[0m\033[1;33mwarning:\033[0m doubtful\033[2m [code, $.x]\033[0m
            """);
    }

    @Test
    void aTerminalWithoutColoursIsPlain() {
        Report report = report(new Ability(40, true, false, true));
        report.problems(source, List.of(ERROR));
        report.summary("f.json", List.of(ERROR, ERROR, WARNING), "");

        assertThat(out.toString())
                .doesNotContain("\033")
                .endsWith("f.json: 2 errors, 1 warning\n")
                .satisfies(text -> assertThat(text.lines()).allMatch(line -> line.length() <= 40));
    }

    @Test
    void theEndCounts() {
        Report report = report(new Ability(40, true, true, true));
        report.summary("f", List.of(ERROR), "1 step");
        report.summary("f", List.of(WARNING, WARNING), "1 step");
        report.summary("f", List.of(), "1 step");

        assertThat(out.toString()).isEqualTo("""
            f: \033[1;31m1 error\033[0m
            f: \033[1;33m2 warnings\033[0m, no errors; 1 step
            f: \033[32mno problems\033[0m; 1 step
            """);
    }

    @Test
    void theEndIsNoWiderThanTheTerminal() {
        report(new Ability(21, true, true, true)).summary("flow.json", List.of(WARNING), "2 steps, 3 files");

        assertThat(out.toString())
                .isEqualTo("flow.json: \033[1;33m1 warning\033[0m,\n    no errors; 2\n    steps, 3 files\n");
    }

    private Report report(Ability ability) {
        return new Report(new Screen(new PrintWriter(out, true), ability));
    }
}
