package dev.sluice.cli;

import static dev.sluice.cli.Typed.sluice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fuse.Mount;
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
    void ofFilesShowsAndVerifiesEverything(String context) {
        assertThat(run("--files", "--size", "5M", "--context", context)).isZero();

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
        assertThat(run("--files", "--size", "1M", "--context", "threads")).isZero();

        assertThat(out.toString()).containsPattern("uring +(not )?available");
        assertThat(out.toString()).containsPattern("threads +available, chosen: it was asked for");
        assertThat(out.toString()).contains("handed to the threads");
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threads"})
    void ofFilesRunsAsAProgram(String context) throws Exception {
        Process demo = start(List.of(), "-Dsluice.aio.context=" + context, "--files", "--size", "2M");
        String text = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(demo.waitFor()).as(text).isZero();
        assertThat(text).contains("Every byte was verified").doesNotContain(ESCAPE);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void ofFilesLeavesNothingWhenItIsToldToEnd() throws Exception {
        Process demo = start(List.of(), "-Dnone", "--files", "--size", "64M");
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
    void ofFilesFitsANarrowTerminal() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "script is not installed");
        Process demo = start(List.of("/usr/bin/script", "-qec"), "-Dnone", "--files", "--size", "2M");
        String text = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(demo.waitFor()).as(text).isZero();
        String plain = text.replaceAll(ESCAPE + "\\[[0-9;]*[mK]", "");
        assertThat(text).contains(ESCAPE + "[36m");
        assertThat(plain.split("[\\r\\n]+")).allMatch(line -> line.length() <= 40);
        assertThat(plain).contains("█", "✓");
    }

    @Test
    void runsTheWorkflowBothWaysAndComparesTheResults() throws Exception {
        canMount();
        assertThat(run("--size", "1M")).as(err.toString()).isZero();

        assertThat(err.toString()).isEmpty();
        assertThat(out.toString())
                .contains("One after the other, in a plain directory: ", "At the same time, through Sluice: ")
                .containsPattern("(?s)(  simulate .*){3}")
                .contains("#", "the results are the same, byte for byte: sha256 ", "times as fast")
                .contains("\"IO_Graph\"", "sluice demo --save weather", "--step 'simulate=awk")
                .doesNotContain(ESCAPE, "\r");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
        assertThat(folder).isEmptyDirectory();
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(folder.toString());
    }

    @Test
    void fitsANarrowTerminal() throws Exception {
        canMount();
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "script is not installed");
        Process demo = start(List.of("/usr/bin/script", "-qec"), "-Dnone", "--size", "1M");
        String text = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(demo.waitFor()).as(text).isZero();
        String plain = text.replaceAll(ESCAPE + "\\[[0-9;]*[mK]", "");
        String shown =
                plain.substring(0, plain.indexOf("Try it yourself")); // commands are to be copied, so not wrapped
        assertThat(text).contains(ESCAPE + "[36m");
        assertThat(shown.split("[\\r\\n]+")).allMatch(line -> line.length() <= 40);
        assertThat(shown).contains("█", "✓");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leavesNothingWhenItIsToldToEnd(boolean whileMounted) throws Exception {
        canMount();
        Process demo = start(List.of(), "-Dnone", "--size", whileMounted ? "256M" : "4M");
        try {
            untilMounted(demo, true);
            if (!whileMounted) {
                untilMounted(demo, false); // now the steps run one after the other
            }
            boolean _ = demo.toHandle().destroy(); // SIGTERM, which runs the same hooks as Ctrl-C
            String text = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).contains("interrupted; nothing is left behind").doesNotContain("failed", "Exception");
            assertThat(demo.waitFor()).isGreaterThan(128);
        } finally {
            demo.descendants().forEach(ProcessHandle::destroyForcibly);
            demo.destroyForcibly();
        }
        assertThat(folder).isEmptyDirectory();
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(folder.toString());
        assertThat(ProcessHandle.allProcesses()
                        .filter(process ->
                                process.info().commandLine().orElse("").contains(folder.toString())))
                .isEmpty();
    }

    @Test
    void whereNothingCanBeMountedItSaysWhyAndShowsFiles() throws Exception {
        String hidden = "mount --bind /dev/null /dev/fuse";
        int possible = new ProcessBuilder("sh", "-c", "unshare -m sh -c '" + hidden + "' 2> /dev/null")
                .start()
                .waitFor();
        Assumptions.assumeTrue(possible == 0, "/dev/fuse cannot be hidden here");
        List<String> shell = List.of("unshare", "-m", "sh", "-c", hidden + " && eval \"$0\"");
        Process demo = start(shell, "-Dnone", "--size", "1M");
        String text = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(demo.waitFor()).as(text).isZero();
        assertThat(text.replaceAll("\\s+", " ")) // where lines break depends on the folder's name
                .contains("since it needs a mount", "(EINVAL)", "Every byte was verified")
                .doesNotContain("IO_Graph");
        assertThat(folder).isEmptyDirectory();
    }

    private void untilMounted(Process demo, boolean isMounted) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        while (Files.readString(Path.of("/proc/self/mounts")).contains(folder.toString()) != isMounted) {
            assertThat(demo.isAlive()).isTrue();
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.sleep(10);
        }
    }

    @Test
    void writesTheWorkflowDown() throws Exception {
        Path saved = folder.resolve("it's mine");
        assertThat(run("--save", saved.toString())).isZero();

        assertThat(saved).isDirectoryContaining("glob:**/flow.json").isDirectoryContaining("glob:**/clean.awk");
        assertThat(out.toString()).contains("cd '" + folder + "/it'\\''s mine'");
        assertThat(sluice("check", saved.resolve("flow.json")).out()).contains("no problems; 3 steps");

        assertThat(run("--save", saved.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("flow.json: is there already; name another folder");
    }

    private static void canMount() {
        Assumptions.assumeTrue(
                Mount.availability().available(), Mount.availability().reason());
    }

    @Test
    void misuseIsExplained() {
        assertThat(run("--size", "much")).isEqualTo(2);
        assertThat(run("--size", "1K")).isEqualTo(2);
        assertThat(run("--files", "--context", "magic")).isEqualTo(2);
        assertThat(run("--context", "threads")).isEqualTo(2);
        assertThat(run("--files", "--save", "x")).isEqualTo(2);

        assertThat(err.toString())
                .contains("not a size", "must be from 1 MiB", "uring, threads or auto: magic")
                .contains("say --files, too", "--files shows none");
    }

    @Test
    void failuresAreOneSentence() {
        assertThat(run("--files", "--size", "1000G")).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().contains("room", folder.toString(), "GiB");

        assertThat(Main.commandLine()
                        .setErr(new PrintWriter(err, true))
                        .execute("demo", "--files", "--directory", folder + "/nowhere"))
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
