package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.fuse.Mount;
import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pages for users show what happens: their files are written, their commands are run, and print what stands there.
 *
 * <p>A block {@code json flow.json} is a file of that name. A block {@code console} has commands behind {@code $}, which a
 * shell runs, and below each what it prints.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PagesTest {
    private static final Pattern BLOCK =
            Pattern.compile("^```(\\w+)(?: (\\S+))?\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern COMMAND = Pattern.compile("^\\$ (.*(?:(?<=\\\\)\\n.*)*)\\n", Pattern.MULTILINE);

    /** What is on the class path of programs. */
    private static final String CLASSES =
            System.getProperty("java.class.path") + ":" + System.getProperty("jdk.module.path", "");

    @TempDir
    private Path folder;

    /** What a page has started in the background may still write into the folder. */
    @AfterEach
    void allHaveEnded() {
        String mine = "XDG_RUNTIME_DIR=" + folder.resolve("runtime");
        Deadline.until(
                "all that was started has ended", () -> Marked.processes(mine).isEmpty());
    }

    @Test
    void theReadmeShowsWhatHappens() throws Exception {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        assertThat(commands(Path.of("..", "README.md"))).isPositive();
    }

    @Test
    void thePageOnFlowsShowsWhatHappens() throws Exception {
        assertThat(commands(Path.of("..", "docs", "flows.md"))).isGreaterThan(10);
    }

    @Test
    void thePageOnCommandsShowsWhatHappens() throws Exception {
        assertThat(commands(Path.of("..", "docs", "commands.md"))).isGreaterThan(10);
    }

    @Test
    void thePageOnRunningShowsWhatHappens() throws Exception {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        assertThat(commands(Path.of("..", "docs", "run.md"))).isGreaterThan(3);
    }

    @Test
    void thePageOnServingShowsWhatHappens() throws Exception {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        assertThat(commands(Path.of("..", "docs", "serve.md"))).isGreaterThan(10);
    }

    @Test
    void thePageOnManagersShowsWhatHappens() throws Exception {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        for (String program : List.of("snakemake", "make", "parallel", "cwltool")) {
            assumeTrue(isInstalled(program), program + " is not installed");
        }
        assertThat(commands(Path.of("..", "docs", "managers.md"))).isGreaterThan(10);
    }

    @Test
    void thePageOnNextflowShowsWhatHappens() throws Exception {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        assumeTrue(isInstalled("nextflow"), "nextflow is not installed");
        assertThat(commands(Path.of("..", "docs", "nextflow.md"))).isGreaterThan(3);
    }

    @Test
    void thePageOnSeeingShowsWhatHappens() throws Exception {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        assertThat(commands(Path.of("..", "docs", "see.md"))).isGreaterThan(5);
    }

    @Test
    void theTutorialShowsWhatHappens() throws Exception {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        for (String program : List.of("bwa", "samtools", "wgsim", "bcftools")) {
            assumeTrue(isInstalled(program), program + " is not installed");
        }
        assertThat(commands(Path.of("..", "docs", "tutorial.md"))).isGreaterThan(10);
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    @Test
    void thePageOnTheJvmShowsWhatHappens() throws Exception {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        assertThat(commands(Path.of("..", "docs", "jvm.md"))).isGreaterThan(2);
    }

    @Test
    void thePageOnInferringShowsWhatHappens() throws Exception {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        assertThat(commands(Path.of("..", "docs", "infer.md"))).isGreaterThan(2);
    }

    /** Runs all commands of a page; how many there are. */
    private int commands(Path page) throws IOException, InterruptedException {
        Path run = Files.createDirectory(folder.resolve("run"));
        int commands = 0;
        for (MatchResult block : BLOCK.matcher(Files.readString(page)).results().toList()) {
            if (block.group(1).equals("console")) {
                commands += console(run, block.group(3));
            } else if (block.group(2) != null) {
                Path file = run.resolve(block.group(2));
                Files.createDirectories(file.getParent());
                Files.writeString(file, block.group(3));
            }
        }
        return commands;
    }

    private int console(Path run, String text) throws IOException, InterruptedException {
        var commands = COMMAND.matcher(text).results().toList();
        StringBuilder printed = new StringBuilder();
        for (MatchResult command : commands) {
            printed.append(command.group()).append(printed(run, command.group(1)));
        }
        assertThat(printed.toString()).isEqualTo(text);
        return commands.size();
    }

    private String printed(Path run, String command) throws IOException, InterruptedException {
        Path programs = folder.resolve("programs");
        if (!Files.exists(programs)) {
            writeProgram(Files.createDirectory(programs)); // once: one in the background may just be reading it
        }
        ProcessBuilder shell = new ProcessBuilder("bash", "--norc", "-c", command)
                .directory(run.toFile())
                .redirectErrorStream(true)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
        shell.environment().merge("PATH", programs.toString(), (path, mine) -> mine + ":" + path);
        shell.environment().merge("PATH", System.getProperty("java.home") + "/bin", (path, jdk) -> jdk + ":" + path);
        shell.environment().keySet().removeIf(name -> name.endsWith("_DIR") || name.equals("COLUMNS"));
        Path runtime = Files.createDirectories(folder.resolve("runtime"));
        Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwx------"));
        shell.environment().put("jars", CLASSES);
        shell.environment().put("XDG_RUNTIME_DIR", runtime.toString());
        shell.environment().put("XDG_STATE_HOME", folder.resolve("state").toString());
        Process process = shell.start();
        process.onExit().orTimeout(60, TimeUnit.SECONDS).exceptionally(late -> process.destroyForcibly());
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int _ = process.waitFor();
        return printed;
    }

    private static void writeProgram(Path programs) throws IOException {
        Path sluice = programs.resolve("sluice");
        Files.writeString(
                sluice,
                "#!/bin/sh\nexec '" + Path.of(System.getProperty("java.home"), "bin", "java")
                        + "' -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp '"
                        + CLASSES + "' " + Main.class.getName() + " \"$@\"\n");
        Files.setPosixFilePermissions(sluice, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
