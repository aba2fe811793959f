package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.language.CommitRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
import dev.sluice.language.Step;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class DialogueTest {
    private final StringWriter out = new StringWriter();

    @Test
    void makesAFlowOfTheAnswers() throws IOException {
        Flow flow = ask(
                "words", "split", "book.txt", "parts/*.txt, log", "o", "", "count", "parts/*.txt", "csv", "a", "", "");

        assertThat(flow)
                .isEqualTo(Flow.builder("words")
                        .step(
                                "split",
                                List.of("book.txt"),
                                List.of("parts/*.txt", "log"),
                                Rule.files("log").fires(dev.sluice.language.FireRule.UPDATE),
                                Rule.files("parts/*.txt").commits(CommitRule.onClose()))
                        .step("count", List.of("parts/*.txt"), List.of("csv"), Rule.files("csv"))
                        .permanent("log", "csv")
                        .build());
        assertThat(out.toString())
                .contains("How does split write parts/*.txt?", "What is kept when the run ends [log, csv]");
    }

    @Test
    void asksAgainWhatItDidNotUnderstand() throws IOException {
        Flow flow = ask("", "", "a", "x,,y", "x", "y", "z", "r", "a", "", "kept");

        assertThat(flow.name()).isEqualTo("usual");
        assertThat(flow.steps())
                .singleElement()
                .satisfies(step -> assertThat(step.inputs()).containsExactly("x"));
        assertThat(flow.permanent()).containsExactly("kept");
        assertThat(out.toString())
                .contains("at least one step", "a comma too many", "answer r, a or o", "There is a step of that name.");
    }

    @Test
    void theEndOfTheInputEndsIt() {
        assertThatThrownBy(() -> ask("words", "split"))
                .isInstanceOf(Refusal.class)
                .hasMessage("ended; nothing was written");
    }

    @Test
    void keysThatAreNoLettersAreAskedForAgain() throws IOException {
        Flow flow = ask("words", "spl\033[Dit", "split", "", "x", "o", "", "");

        assertThat(flow.steps()).singleElement().extracting(Step::name).isEqualTo("split");
        assertThat(out.toString()).contains("no letter, such as an arrow").doesNotContain("\033");
    }

    @Test
    void nothingIsWiderThanTheTerminal() throws IOException {
        ask(40, "words", "split", "", "x", "o", "", "");

        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 40 || line.contains(": "));
        assertThat(out.toString()).contains("    r  it may change what it has\n       written, or you do not know;\n");
    }

    private Flow ask(String... answers) throws IOException {
        return ask(80, answers);
    }

    private Flow ask(int width, String... answers) throws IOException {
        BufferedReader in = new BufferedReader(new StringReader(String.join("\n", answers) + "\n"));
        return new Dialogue(in, new PrintWriter(out), width)
                .ask("usual", "flow.json")
                .flow();
    }
}
