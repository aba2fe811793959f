package dev.sluice.aio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.aio.AsyncFileStream.Whence;
import dev.sluice.testing.Deadline;
import dev.sluice.testing.Pipes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The order in which a stream's calls run, and what disturbs it not. */
class TurnsTest extends OnEachContext {
    private AsyncFileStream pipe() throws IOException {
        return open(Pipes.make(folder), StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Lets a call that waits for a pipe's bytes have them, past the stream. */
    private static void give(AsyncFileStream pipe, String text) throws IOException {
        pipe.file().write(ByteBuffer.wrap(utf8(text)), 0);
    }

    @Test
    void callsThatNobodyWaitsForRunInOrder() throws IOException {
        AsyncFileStream stream = stream("");
        StringBuilder expected = new StringBuilder();
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            calls.add(stream.writeAsync(utf8(i + ",")));
            expected.append(i).append(',');
        }
        CompletableFuture<Long> moved = stream.seekAsync(0, Whence.START);
        CompletableFuture<byte[]> all = stream.readAllAsync();
        CompletableFuture<Long> movedAgain = stream.seekAsync(2, Whence.START);
        CompletableFuture<byte[]> two = stream.readAsync(2);
        assertThat(utf8(get(all))).isEqualTo(expected.toString());
        assertThat(get(moved)).isZero();
        assertThat(get(movedAgain)).isEqualTo(2);
        assertThat(utf8(get(two))).isEqualTo("1,");
        assertThat(calls).allMatch(CompletableFuture::isDone);
    }

    @Test
    void aHundredThousandQueuedCallsNeedNoStack() throws IOException {
        AsyncFileStream pipe = pipe();
        CompletableFuture<byte[]> first = pipe.readAsync(1);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<?> last = first;
        for (int i = 0; i < 100_000; i++) {
            int number = i;
            last = pipe.readAsync(0).thenAccept(bytes -> order.add(number));
        }
        assertThat(last).isNotDone();
        give(pipe, "x");
        get(last);
        Deadline.until("all have ended", () -> order.size() == 100_000);
        assertThat(order).isSorted();
    }

    @Test
    void manyQueuedWritesOfARegularFileNeedNoStack() throws IOException {
        AsyncFileStream stream = stream("");
        CompletableFuture<Long> last = stream.writeAsync(new byte[1]);
        for (int i = 1; i < 20_000; i++) {
            last = stream.writeAsync(new byte[1]);
        }
        assertThat(get(last)).isEqualTo(19_999);
        assertThat(stream.size()).isEqualTo(20_000);
    }

    @Test
    void aFailedCallDoesNotDisturbThoseAfterIt() throws IOException {
        AsyncFileStream pipe = pipe();
        CompletableFuture<byte[]> first = pipe.readAsync(1);
        CompletableFuture<Long> fails = pipe.seekAsync(0, Whence.START);
        CompletableFuture<byte[]> second = pipe.readAsync(1);
        give(pipe, "ab");
        assertThat(utf8(get(first))).isEqualTo("a");
        assertThat(failure(fails)).isInstanceOf(IOException.class);
        assertThat(utf8(get(second))).isEqualTo("b");
    }

    @Test
    void aCancelledCallThatWaitsForItsTurnNeverRuns() throws IOException {
        AsyncFileStream pipe = pipe();
        CompletableFuture<byte[]> first = pipe.readAsync(1);
        CompletableFuture<byte[]> second = pipe.readAsync(1);
        CompletableFuture<byte[]> third = pipe.readAsync(1);
        assertThat(second.cancel(true)).isTrue();
        assertThat(second).isCancelled();
        give(pipe, "ab");
        assertThat(utf8(get(first))).isEqualTo("a");
        assertThat(utf8(get(third))).isEqualTo("b");
    }

    @Test
    void aCancelledCallAtWorkGivesItsTurnToTheNext() throws IOException {
        AsyncFileStream pipe = pipe();
        CompletableFuture<byte[]> first = pipe.readAsync(1);
        CompletableFuture<byte[]> second = pipe.readAsync(1);
        first.cancel(true);
        assertThat(failure(first)).isInstanceOf(CancellationException.class);
        assertThat(second).isNotDone();
        give(pipe, "b");
        assertThat(utf8(get(second))).isEqualTo("b");
        assertThat(pipe.position()).isEqualTo(1);
    }

    @Test
    void aCallThatTimesOutGivesItsTurnToTheNext() throws IOException {
        AsyncFileStream pipe = pipe();
        CompletableFuture<byte[]> first = pipe.readAsync(1).orTimeout(1, TimeUnit.MILLISECONDS);
        CompletableFuture<byte[]> instead =
                pipe.readAsync(1).completeOnTimeout(utf8("nothing"), 1, TimeUnit.MILLISECONDS);
        CompletableFuture<byte[]> third = pipe.readAsync(1);
        assertThat(failure(first)).isInstanceOf(TimeoutException.class);
        assertThat(utf8(get(instead))).isEqualTo("nothing");
        give(pipe, "c");
        assertThat(utf8(get(third))).isEqualTo("c");
    }

    @Test
    void closingRunsTheCallsBeforeItAndRefusesThoseAfterIt() throws IOException {
        AsyncFileStream stream = stream("");
        List<CompletableFuture<Long>> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            calls.add(stream.writeAsync(new byte[1000]));
        }
        CompletableFuture<?> closed = stream.closeAsync();
        assertThat(failure(stream.writeAsync(new byte[1]))).isInstanceOf(ClosedChannelException.class);
        get(closed);
        assertThat(calls).allMatch(CompletableFuture::isDone).noneMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(folder.resolve("file")).hasSize(100_000);
    }

