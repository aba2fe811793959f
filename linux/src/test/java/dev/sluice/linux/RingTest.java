package dev.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Descriptors;
import dev.sluice.testing.Pipes;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingTest {
    @TempDir
    private Path folder;

    private final Opened opened = new Opened();
    private final Map<Long, Integer> results = new HashMap<>();
    private Ring ring;
    private Path path;
    private int file;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(Ring.availability().available(), Ring.availability().reason());
        ring = Ring.open(32, 64);
        path = Files.writeString(folder.resolve("file"), "0123456789");
        file = opened.open(path, 0, OpenFlag.READ_WRITE);
    }

    @AfterEach
    void closeAll() {
        if (ring != null) {
            ring.close();
        }
        opened.close();
    }

    /** Submits, and drains until so many results have come. */
    private Map<Long, Integer> run(int count) {
        while (results.size() < count) {
            int result = ring.enter(1);
            assertThat(result).as(Errno.describe(result)).isNotNegative();
            ring.drain(results::put);
        }
        return results;
    }

    @Test
    void manyOperationsAreSubmittedByOneCall() {
        try (Bytes bytes = new Bytes(32)) {
            for (int i = 0; i < 32; i++) {
                ring.read(i, file, false, false, bytes.address() + i, 1, i % 10);
            }
            assertThat(ring.unsubmitted()).isEqualTo(32);
            assertThat(ring.enter(32)).isEqualTo(32);
            assertThat(ring.unsubmitted()).isZero();
            assertThat(ring.hasCompletions()).isTrue();
            assertThat(ring.drain(results::put)).isEqualTo(32);
            assertThat(ring.hasCompletions()).isFalse();
            assertThat(results).hasSize(32).containsValue(1);
            assertThat(bytes.text(32)).isEqualTo("01234567890123456789012345678901");
        }
    }

    @Test
    void preparingMoreThanFitSubmitsByItself() {
        try (Bytes bytes = new Bytes(1)) {
            for (int i = 0; i < 300; i++) {
                ring.read(i, file, false, false, bytes.address(), 1, 0);
            }
            assertThat(run(300)).hasSize(300);
        }
    }

    @Test
    void completionsBeyondTheQueueAreNotLost() throws Exception {
        try (Ring small = Ring.open(4, 4);
                Bytes bytes = new Bytes(1)) {
            for (int i = 0; i < 100; i++) {
                small.read(i, file, false, false, bytes.address(), 1, 0);
            }
            while (results.size() < 100) {
                assertThat(small.enter(1)).isNotNegative();
                small.drain(results::put);
            }
            assertThat(results).hasSize(100).doesNotContainValue(0);
        }
    }

    @Test
    void bytesAreWrittenAndReadBack() {
        try (Bytes bytes = Bytes.of("abc")) {
            ring.write(1, file, false, false, bytes.address(), 3, 8);
            assertThat(run(1)).containsExactly(entry(1L, 3));
            assertThat(path).hasContent("01234567abc");
            bytes.memory.fill((byte) 0);
            ring.read(2, file, false, false, bytes.address(), 3, 7);
            assertThat(run(2)).containsEntry(2L, 3);
            assertThat(bytes.text(3)).isEqualTo("7ab");
        }
    }

    @Test
    void severalBuffersAreWrittenAndReadBack() {
        try (Bytes bytes = Bytes.of("abcdef")) {
            ring.writev(1, file, false, bytes.iovecs(1, 2, 3), 3, 0);
            assertThat(run(1)).containsEntry(1L, 6);
            assertThat(path).hasContent("abcdef6789");
            ring.readv(2, file, false, bytes.iovecs(3, 3), 2, 4);
            assertThat(run(2)).containsEntry(2L, 6);
            assertThat(bytes.text(6)).isEqualTo("ef6789");
        }
    }

    @Test
    void theEndOfTheFileAnswersNothingRead() {
        try (Bytes bytes = new Bytes(10)) {
            ring.read(1, file, false, false, bytes.address(), 10, 10);
            ring.read(2, file, false, false, bytes.address(), 10, 7);
            assertThat(run(2)).containsOnly(entry(1L, 0), entry(2L, 3));
        }
    }

    @Test
    void filesAreBroughtToTheDisk() {
        ring.fsync(1, file, true);
        ring.fsync(2, file, false);
        assertThat(run(2)).containsOnly(entry(1L, 0), entry(2L, 0));
    }

    @Test
    void errorsAreResults() {
        int pipe = opened.open(Pipes.make(folder), 0, OpenFlag.READ_WRITE);
        try (Bytes bytes = new Bytes(1)) {
            ring.read(1, 1_000_000, false, false, bytes.address(), 1, 0);
            ring.read(2, file, false, false, 4096, 10, 0);
            ring.fsync(3, pipe, true);
            ring.read(4, 5, true, false, bytes.address(), 1, 0);
            assertThat(run(4))
                    .containsOnly(
                            entry(1L, Errno.EBADF.negated()),
                            entry(2L, Errno.EFAULT.negated()),
                            entry(3L, Errno.EINVAL.negated()),
                            entry(4L, Errno.EBADF.negated()));
        }
    }

    @Test
    void aWaitingOperationIsCancelled() {
        int pipe = opened.open(Pipes.make(folder), 0, OpenFlag.READ_WRITE);
        try (Bytes bytes = new Bytes(1)) {
            ring.read(1, pipe, false, false, bytes.address(), 1, Linux.CURRENT_POSITION);
            ring.enter(0);
            ring.cancel(2, 1);
            ring.cancel(3, 77);
            run(3);
            assertThat(results.get(1L)).isIn(Errno.ECANCELED.negated(), Errno.EINTR.negated());
            assertThat(results).containsEntry(2L, 0).containsEntry(3L, Errno.ENOENT.negated());
        }
    }

    @Test
    void aPollEndsWhenThePipeHasBytes() {
        int pipe = opened.open(Pipes.make(folder), 0, OpenFlag.READ_WRITE);
        ring.poll(1, pipe, true);
        assertThat(run(1).get(1L) & Events.POLL_OUT).isEqualTo(Events.POLL_OUT);
        ring.poll(2, pipe, false);
        ring.enter(0);
        assertThat(ring.drain(results::put)).isZero();
        try (Bytes bytes = new Bytes(1)) {
            Transfers.write(pipe, bytes.address(), 1);
        }
        assertThat(run(2).get(2L) & Events.POLL_IN).isEqualTo(Events.POLL_IN);
    }

    @Test
    void registeredFilesAndBuffersServeLikeOthers() {
        try (Bytes bytes = new Bytes(8192)) {
            assumeTrue(ring.registerFileTable(4) == 0, "this kernel has no sparse tables of files");
            assumeTrue(ring.registerBuffer(bytes.address(), 8192) == 0, "no memory may be locked");
            assertThat(ring.registerFile(3, file)).isEqualTo(1);
            ring.read(1, 3, true, true, bytes.address() + 4096, 4, 2);
            assertThat(run(1)).containsEntry(1L, 4);
            assertThat(bytes.memory.asSlice(4096).getString(0)).isEqualTo("2345");
            ring.write(2, 3, true, true, bytes.address() + 4096, 2, 0);
            assertThat(run(2)).containsEntry(2L, 2);
            assertThat(path).hasContent("2323456789");
            assertThat(ring.registerFile(3, -1)).isEqualTo(1);
            ring.read(3, 3, true, false, bytes.address(), 1, 0);
            assertThat(run(3)).containsEntry(3L, Errno.EBADF.negated());
            ring.unregisterBuffer();
        }
    }

    @Test
    void drainingMayPrepareMore() {
        AtomicInteger rounds = new AtomicInteger();
        try (Bytes bytes = new Bytes(1)) {
            ring.read(0, file, false, false, bytes.address(), 1, 0);
            while (rounds.get() < 50) {
                assertThat(ring.enter(1)).isNotNegative();
                ring.drain((userData, result) -> {
                    assertThat(userData).isEqualTo(rounds.get());
                    ring.read(rounds.incrementAndGet(), file, false, false, bytes.address(), 1, 0);
                });
            }
            ring.enter(1);
        }
    }

    @Test
    void aRingWithoutEntriesIsRefused() {
        assertThatThrownBy(() -> Ring.open(0, 0))
                .isExactlyInstanceOf(FileSystemException.class)
                .hasMessageContainingAll("io_uring_setup answered EINVAL");
    }

    @Test
    void sizesAreRoundedUp() throws Exception {
        try (Ring odd = Ring.open(5, 5)) {
            assertThat(odd.entryCount()).isEqualTo(8);
        }
    }

    @Test
    void closingLeavesNothingOpen() throws Exception {
        int before = Descriptors.of("[io_uring]").size();
        for (int i = 0; i < 20; i++) {
            Ring other = Ring.open(8, 8);
            other.close();
            other.close();
        }
        Descriptors.untilAtMost("[io_uring]", before);
    }
}
