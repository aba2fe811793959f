package dev.sluice.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Child;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsoleTest extends OnFiles {
    private final InputStream input = System.in;
    private final PrintStream output = System.out;

    @AfterEach
    void giveThemBack() {
        System.setIn(input);
        System.setOut(output);
    }

    private static Child.Outcome talk(String shell, String... arguments) {
        List<String> java = Child.java(ConsoleTalk.class.getName(), ConsoleTalk.class, List.of(), arguments);
        return Child.run(List.of("sh", "-c", shell.replace("JAVA", "'" + String.join("' '", java) + "'")));
    }

    @Test
    void aPipeIsReadToItsEndTheLastLineToo() {
        Child.Outcome outcome = talk("printf 'one\\ntwo\\r\\n\\nlast' | JAVA");
        assertThat(outcome.output())
                .contains("terminal: false", "name? heard 'one'", "heard 'two'", "heard ''", "heard 'last'")
                .endsWith("name? end: standard input has ended: there is no line to read\n");
    }

    @Test
    void aFileAndNothingAreReadToTheirEnds() throws IOException {
        file("answers", "from a file\n");
        assertThat(talk("JAVA < " + folder.resolve("answers")).output()).contains("heard 'from a file'", "end: ");
        assertThat(talk("JAVA < /dev/null").output()).contains("end: standard input has ended");
    }

    @Test
    void whoMustBeATerminalIsNot() {
        assertThat(talk("echo hello | JAVA", "terminal").output())
                .contains("failed: standard input is no terminal (ENOTTY)", "name? ")
                .doesNotContain("heard");
    }

    @Test
    void atATerminalItAsks() {
        assumeTrue(Child.run(List.of("sh", "-c", "command -v script")).exit() == 0, "script is not installed");
        List<String> java = Child.java(ConsoleTalk.class.getName(), ConsoleTalk.class, List.of(), "terminal");
        String command = "'" + String.join("' '", java) + "'";
        Child.Outcome outcome = Child.run(List.of(
                "sh",
                "-c",
                "(sleep 2; printf 'hello\\n'; sleep 1; printf '\\004') | script -qec \"$0\" /dev/null",
                command));
        assertThat(outcome.output()).contains("terminal: true", "heard 'hello'", "end: ");
    }

    @Test
    void aLineThatComesTooLateIsTheNextOnes() throws IOException {
        List<String> java = Child.java(ConsoleTalk.class.getName(), ConsoleTalk.class, List.of(), "late");
        try (Child child = Child.of(java).start().untilItSays("stopped: TimeoutException")) {
            child.input().write(utf8("first\nsecond\n"));
            child.input().close();
            assertThat(child.finish().output()).contains("too late", "heard 'second'", "end: ");
        }
    }

    @Test
    void inputThatIsClosedHasEnded() {
        assertThat(talk("JAVA <&-").output().contains("heard")).isFalse();
        assertThat(talk("JAVA <&-").output()).contains("end: standard input has ended");
    }

    @Test
    void theStreamsOfTheMomentAreUsed() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setIn(new ByteArrayInputStream(utf8("redirected\n")));
        System.setOut(new PrintStream(said, true, UTF_8));
        Console console = Console.standard();
        assertThat(console.isTerminal()).isFalse();
        assertThat(get(console.input("who? "))).isEqualTo("redirected");
        assertThat(said.toString(UTF_8)).isEqualTo("who? ");
        assertThat(failure(console.input(""))).isInstanceOf(EOFException.class);
        get(console.couple().write("text\n"));
        get(console.couple().flush());
        assertThat(said.toString(UTF_8)).isEqualTo("who? text\n");
    }

    @Test
    void theStandardStreamsCannotBeClosed() {
        assertThatThrownBy(() -> Console.standard().couple().close())
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("standard streams");
    }
}
