package dev.sluice.cli;

import static dev.sluice.cli.Typed.sluice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.language.Flow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertTest {
    private static final String FLOW = """
        {
          // a comment, and "no string"
          "name": "w /* no comment */",
          "IO_Graph": [ /* two
          lines */
            { "name": "a", "input_stream": [], "output_stream": ["x"],
              "streaming": [ { "name": ["x"], "n_files": 3 } ] }
          ]
        }
        """;
    private static final String WITH_CONFIGURATION = """
        { "name": "w", "version": 1.1, "configuration": "c.toml", "IO_Graph": [] }
        """;

    @TempDir
    private Path folder;

    @Test
    void writesTheOtherVersionAndTellsWhatGetsLost() throws IOException {
        Typed convert = sluice("convert", file("old.json", FLOW), "--to", "1.1");

        assertThat(convert.out()).isEqualTo("""
            {
              "name": "w /* no comment */",
              "version": 1.1,
              "IO_Graph": [ {
                "name": "a",
                "input_stream": [ ],
                "output_stream": [ "x" ],
                "streaming": [ {
                  "name": [ "x" ],
                  "committed": "on_termination",
                  "mode": "no_update"
                } ]
              } ]
            }
            """);
        assertThat(plain(convert.err())).isEqualTo("""
            sluice convert: not in what was written:
              old.json:2: a comment
              old.json:4: a comment
              old.json:7: "n_files" has no effect on a rule that commits on_termination
            """);
        assertThat(convert.status()).isZero();
    }

    @Test
    void whatIsWrittenMeansTheSame() throws Exception {
        Path old = file("old.json", FLOW);
        Path next = folder.resolve("new.json");

        assertThat(sluice("convert", old, "--to", "1.1", "-o", next).status()).isZero();
        assertThat(Flow.read(next)).isEqualTo(Flow.read(old));
        Path back = folder.resolve("back.json");
        Typed convert = sluice("convert", next, "--to", "1.0", "-o", back);
        assertThat(Flow.read(back)).isEqualTo(Flow.read(old));
        assertThat(convert.out() + convert.err()).isEmpty();
    }

    @Test
    void aConfigurationIsRefusedInTheOldVersion() throws IOException {
        Typed convert = sluice("convert", file("new.json", WITH_CONFIGURATION), "--to", "1.0");

        assertThat(plain(convert.err()))
                .isEqualTo("sluice convert: new.json:1: version 1.0 cannot name a configuration, and this flow names"
                        + " c.toml; take \"configuration\" out first, or write version 1.1\n");
        assertThat(convert.status()).isEqualTo(1);
        assertThat(sluice("convert", folder.resolve("new.json"), "--to", "1.1").status())
                .isZero();
    }

    @Test
    void nothingIsOverwrittenWithoutForce() throws IOException {
        Path old = file("old.json", FLOW);
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rw-rw-r--"));

        Typed convert = sluice("convert", old, "--to", "1.1", "-o", old);

        assertThat(plain(convert.err()))
                .isEqualTo("sluice convert: old.json is there already; --force overwrites it\n");
        assertThat(convert.status()).isEqualTo(1);
        assertThat(old).hasContent(FLOW);

        assertThat(sluice("convert", old, "--to", "1.1", "-o", old, "--force").status())
                .isZero();
        assertThat(old).content().contains("\"version\": 1.1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(old)))
                .isEqualTo("rw-rw-r--");
        assertThat(folder).isDirectoryNotContaining(file -> !file.endsWith("old.json"));
    }

    @Test
    void whatCannotBeWrittenIsSaidBeforeAnythingIsRead() throws IOException {
        Path old = file("old.json", FLOW);

        assertThat(plain(sluice("convert", old, "--to", "1.1", "-o", folder).err()))
                .contains("is a directory");
        assertThat(plain(sluice("convert", old, "--to", "1.1", "-o", folder.resolve("no/x"))
                        .err()))
                .contains("no/x cannot be written: there is no directory no; make it first");
        assertThat(sluice("convert", "nowhere", "--to", "1.1", "-o", old).err()).contains("is there already");
    }

    @Test
    void devicesAreWrittenToAsTheyAre() throws IOException {
        assertThat(sluice("convert", file("old.json", FLOW), "--to", "1.1", "-o", "/dev/null")
                        .status())
                .isZero();
        assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
    }

    @Test
    void aDashIsTheStandardOutput() throws IOException {
        Typed convert = sluice("convert", file("old.json", FLOW), "--to", "1.1", "-o", "-");

        assertThat(convert.out()).contains("\"version\": 1.1");
        assertThat(Path.of("-")).doesNotExist();
    }

    @Test
    void aFullDeviceIsNamed() throws IOException {
        assumeThat(Path.of("/dev/full")).exists();

        assertThat(sluice("convert", file("old.json", FLOW), "--to", "1.1", "-o", "/dev/full")
                        .err())
                .isEqualTo("sluice convert: /dev/full cannot be written: No space left on device\n");
    }

    @Test
    void aFlowWithErrorsWritesNothing() throws IOException {
        Path next = folder.resolve("new.json");

        Typed convert = sluice("convert", file("old.json", "[]"), "--to", "1.1", "-o", next);

        assertThat(convert.err()).contains("a flow is an object");
        assertThat(convert.status()).isEqualTo(1);
        assertThat(next).doesNotExist();
    }

    @Test
    void unknownVersionsAreMisuse() throws IOException {
        Typed convert = sluice("convert", file("old.json", FLOW), "--to", "2");

        assertThat(convert.err()).contains("there is no version 2 of CAPIO-CL; versions are 1.0, 1.1");
        assertThat(convert.status()).isEqualTo(2);
        assertThat(sluice("convert", "old.json").err()).contains("--to");
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private String plain(String text) {
        return text.replace(folder + "/", "");
    }
}
