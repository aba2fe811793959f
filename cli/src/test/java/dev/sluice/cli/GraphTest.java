package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphTest {
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private Path flow;

    @BeforeEach
    void writeFlow() throws IOException {
        flow = Files.writeString(folder.resolve("flow.json"), """
            {"name": "ünder", "IO_Graph": [
              {"name": "a", "input_stream": ["in"], "output_stream": ["x"]},
              {"name": "b", "input_stream": ["x"], "output_stream": ["y"]}]}
            """);
    }

    @ParameterizedTest
    @CsvSource({"svg,<svg", "html,<!DOCTYPE html>", "mmd,flowchart LR", "dot,digraph"})
    void theEndOfTheNameSaysTheFormat(String end, String sign) {
        Path picture = folder.resolve("picture." + end);

        assertThat(run(flow, "-o", picture)).as(err.toString()).isZero();
        assertThat(run(flow, "-o", picture)).as("again").isZero();

        assertThat(picture).content().contains(sign, Drawn.MARK);
    }

    @Test
    void theFormatCanBeSaid() {
        Path picture = folder.resolve("picture.txt");

        assertThat(run(flow, "-o", picture)).isEqualTo(2);
        assertThat(err.toString()).contains("must end in one of svg, html, mmd, dot");
        assertThat(run(flow, "-o", picture, "--format", "dot")).isZero();
        assertThat(run(flow, "-o", picture, "--format", "png")).isEqualTo(2);
    }

    @Test
    void aFileOfSomebodyElseIsNotReplacedUnlessForced() throws IOException {
        Path picture = Files.writeString(folder.resolve("picture.svg"), "<svg/>");

        assertThat(run(flow, "-o", picture)).isEqualTo(1);
        assertThat(picture).hasContent("<svg/>");
        assertThat(err.toString()).contains("was not drawn by this command", "--force");
        assertThat(run(flow, "-o", picture, "--force")).isZero();
    }

    @Test
    void aFlowWithErrorsIsNotDrawn() throws IOException {
        Files.writeString(flow, "{\"name\": \"f\"}");

        assertThat(run(flow, "-o", folder.resolve("f.svg"))).isEqualTo(1);
        assertThat(err.toString()).contains("flow.json:1:1: error", "is not valid; mend what is said above");
        assertThat(folder.resolve("f.svg")).doesNotExist();
    }

    @Test
    void aFlowThatIsNotThereIsSaidToBe() {
        assertThat(run(folder.resolve("none.json"), "-o", folder.resolve("f.svg")))
                .isEqualTo(2);
        assertThat(err.toString()).contains("none.json: no such file");
    }

    @Test
    void aDeadlockIsToldAndDrawn() throws IOException {
        Files.writeString(flow, """
            {"name": "f", "IO_Graph": [
              {"name": "a", "input_stream": ["y"], "output_stream": ["x"]},
              {"name": "b", "input_stream": ["x"], "output_stream": ["y"]}]}
            """);

        assertThat(run(flow, "-o", folder.resolve("f.svg"))).isZero();
        assertThat(err.toString()).contains("wait for each other's end");
        assertThat(folder.resolve("f.svg")).content().contains("box step deadlock");
    }

    @Test
    @Timeout(20)
    void aPictureThatIsTooLargeIsRefusedAtOnce() throws IOException {
        StringBuilder steps = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            steps.append(i == 0 ? "" : ",")
                    .append("{\"name\": \"s%d\", \"input_stream\": [\"f%d\"], \"output_stream\": [\"f%d\"]}"
                            .formatted(i, i, i + 1));
        }
        Files.writeString(flow, "{\"name\": \"f\", \"IO_Graph\": [" + steps + "]}");

        for (String end : List.of("svg", "html")) {
            assertThat(run(flow, "-o", folder.resolve("f." + end))).isEqualTo(1);
        }
        assertThat(err.toString()).contains("more than 5000 boxes; at most 2000 boxes", "--format dot or mmd");
        for (String end : List.of("mmd", "dot")) {
            assertThat(run(flow, "-o", folder.resolve("f." + end))).isZero();
            assertThat(folder.resolve("f." + end)).content().contains("s5000");
        }
    }

    @Test
    void theFileThatCannotBeWrittenIsNamed() {
        Path picture = folder.resolve("none/f.svg");

        assertThat(run(flow, "-o", picture)).isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo("sluice graph: " + picture + " cannot be written: there is no directory "
                        + picture.getParent() + "; make it first\n");
        assumeThat(Path.of("/dev/full")).exists();
        assertThat(run(flow, "-o", "/dev/full", "--format", "svg")).isEqualTo(1);
        assertThat(err.toString()).endsWith("/dev/full cannot be written: No space left on device\n");
    }

    @Test
    void standardInputIsReadForADash() throws IOException {
        InputStream usual = System.in;
        System.setIn(Files.newInputStream(flow));
        try {
            assertThat(run("-", "-o", folder.resolve("f.dot")))
                    .as(err.toString())
                    .isZero();
        } finally {
            System.setIn(usual);
        }
        assertThat(folder.resolve("f.dot")).content().contains("ünder");
    }

    @Test
    void standardOutputGetsTheBytesOfAPicture() throws Exception {
        Process graph = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dstdout.encoding=US-ASCII",
                        "-cp",
                        System.getProperty("java.class.path") + ":" + System.getProperty("jdk.module.path", ""),
                        Main.class.getName(),
                        "graph",
                        flow.toString(),
                        "-o",
                        "-")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();

        String svg = new String(graph.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(graph.waitFor()).isZero();
        assertThat(svg).startsWith("<?xml").endsWith("</svg>\n").contains(">ünder<");
    }

    private int run(Object... arguments) {
        List<String> all = new ArrayList<>(List.of("graph"));
        List.of(arguments).forEach(argument -> all.add(argument.toString()));
        return Main.commandLine().setErr(new PrintWriter(err, true)).execute(all.toArray(String[]::new));
    }
}
