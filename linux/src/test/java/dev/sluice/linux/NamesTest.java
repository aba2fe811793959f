package dev.sluice.linux;

import static dev.sluice.linux.OpenFlag.CREATE;
import static dev.sluice.linux.OpenFlag.DIRECTORY;
import static dev.sluice.linux.OpenFlag.EXCLUSIVE;
import static dev.sluice.linux.OpenFlag.NO_FOLLOW;
import static dev.sluice.linux.OpenFlag.PATH_ONLY;
import static dev.sluice.linux.OpenFlag.READ_ONLY;
import static dev.sluice.linux.OpenFlag.READ_WRITE;
import static dev.sluice.linux.OpenFlag.UNNAMED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Descriptors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest extends OnLinux {
    private static final int ENOENT = Errno.ENOENT.negated();
    private static final int EEXIST = Errno.EEXIST.negated();
    private static final int EINVAL = Errno.EINVAL.negated();

    /** No UTF-8, a line's end, and what a shell takes for more than a name. */
    private static final byte[] ODD = {(byte) 0xFF, '\n', (byte) 0x80, ' ', '*', '"', 1};

    private int here;

    @BeforeEach
    void openFolder() {
        here = opened.open(folder, 0, PATH_ONLY, DIRECTORY);
    }

    private static byte[] name(String text) {
        return text.getBytes(UTF_8);
    }

    private static int bits(OpenFlag... flags) {
        return Arrays.stream(flags).mapToInt(OpenFlag::bits).reduce(0, (a, b) -> a | b);
    }

    @Test
    void aFileIsMadeAndOpenedByItsNameInAFolder() throws IOException {
        int fd = opened.add(Names.open(here, name("new"), bits(CREATE, EXCLUSIVE, READ_WRITE), 0600));
        assertThat(fd).isNotNegative();
        try (Bytes bytes = Bytes.of("hello")) {
            assertThat(Transfers.write(fd, bytes.address(), 5)).isEqualTo(5);
        }
        assertThat(folder.resolve("new")).hasContent("hello");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("new"))))
                .isEqualTo("rw-------");
        assertThat(Names.open(here, name("new"), bits(CREATE, EXCLUSIVE, READ_WRITE), 0600))
                .isEqualTo(EEXIST);
        assertThat(Names.open(here, name("missing"), 0, 0)).isEqualTo(ENOENT);
        assertThat(Names.open(here, name("new"), bits(DIRECTORY), 0)).isEqualTo(Errno.ENOTDIR.negated());
    }

    @Test
    void aNameMayHoldAnyBytes() {
        opened.add(Names.open(here, ODD, bits(CREATE), 0600));
        Entries entries = new Entries();
        entries.start(opened.open(folder, 0, READ_ONLY));
        assertThat(entries.next()).isEqualTo(1);
        assertThat(entries.name()).isEqualTo(ODD);
        assertThat(Names.remove(here, ODD)).isZero();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aNameWithAZeroByteIsRefusedAndNotCutShort() throws IOException {
        Files.createFile(folder.resolve("a"));
        Files.createSymbolicLink(folder.resolve("l"), Path.of("a"));
        byte[] zero = {'a', 0, 'b'};
        byte[] good = name("new");
        assertThat(Names.open(here, zero, 0, 0)).isEqualTo(EINVAL);
        assertThat(Names.makeDirectory(here, zero, 0700)).isEqualTo(EINVAL);
        assertThat(Names.makeNode(here, zero, Attributes.REGULAR, 0)).isEqualTo(EINVAL);
        assertThat(Names.remove(here, zero)).isEqualTo(EINVAL);
        assertThat(Names.removeDirectory(here, zero)).isEqualTo(EINVAL);
        assertThat(Names.rename(here, zero, here, good, 0)).isEqualTo(EINVAL);
        assertThat(Names.rename(here, name("a"), here, zero, 0)).isEqualTo(EINVAL);
        assertThat(Names.link(here, zero, here, good)).isEqualTo(EINVAL);
        assertThat(Names.link(here, here, zero)).isEqualTo(EINVAL);
        assertThat(Names.makeLink(zero, here, good)).isEqualTo(EINVAL);
        assertThat(Names.makeLink(good, here, zero)).isEqualTo(EINVAL);
        assertThat(Names.readLink(here, new byte[] {'l', 0}, new byte[9])).isEqualTo(EINVAL);
        assertThat(new Attributes().ask(here, zero)).isEqualTo(EINVAL);
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("a", "l");
    }

    @Test
    void namesAreTakenUpToTheKernelsLengthAndNoLonger() {
        byte[] longest = name("n".repeat(255));
        assertThat(Names.makeDirectory(here, longest, 0700)).isZero();
        assertThat(folder.resolve("n".repeat(255))).isDirectory();
        assertThat(Names.makeDirectory(here, name("n".repeat(256)), 0700)).isEqualTo(Errno.ENAMETOOLONG.negated());
        assertThat(Names.rename(here, longest, here, name("m".repeat(255)), 0)).isZero();
        assertThat(folder.resolve("m".repeat(255))).isDirectory();
        assertThat(Names.makeDirectory(here, name("a/".repeat(5000)), 0700)).isEqualTo(Errno.ENAMETOOLONG.negated());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 382, 383, 384, 385, 1000, 4095})
    void pathsOfAllLengthsLeadToTheFile(int length) throws IOException {
        Files.writeString(folder.resolve("f"), "here");
        byte[] path = name(length == 1 ? "f" : "." + "/".repeat(length - 2) + "f");
        assertThat(path).hasSize(length);
        int fd = Names.open(here, path, 0, 0);
        assertThat(fd).as(Errno.describe(fd)).isNotNegative();
        opened.add(fd);
        byte[] other = name("./" + "/".repeat(4000) + "g");
        assertThat(Names.rename(here, path, here, other, 0)).isZero();
        assertThat(folder.resolve("g")).hasContent("here");
    }

    @Test
    void directoriesAreMadeAndRemoved() {
        assertThat(Names.makeDirectory(here, name("d"), 0700)).isZero();
        assertThat(folder.resolve("d")).isDirectory();
        assertThat(Names.makeDirectory(here, name("d"), 0700)).isEqualTo(EEXIST);
        assertThat(Names.remove(here, name("d"))).isEqualTo(Errno.EISDIR.negated());
        assertThat(Names.makeNode(here, name("d/file"), Attributes.REGULAR | 0600, 0))
                .isZero();
        assertThat(Names.removeDirectory(here, name("d"))).isEqualTo(Errno.ENOTEMPTY.negated());
        assertThat(Names.removeDirectory(here, name("d/file"))).isEqualTo(Errno.ENOTDIR.negated());
        assertThat(Names.remove(here, name("d/file"))).isZero();
        assertThat(Names.removeDirectory(here, name("d"))).isZero();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void pipesSocketsAndDevicesAreMade() {
        Attributes attributes = new Attributes();
        assertThat(Names.makeNode(here, name("pipe"), Attributes.PIPE | 0600, 0))
                .isZero();
        assertThat(Linux.isPipe(folder.resolve("pipe"))).isTrue();
        assertThat(Names.makeNode(here, name("socket"), Attributes.SOCKET | 0600, 0))
                .isZero();
        assertThat(attributes.ask(here, name("socket"))).isZero();
        assertThat(attributes.mode()).isEqualTo(Attributes.SOCKET | 0600);
        assertThat(attributes.ask(Names.CURRENT_FOLDER, name("/dev/null"))).isZero();
        int made = Names.makeNode(here, name("null"), Attributes.CHARACTER_DEVICE | 0600, attributes.deviceNumber());
        assumeTrue(made != Errno.EPERM.negated(), "devices are for the superuser");
        assertThat(attributes.ask(here, name("null"))).isZero();
        assertThat(attributes.mode()).isEqualTo(Attributes.CHARACTER_DEVICE | 0600);
        assertThat(attributes.deviceNumber()).isEqualTo(0x103);
    }

    @Test
    void aDevicesLargeNumbersAreKept() {
        int number = 0xABC << 8 | 0x34 | 0x12300 << 12;
        int made = Names.makeNode(here, name("d"), Attributes.BLOCK_DEVICE | 0600, number);
        assumeTrue(made != Errno.EPERM.negated(), "devices are for the superuser");
        Attributes attributes = new Attributes();
        assertThat(attributes.ask(here, name("d"))).isZero();
        assertThat(attributes.deviceNumber()).isEqualTo(number);
    }

    @Test
    void symbolicLinksSayWhatTheyWereToldTo() {
        byte[] target = new byte[4096];
        assertThat(Names.makeLink(ODD, here, name("odd"))).isZero();
        assertThat(Names.readLink(here, name("odd"), target)).isEqualTo(ODD.length);
        assertThat(target).startsWith(ODD);
        assertThat(Names.makeLink(name("x"), here, name("odd"))).isEqualTo(EEXIST);
        assertThat(Names.readLink(here, name("missing"), target)).isEqualTo(ENOENT);
        assertThat(Names.readLink(here, name("."), target)).isEqualTo(EINVAL);
        byte[] few = new byte[3];
        assertThat(Names.readLink(here, name("odd"), few)).isEqualTo(3);
        assertThat(few).isEqualTo(Arrays.copyOf(ODD, 3));
        int link = opened.add(Names.open(here, name("odd"), bits(PATH_ONLY, NO_FOLLOW), 0));
        assertThat(Names.readLink(link, new byte[0], target)).isEqualTo(ODD.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 383, 384, 385, 4000, 4095})
    void linksOfAllLengthsAreReadWhole(int length) {
        byte[] said = name("t".repeat(length));
        int made = Names.makeLink(said, here, name("link"));
        assumeTrue(made != Errno.ENAMETOOLONG.negated(), "this file system has shorter links");
        assertThat(made).isZero();
        byte[] target = new byte[4096];
        assertThat(Names.readLink(here, name("link"), target)).isEqualTo(length);
        assertThat(target).startsWith(said);
        assertThat(Names.makeLink(name("t".repeat(4096)), here, name("too long")))
                .isEqualTo(Errno.ENAMETOOLONG.negated());
    }

    @Test
    void theLastLinkOfAPathIsFollowedOnlyWhenOpening() throws IOException {
        Files.writeString(folder.resolve("file"), "here");
        Names.makeLink(name("file"), here, name("link"));
        assertThat(opened.add(Names.open(here, name("link"), 0, 0))).isNotNegative();
        assertThat(Names.open(here, name("link"), bits(NO_FOLLOW), 0)).isEqualTo(Errno.ELOOP.negated());
        assertThat(Names.link(here, name("link"), here, name("again"))).isZero();
        assertThat(folder.resolve("again")).isSymbolicLink();
        assertThat(Names.remove(here, name("link"))).isZero();
        assertThat(folder.resolve("file")).hasContent("here");
    }

    @Test
    void aFileHasAsManyNamesAsItIsGiven() throws IOException {
        Files.writeString(folder.resolve("one"), "here");
        assertThat(Names.link(here, name("one"), here, name("two"))).isZero();
        assertThat(Names.link(here, name("one"), here, name("two"))).isEqualTo(EEXIST);
        int path = opened.add(Names.open(here, name("two"), bits(PATH_ONLY), 0));
        assertThat(Names.link(path, here, name("three"))).isZero();
        Attributes attributes = new Attributes();
        assertThat(attributes.ask(path)).isZero();
        assertThat(attributes.links()).isEqualTo(3);
        assertThat(folder.resolve("three")).hasContent("here");
        int link = makeAndOpenLink();
        assertThat(Names.link(link, here, name("second"))).isZero();
        assertThat(folder.resolve("second")).isSymbolicLink();
        assertThat(Names.link(1_000_000, here, name("x"))).isEqualTo(ENOENT);
    }

    private int makeAndOpenLink() {
        assertThat(Names.makeLink(name("one"), here, name("first"))).isZero();
        return opened.add(Names.open(here, name("first"), bits(PATH_ONLY, NO_FOLLOW), 0));
    }

    @Test
    void aTemporaryFileGetsItsNameLater() {
        int fd = Names.open(here, name("."), bits(UNNAMED, READ_WRITE), 0600);
        assumeTrue(fd != Errno.EOPNOTSUPP.negated(), "this file system has no files without a name");
        opened.add(fd);
        assertThat(folder).isEmptyDirectory();
        try (Bytes bytes = Bytes.of("late")) {
            Transfers.write(fd, bytes.address(), 4);
        }
        assertThat(Names.link(fd, here, name("named"))).isZero();
        assertThat(folder.resolve("named")).hasContent("late");
    }

    @Test
    void whatADescriptorRefersToIsOpenedAnew() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "here");
        int path = opened.open(file, 0, PATH_ONLY);
        Files.delete(file);
        int fd = opened.add(Names.reopen(path, bits(READ_WRITE)));
        try (Bytes bytes = new Bytes(4)) {
            assertThat(Transfers.read(path, bytes.address(), 4)).isEqualTo(Errno.EBADF.negated());
            assertThat(Transfers.read(fd, bytes.address(), 4)).isEqualTo(4);
            assertThat(bytes.text(4)).isEqualTo("here");
        }
        assertThat(Names.reopen(1_000_000, 0)).isEqualTo(ENOENT);
        assertThat(Names.reopen(-1, 0)).isNegative();
    }

    @Test
    void namesAreMovedReplacedAndExchanged() throws IOException {
        Files.writeString(folder.resolve("a"), "A");
        Files.writeString(folder.resolve("b"), "B");
        assertThat(Names.rename(here, name("a"), here, name("b"), Names.NO_REPLACE))
                .isEqualTo(EEXIST);
        assertThat(Names.rename(here, name("a"), here, name("b"), Names.EXCHANGE))
                .isZero();
        assertThat(folder.resolve("a")).hasContent("B");
        assertThat(folder.resolve("b")).hasContent("A");
        assertThat(Names.rename(here, name("a"), here, name("c"), Names.EXCHANGE))
                .isEqualTo(ENOENT);
        int inside = opened.open(Files.createDirectory(folder.resolve("d")), 0, PATH_ONLY);
        assertThat(Names.rename(here, name("a"), inside, name("moved"), Names.NO_REPLACE))
                .isZero();
        assertThat(folder.resolve("d/moved")).hasContent("B");
        assertThat(Names.rename(inside, name("moved"), here, name("b"), 0)).isZero();
        assertThat(folder.resolve("b")).hasContent("B");
        assertThat(Names.rename(here, name("d"), inside, name("e"), 0)).isEqualTo(EINVAL);
    }

    @Test
    void aClosedFolderIsBad() {
        int bad = 1_000_000;
        int answer = Errno.EBADF.negated();
        byte[] name = name("name");
        assertThat(Names.open(bad, name, 0, 0)).isEqualTo(answer);
        assertThat(Names.makeDirectory(bad, name, 0)).isEqualTo(answer);
        assertThat(Names.makeNode(bad, name, Attributes.REGULAR, 0)).isEqualTo(answer);
        assertThat(Names.makeLink(name, bad, name)).isEqualTo(answer);
        assertThat(Names.readLink(bad, name, new byte[9])).isEqualTo(answer);
        assertThat(Names.link(bad, name, here, name)).isEqualTo(answer);
        assertThat(Names.remove(bad, name)).isEqualTo(answer);
        assertThat(Names.removeDirectory(bad, name)).isEqualTo(answer);
        assertThat(Names.rename(bad, name, here, name, 0)).isEqualTo(answer);
        assertThat(new Attributes().ask(bad, name)).isEqualTo(answer);
        assertThat(new Attributes().ask(bad)).isEqualTo(answer);
        assertThat(new Entries().start(bad)).isEqualTo(answer);
    }

    @Test
    void nothingIsLeftOpen() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        for (int i = 0; i < 100; i++) {
            Linux.close(Names.open(here, name("file"), 0, 0));
            Metadata.setMode(here, name("file"), 0600);
        }
        assertThat(Descriptors.of(file.toString())).isEmpty();
    }
}
