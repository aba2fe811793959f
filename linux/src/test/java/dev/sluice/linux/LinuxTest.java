package dev.sluice.linux;

import static dev.sluice.linux.OpenFlag.APPEND;
import static dev.sluice.linux.OpenFlag.CREATE;
import static dev.sluice.linux.OpenFlag.EXCLUSIVE;
import static dev.sluice.linux.OpenFlag.NO_FOLLOW;
import static dev.sluice.linux.OpenFlag.READ_ONLY;
import static dev.sluice.linux.OpenFlag.READ_WRITE;
import static dev.sluice.linux.OpenFlag.TRUNCATE;
import static dev.sluice.linux.OpenFlag.WRITE_ONLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Descriptors;
import dev.sluice.testing.Pipes;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

class LinuxTest extends OnLinux {
    @Test
    void aMissingFileIsNotOpened() {
        assertThat(Linux.open(folder.resolve("missing"), READ_ONLY.bits(), 0)).isEqualTo(Errno.ENOENT.negated());
    }

    @Test
    void aFileIsCreatedWithItsMode() throws IOException {
        Path file = folder.resolve("new");
        opened.open(file, 0600, CREATE, EXCLUSIVE, WRITE_ONLY);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        int flags = CREATE.bits() | EXCLUSIVE.bits() | WRITE_ONLY.bits();
        assertThat(Linux.open(file, flags, 0600)).isEqualTo(Errno.EEXIST.negated());
    }

