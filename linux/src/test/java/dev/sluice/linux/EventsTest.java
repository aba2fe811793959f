package dev.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Deadline;
import dev.sluice.testing.Pipes;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EventsTest extends OnLinux {
    private int event;
    private int pipe;

    @BeforeEach
    void open() {
        event = opened.add(Events.eventfd());
        pipe = opened.open(Pipes.make(folder), 0, OpenFlag.READ_WRITE);
    }

    @Test
    void signalsAreCounted() {
        try (Bytes bytes = new Bytes(8)) {
            assertThat(Events.signal(event)).isEqualTo(8);
            assertThat(Events.signal(event)).isEqualTo(8);
            assertThat(Transfers.read(event, bytes.address(), 8)).isEqualTo(8);
            assertThat(bytes.memory.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(2);
        }
    }

    @Test
    void whatIsTakenIsGone() {
        Events.signal(event);
        Events.signal(event);
        assertThat(Events.take(event)).isEqualTo(2);
        assertThat(Events.isReady(event, false)).isFalse();
        assertThat(Events.take(-1)).isEqualTo(Errno.EBADF.negated());
    }

    @Test
    void aReadyFileIsToldFromASignal() {
        assertThat(Events.await(pipe, true, event))
                .as("an empty pipe can be written")
                .isEqualTo(1);
        Events.signal(event);
        assertThat(Events.await(pipe, false, event)).as("and not be read").isZero();
        write(1);
        assertThat(Events.await(pipe, false, event)).isEqualTo(1);
    }

    @Test
    @Timeout(30)
    void aThreadThatReadsIsWokenAndReadsOn() throws Exception {
        CompletableFuture<Events.Sleeper> sleeper = new CompletableFuture<>();
        CompletableFuture<Long> first = new CompletableFuture<>();
        CompletableFuture<Long> second = new CompletableFuture<>();
        Thread reader = Thread.ofPlatform().daemon().start(() -> {
            Events.Sleeper itself = new Events.Sleeper();
            sleeper.complete(itself);
            try (Bytes bytes = new Bytes(8)) {
                first.complete(itself.read(pipe, bytes.address(), 8));
                long result;
                do {
                    result = itself.read(pipe, bytes.address(), 8);
                } while (result == Errno.EINTR.negated()); // woken once more than needed
                second.complete(result);
            }
        });
        // Now and then: signals without a pause leave the thread no time but for them.
        Deadline.until("it is woken", () -> {
            assertThat(sleeper.join().wake()).isZero();
            return first.isDone();
        });
        assertThat(first.join()).isEqualTo(Errno.EINTR.negated());
        write(3);
        assertThat(second.get()).isEqualTo(3);
        Deadline.join(reader);
    }

    @Test
    void aFullPipeCannotBeWritten() {
        int unblocked = opened.open(folder.resolve("pipe"), 0, OpenFlag.READ_WRITE, OpenFlag.NON_BLOCKING);
        try (Bytes bytes = new Bytes(1 << 16)) {
            long result;
            do {
                result = Transfers.write(unblocked, bytes.address(), 1 << 16);
            } while (result > 0);
            assertThat(result).isEqualTo(Errno.EAGAIN.negated());
        }
        Events.signal(event);
        assertThat(Events.await(pipe, true, event)).isZero();
    }

    @Test
    void aSignalWakesWhoWaits() {
        AtomicInteger answer = new AtomicInteger(-1);
        Thread waiter = Thread.ofPlatform().daemon().start(() -> answer.set(Events.await(pipe, false, event)));
        Events.signal(event);
        Deadline.join(waiter);
        assertThat(answer).hasValue(0);
    }

    @Test
    void bytesWakeWhoWaits() {
        AtomicInteger answer = new AtomicInteger(-1);
        Thread waiter = Thread.ofPlatform().daemon().start(() -> answer.set(Events.await(pipe, false, event)));
        write(1);
        Deadline.join(waiter);
        assertThat(answer).hasValue(1);
    }

    @Test
    void aBadCounterCannotBeSignalled() {
        assertThat(Events.signal(1_000_000)).isEqualTo(Errno.EBADF.negated());
    }

    private void write(int count) {
        try (Bytes bytes = new Bytes(count)) {
            assertThat(Transfers.write(pipe, bytes.address(), count)).isEqualTo(count);
        }
    }

    @Test
    void aWordThatChangesWakesWhoWaitsForIt() throws Exception {
        try (Bytes bytes = new Bytes(64)) {
            bytes.memory.fill((byte) 0);
            long first = bytes.address();
            long second = bytes.address() + 32;
            assertThat(Events.awaitChange(first, 1, 1_000_000_000)).isEqualTo(Errno.EAGAIN.negated());
            assertThat(Events.awaitChange(first, 0, 1_000_000)).isEqualTo(Errno.ETIMEDOUT.negated());
            assertThat(Events.awaitAny(new long[] {first, second}, new int[] {0, 1}, 2))
                    .isEqualTo(Errno.EAGAIN.negated());
            assertThat(Events.wake(first)).isZero();
            CompletableFuture<Integer> one =
                    CompletableFuture.supplyAsync(() -> Events.awaitChange(first, 0, Long.MAX_VALUE));
            CompletableFuture<Integer> any = CompletableFuture.supplyAsync(
                    () -> Events.awaitAny(new long[] {first, second}, new int[] {0, 0}, 2));
            Deadline.until("the first word has woken", () -> Events.wake(first) >= 0 && one.isDone());
            Deadline.until("the second word has woken", () -> Events.wake(second) >= 0 && any.isDone());
            assertThat(one.get()).isZero();
            assertThat(any.get()).isBetween(0, 1);
        }
    }
}
