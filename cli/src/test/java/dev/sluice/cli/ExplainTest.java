package dev.sluice.cli;

import static dev.sluice.cli.Typed.sluice;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ExplainTest {
    @TempDir
    private Path folder;

    private Path flow;

    @BeforeEach
    void write() throws IOException {
        flow = Files.writeString(folder.resolve("flow.json"), """
            {
              "name": "w",
              "IO_Graph": [
                {
                  "name": "writer",
                  "input_stream": [],
                  "output_stream": ["out", "log"],
                  "streaming": [
                    { "name": ["out/*.dat"], "committed": "on_close:3" },
                    { "dirname": ["out"], "committed": "on_n_files", "n_files": 2 }
                  ]
                },
                {
                  "name": "reader",
                  "input_stream": ["out", "log"],
                  "output_stream": []
                }
              ],
              "permanent": ["log"],
              "exclude": ["*.tmp"],
              "storage": { "memory": ["log"] }
            }
            """);
    }

    @Test
    void whatTheFlowSaysAndWhatHappensToEachStep() {
        Typed explain = sluice("explain", flow, "out/7.dat");

        assertThat(plain(explain.out())).isEqualTo("""
            out/7.dat
              - produced by step writer (flow.json:7)
              - consumed by step reader (flow.json:15)
              - commits on_close:3: the file is complete when writers have closed it 3 times (flow.json:9)
              - fires no_update: its readers get bytes as they come, and its end when it is complete (flow.json:9)
              - not permanent: gone when the run ends (by default)
              - kept in memory, and on disk what does not fit (by default)
              - its home is the node where it is created (by default)
              - Step writer produces out/7.dat: it opens, reads and writes it without waiting.
              - Closing it counts: the close number 3 completes it.
              - Step reader consumes out/7.dat: opening it waits until writer has created it.
              - Reading it gives the bytes that are there, and waits where they are not written yet; the end of the \
            file comes when writers have closed it 3 times.
              - Asking for its size waits until it is complete; of what it has open, it is 0 until then.
              - Closing it changes nothing: only closes by writers count.
            """);
        assertThat(explain.status()).isZero();
    }

    @Test
    void whatNobodySaysHoldsByDefault() {
        assertThat(plain(sluice("explain", flow, "log", "--step", "reader").out()))
                .isEqualTo("""
                    log
                      - produced by step writer (flow.json:7)
                      - consumed by step reader (flow.json:15)
                      - commits on_termination: the file is complete when step writer has ended (by default)
                      - fires update: its readers wait until it is complete (by default)
                      - permanent: kept when the run ends (flow.json:19)
                      - kept in memory (flow.json:21)
                      - its home is the node where it is created (by default)
                      - Step reader consumes log: opening it waits until writer has created it.
                      - Reading it waits until step writer has ended.
                      - Asking for its size waits just as long.
                      - Closing it changes nothing: only closes by writers count.
                    """);
    }

    @Test
    void aDirectoryIsKnownByTheFlowOrByItsSlash() {
        assertThat(plain(sluice("explain", flow, "out").out()))
                .startsWith("out, a directory\n")
                .contains("commits on_n_files: the directory is complete when it has 2 files (flow.json:10)")
                .contains("opening it waits until writer has made it.")
                .contains("Listing it waits until it has 2 files; programs on the JVM");
        assertThat(sluice("explain", flow, "other/").out()).startsWith("other, a directory\n");
        assertThat(sluice("explain", flow, "other", "--directory").out()).startsWith("other, a directory\n");
        assertThat(sluice("explain", flow, "other").out()).startsWith("other\n");
    }

    @Test
    void aSlashInTheFlowMakesADirectory() throws IOException {
        Files.writeString(flow, """
            { "name": "w", "IO_Graph": [
              { "name": "a", "input_stream": [], "output_stream": ["qc/"] },
              { "name": "b", "input_stream": ["qc"], "output_stream": ["sum.txt"] } ] }
            """);

        assertThat(plain(sluice("explain", flow, "qc").out()))
                .startsWith("qc, a directory\n")
                .contains("Step b consumes qc: opening it waits until a has made it.");
        assertThat(sluice("check", flow).out()).contains("no problems");
    }

    @Test
    void whatIsThereBeforeTheRunStays() throws IOException {
        Files.writeString(flow, """
            { "name": "w", "IO_Graph": [ { "name": "a", "input_stream": ["raw"], "output_stream": ["x"] } ] }
            """);

        assertThat(plain(sluice("explain", flow, "raw").out())).isEqualTo("""
            raw
              - no step produces it: it must be there before the run, and nobody waits for it (by default)
              - consumed by step a (flow.json:1)
              - stays when the run ends, as it was there before (by default)
              - No step produces raw: step a finds it if it is there before the run, and never waits for it.
            """);
    }

    @Test
    void whoListsADirectoryWaitsForThoseWhoseFilesHeReads() throws IOException {
        Files.writeString(flow, """
            { "name": "w", "IO_Graph": [
              { "name": "a", "input_stream": [], "output_stream": ["out/a"] },
              { "name": "b", "input_stream": ["out/a"], "output_stream": ["out/b"] },
              { "name": "c", "input_stream": ["out/*"], "output_stream": ["sum"] } ] }
            """);

        assertThat(plain(sluice("explain", flow, "out/", "--step", "b").out()))
                .contains("no step produces it as such; steps a and b write something in it (by default)")
                .contains(
                        "Step b reads what a writes in out: opening it waits until it is there.",
                        "Listing it waits until step a has ended.");
        assertThat(plain(sluice("explain", flow, "out").out()))
                .contains("Step b reads what a writes in out", "Step c reads what a and b write in out")
                .doesNotContain("Step a");
    }

    @Test
    @Timeout(30)
    void oneOfManyFilesIsExplainedSoon() throws IOException {
        String files = IntStream.range(0, 50_000)
                .mapToObj(i -> "\"data/" + i + ".dat\"")
                .collect(Collectors.joining(","));
        Files.writeString(flow, """
            { "name": "w", "IO_Graph": [
              { "name": "a", "input_stream": [], "output_stream": [%s] },
              { "name": "b", "input_stream": [%s], "output_stream": ["x"] } ] }
            """.formatted(files, files));

        assertThat(plain(sluice("explain", flow, "data/49999.dat").out())).contains("produced by step a");
        assertThat(sluice("check", flow).out()).contains("no problems; 2 steps, 50001 files");
    }

    @Test
    void anEmptyPathIsMisuse() {
        Typed explain = sluice("explain", flow, "");

        assertThat(explain.err()).isEqualTo("sluice explain: the path is empty; the managed directory itself is .\n");
        assertThat(explain.status()).isEqualTo(2);
        assertThat(sluice("explain", flow, ".").out()).startsWith("the managed directory\n");
    }

    @Test
    void anAliasIsNoPath() throws IOException {
        Files.writeString(flow, """
            { "name": "w", "aliases": [ { "group_name": "reads", "files": ["raw/*_R1.fq", "raw/*_R2.fq"] } ],
              "IO_Graph": [ { "name": "trim", "input_stream": ["reads"], "output_stream": ["x"] } ] }
            """);

        Typed explain = sluice("explain", flow, "reads");

        assertThat(explain.err())
                .isEqualTo("sluice explain: \"reads\" is an alias; ask about what it stands for: raw/*_R1.fq,"
                        + " raw/*_R2.fq\n");
        assertThat(explain.status()).isEqualTo(2);
    }

    @Test
    void nobodyWaitsForWhatIsExcluded() {
        assertThat(plain(
                        sluice("explain", flow, "out/x.tmp", "--step", "reader").out()))
                .contains("- excluded: a plain file that does not flow, for which nobody waits (flow.json:20)")
                .contains("- out/x.tmp is excluded: step reader uses it as a plain file and never waits for it.")
                .doesNotContain("commits");
    }

    @Test
    void absolutePathsInsideTheDirectoryAreFound() {
        assertThat(sluice("explain", flow, folder + "/log", "--dir", folder).out())
                .startsWith("log\n");
        assertThat(plain(sluice("explain", flow, "/data/log").out()))
                .contains("no step produces or consumes it", "name it with --dir");
    }

    @Test
    void unknownStepsAndPathsOutsideAreMisuse() {
        Typed step = sluice("explain", flow, "log", "--step", "raeder");
        Typed path = sluice("explain", flow, "../log");

        assertThat(step.err()).isEqualTo("sluice explain: there is no step \"raeder\"; did you mean \"reader\"?\n");
        assertThat(path.err())
                .isEqualTo("sluice explain: the path is outside the managed directory: ../log; ask about a path inside"
                        + " it\n");
        assertThat(step.status()).isEqualTo(2);
        assertThat(path.status()).isEqualTo(2);
    }

    @Test
    void aFlowWithErrorsIsNotExplained() throws IOException {
        Files.writeString(flow, "{ \"name\": 1, \"IO_Graph\": [] }");

        Typed explain = sluice("explain", flow, "log");

        assertThat(plain(explain.err())).isEqualTo("""
            flow.json:1:11: error: "name" must be a string, and is a number; write "..." [wrong-type, $.name]
              { "name": 1, "IO_Graph": [] }
                        ^
            sluice explain: flow.json is not valid; mend what is said above
            """);
        assertThat(explain.out()).isEmpty();
        assertThat(explain.status()).isEqualTo(1);
    }

    /** Without the folder, and without breaks of lines, which depend on its length. */
    private String plain(String text) {
        return text.replaceAll("\n    (?=\\S)", " ").replace("\n\n", "\n").replace(folder + "/", "");
    }
}
