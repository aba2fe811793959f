package dev.sluice.cli;

import static dev.sluice.cli.Typed.sluice;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {
    @TempDir
    private Path folder;

    @Test
    void bashCompletesCommandsOptionsAndValues() throws Exception {
        assertThat(completions("ch")).contains("check");
        assertThat(completions("check", "--")).contains("--dir", "--json", "--lenient");
        assertThat(completions("st")).contains("status", "stop");
        assertThat(completions("exec", "--")).contains("--dir", "--flow", "--step", "--wait");
        assertThat(completions("convert", "--to", "1")).containsExactlyInAnyOrder("1.0", "1.1");
        assertThat(completions("graph", "--format", "m")).containsExactly("mmd");
    }

    @Test
    void valuesAreOfferedAsTheHelpShowsThem() throws Exception {
        assertThat(completions("run", "--keep", "")).containsExactly("all", "permanent", "none");
        assertThat(completions("run", "--keep", "p")).containsExactly("permanent");
        assertThat(completions("run", "--keep", "=")).containsExactly("all", "permanent", "none");
        assertThat(completions("run", "--keep", "=", "p")).containsExactly("permanent");
    }

    @Test
    void onlyDirectoriesAreOfferedForTheManagedOneAndFilesForOthers() throws Exception {
        Files.writeString(folder.resolve("out.txt"), "");
        Files.createDirectory(folder.resolve("out.d"));
        String start = folder.resolve("out").toString();
        for (String command : List.of("run", "check", "explain", "graph")) {
            assertThat(completions(command, "--dir", start)).as(command).containsExactly(start + ".d");
        }
        assertThat(completions("graph", "-o", start)).containsExactlyInAnyOrder(start + ".d", start + ".txt");
        assertThat(completions("check", start)).containsExactlyInAnyOrder(start + ".d", start + ".txt");
    }

    /** What bash offers behind these words, the last of which is not complete. */
    private String[] completions(String... words) throws IOException, InterruptedException {
        Path script =
                Files.writeString(folder.resolve("script"), sluice("completion").out());
        String line = "sluice " + String.join(" ", words);
        String test = "source '" + script + "'; COMP_WORDS=(" + line + (line.endsWith(" ") ? "''" : "")
                + "); COMP_CWORD=" + words.length + "; COMP_LINE='"
                + line
                + "'; COMP_POINT=${#COMP_LINE}; _complete_sluice 2>/dev/null; printf '%s\\n' \"${COMPREPLY[@]}\"";
        Process bash = new ProcessBuilder("bash", "--norc", "-c", test)
                .redirectErrorStream(true)
                .start();
        String printed = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(printed).isZero();
        return printed.strip().split("\\s+");
    }
}