    @Test
    void closingStopsReadsOfAPipe() throws IOException {
        AsyncFileStream pipe = pipe();
        CompletableFuture<byte[]> atWork = pipe.readAsync(1);
        CompletableFuture<byte[]> waiting = pipe.readAllAsync();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread blocked = Thread.ofPlatform().start(() -> thrown.set(thrownBy(() -> pipe.read(1))));
        Deadline.untilWaiting(blocked);
        pipe.close();
        assertThat(failure(atWork)).isInstanceOf(AsynchronousCloseException.class);
        assertThat(failure(waiting)).isInstanceOf(AsynchronousCloseException.class);
        Deadline.join(blocked);
        assertThat(thrown.get()).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void anInterruptedThreadGivesUpItsPlaceAndTheStreamGoesOn() throws IOException {
        AsyncFileStream pipe = pipe();
        for (Thread.Builder builder : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
            CompletableFuture<byte[]> first = pipe.readAsync(1);
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread blocked = builder.start(() -> thrown.set(thrownBy(() -> pipe.read(1))));
            Deadline.untilWaiting(blocked);
            blocked.interrupt();
            Deadline.join(blocked);
            assertThat(thrown.get()).isInstanceOf(InterruptedIOException.class).hasMessageContaining("pipe");
            give(pipe, "a");
            assertThat(utf8(get(first))).isEqualTo("a");
        }
    }

    @Test
    void blockingCallsOfManyThreadsDoNotMix() throws Exception {
        AsyncFileStream stream = stream("");
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            byte[] line = utf8(("" + i).repeat(9) + "\n");
            Thread.Builder builder = i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
            threads.add(builder.start(() -> {
                for (int n = 0; n < 500; n++) {
                    if (n % 3 == 0) {
                        get(stream.writeAsync(line));
                    } else {
                        thrownBy(() -> stream.write(line));
                    }
                }
            }));
        }
        threads.forEach(Deadline::join);
        stream.seek(0, Whence.START);
        List<String> lines = stream.textLines(LineOptions.DEFAULT).stream().toList();
        assertThat(lines).hasSize(4000).allMatch(line -> line.chars().distinct().count() == 1);
        assertThat(lines).allMatch(line -> line.length() == 9);
    }

