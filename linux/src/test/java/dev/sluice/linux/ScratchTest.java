package dev.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Deadline;
import dev.sluice.testing.Pipes;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScratchTest extends OnLinux {
    private static final int THREADS = 512;

    @Test
    void noMemoryIsLentTwiceAtATime() {
        List<Scratch> taken = new ArrayList<>();
        Set<Long> addresses = new HashSet<>();
        for (int i = 0; i < THREADS; i++) {
            Scratch scratch = Scratch.take();
            taken.add(scratch);
            addresses.add(scratch.state().address());
        }
        taken.forEach(Scratch::giveBack);
        assertThat(addresses).hasSize(THREADS);
    }

    @Test
    void whatWasGivenBackIsLentAgain() {
        Scratch first = Scratch.take();
        first.giveBack();
        Scratch second = Scratch.take();
        second.giveBack();
        assertThat(second).isSameAs(first);
    }

    @Test
    void theIovecLiesBehindTheErrorNumber() {
        Scratch scratch = Scratch.take();
        try {
            scratch.state().set(ValueLayout.JAVA_INT, 0, 7);
            long iovec = scratch.iovec(1, 2);
            assertThat(scratch.errno()).isEqualTo(7);
            assertThat(iovec - scratch.state().address()).isEqualTo(64);
            assertThat(scratch.state().get(ValueLayout.JAVA_LONG, 64)).isEqualTo(1);
            assertThat(scratch.state().get(ValueLayout.JAVA_LONG, 72)).isEqualTo(2);
        } finally {
            scratch.giveBack();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 10, 99, 1_000_000, Integer.MAX_VALUE, -1, -10, Integer.MIN_VALUE})
    void theWayToADescriptorHasItsNumber(int fd) {
        Scratch scratch = Scratch.take();
        try {
            long address = scratch.pathOf(fd);
            assertThat(scratch.answer().address()).isEqualTo(address);
            assertThat(scratch.answer().getString(0)).isEqualTo("/proc/self/fd/" + fd);
        } finally {
            scratch.giveBack();
        }
    }

    @Test
    void threadsBlockedInTheKernelKeepNobodyFromWorking() throws Exception {
        Path pipe = Pipes.make(folder);
        int writer = opened.open(pipe, 0, OpenFlag.READ_WRITE);
        int reader = opened.open(pipe, 0, OpenFlag.READ_WRITE);
        int file = opened.open(Files.writeString(folder.resolve("file"), "hello"), 0, OpenFlag.READ_WRITE);
        AtomicInteger read = new AtomicInteger();
        AtomicInteger started = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        try (Bytes bytes = new Bytes(THREADS)) {
            for (int i = 0; i < THREADS; i++) {
                long address = bytes.address() + i;
                threads.add(Thread.ofPlatform().daemon().start(() -> {
                    started.incrementAndGet();
                    read.addAndGet((int) Transfers.read(reader, address, 1));
                }));
            }
            Deadline.until("all threads have started", () -> started.get() == THREADS);
            try (Bytes here = new Bytes(5)) {
                for (int i = 0; i < 1000; i++) {
                    assertThat(Transfers.pread(file, here.address(), 5, 0)).isEqualTo(5);
                    assertThat(Linux.fsync(-1)).isEqualTo(Errno.EBADF.negated());
                }
                assertThat(here.text(5)).isEqualTo("hello");
            }
            assertThat(read).hasValue(0);
            assertThat(Transfers.write(writer, bytes.address(), THREADS)).isEqualTo(THREADS);
            threads.forEach(Deadline::join);
        }
        assertThat(read).hasValue(THREADS);
    }

    @Test
    void eachThreadGetsItsOwnErrors() throws Exception {
        int pipe = opened.open(Pipes.make(folder), 0, OpenFlag.READ_WRITE);
        AtomicInteger wrong = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            boolean odd = i % 2 == 1;
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                for (int round = 0; round < 20_000; round++) {
                    long result = odd ? Linux.position(pipe) : Linux.fsync(-1);
                    Errno expected = odd ? Errno.ESPIPE : Errno.EBADF;
                    if (result != expected.negated()) {
                        wrong.incrementAndGet();
                    }
                }
            }));
        }
        threads.forEach(Deadline::join);
        assertThat(wrong).hasValue(0);
    }
}
