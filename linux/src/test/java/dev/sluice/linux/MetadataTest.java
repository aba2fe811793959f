package dev.sluice.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetadataTest extends OnLinux {
    private static final int ENODATA = Errno.ENODATA.negated();

    private final Attributes attributes = new Attributes();
    private int here;
    private Path file;
    private int open;
    private int path;
    private int link;

    @BeforeEach
    void makeFiles() throws IOException {
        here = opened.open(folder, 0, OpenFlag.PATH_ONLY);
        file = Files.writeString(folder.resolve("file"), "12345");
        open = opened.open(file, 0, OpenFlag.READ_ONLY);
        path = opened.open(file, 0, OpenFlag.PATH_ONLY);
        link = opened.open(
                Files.createSymbolicLink(folder.resolve("link"), Path.of("file")),
                0,
                OpenFlag.PATH_ONLY,
                OpenFlag.NO_FOLLOW);
    }

    private static byte[] name(String text) {
        return text.getBytes(UTF_8);
    }

    private int modeOf(int fd) {
        assertThat(attributes.ask(fd)).isZero();
        return attributes.mode() & 07777;
    }

    @Test
    void permissionsAreSetThroughAnyDescriptorAndByName() {
        assertThat(Metadata.setMode(open, 0600)).isZero();
        assertThat(modeOf(open)).isEqualTo(0600);
        assertThat(Metadata.setMode(path, 04711)).isZero();
        assertThat(modeOf(open)).isEqualTo(04711);
        assertThat(Metadata.setMode(here, name("file"), 0)).isZero();
        assertThat(modeOf(open)).isZero();
        assertThat(Metadata.setMode(here, name("missing"), 0)).isEqualTo(Errno.ENOENT.negated());
    }

    @Test
    void aSymbolicLinkHasNoPermissionsOfItsOwnAndLeadsNowhereElse() {
        Metadata.setMode(open, 0640);
        assertThat(Metadata.setMode(link, 0600)).isEqualTo(Errno.EOPNOTSUPP.negated());
        assertThat(Metadata.setMode(here, name("link"), 0600)).isEqualTo(Errno.EOPNOTSUPP.negated());
        assertThat(modeOf(open)).isEqualTo(0640);
    }

    @Test
    void ownersAreSetOfFilesAndOfLinksThemselves() {
        int mine = Metadata.setOwner(path, 1234, 5678);
        assumeTrue(mine != Errno.EPERM.negated(), "giving files away is for the superuser");
        assertThat(mine).isZero();
        attributes.ask(open);
        assertThat(attributes.user()).isEqualTo(1234);
        assertThat(attributes.group()).isEqualTo(5678);
        assertThat(Metadata.setOwner(open, Metadata.SAME, 9)).isZero();
        attributes.ask(open);
        assertThat(attributes.user()).isEqualTo(1234);
        assertThat(attributes.group()).isEqualTo(9);
        assertThat(Metadata.setOwner(here, name("link"), 77, Metadata.SAME)).isZero();
        attributes.ask(link);
        assertThat(attributes.user()).isEqualTo(77);
        assertThat(Metadata.setOwner(link, 78, 79)).isZero();
        attributes.ask(link);
        assertThat(attributes.user()).isEqualTo(78);
        attributes.ask(open);
        assertThat(attributes.user()).as("the link's target").isEqualTo(1234);
    }

    @Test
    void timesAreSetToTheNanosecondThroughAnyDescriptorAndByName() throws IOException {
        assertThat(Metadata.setTimes(open, 1, 2, 1_700_000_000, 999_999_999)).isZero();
        isAt(file, 1, 2, 1_700_000_000, 999_999_999);
        assertThat(Metadata.setTimes(path, -7, 0, 5, Metadata.OMIT)).isZero();
        isAt(file, -7, 0, 1_700_000_000, 999_999_999);
        assertThat(Metadata.setTimes(here, name("file"), 0, Metadata.OMIT, 3, 4))
                .isZero();
        isAt(file, -7, 0, 3, 4);
        assertThat(Metadata.setTimes(link, 11, 0, 12, 0)).isZero();
        isAt(folder.resolve("link"), 11, 0, 12, 0);
        assertThat(Metadata.setTimes(here, name("link"), 13, 0, 14, 0)).isZero();
        isAt(folder.resolve("link"), 13, 0, 14, 0);
        isAt(file, -7, 0, 3, 4);
        assertThat(Metadata.setTimes(open, 0, 1_000_000_000, 0, 0)).isEqualTo(Errno.EINVAL.negated());
    }

    @Test
    void nowIsNow() throws IOException {
        Metadata.setTimes(open, 1, 0, 1, 0);
        Instant before = Instant.now().minusSeconds(5);
        assertThat(Metadata.setTimes(open, 0, Metadata.NOW, 0, Metadata.OMIT)).isZero();
        FileTime time = (FileTime) Files.getAttribute(file, "lastAccessTime");
        assertThat(time.toInstant()).isBetween(before, Instant.now().plusSeconds(5));
        assertThat(Files.getLastModifiedTime(file).toInstant()).isEqualTo(Instant.ofEpochSecond(1));
    }

    private void isAt(Path which, long access, int accessNanos, long modification, int modificationNanos)
            throws IOException {
        assertThat(Files.getAttribute(which, "lastAccessTime", LinkOption.NOFOLLOW_LINKS))
                .isEqualTo(FileTime.from(Instant.ofEpochSecond(access, accessNanos)));
        assertThat(Files.getLastModifiedTime(which, LinkOption.NOFOLLOW_LINKS))
                .isEqualTo(FileTime.from(Instant.ofEpochSecond(modification, modificationNanos)));
    }

    @Test
    void extendedAttributesAreSetFoundListedAndRemoved() {
        for (int fd : new int[] {open, path}) {
            try (Bytes value = Bytes.of("value");
                    Bytes answer = new Bytes(64)) {
                int set = Metadata.setExtended(fd, name("user.a"), value.address(), 5, Metadata.CREATE);
                assumeTrue(set != Errno.EOPNOTSUPP.negated(), "this file system has no extended attributes");
                assertThat(set).isZero();
                assertThat(Metadata.setExtended(fd, name("user.a"), value.address(), 5, Metadata.CREATE))
                        .isEqualTo(Errno.EEXIST.negated());
                assertThat(Metadata.setExtended(fd, name("user.b"), value.address(), 5, Metadata.REPLACE))
                        .isEqualTo(ENODATA);
                assertThat(Metadata.setExtended(fd, name("user.b"), value.address(), 0, 0))
                        .isZero();
                assertThat(Metadata.extended(fd, name("user.a"), 0, 0)).isEqualTo(5);
                assertThat(Metadata.extended(fd, name("user.a"), answer.address(), 64))
                        .isEqualTo(5);
                assertThat(answer.text(5)).isEqualTo("value");
                assertThat(Metadata.extended(fd, name("user.a"), answer.address(), 4))
                        .isEqualTo(Errno.ERANGE.negated());
                assertThat(Metadata.extended(fd, name("user.b"), answer.address(), 64))
                        .isZero();
                assertThat(Metadata.extended(fd, name("user.c"), answer.address(), 64))
                        .isEqualTo(ENODATA);
                long length = Metadata.listExtended(fd, 0, 0);
                assertThat(Metadata.listExtended(fd, answer.address(), 64)).isEqualTo(length);
                assertThat(answer.text((int) length).split("\0")).contains("user.a", "user.b");
                assertThat(Metadata.listExtended(fd, answer.address(), 3)).isEqualTo(Errno.ERANGE.negated());
                assertThat(Metadata.removeExtended(fd, name("user.a"))).isZero();
                assertThat(Metadata.removeExtended(fd, name("user.b"))).isZero();
                assertThat(Metadata.removeExtended(fd, name("user.b"))).isEqualTo(ENODATA);
            }
        }
    }

    @Test
    void aSymbolicLinksExtendedAttributesAreItsOwn() {
        try (Bytes value = Bytes.of("mine");
                Bytes answer = new Bytes(64)) {
            int set = Metadata.setExtended(link, name("trusted.sluice"), value.address(), 4, 0);
            assumeTrue(set == 0, "only the superuser's attributes can be of a link: " + Errno.describe(set));
            assertThat(Metadata.extended(link, name("trusted.sluice"), answer.address(), 64))
                    .isEqualTo(4);
            assertThat(Metadata.extended(open, name("trusted.sluice"), answer.address(), 64))
                    .isEqualTo(ENODATA);
            assertThat(Metadata.removeExtended(link, name("trusted.sluice"))).isZero();
        }
    }

    @Test
    void freeSpaceIsAsTheJdkSays() throws IOException {
        FileStore store = Files.getFileStore(folder);
        Metadata.Space space = Metadata.space(path, "file");
        assertThat(space.blocks() * space.unit()).isEqualTo(store.getTotalSpace());
        assertThat(space.available()).isLessThanOrEqualTo(space.free());
        assertThat(space.free()).isLessThanOrEqualTo(space.blocks());
        assertThat(space.freeFiles()).isLessThanOrEqualTo(space.files());
        assertThat(space.nameLength()).isEqualTo(255);
        assertThat(space.blockSize()).isEqualTo(store.getBlockSize());
    }

    @Test
    void aClosedDescriptorIsBad() {
        int answer = Errno.EBADF.negated();
        for (int bad : new int[] {1_000_000, -1}) {
            assertThat(Metadata.setMode(bad, 0)).isEqualTo(answer);
            assertThat(Metadata.setOwner(bad, 0, 0)).isEqualTo(answer);
            assertThat(Metadata.setTimes(bad, 0, 0, 0, 0)).isEqualTo(answer);
            assertThat(Metadata.extended(bad, name("user.a"), 0, 0)).isEqualTo(answer);
            assertThat(Metadata.setExtended(bad, name("user.a"), 0, 0, 0)).isEqualTo(answer);
            assertThat(Metadata.removeExtended(bad, name("user.a"))).isEqualTo(answer);
            assertThat(Metadata.listExtended(bad, 0, 0)).isEqualTo(answer);
            assertThatThrownBy(() -> Metadata.space(bad, "that one"))
                    .isExactlyInstanceOf(FileSystemException.class)
                    .hasMessageContainingAll("that one", "EBADF");
        }
    }

    @Test
    void namesWithAZeroByteAreRefused() {
        byte[] zero = {'f', 0};
        int answer = Errno.EINVAL.negated();
        assertThat(Metadata.setMode(here, zero, 0)).isEqualTo(answer);
        assertThat(Metadata.setOwner(here, zero, 0, 0)).isEqualTo(answer);
        assertThat(Metadata.setTimes(here, zero, 0, 0, 0, 0)).isEqualTo(answer);
        assertThat(Metadata.extended(open, zero, 0, 0)).isEqualTo(answer);
        assertThat(Metadata.removeExtended(open, zero)).isEqualTo(answer);
    }
}
