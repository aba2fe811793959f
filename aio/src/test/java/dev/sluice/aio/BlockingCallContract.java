package dev.sluice.aio;

import static dev.sluice.aio.PipeBackend.failure;
import static dev.sluice.aio.PipeBackend.value;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Waiting on the thread that completes operations. */
interface BlockingCallContract extends PipeBackend {
    /** Does something on a completion thread, and answers what came of it. */
    private <T> CompletableFuture<T> onCompletionThread(Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        context().execute(() -> {
            try {
                result.complete(call.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private void assertRefused(Callable<?> call) {
        assertThat(failure(onCompletionThread(call)))
                .isInstanceOf(BlockingCallException.class)
                .hasMessageContainingAll("completion thread", context().name(), "thenCompose", "thenApplyAsync");
    }

    @Test
    default void waitingForAFutureIsRefused() throws IOException {
        AsyncFile pipe = pipe();
        CompletableFuture<Long> read = pipe.readAsync(ByteBuffer.allocateDirect(1), 0);
        assertRefused(read::join);
        assertRefused(read::get);
        assertRefused(() -> read.get(1, TimeUnit.SECONDS));
        assertRefused(() -> read.thenApply(bytes -> bytes).join());
        assertRefused(
                () -> read.thenCompose(bytes -> read).whenComplete((v, e) -> {}).get());
        assertRefused(() -> read.copy().join());
        assertThat(read).isNotDone();
        read.cancel(true);
        failure(read);
    }

    @Test
    default void blockingFormsAreRefused() throws IOException {
        AsyncFile pipe = pipe();
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        AsyncFile log = open(folder().resolve("log"), CREATE, APPEND);
        ByteBuffer buffer = ByteBuffer.allocateDirect(10);
        assertRefused(() -> pipe.read(buffer, 0));
        assertRefused(() -> file.read(buffer, 0));
        assertRefused(() -> file.read(ByteBuffer.allocate(1), 0));
        assertRefused(() -> file.read(Sample.memory(1), 0));
        assertRefused(() -> file.read(new ByteBuffer[] {buffer}, 0));
        assertRefused(() -> done(() -> file.write(Sample.direct("a"), 0)));
        assertRefused(() -> done(() -> file.write(Sample.memory(1), 0)));
        assertRefused(() -> done(() -> file.write(new ByteBuffer[] {buffer}, 0)));
        assertRefused(() -> done(() -> file.force(true)));
        assertRefused(() -> done(() -> file.truncate(0)));
        assertRefused(() -> done(() -> file.allocate(0, 1)));
        assertRefused(() -> log.append(Sample.direct("a")));
        assertThat(file.size()).isZero();
    }

    private static Object done(InterruptContract.Call call) throws IOException {
        call.run();
        return "done";
    }

    @Test
    default void whatIsCompleteAlreadyMayBeAskedFor() throws IOException {
        AsyncFile pipe = pipe();
        CompletableFuture<Long> write = pipe.writeAsync(Sample.direct("abc"), 0);
        value(write);
        assertThat(value(onCompletionThread(write::join))).isEqualTo(3);
        Long second = value(onCompletionThread(() -> write.get()));
        assertThat(second).isEqualTo(3);
        assertThat(value(onCompletionThread(
                        () -> write.thenApply(bytes -> bytes + 1).join())))
                .isEqualTo(4);
        Long third = value(onCompletionThread(() -> write.get(1, TimeUnit.SECONDS)));
        assertThat(third).isEqualTo(3);
    }

    @Test
    default void aContinuationThatWaitsFailsAndHoldsUpNobody() throws Exception {
        AsyncFile pipe = pipe();
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        CompletableFuture<Long> never = pipe.readAsync(ByteBuffer.allocateDirect(1), 0);
        AtomicReference<Thread> ran = new AtomicReference<>();
        for (int i = 0; i < 50; i++) {
            CompletableFuture<Long> waits = file.writeAsync(ByteBuffer.allocateDirect(200_000), 0)
                    .thenApply(bytes -> {
                        ran.set(Thread.currentThread());
                        return context().isCompletionThread() ? never.join() : -7L;
                    });
            Object outcome = value(waits.<Object>handle((bytes, e) -> e == null ? bytes : e.getCause()));
            assertThat(outcome)
                    .satisfiesAnyOf(
                            refused -> assertThat(refused).isInstanceOf(BlockingCallException.class),
                            completeBefore -> assertThat(completeBefore).isEqualTo(-7L));
        }
        assertThat(ran.get()).isNotNull();
        never.cancel(true);
        failure(never);
    }

    /** It may be refused or granted, but never ends in a dead-lock. */
    @Test
    default void waitingForManyFuturesOrAnotherContextsEnds() throws Exception {
        Context other = context(2);
        AsyncFile pipe = open(other, pipePath(), READ, WRITE);
        AsyncFile own = pipe();
        CompletableFuture<Long> read = pipe.readAsync(ByteBuffer.allocateDirect(1), 0);
        CompletableFuture<Long> ownRead = own.readAsync(ByteBuffer.allocateDirect(1), 0);
        CompletableFuture<Object> first = onCompletionThread(read::join);
        CompletableFuture<Object> second =
                onCompletionThread(() -> CompletableFuture.allOf(read, ownRead).join());
        own.write(Sample.direct("xy"), 0);
        for (CompletableFuture<Object> each : java.util.List.of(first, second)) {
            Object outcome = value(each.handle((bytes, e) -> e));
            assertThat(outcome == null
                            || outcome instanceof BlockingCallException
                            || outcome instanceof java.util.concurrent.RejectedExecutionException)
                    .as("%s", outcome)
                    .isTrue();
        }
        value(read);
        value(ownRead);
    }

    @Test
    default void closingAFileThereDoesNotWait() throws IOException {
        AsyncFile pipe = pipe();
        CompletableFuture<Long> read = pipe.readAsync(ByteBuffer.allocateDirect(1), 0);
        value(onCompletionThread(() -> done(pipe::close)));
        failure(read);
        value(pipe.closeAsync());
    }

    @Test
    default void chainsOfOperationsNeedNoWaiting() throws IOException {
        AsyncFile file = open(folder().resolve("file"), CREATE, READ, WRITE);
        ByteBuffer target = ByteBuffer.allocateDirect(300_000);
        CompletableFuture<Long> chain = file.writeAsync(ByteBuffer.allocateDirect(200_000), 100_000)
                .thenCompose(bytes -> file.writeAsync(ByteBuffer.allocateDirect(100_000), 0))
                .thenCompose(bytes -> file.forceAsync(false))
                .thenCompose(nothing -> file.readAsync(target, 0));
        assertThat(value(chain)).isEqualTo(300_000);
    }

    @Test
    default void aTaskThatFailsHarmsNobody() throws IOException {
        context().execute(() -> {
            throw new IllegalStateException("the test wants this task to fail");
        });
        assertThat(value(onCompletionThread(() -> "next"))).isEqualTo("next");
    }

    @Test
    default void theSharedContextIsNeverClosed() {
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> Context.shared().close())
                .withMessageContaining("shared context");
    }
}
