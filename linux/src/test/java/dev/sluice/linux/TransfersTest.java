package dev.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Pipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransfersTest extends OnLinux {
    private Path path;
    private int file;

    @BeforeEach
    void open() throws IOException {
        path = Files.writeString(folder.resolve("file"), "0123456789");
        file = opened.open(path, 0, OpenFlag.READ_WRITE);
    }

    @Test
    void bytesAreReadAtAnOffset() {
        try (Bytes bytes = new Bytes(100)) {
            assertThat(Transfers.pread(file, bytes.address(), 4, 3)).isEqualTo(4);
            assertThat(bytes.text(4)).isEqualTo("3456");
            assertThat(Transfers.pread(file, bytes.address(), 100, 8)).isEqualTo(2);
            assertThat(Transfers.pread(file, bytes.address(), 100, 10)).isZero();
            assertThat(Transfers.pread(file, bytes.address(), 100, 1L << 40)).isZero();
        }
    }

    @Test
    void bytesAreWrittenAtAnOffset() {
        try (Bytes bytes = Bytes.of("abc")) {
            assertThat(Transfers.pwrite(file, bytes.address(), 3, 4)).isEqualTo(3);
            assertThat(path).hasContent("0123abc789");
        }
    }

    @Test
    void theFilesOwnPositionMoves() {
        try (Bytes bytes = new Bytes(10)) {
            assertThat(Transfers.read(file, bytes.address(), 4)).isEqualTo(4);
            assertThat(Transfers.write(file, bytes.address(), 2)).isEqualTo(2);
            assertThat(Linux.position(file)).isEqualTo(6);
            assertThat(path).hasContent("0123016789");
        }
    }

    @Test
    void whatThePageCacheHoldsIsReadWithoutWaiting() {
        try (Bytes bytes = new Bytes(10)) {
            Transfers.pread(file, bytes.address(), 10, 0);
            bytes.memory.fill((byte) 0);
            assertThat(Transfers.preadNoWait(file, bytes.address(), 4, 6)).isEqualTo(4);
            assertThat(bytes.text(4)).isEqualTo("6789");
            assertThat(Transfers.preadNoWait(file, bytes.address(), 4, 10)).isZero();
            assertThat(Transfers.preadvNoWait(file, bytes.iovecs(1, 2), 2, 1)).isEqualTo(3);
            assertThat(bytes.text(3)).isEqualTo("123");
        }
    }

    @Test
    void severalBuffersAreFilledInTurn() {
        try (Bytes bytes = new Bytes(10)) {
            assertThat(Transfers.preadv(file, bytes.iovecs(1, 0, 3, 6), 4, 2)).isEqualTo(8);
            assertThat(bytes.text(8)).isEqualTo("23456789");
        }
    }

    @Test
    void severalBuffersAreWrittenInTurn() {
        try (Bytes bytes = Bytes.of("abcdef")) {
            assertThat(Transfers.pwritev(file, bytes.iovecs(1, 2, 3), 3, 8)).isEqualTo(6);
            assertThat(path).hasContent("01234567abcdef");
            assertThat(Transfers.pwritev(file, bytes.iovecs(1), 1025, 0)).isEqualTo(Errno.EINVAL.negated());
        }
    }

    @Test
    void pipesHaveNoOffsets() {
        int pipe = opened.open(Pipes.make(folder), 0, OpenFlag.READ_WRITE);
        try (Bytes bytes = Bytes.of("hello")) {
            assertThat(Transfers.pwrite(pipe, bytes.address(), 5, 0)).isEqualTo(Errno.ESPIPE.negated());
            assertThat(Transfers.write(pipe, bytes.address(), 5)).isEqualTo(5);
            bytes.memory.fill((byte) 0);
            assertThat(Transfers.preadv(pipe, bytes.iovecs(2, 3), 2, Linux.CURRENT_POSITION))
                    .isEqualTo(5);
            assertThat(bytes.text(5)).isEqualTo("hello");
        }
    }

    @Test
    void memoryThatIsNotThereIsAnErrorAndNoCrash() {
        long nowhere = 4096;
        assertThat(Transfers.pread(file, nowhere, 10, 0)).isEqualTo(Errno.EFAULT.negated());
        assertThat(Transfers.pwrite(file, nowhere, 10, 0)).isEqualTo(Errno.EFAULT.negated());
        assertThat(Transfers.read(file, nowhere, 10)).isEqualTo(Errno.EFAULT.negated());
        assertThat(Transfers.write(file, nowhere, 10)).isEqualTo(Errno.EFAULT.negated());
    }

    @Test
    void badDescriptorsAreErrors() {
        int bad = 1_000_000;
        long answer = Errno.EBADF.negated();
        try (Bytes bytes = new Bytes(10)) {
            assertThat(Transfers.pread(bad, bytes.address(), 1, 0)).isEqualTo(answer);
            assertThat(Transfers.pwrite(bad, bytes.address(), 1, 0)).isEqualTo(answer);
            assertThat(Transfers.preadNoWait(bad, bytes.address(), 1, 0)).isEqualTo(answer);
            assertThat(Transfers.read(bad, bytes.address(), 1)).isEqualTo(answer);
            assertThat(Transfers.write(bad, bytes.address(), 1)).isEqualTo(answer);
            assertThat(Transfers.preadv(bad, bytes.iovecs(1), 1, 0)).isEqualTo(answer);
            assertThat(Transfers.preadvNoWait(bad, bytes.iovecs(1), 1, 0)).isEqualTo(answer);
            assertThat(Transfers.pwritev(bad, bytes.iovecs(1), 1, 0)).isEqualTo(answer);
        }
    }
}
