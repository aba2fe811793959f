package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    private Path folder;

    @Test
    void writesANewFileAndLeavesNothingElse() throws IOException {
        Path file = folder.resolve("new.svg");

        WholeFile.write(file, "ours ü", text -> false);

        assertThat(file).hasContent("ours ü");
        assertThat(folder).isDirectoryContaining(file::equals).isDirectoryNotContaining(one -> !one.equals(file));
    }

    @Test
    void replacesWhatIsOursAndKeepsItsRights() throws IOException {
        Path file = Files.writeString(folder.resolve("old.svg"), "ours, old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        WholeFile.write(file, "ours", text -> text.startsWith("ours"));

        assertThat(file).hasContent("ours");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
    }

    @Test
    void leavesWhatIsNotOurs() throws IOException {
        Path file = Files.writeString(folder.resolve("theirs.svg"), "theirs");

        assertThatThrownBy(() -> WholeFile.write(file, "ours", text -> text.startsWith("ours")))
                .isInstanceOf(FileAlreadyExistsException.class);

        assertThat(file).hasContent("theirs");
    }

    @Test
    void followsALink() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);

        WholeFile.write(link, "ours", text -> false);

        assertThat(file).hasContent("ours");
        assertThat(link).isSymbolicLink();
    }

    @Test
    void saysWhyItCannot() {
        assertThatThrownBy(() -> WholeFile.write(folder, "ours", text -> true))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("is a directory");
        assertThatThrownBy(() -> WholeFile.write(folder.resolve("none/file"), "ours", text -> true))
                .isInstanceOf(NoSuchFileException.class);
    }
}
