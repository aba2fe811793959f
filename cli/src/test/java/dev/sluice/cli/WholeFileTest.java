package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    private Path folder;

    @Test
    void writesANewFileWithOrdinaryRightsAndLeavesNothingElse() throws IOException {
        Path file = folder.resolve("new.svg");

        WholeFile.write(file, "ours ü");

        assertThat(file).hasContent("ours ü");
        assertThat(folder).isDirectoryContaining(file::equals).isDirectoryNotContaining(one -> !one.equals(file));
        Path ordinary = Files.createFile(folder.resolve("ordinary"));
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(ordinary));
    }

    @Test
    void replacesWhatIsThereAndKeepsItsRights() throws IOException {
        Path file = Files.writeString(folder.resolve("old.svg"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-x---"));

        WholeFile.write(file, "new");

        assertThat(file).hasContent("new");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-r-x---"));
    }

    @Test
    void followsALinkAlsoToWhatIsNotThereYet() throws IOException {
        Path file = folder.resolve("file");
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("file"));

        for (String text : new String[] {"first", "second"}) {
            WholeFile.write(link, text);

            assertThat(file).hasContent(text);
            assertThat(link).isSymbolicLink();
        }
    }

    @Test
    void saysWhichFileCannotBeWrittenAndWhy() throws IOException {
        Path none = folder.resolve("none/file");
        Path self = Files.createSymbolicLink(folder.resolve("self"), Path.of("self"));

        assertThatThrownBy(() -> WholeFile.write(folder, "ours"))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(folder + ": it is a directory; name a file in it");
        assertThatThrownBy(() -> WholeFile.write(none, "ours"))
                .hasMessage(none + ": there is no directory " + none.getParent() + "; make it first");
        assertThatThrownBy(() -> WholeFile.write(self, "ours")).hasMessageContaining("leads nowhere");
        assertThat(folder).isDirectoryNotContaining(one -> !one.equals(self));
    }

    @Test
    void aFullDeviceIsNamed() {
        Path full = Path.of("/dev/full");
        assumeThat(full).exists();

        assertThatThrownBy(() -> WholeFile.write(full, "ours")).hasMessage("/dev/full: No space left on device");
    }
}
