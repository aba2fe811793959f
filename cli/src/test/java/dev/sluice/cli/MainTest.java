package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void versionIsTheModules() {
        assertThat(run("--version")).isZero();

        assertThat(out.toString()).matches("sluice \\d+\\.\\d+\\.\\d+\\S*\\R");
    }

    @Test
    void helpSaysWhatItIsFor() {
        assertThat(run("--help")).isZero();

        assertThat(out.toString()).contains("Usage: sluice", "still writing");
    }

    @Test
    void helpIsTheSameAsAWordAndAsAnOption() {
        assertThat(run("help")).isZero();
        assertThat(out.toString()).contains("Usage: sluice", "still writing").doesNotContain("\n  help");
        assertThat(run("help", "exec")).isZero();
        assertThat(out.toString()).contains("Usage: sluice exec");
        assertThat(run("help", "nonsense")).isEqualTo(2);
    }

    @Test
    void withoutACommandItSaysSoAndFails() {
        assertThat(run()).isEqualTo(2);

        assertThat(err.toString()).contains("which command?");
    }

    @Test
    void anUnknownCommandFails() {
        assertThat(run("nonsense")).isEqualTo(2);

        assertThat(err.toString()).startsWith("sluice: there is no command \"nonsense\"");
    }

    @Test
    void ofAnUnknownCommandTheWordsBehindItAreNotCalledCommands() {
        assertThat(run("chek", "flow.json")).isEqualTo(2);

        assertThat(err.toString()).startsWith("sluice: there is no command \"chek\"\nDid you mean: sluice check");
    }

    @Test
    void aMisspeltOptionIsNamedAlsoWhenItIsThenMissing() {
        assertThat(run("run", "flow.json", "--stp", "a=true")).isEqualTo(2);

        assertThat(err.toString())
                .startsWith("sluice run: Unknown option")
                .contains("--stp", "Possible solutions: --step");
    }

    @Test
    void aDirectoryIsNamedWithoutTheDotThatStandsForIt() {
        assertThat(run("status", "--dir", ".")).isEqualTo(1);

        String here = Path.of("").toAbsolutePath().toString();
        assertThat(err.toString()).startsWith("sluice status: nobody serves " + here + ": neither");
    }

    @Test
    void wordsTooManyAreSaid() {
        assertThat(run("schema", "1.0", "1.1")).isEqualTo(2);

        assertThat(err.toString()).isEqualTo("sluice schema: too many words: \"1.1\"\nSee `sluice schema --help`.\n");
    }

    @Test
    void helpSaysWhichDirectoryIsTakenWithoutTheOption() {
        assertThat(help("run")).contains("else the current directory");
        for (String command : List.of("check", "explain", "graph")) {
            assertThat(help(command)).as(command).contains("Else it is unknown");
        }
    }

    private String help(String command) {
        out.getBuffer().setLength(0);
        assertThat(run(command, "--help")).isZero();
        return out.toString().replaceAll("\\s+", " ");
    }

    private int run(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