    @Test
    void aSymbolicLinkIsNotFollowedWhenToldSo() throws IOException {
        Files.createFile(folder.resolve("file"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("file"));
        assertThat(Linux.open(link, NO_FOLLOW.bits(), 0)).isEqualTo(Errno.ELOOP.negated());
        assertThat(opened.open(link, 0, READ_ONLY)).isNotNegative();
    }

    @Test
    void truncatingCutsAndGrows() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "0123456789");
        int fd = opened.open(file, 0, READ_WRITE);
        assertThat(Linux.ftruncate(fd, 4)).isZero();
        assertThat(file).hasContent("0123");
        assertThat(Linux.ftruncate(fd, 5_000_000_000L)).isZero();
        assertThat(Linux.stat(fd, "file").size()).isEqualTo(5_000_000_000L);
        assertThat(Linux.ftruncate(fd, -1)).isEqualTo(Errno.EINVAL.negated());
        opened.open(file, 0, WRITE_ONLY, TRUNCATE);
        assertThat(file).isEmptyFile();
    }

    @Test
    void spaceIsReservedAndTheFileGrows() throws IOException {
        int fd = opened.open(folder.resolve("file"), 0600, CREATE, READ_WRITE);
        int result = Linux.fallocate(fd, 1000, 3000);
        assumeTrue(result != Errno.EOPNOTSUPP.negated(), "this file system cannot reserve space");
        assertThat(result).isZero();
        assertThat(Linux.stat(fd, "file").size()).isEqualTo(4000);
        assertThat(Linux.fallocate(fd, 0, 0)).isEqualTo(Errno.EINVAL.negated());
    }

    @Test
    void filesAreBroughtToTheDiskAndPipesCannotBe() {
        int file = opened.open(folder.resolve("file"), 0600, CREATE, READ_WRITE);
        assertThat(Linux.fsync(file)).isZero();
        assertThat(Linux.fdatasync(file)).isZero();
        int pipe = opened.open(Pipes.make(folder), 0, READ_WRITE);
        assertThat(Linux.fsync(pipe)).isEqualTo(Errno.EINVAL.negated());
    }

    @Test
    void positionsAreThoseOfTheKernelAndPipesHaveNone() {
        int file = opened.open(folder.resolve("file"), 0600, CREATE, READ_WRITE);
        assertThat(Linux.position(file)).isZero();
        int pipe = opened.open(Pipes.make(folder), 0, READ_WRITE);
        assertThat(Linux.position(pipe)).isEqualTo(Errno.ESPIPE.negated());
    }

    @Test
    void flagsAreThoseOfTheOpening() {
        int fd = opened.open(folder.resolve("file"), 0600, CREATE, READ_WRITE, APPEND);
        int flags = Linux.fcntlFlags(fd);
        assertThat(flags & APPEND.bits()).isEqualTo(APPEND.bits());
        assertThat(flags & 3).isEqualTo(READ_WRITE.bits());
    }

    @Test
    void aClosedDescriptorIsBad() {
        int fd = Linux.open(folder.resolve("file"), CREATE.bits() | READ_WRITE.bits(), 0600);
        assertThat(Linux.close(fd)).isZero();
        int bad = 1_000_000;
        int answer = Errno.EBADF.negated();
        assertThat(Linux.close(bad)).isEqualTo(answer);
        assertThat(Linux.fsync(bad)).isEqualTo(answer);
        assertThat(Linux.fdatasync(bad)).isEqualTo(answer);
        assertThat(Linux.ftruncate(bad, 0)).isEqualTo(answer);
        assertThat(Linux.fallocate(bad, 0, 1)).isEqualTo(answer);
        assertThat(Linux.position(bad)).isEqualTo(answer);
        assertThat(Linux.fcntlFlags(bad)).isEqualTo(answer);
        assertThatThrownBy(() -> Linux.stat(bad, "that one"))
                .isExactlyInstanceOf(FileSystemException.class)
                .hasMessageContainingAll("that one", "EBADF");
        assertThat(Linux.isInMemory(bad)).isFalse();
    }

    @Test
    void sharedMemoryIsInMemoryAndADiskIsNot() throws IOException {
        Path memory = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(memory), "/dev/shm is needed");
        Path file = Files.createTempFile(memory, "sluice", "");
        try {
            assertThat(Linux.isInMemory(opened.open(file, 0, READ_ONLY))).isTrue();
        } finally {
            Files.delete(file);
        }
        String type = Files.getFileStore(folder).type();
        int fd = opened.open(folder.resolve("file"), 0600, CREATE, READ_WRITE);
        assertThat(Linux.isInMemory(fd)).as(type).isEqualTo(type.equals("tmpfs"));
    }

    @Test
    void nothingIsLeftOpen() {
        Path file = folder.resolve("file");
        for (int i = 0; i < 100; i++) {
            Linux.close(Linux.open(file, CREATE.bits() | READ_WRITE.bits(), 0600));
        }
        assertThat(Descriptors.of(file.toString())).isEmpty();
    }

    @Test
    void onlyPipesArePipes() throws IOException {
        Path pipe = Pipes.make(folder);
        assertThat(Linux.isPipe(pipe)).isTrue();
        assertThat(Linux.isPipe(Files.createSymbolicLink(folder.resolve("link"), pipe)))
                .isTrue();
        assertThat(Linux.isPipe(Files.createFile(folder.resolve("file")))).isFalse();
        assertThat(Linux.isPipe(folder.resolve("missing"))).isFalse();
        assertThat(Linux.isPipe(Path.of("/dev/null"))).isFalse();
    }

    @Test
    void flagsCanBeSetLater() {
        int fd = opened.open(Pipes.make(folder), 0, READ_WRITE, OpenFlag.NON_BLOCKING);
        int flags = Linux.fcntlFlags(fd);
        assertThat(flags & OpenFlag.NON_BLOCKING.bits()).isNotZero();
        assertThat(Linux.fcntlFlags(fd, flags & ~OpenFlag.NON_BLOCKING.bits())).isZero();
        assertThat(Linux.fcntlFlags(fd)).isEqualTo(flags & ~OpenFlag.NON_BLOCKING.bits());
        assertThat(Linux.fcntlFlags(-1, 0)).isEqualTo(Errno.EBADF.negated());
    }

    @Test
    void pipesAndSocketsConnectTwoDescriptors() {
        for (long pair : new long[] {Linux.pipe(), Linux.socketPair()}) {
            assertThat(pair).isPositive();
            int reader = opened.add((int) pair);
            int writer = opened.add((int) (pair >>> 32));
            try (Bytes bytes = Bytes.of("through")) {
                assertThat(Transfers.write(writer, bytes.address(), 7)).isEqualTo(7);
            }
            try (Bytes bytes = new Bytes(9)) {
                assertThat(Transfers.read(reader, bytes.address(), 9)).isEqualTo(7);
                assertThat(bytes.text(7)).isEqualTo("through");
            }
            assertThat(Linux.isTerminal(reader)).isFalse();
        }
        assertThat(Linux.isTerminal(1_000_000)).isFalse();
    }
}
