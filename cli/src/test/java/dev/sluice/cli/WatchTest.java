package dev.sluice.cli;

import static dev.sluice.cli.Typed.sluice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.fuse.Mount;
import dev.sluice.view.Earlier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are looked at: in files, and on a terminal. */
class WatchTest {
    @TempDir
    private Path folder;

    private Path work;

    @BeforeEach
    void canMount() throws IOException {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        work = Files.createDirectory(folder.resolve("work"));
        Files.writeString(folder.resolve("flow.json"), """
            { "name": "watched",
              "IO_Graph": [
                { "name": "make", "input_stream": ["given"], "output_stream": ["data"],
                  "streaming": [ { "name": ["data"], "committed": "on_close", "mode": "no_update" } ] },
                { "name": "use", "input_stream": ["data"], "output_stream": ["result"] }
              ] }
            """);
        Files.writeString(work.resolve("given"), "given\n");
    }

    private Object[] run(Object... more) {
        Object[] usual = {
            "run",
            folder.resolve("flow.json"),
            "--dir",
            work,
            "--step",
            "make=cat " + work + "/given; { head -c 100000 /dev/zero; sleep 0.3; head -c 200000 /dev/zero; } > " + work
                    + "/data",
            "--step",
            "use=wc -c < " + work + "/data > " + work + "/result"
        };
        Object[] all = java.util.Arrays.copyOf(usual, usual.length + more.length);
        System.arraycopy(more, 0, all, usual.length, more.length);
        return all;
    }

    @Test
    void filesTellOfARun() throws IOException {
        Path page = folder.resolve("out.html");
        Typed run = sluice(run(
                "--report",
                page,
                "--metrics",
                folder.resolve("m.prom"),
                "--trace",
                folder.resolve("t.json"),
                "--lineage",
                folder.resolve("l.json")));

        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        String facts = Files.readString(folder.resolve("out.json")).strip();
        assertThat(Files.readString(page)).contains(facts.replace("<", "\\u003c"));
        Earlier kept = Earlier.read(folder.resolve("out.json"));
        assertThat(kept.state()).isEqualTo("succeeded");
        assertThat(kept.sizes())
                .containsEntry("data", 300_000L)
                .containsEntry("result", 7L)
                .containsEntry("given", 6L);
        assertThat(kept.steps()).containsEntry("use", 300_007L);
        assertThat(facts).contains("\"reason\":\"bytes\"").contains("\"writesInOrder\":true");
        assertThat(Files.readString(folder.resolve("m.prom")))
                .contains("sluice_step_written_bytes_total{workflow=\"watched\",step=\"make\"} 300000\n")
                .contains("sluice_run_active{workflow=\"watched\"} 0\n");
        assertThat(Files.readString(folder.resolve("t.json"))).contains("\"wait for data\"");
        assertThat(Files.readString(folder.resolve("l.json")).lines()).hasSize(3);

        Typed last = sluice("report", "--json");
        assertThat(last.out().strip()).isEqualTo(facts);
        assertThat(sluice("report", "--list").out()).contains("watched").contains("succeeded");
        Path again = folder.resolve("again.html");
        assertThat(sluice("report", "1", "-o", again).status()).isZero();
        assertThat(again).hasSameTextualContentAs(page);
        assertThat(sluice("report", folder.resolve("out.json"), "-o", again).status())
                .isZero();
        assertThat(sluice("report", "99").err()).contains("there is no run 99");
    }

    @Test
    void whatIsNoReportIsNotOverwritten() throws IOException {
        Path other = Files.writeString(folder.resolve("notes.html"), "my notes");
        Typed run = sluice(run("--report", other));

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("is there and is no report of a run");
        assertThat(other).hasContent("my notes");
        assertThat(work.resolve("result")).doesNotExist();
    }

    @Test
    void aRunThatFailedIsKeptAsSuch() throws IOException {
        Path page = folder.resolve("out.html");
        Typed run = sluice(
                "run",
                folder.resolve("flow.json"),
                "--dir",
                work,
                "--report",
                page,
                "--step",
                "make=echo x > " + work + "/data; exit 3",
                "--step",
                "use=cat " + work + "/data");

        assertThat(run.status()).isEqualTo(3);
        assertThat(Earlier.read(folder.resolve("out.json")).state()).isEqualTo("failed");
        assertThat(Files.readString(page)).contains("step make failed with status 3");
    }

    /** Runs the program on a terminal of its own; what it printed there. */
    private String onTerminal(int columns, String environment, Object... more) throws Exception {
        StringBuilder command = new StringBuilder("stty rows 30 cols " + columns + "; " + environment + " '"
                + Path.of(System.getProperty("java.home"), "bin", "java")
                + "' -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp '"
                + System.getProperty("java.class.path") + ":" + System.getProperty("jdk.module.path", "") + "' "
                + Main.class.getName());
        for (Object word : run(more)) {
            command.append(" '").append(word).append('\'');
        }
        ProcessBuilder script = new ProcessBuilder("script", "-qec", command.toString(), "/dev/null");
        script.environment().put("TERM", "xterm");
        script.environment().put("LC_ALL", "C.UTF-8");
        script.redirectErrorStream(true).redirectInput(new java.io.File("/dev/null"));
        Process process = script.start();
        process.onExit().orTimeout(50, TimeUnit.SECONDS).exceptionally(late -> process.destroyForcibly());
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }

    @Test
    @Timeout(120)
    void onATerminalItIsSeenWhileItLastsAndLeavesNothingBehind() throws Exception {
        String printed = onTerminal(90, "");

        assertThat(printed).contains("\033[?7l").contains("make").contains("\033[32m");
        Paper paper = new Paper(90).print(printed);
        assertThat(paper.lines().getFirst()).isEqualTo("make | given");
        assertThat(paper.lines().get(1)).matches("sluice: 2 steps in .*; see sluice report");
        assertThat(paper.text().lines()).as("nothing else").hasSizeLessThanOrEqualTo(3);
        assertThat(paper.hasCut).as("lines are made to fit").isFalse();

        String narrow = onTerminal(30, "NO_COLOR=1");
        assertThat(narrow).contains("\033[?7l").doesNotContainPattern("\033\\[(1|3\\d)m");
        assertThat(new Paper(30).print(narrow).hasCut).isFalse();

        String quiet = onTerminal(90, "", "--quiet");
        assertThat(quiet).isEqualTo("make | given\r\n");

        assertThat(onTerminal(90, "TERM=dumb")).isEqualTo("make | given\r\n");
    }
}