    @Test
    void waitingOnACompletionThreadIsRefused() throws IOException {
        AsyncFileStream stream = stream("abc");
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        context.execute(() -> refusal.complete(thrownBy(() -> stream.read(1))));
        assertThat(get(refusal)).isInstanceOf(BlockingCallException.class);
        CompletableFuture<byte[]> chained = CompletableFuture.completedFuture(null)
                .thenComposeAsync(nothing -> stream.readAsync(1), context)
                .thenCompose(first -> stream.readAsync(2));
        assertThat(utf8(get(chained))).isEqualTo("bc");
    }

    @Test
    void aContinuationMayUseTheStreamWithoutWaiting() throws IOException {
        AsyncFileStream pipe = pipe();
        CompletableFuture<byte[]> second =
                pipe.readAsync(1).thenCompose(bytes -> pipe.readAsync(1)).thenApply(bytes -> bytes);
        CompletableFuture<byte[]> queuedBefore = pipe.readAsync(1);
        give(pipe, "abc");
        assertThat(utf8(get(queuedBefore))).isEqualTo("b");
        assertThat(utf8(get(second))).isEqualTo("c");
    }

    @Test
    void aContextWithoutAFreePlaceDelaysAStreamButDoesNotBreakIt() throws Exception {
        Context narrow = context(1);
        Path path = file(Sample.random(1 << 20, 3));
        AsyncFile direct = closedAfterwards(AsyncFile.open(path, narrow));
        List<AsyncFileStream> streams = new ArrayList<>();
        List<CompletableFuture<byte[]>> reads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            AsyncFileStream stream = direct.stream();
            streams.add(stream);
            for (int n = 0; n < 20; n++) {
                reads.add(stream.readAsync(50_000));
            }
        }
        byte[] expected = Sample.random(1 << 20, 3);
        for (int i = 0; i < reads.size(); i++) {
            int from = i % 20 * 50_000;
            assertThat(get(reads.get(i))).isEqualTo(java.util.Arrays.copyOfRange(expected, from, from + 50_000));
        }
        assertThat(streams).allMatch(stream -> stream.position() == 1_000_000);
    }

    @Test
    void aCallOnACompletionThreadOfAFullContextGoesOnElsewhere() throws IOException {
        Context narrow = context(1);
        AsyncFileStream pipe = closedAfterwards(
                AsyncFileStream.open(Pipes.make(folder), narrow, StandardOpenOption.READ, StandardOpenOption.WRITE));
        CompletableFuture<byte[]> takesTheOnlyPlace = pipe.readAsync(1);
        AsyncFileStream stream = closedAfterwards(AsyncFileStream.open(file("abc"), narrow));
        CompletableFuture<byte[]> read =
                CompletableFuture.completedFuture(null).thenComposeAsync(nothing -> stream.readAsync(2), Runnable::run);
        CompletableFuture<byte[]> next =
                CompletableFuture.completedFuture(null).thenComposeAsync(nothing -> stream.readAsync(2), narrow);
        assertThat(utf8(get(read))).isEqualTo("ab");
        assertThat(utf8(get(next))).isEqualTo("c");
        takesTheOnlyPlace.cancel(true);
    }

    @Test
    void callsOfAClosedContextFailAndAreNotForgotten() throws IOException {
        Context closing = Context.builder().kind(kind).depth(16).open();
        AsyncFileStream pipe = closedAfterwards(
                AsyncFileStream.open(Pipes.make(folder), closing, StandardOpenOption.READ, StandardOpenOption.WRITE));
        List<CompletableFuture<byte[]>> reads = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            reads.add(pipe.readAsync(1));
        }
        closing.close();
        for (CompletableFuture<byte[]> read : reads) {
            assertThat(failure(read)).isInstanceOf(ClosedChannelException.class);
        }
        assertThatThrownBy(() -> pipe.read(1)).isInstanceOf(ClosedChannelException.class);
    }

    private interface Action {
        void run() throws Exception;
    }

    private static Throwable thrownBy(Action action) {
        try {
            action.run();
            return null;
        } catch (Throwable e) {
            return e;
        }
    }
}
