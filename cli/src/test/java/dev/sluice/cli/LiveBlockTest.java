package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveBlockTest {
    private final StringWriter printed = new StringWriter();
    private final StepOutput output = new StepOutput(new PrintWriter(printed), new PrintWriter(printed));

    private String seen() {
        return new Paper(60).print(printed.toString()).text();
    }

    @Test
    void whatIsPrintedComesAboveIt() {
        output.say("one");
        output.show(List.of("a", "b"));
        assertThat(seen()).isEqualTo("sluice: one\na\nb");
        output.say("two");
        output.show(List.of("c", "d", "e"));
        assertThat(seen()).isEqualTo("sluice: one\nsluice: two\nc\nd\ne");
        output.show(List.of());
        output.say("three");
        assertThat(seen()).isEqualTo("sluice: one\nsluice: two\nsluice: three");
    }

    @Test
    void whatIsTheSameIsNotPrintedAgain() {
        output.show(List.of("a"));
        String before = printed.toString();
        output.show(List.of("a"));

        assertThat(printed.toString()).isEqualTo(before);
    }

    @Test
    void nothingIsPrintedWhereNothingIsShown() {
        output.say("one");
        output.resized(10);
        output.show(List.of());

        assertThat(printed.toString()).isEqualTo("sluice: one\n");
    }

    @Test
    void aNarrowerTerminalHasWrappedIt() {
        output.resized(60);
        output.say("one");
        output.show(List.of("x".repeat(50), "y"));
        output.resized(20);

        assertThat(printed.toString())
                .as("3 rows for the first, 1 for the second")
                .contains("\033[4A");
        output.resized(40);
        output.show(List.of("z"));
        assertThat(printed.toString()).endsWith("z\n\033[?7h");
    }

    @Test
    void aLineThatIsTooLongDoesNotBecomeTwo() {
        output.show(List.of("x".repeat(100), "b"));
        output.show(List.of());
        output.say("end");

        assertThat(seen()).isEqualTo("sluice: end");
    }
}
