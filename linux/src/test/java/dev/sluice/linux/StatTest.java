package dev.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Pipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StatTest extends OnLinux {
    private Stat stat(Path path, OpenFlag flag) throws IOException {
        return Linux.stat(opened.open(path, 0, flag), path.toString());
    }

    @Test
    void aRegularFileHasItsSizeAndInode() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "12345");
        Stat stat = stat(file, OpenFlag.READ_ONLY);
        assertThat(stat.isRegular()).isTrue();
        assertThat(stat.isDirectory() || stat.isPipe() || stat.isBlockDevice()).isFalse();
        assertThat(stat.size()).isEqualTo(5);
        assertThat(stat.inode()).isEqualTo((long) Files.getAttribute(file, "unix:ino"));
        assertThat(stat.mode()).isEqualTo((int) Files.getAttribute(file, "unix:mode"));
    }

    @Test
    void foldersPipesAndDevicesAreToldApart() throws IOException {
        assertThat(stat(folder, OpenFlag.READ_ONLY).isDirectory()).isTrue();
        assertThat(stat(Pipes.make(folder), OpenFlag.READ_WRITE).isPipe()).isTrue();
        Stat device = stat(Path.of("/dev/null"), OpenFlag.READ_ONLY);
        assertThat(device.isRegular() || device.isDirectory() || device.isPipe() || device.isBlockDevice())
                .isFalse();
    }

    @Test
    void aHardLinkHasTheSameInode() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Path link = Files.createLink(folder.resolve("link"), file);
        assertThat(stat(link, OpenFlag.READ_ONLY).inode())
                .isEqualTo(stat(file, OpenFlag.READ_ONLY).inode());
    }

    @Test
    void alignmentForDirectFilesIsAPowerOfTwoOrUnknown() throws IOException {
        int alignment = stat(Files.createFile(folder.resolve("file")), OpenFlag.READ_ONLY)
                .directAlignment();
        assertThat(alignment & (alignment - 1)).isZero();
    }
}
