package dev.sluice.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Child;
import dev.sluice.testing.Descriptors;
import dev.sluice.testing.Pipes;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RangesTest extends OnLinux {
    private static final int MIB = 1 << 20;

    private int memoryFile(String content) {
        int fd = opened.add(Ranges.memoryFile("test".getBytes(UTF_8)));
        assertThat(fd).isNotNegative();
        write(fd, content, 0);
        return fd;
    }

    private int file(String name) {
        return opened.open(folder.resolve(name), 0600, OpenFlag.CREATE, OpenFlag.READ_WRITE);
    }

    private static void write(int fd, String text, long offset) {
        try (Bytes bytes = Bytes.of(text)) {
            assertThat(Transfers.pwrite(fd, bytes.address(), text.length(), offset))
                    .isEqualTo(text.length());
        }
    }

    private static String read(int fd, int length, long offset) {
        try (Bytes bytes = new Bytes(Math.max(length, 1))) {
            return bytes.text((int) Transfers.pread(fd, bytes.address(), length, offset));
        }
    }

    private static long blocks(int fd) {
        Attributes attributes = new Attributes();
        assertThat(attributes.ask(fd)).isZero();
        return attributes.blocks();
    }

    @Test
    void aMemoryFileIsAFileInMemoryWithItsLabel() {
        int before = Descriptors.of("memfd:sluice label").size();
        int fd = Ranges.memoryFile("sluice label".getBytes(UTF_8));
        assertThat(Descriptors.of("memfd:sluice label")).hasSize(before + 1);
        assertThat(Linux.isInMemory(fd)).isTrue();
        write(fd, "hello", 3);
        assertThat(read(fd, 9, 0)).isEqualTo("\0\0\0hello");
        assertThat(Linux.close(fd)).isZero();
        assertThat(Descriptors.of("memfd:sluice label")).hasSize(before);
        assertThat(Ranges.memoryFile("x".repeat(300).getBytes(UTF_8))).isEqualTo(Errno.EINVAL.negated());
        assertThat(Ranges.memoryFile("a\0b".getBytes(UTF_8))).isEqualTo(Errno.EINVAL.negated());
    }

    @Test
    void otherProgramsDoNotInheritAMemoryFile() {
        int fd = memoryFile("secret");
        String path = "/proc/self/fd/" + fd;
        Child.Outcome outcome = Child.run(List.of("sh", "-c", "readlink " + path + " || echo none"));
        assertThat(outcome.output()).doesNotContain("memfd");
    }

    @Test
    void aMemoryFileCanBeExecuted() {
        int fd = memoryFile("#!/bin/sh\necho I run\n");
        assertThat(Metadata.setMode(fd, 0700)).isZero();
        String path = "/proc/" + ProcessHandle.current().pid() + "/fd/" + fd;
        int readOnly = opened.add(Names.reopen(fd, OpenFlag.READ_ONLY.bits()));
        assertThat(readOnly).isNotNegative();
        Child.Outcome outcome = Child.run(List.of("sh", "-c", "cp " + path + " /dev/null && sh " + path));
        assertThat(outcome.output()).isEqualTo("I run\n");
    }

    @Test
    void holesArePunchedAndFound() {
        for (int fd : new int[] {memoryFile(""), file("file")}) {
            write(fd, "x".repeat(3 * MIB), 0);
            long full = blocks(fd);
            assertThat(Ranges.seek(fd, 0, Ranges.HOLE)).isEqualTo(3 * MIB);
            int result = Ranges.allocate(fd, Ranges.PUNCH_HOLE | Ranges.KEEP_SIZE, MIB, MIB);
            assumeTrue(result != Errno.EOPNOTSUPP.negated(), "this file system has no holes");
            assertThat(result).isZero();
            assertThat(blocks(fd)).isLessThanOrEqualTo(full - MIB / 512);
            assertThat(Ranges.seek(fd, 5, Ranges.HOLE)).isEqualTo(MIB);
            assertThat(Ranges.seek(fd, MIB, Ranges.DATA)).isEqualTo(2 * MIB);
            assertThat(Ranges.seek(fd, 5, Ranges.DATA)).isEqualTo(5);
            assertThat(Ranges.seek(fd, 3 * MIB, Ranges.DATA)).isEqualTo(Errno.ENXIO.negated());
            assertThat(Ranges.seek(fd, 3 * MIB + 1, Ranges.HOLE)).isEqualTo(Errno.ENXIO.negated());
            assertThat(read(fd, 2, MIB - 1)).isEqualTo("x\0");
            assertThat(Ranges.allocate(fd, Ranges.PUNCH_HOLE, 0, 1)).isEqualTo(Errno.EOPNOTSUPP.negated());
        }
    }

    @Test
    void spaceIsReservedWithAndWithoutGrowing() throws IOException {
        int fd = memoryFile("");
        assertThat(Ranges.allocate(fd, Ranges.KEEP_SIZE, 0, MIB)).isZero();
        assertThat(Linux.stat(fd, "file").size()).isZero();
        assertThat(blocks(fd)).isGreaterThanOrEqualTo(MIB / 512);
        assertThat(Ranges.allocate(fd, 0, 0, MIB)).isZero();
        assertThat(Linux.stat(fd, "file").size()).isEqualTo(MIB);
        assertThat(Ranges.allocate(fd, 0, 0, 0)).isEqualTo(Errno.EINVAL.negated());
        assertThat(Ranges.allocate(1_000_000, 0, 0, 1)).isEqualTo(Errno.EBADF.negated());
    }

    @Test
    void rangesAreZeroedTakenOutAndPutIn() throws IOException {
        int fd = file("file");
        write(fd, "a".repeat(4096) + "b".repeat(4096) + "c".repeat(4096), 0);
        int result = Ranges.allocate(fd, Ranges.COLLAPSE_RANGE, 4096, 4096);
        assumeTrue(result != Errno.EOPNOTSUPP.negated(), "this file system cannot");
        assertThat(result).isZero();
        assertThat(Linux.stat(fd, "file").size()).isEqualTo(8192);
        assertThat(read(fd, 2, 4095)).isEqualTo("ac");
        assertThat(Ranges.allocate(fd, Ranges.INSERT_RANGE, 4096, 4096)).isZero();
        assertThat(read(fd, 2, 4095)).isEqualTo("a\0");
        assertThat(read(fd, 2, 8191)).isEqualTo("\0c");
        assertThat(Ranges.allocate(fd, Ranges.ZERO_RANGE, 8193, 1)).isZero();
        assertThat(read(fd, 3, 8192)).isEqualTo("c\0c");
    }

    @Test
    void bytesAreCopiedBetweenFilesOfOneFileSystem() throws IOException {
        int from = file("from");
        write(from, "0123456789", 0);
        int to = file("to");
        assertThat(Ranges.copy(from, 2, to, 5, 3)).isEqualTo(3);
        assertThat(read(to, 99, 0)).isEqualTo("\0\0\0\0\0" + "234");
        assertThat(Ranges.copy(from, 8, to, 0, 99)).isEqualTo(2);
        assertThat(Ranges.copy(from, 10, to, 0, 99)).isZero();
        assertThat(Ranges.copy(1_000_000, 0, to, 0, 1)).isEqualTo(Errno.EBADF.negated());
        int one = memoryFile("in memory");
        int two = memoryFile("");
        assertThat(Ranges.copy(one, 3, two, 0, 99)).isEqualTo(6);
        assertThat(read(two, 99, 0)).isEqualTo("memory");
    }

    @Test
    void bytesAreSentToAnotherFileSystemAndIntoAPipe() throws IOException {
        int from = memoryFile("0123456789");
        Path target = folder.resolve("to");
        int to = file("to");
        assertThat(Ranges.send(from, 4, to, 3)).isEqualTo(3);
        assertThat(Ranges.send(from, 0, to, 99)).isEqualTo(10);
        assertThat(target).hasContent("4560123456789");
        assertThat(Ranges.send(from, 10, to, 99)).isZero();
        assertThat(Linux.position(from)).as("the source's own position").isZero();
        int pipe = opened.open(Pipes.make(folder), 0, OpenFlag.READ_WRITE);
        assertThat(Ranges.send(from, 8, pipe, 99)).isEqualTo(2);
        try (Bytes bytes = new Bytes(8)) {
            assertThat(Transfers.read(pipe, bytes.address(), 8)).isEqualTo(2);
            assertThat(bytes.text(2)).isEqualTo("89");
        }
    }

    @Test
    void sharingSpaceWorksOrSaysThatTheFileSystemCannot() throws IOException {
        int from = opened.open(Files.writeString(folder.resolve("from"), "shared"), 0);
        int to = file("to");
        int result = Ranges.share(from, to);
        assertThat(result).isIn(0, Errno.EOPNOTSUPP.negated(), Errno.ENOTTY.negated(), Errno.EINVAL.negated());
        assertThat(read(to, 99, 0)).isEqualTo(result == 0 ? "shared" : "");
        assertThat(Ranges.share(memoryFile("x"), to)).isEqualTo(Errno.EXDEV.negated());
        assertThat(Ranges.share(from, 1_000_000)).isEqualTo(Errno.EBADF.negated());
    }

    @Test
    void aMappedFileIsItsMemory() throws IOException {
        int fd = file("file");
        write(fd, "0123456789", 0);
        MemorySegment memory;
        try (Arena arena = Arena.ofShared()) {
            memory = Ranges.map(fd, 10, true, arena, "file");
            assertThat(memory.get(ValueLayout.JAVA_BYTE, 3)).isEqualTo((byte) '3');
            memory.set(ValueLayout.JAVA_BYTE, 3, (byte) 'x');
            assertThat(read(fd, 10, 0)).isEqualTo("012x456789");
            assertThat(Ranges.resident(memory.address(), 10)).isEqualTo(Ranges.pageSize());
            assertThat(Ranges.synchronize(memory.address(), 10)).isZero();
            for (int advice : new int[] {Ranges.RANDOM, Ranges.SEQUENTIAL, Ranges.WILL_NEED, Ranges.NORMAL}) {
                assertThat(Ranges.advise(memory.address(), 10, advice)).isZero();
            }
            assertThat(Ranges.advise(memory.address(), 10, 12_345)).isEqualTo(Errno.EINVAL.negated());
            assertThat(Ranges.map(fd, 10, false, arena, "file").isReadOnly()).isTrue();
        }
        assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
        int readOnly = opened.open(folder.resolve("file"), 0);
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> Ranges.map(readOnly, 10, true, arena, "the file"))
                    .hasMessageContainingAll("the file", "mapping 10 bytes", "EACCES");
        }
    }
}
