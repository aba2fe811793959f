package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
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
    void withoutACommandItSaysSoAndFails() {
        assertThat(run()).isEqualTo(2);

        assertThat(err.toString()).contains("which command?");
    }

    @Test
    void anUnknownCommandFails() {
        assertThat(run("nonsense")).isEqualTo(2);

        assertThat(err.toString()).contains("nonsense");
    }

    private int run(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
