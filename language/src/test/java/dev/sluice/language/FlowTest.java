package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowTest {
    @Test
    void isBuiltStepByStep() throws Exception {
        // @start region="build"
        Flow flow = Flow.builder("wordcount")
                .step(
                        "split",
                        List.of("book.txt"),
                        List.of("parts/*.txt"),
                        Rule.files("parts/*.txt").commits(CommitRule.onClose()).fires(FireRule.NO_UPDATE))
                .step("count", List.of("parts/*.txt"), List.of("counts.csv"))
                .permanent("counts.csv")
                .build();
        String json = flow.toJson(Flow.Version.V1_1);
        // @end

        assertThat(Reading.of("flow.json", json, Reading.Mode.STRICT).orThrow()).isEqualTo(flow);
    }

    private static final Flow SMALL =
            Flow.builder("w").step("s", List.of(), List.of("f")).build();

    @Test
    void isWrittenWithOrdinaryPermissions(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("flow.json");
        SMALL.write(file, Flow.Version.V1_0);
        Path ordinary = Files.createFile(folder.resolve("ordinary"));
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(ordinary));
        assertThat(Flow.read(file)).isEqualTo(SMALL);
    }

    @Test
    void replacesAFileAndKeepsItsPermissions(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("flow.json"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r-x"));
        SMALL.write(file, Flow.Version.V1_1);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-rw-r-x"));
        assertThat(Flow.read(file)).isEqualTo(SMALL);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void isWrittenToWhatALinkNames(@TempDir Path folder) throws Exception {
        Path target = folder.resolve("target.json");
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("target.json"));
        for (int i = 0; i < 2; i++) {
            SMALL.write(link, Flow.Version.V1_1);
            assertThat(link).isSymbolicLink();
            assertThat(Flow.read(target)).isEqualTo(SMALL);
        }
        Path self = Files.createSymbolicLink(folder.resolve("self"), Path.of("self"));
        assertThatThrownBy(() -> SMALL.write(self, Flow.Version.V1_1)).hasMessageContaining("leads nowhere");
    }

    @Test
    void isNotWrittenWhereItCannotBe(@TempDir Path folder) {
        assertThatThrownBy(() -> SMALL.write(folder, Flow.Version.V1_1)).hasMessageContaining("is a directory");
        assertThatThrownBy(() -> SMALL.write(Path.of("/"), Flow.Version.V1_1)).hasMessageContaining("is a directory");
        assertThatThrownBy(() -> SMALL.write(folder.resolve("no/flow.json"), Flow.Version.V1_1))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("make it first");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aConfigurationNeedsTheVersionThatHasIt() throws Exception {
        Flow flow = Flow.builder("w").configuration("c.toml").build();
        assertThatThrownBy(() -> flow.toJson(Flow.Version.V1_0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write version 1.1");
        assertThat(Reading.of("f", flow.toJson(Flow.Version.V1_1), Reading.Mode.STRICT)
                        .orThrow())
                .isEqualTo(flow);
    }
}
