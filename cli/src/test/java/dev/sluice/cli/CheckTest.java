package dev.sluice.cli;

import static dev.sluice.cli.Typed.sluice;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckTest {
    private static final String VALID = """
        {
          "name": "w",
          "IO_Graph": [
            { "name": "a", "input_stream": [], "output_stream": ["x", "y*"] },
            { "name": "b", "input_stream": ["x"], "output_stream": [] }
          ]
        }
        """;

    @TempDir
    private Path folder;

    @Test
    void aValidFlowIsToldInOneLine() throws IOException {
        Typed check = sluice("check", flow(VALID));

        assertThat(plain(check.out())).isEqualTo("flow.json: no problems; 2 steps, 1 file, 1 pattern\n");
        assertThat(check.err()).isEmpty();
        assertThat(check.status()).isZero();
    }

    @Test
    void allProblemsAreShownAtOnceWithTheirPlaces() throws IOException {
        Typed check = sluice("check", flow("""
            {
              "name": "w",
              "IO_Graph": [
                { "name": "a", "input_stream": ["nowhere"], "output_stream": ["x"],
            \t  "streaming": [ { "name": ["x"], "comitted": "on_close", "mode": "no-update" } ] },
                { "name": "b", "input_stream": ["x"], "output_stream": [] }
              ]
            }
            """));

        assertThat(plain(check.out())).isEqualTo("""
            flow.json:4:37: warning: no step produces nowhere, which step a reads; it must be there before the run, or \
            the step finds no such file [never-produced, $.IO_Graph[0].input_stream[0]]
              { "name": "a", "input_stream": ["nowhere"], "output_stream": ["x"],
                                              ^~~~~~~~~
            flow.json:5:36: error: there is no key "comitted" in a rule; did you mean "committed"? [unknown-key, \
            $.IO_Graph[0].streaming[0].comitted]
              "streaming": [ { "name": ["x"], "comitted": "on_close", "mode": "no-update"...
                                              ^~~~~~~~~~
            flow.json:5:68: error: there is no mode "no-update"; did you mean "no_update"? [fire-rule, \
            $.IO_Graph[0].streaming[0].mode]
              ...ing": [ { "name": ["x"], "comitted": "on_close", "mode": "no-update" } ] },
                                                                          ^~~~~~~~~~~
            With --dir DIR, files that are there already are not reported as never produced.
            flow.json: 2 errors, 1 warning
            """);
        assertThat(check.status()).isEqualTo(1);
    }

    @Test
    void warningsDoNotMakeItInvalid() throws IOException {
        Typed check = sluice("check", flow(VALID.replace("[\"x\"], \"output", "[\"x\", \"in\"], \"output")));

        assertThat(check.out())
                .contains("no step produces in,")
                .endsWith("flow.json: 1 warning, no errors; 2 steps, 2 files, 1 pattern\n");
        assertThat(check.status()).isZero();
    }

    @Test
    void whatIsThereBeforeTheRunIsNotReported() throws IOException {
        Path flow =
                flow(VALID.replace("\"input_stream\": [],", "\"input_stream\": [\"in\", \"raw/*.txt\", \"none/*\"],"));
        Files.createFile(folder.resolve("in"));
        Files.createDirectories(folder.resolve("raw/deep"));
        Files.createFile(folder.resolve("raw/deep/1.txt"));

        assertThat(sluice("check", flow, "--dir", folder).out())
                .contains("none/*", "1 warning")
                .doesNotContain("produces in", "produces raw", "--dir");
    }

    @Test
    void absolutePathsMustBeInside() throws IOException {
        Path flow = flow(VALID.replace("\"y*\"", "\"/elsewhere/y\", \"" + folder + "/z\""));

        Typed check = sluice("check", flow, "--dir", folder);

        assertThat(check.out()).contains("error: the path is outside the managed directory: /elsewhere/y", "1 error\n");
        assertThat(sluice("check", flow).status()).isZero();
        assertThat(check.status()).isEqualTo(1);
    }

    @Test
    void aDirectoryThatIsNotThereIsMisuse() throws IOException {
        Typed check = sluice("check", flow(VALID), "--dir", folder.resolve("no"));

        assertThat(plain(check.err())).isEqualTo("sluice check: --dir names no directory: no\n");
        assertThat(check.status()).isEqualTo(2);
    }

    @Test
    void theConfigurationIsReadAsSeenFromTheFlow() throws IOException {
        Path flow = flow(
                VALID.replace("\"name\": \"w\"", "\"name\": \"w\", \"version\": 1.1, \"configuration\": \"c.toml\""));
        assertThat(plain(sluice("check", flow).out())).startsWith("""
            flow.json:2:49: error: the configuration cannot be read: c.toml: no such file or directory; name a TOML \
            file, as seen from the flow file [configuration, $.configuration]
              "name": "w", "version": 1.1, "configuration": "c.toml",
                                                            ^~~~~~~~
            """);

        Files.writeString(folder.resolve("c.toml"), "[monitor.mcast]\nenabeld = true\ndelay_ms = \"long\"\n");
        Typed check = sluice("check", flow);

        assertThat(plain(check.out()))
                .contains("c.toml:2:1: warning: nobody knows the setting monitor.mcast.enabeld")
                .contains("c.toml:3:1: error: monitor.mcast.delay_ms must be a whole number")
                .contains("  delay_ms = \"long\"\n  ^~~~~~~~\n")
                .endsWith("flow.json: 1 error, 1 warning\n");
        assertThat(check.status()).isEqualTo(1);
    }

    @Test
    void standardInputIsReadForADash() {
        InputStream usual = System.in;
        System.setIn(new ByteArrayInputStream("{".getBytes(StandardCharsets.UTF_8)));
        try {
            Typed check = sluice("check", "-");

            assertThat(check.out()).startsWith("<stdin>:1:").endsWith("<stdin>: 1 error\n");
            assertThat(check.status()).isEqualTo(1);
        } finally {
            System.setIn(usual);
        }
    }

    @Test
    void lenientlyOnlyWarnings() throws IOException {
        Path flow = flow("""
            { "name": "w", "IO_Graph": [ { "name": "a", "output_stream": ["x"] }, { "name": "b", "input_stream": ["x"] } ] }
            """);

        assertThat(sluice("check", flow).status()).isEqualTo(1);
        Typed check = sluice("check", "--lenient", flow);
        assertThat(check.status()).isZero();
        assertThat(check.out()).contains("warning: a step needs \"input_stream\"; write \"input_stream\": []");
    }

    @Test
    void programsGetOneObject() throws IOException {
        assertThat(plain(sluice("check", "--json", flow(VALID)).out())).isEqualTo("""
            {"file":"flow.json","valid":true,"errors":0,"warnings":0,"name":"w","version":"1.0","steps":2,"files":1,\
            "patterns":1,"problems":[]}
            """);

        Typed invalid =
                sluice("check", "--json", flow(VALID.replace("\"input_stream\": [],", "\"inputs\": [\"\u00e9\"],")));

        assertThat(plain(invalid.out())).isEqualTo("""
            {"file":"flow.json","valid":false,"errors":2,"warnings":0,"problems":[\
            {"severity":"error","code":"missing-key","file":"flow.json","line":4,"column":5,"path":"$.IO_Graph[0]",\
            "message":"a step needs \\"input_stream\\"","advice":"write \\"input_stream\\": []"},\
            {"severity":"error","code":"unknown-key","file":"flow.json","line":4,"column":20,\
            "path":"$.IO_Graph[0].inputs","message":"there is no key \\"inputs\\" in a step",\
            "advice":"keys are input_stream, name, output_stream, streaming"}]}
            """);
        assertThat(invalid.status()).isEqualTo(1);
    }

    @Test
    void filesThatCannotBeReadAreOneSentence() {
        Typed missing = sluice("check", folder.resolve("no.json"));
        Typed directory = sluice("check", folder);

        assertThat(plain(missing.err())).isEqualTo("sluice check: no.json: no such file or directory\n");
        assertThat(directory.err())
                .isEqualTo("sluice check: " + folder + " is a directory; name the flow file in it\n");
        assertThat(missing.status()).isEqualTo(2);
        assertThat(directory.status()).isEqualTo(2);
    }

    @Test
    void problemsThatAreNotListedAreCountedToo() throws IOException {
        String inputs = IntStream.range(0, 1234).mapToObj(i -> "\"n" + i + "\"").collect(Collectors.joining(","));
        Path flow = flow(VALID.replace("[\"x\"], \"output", "[\"x\"," + inputs + "], \"output"));

        assertThat(sluice("check", flow).out())
                .contains("there are 234 more warnings; mend those above first")
                .endsWith("flow.json: 1234 warnings, no errors; 2 steps, 1235 files, 1 pattern\n");
        assertThat(sluice("check", "--json", flow).out()).contains("\"warnings\":1234,");
    }

    @Test
    void misuseIsOneSentenceAndAHint() {
        Typed check = sluice("check");

        assertThat(check.err())
                .isEqualTo("sluice check: Missing required parameter: 'FLOW'\nSee `sluice check --help`.\n");
        assertThat(check.status()).isEqualTo(2);
    }

    @Test
    void nothingInAFlowCommandsTheTerminal() throws IOException {
        Path flow = flow("{ \"name\": \"w\", \"IO_Graph\": [], \"\\u001b[31mred\": \"\u202e\" }");

        assertThat(sluice("check", flow).out()).contains("\\u001b[31mred").doesNotContain("\033", "\u202e");
    }

    private Path flow(String text) throws IOException {
        return Files.writeString(folder.resolve("flow.json"), text);
    }

    private String plain(String text) {
        return text.replace(folder + "/", "");
    }
}
