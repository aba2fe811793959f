package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoTest {
    private static final String ESCAPE = "\033";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"auto", "threads"})
    void showsAndVerifiesEverything(String context) {
        assertThat(run("--size", "5M", "--context", context)).isZero();

        assertThat(err.toString()).isEmpty();
        assertThat(out.toString())
                .contains("Write 5 MiB", "40 of them in flight", "byte for byte what was meant: checksum ")
                .contains("the same bytes", "64 virtual threads", "1.0x", "lines/s", "Every byte was verified")
                .doesNotContain(ESCAPE, "\r");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void saysWhichContextWasChosenAndWhy() {
        assertThat(run("--size", "1M", "--context", "threads")).isZero();

        assertThat(out.toString()).containsPattern("uring +(not )?available");
        assertThat(out.toString()).containsPattern("threads +available, chosen: it was asked for");
        assertThat(out.toString()).contains("handed to the threads");
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threads"})
    void runsAsAProgram(String context) throws Exception {
        Process demo = start(List.of(), "-Dsluice.aio.context=" + context, "--size", "2M");
        String text = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(demo.waitFor()).as(text).isZero();
        assertThat(text).contains("Every byte was verified").doesNotContain(ESCAPE);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void leavesNothingWhenItIsToldToEnd() throws Exception {
        Process demo = start(List.of(), "-Dnone", "--size", "64M");
        try (var lines = demo.inputReader()) {
            while (!lines.readLine().startsWith("Write")) {
                assertThat(folder).isNotEmptyDirectory();
            }
            boolean _ = demo.toHandle().destroy(); // SIGTERM, which runs the same hooks as Ctrl-C
            assertThat(lines.readAllAsString()).contains("interrupted").doesNotContain("No such file");
        }
        assertThat(demo.waitFor()).isGreaterThan(128);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void fitsANarrowTerminal() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "script is not installed");
        Process demo = start(List.of("/usr/bin/script", "-qec"), "-Dnone", "--size", "2M");
        String text = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(demo.waitFor()).as(text).isZero();
        String plain = text.replaceAll(ESCAPE + "\\[[0-9;]*[mK]", "");
        assertThat(text).contains(ESCAPE + "[36m");
        assertThat(plain.split("[\\r\\n]+")).allMatch(line -> line.length() <= 40);
        assertThat(plain).contains("█", "✓");
    }

    @Test
    void misuseIsExplained() {
        assertThat(run("--size", "much")).isEqualTo(2);
        assertThat(run("--size", "1K")).isEqualTo(2);
        assertThat(run("--context", "magic")).isEqualTo(2);

        assertThat(err.toString()).contains("not a size", "must be from 1 MiB", "uring, threads or auto: magic");
    }

    @Test
    void failuresAreOneSentence() {
        assertThat(run("--size", "1000G")).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().contains("room", folder.toString(), "GiB");

        assertThat(Main.commandLine()
                        .setErr(new PrintWriter(err, true))
                        .execute("demo", "--directory", folder + "/nowhere"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("nowhere: no such file or directory");
    }

    private int run(String... arguments) {
        List<String> words = new ArrayList<>(List.of("demo", "--directory", folder.toString()));
        words.addAll(List.of(arguments));
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words.toArray(String[]::new));
    }

    private Process start(List<String> terminal, String property, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dstdout.encoding=UTF-8",
                property,
                "-cp",
                System.getProperty("java.class.path") + ":" + System.getProperty("jdk.module.path", ""),
                Main.class.getName(),
                "demo",
                "--directory",
                folder.toString()));
        command.addAll(List.of(arguments));
        if (!terminal.isEmpty()) {
            String line = "stty cols 40; exec '" + String.join("' '", command) + "'";
            command = new ArrayList<>(terminal);
            command.addAll(List.of(line, "/dev/null"));
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().remove("NO_COLOR");
        builder.environment().remove("COLUMNS");
        builder.environment().put("TERM", "xterm");
        Process process = builder.start();
        process.onExit().orTimeout(50, TimeUnit.SECONDS).exceptionally(late -> process.destroyForcibly());
        return process;
    }
}
