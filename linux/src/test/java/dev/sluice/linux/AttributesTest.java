package dev.sluice.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttributesTest extends OnLinux {
    private final Attributes attributes = new Attributes();

    private static byte[] name(Path path) {
        return path.toString().getBytes(UTF_8);
    }

    private void isAsTheJdkSays(Path file) throws IOException {
        Map<String, Object> all = Files.readAttributes(file, "unix:*", LinkOption.NOFOLLOW_LINKS);
        assertThat(attributes.mode()).isEqualTo(all.get("mode"));
        assertThat(attributes.inode()).isEqualTo(all.get("ino"));
        assertThat(attributes.links()).isEqualTo(all.get("nlink"));
        assertThat(attributes.user()).isEqualTo(all.get("uid"));
        assertThat(attributes.group()).isEqualTo(all.get("gid"));
        assertThat(attributes.size()).isEqualTo(all.get("size"));
        assertThat((long) attributes.deviceNumber()).isEqualTo(all.get("rdev"));
        assertThat(time(attributes.accessSeconds(), attributes.accessNanos())).isEqualTo(all.get("lastAccessTime"));
        assertThat(time(attributes.modificationSeconds(), attributes.modificationNanos()))
                .isEqualTo(all.get("lastModifiedTime"));
        assertThat(time(attributes.changeSeconds(), attributes.changeNanos())).isEqualTo(all.get("ctime"));
        if (attributes.birthSeconds() != 0) {
            assertThat(time(attributes.birthSeconds(), attributes.birthNanos())).isEqualTo(all.get("creationTime"));
        }
    }

    private static FileTime time(long seconds, int nanos) {
        return FileTime.from(Instant.ofEpochSecond(seconds, nanos));
    }

    @Test
    void filesFoldersAndDevicesAreAsTheJdkSays() throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[5000]);
        Files.createLink(folder.resolve("other name"), file);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(-5, 123_456_789)));
        assertThat(attributes.ask(opened.open(file, 0))).isZero();
        isAsTheJdkSays(file);
        assertThat(attributes.blocks() * 512).isGreaterThanOrEqualTo(5000);
        assertThat(attributes.blockSize()).isGreaterThanOrEqualTo(512);
        assertThat(attributes.ask(Names.CURRENT_FOLDER, name(folder))).isZero();
        isAsTheJdkSays(folder);
        assertThat(attributes.mode() & Attributes.TYPE).isEqualTo(Attributes.DIRECTORY);
        Path device = Path.of("/dev/null");
        assertThat(attributes.ask(Names.CURRENT_FOLDER, name(device))).isZero();
        isAsTheJdkSays(device);
        assertThat(attributes.mode() & Attributes.TYPE).isEqualTo(Attributes.CHARACTER_DEVICE);
    }

    @Test
    void aSymbolicLinkIsNotFollowed() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("nowhere"));
        assertThat(attributes.ask(opened.open(folder, 0, OpenFlag.PATH_ONLY), "link".getBytes(UTF_8)))
                .isZero();
        isAsTheJdkSays(link);
        assertThat(attributes.mode() & Attributes.TYPE).isEqualTo(Attributes.LINK);
        assertThat(attributes.size()).isEqualTo("nowhere".length());
        int path = opened.open(link, 0, OpenFlag.PATH_ONLY, OpenFlag.NO_FOLLOW);
        assertThat(new Attributes().ask(path)).isZero();
        assertThat(attributes.ask(path)).isZero();
        isAsTheJdkSays(link);
    }

    @Test
    void fileSystemsAreToldApart() {
        assertThat(attributes.ask(Names.CURRENT_FOLDER, name(folder))).isZero();
        long here = attributes.fileSystem();
        assertThat(attributes.ask(Names.CURRENT_FOLDER, name(folder.getParent())))
                .isZero();
        assertThat(attributes.fileSystem()).isEqualTo(here);
        assertThat(attributes.ask(Names.CURRENT_FOLDER, name(Path.of("/proc")))).isZero();
        assertThat(attributes.fileSystem()).isNotEqualTo(here);
    }

    @Test
    void askingAgainFillsTheSameMemory() throws IOException {
        assertThat(attributes.ask(opened.open(Files.write(folder.resolve("a"), new byte[3]), 0)))
                .isZero();
        assertThat(attributes.size()).isEqualTo(3);
        assertThat(attributes.ask(opened.open(Files.write(folder.resolve("b"), new byte[4]), 0)))
                .isZero();
        assertThat(attributes.size()).isEqualTo(4);
        assertThat(attributes.ask(opened.open(folder, 0), "missing".getBytes(UTF_8)))
                .isEqualTo(Errno.ENOENT.negated());
    }

    @Test
    void theShortWayTellsTheSame() throws IOException {
        Path file = Files.writeString(folder.resolve("brief"), "text");
        int fd = opened.open(file, 0);
        assertThat(attributes.ask(fd)).isZero();
        Attributes.Brief brief = new Attributes.Brief();
        for (boolean byPath : new boolean[] {true, false}) {
            assertThat(byPath ? brief.ask(file) : brief.ask(fd)).isZero();
            assertThat(brief.inode()).isEqualTo(attributes.inode());
            assertThat(brief.device()).isEqualTo(Files.getAttribute(file, "unix:dev"));
            assertThat(brief.size()).isEqualTo(4);
            assertThat(brief.modified())
                    .isEqualTo(attributes.modificationSeconds() * 1_000_000_000L + attributes.modificationNanos());
            assertThat(brief.changed())
                    .isEqualTo(attributes.changeSeconds() * 1_000_000_000L + attributes.changeNanos());
        }
        assertThat(brief.ask(folder.resolve("none"))).isEqualTo(Errno.ENOENT.negated());
        assertThat(brief.ask(1_000_000)).isEqualTo(Errno.EBADF.negated());
    }
}
