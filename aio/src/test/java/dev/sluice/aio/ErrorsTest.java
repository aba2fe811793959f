package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import dev.sluice.testing.Pipes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Errors of the machine: when the stack or the memory is full, an operation fails, and nothing is lost. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ErrorsTest extends OnEachContext {
    private static final long STACK_BYTES = 512 << 10;

    private static void onSmallStack(Runnable task) {
        Thread thread = new Thread(null, task, "small stack", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        Deadline.join(thread);
    }

    private static CompletableFuture<Long> recursion(AsyncFile file, ByteBuffer buffer, int times) {
        return times == 0
                ? CompletableFuture.completedFuture(0L)
                : file.readAsync(buffer.clear(), 0).thenCompose(bytes -> recursion(file, buffer, times - 1));
    }

    /** The stack ends at another place each time, and also inside the JDK, which promises nothing then; so not always. */
    @Tag("abuse")
    @Test
    void aStackOverflowInContinuationsLosesNothing() throws IOException {
        AsyncFile file = openFile(file("0123456789"), READ);
        for (int round = 0; round < 6; round++) {
            onSmallStack(() -> {
                CompletableFuture<Long> all = recursion(file, ByteBuffer.allocateDirect(10), 100_000);
                assertThatThrownBy(() -> all.get(20, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
            });
            onSmallStack(() -> {
                CompletableFuture<Long> all = recursion(file, ByteBuffer.allocate(10), 100_000);
                assertThatThrownBy(() -> all.get(20, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
            });
        }
        get(file.closeAsync());
        assertThat(context.statistics().inFlight()).isZero();
    }

    @SuppressWarnings("InfiniteRecursion") // until the stack is full: that is what is tested
    private static void deepRead(AsyncFile file, ByteBuffer buffer) throws IOException {
        if (file.read(buffer.clear(), 0) > 0) {
            deepRead(file, buffer);
        }
    }

    /** The stack ends at another place each time, and also inside the JDK, which promises nothing then; so not always. */
    @Tag("abuse")
    @Test
    void aStackOverflowInABlockingFormLosesNothing() throws IOException {
        AsyncFile file = openFile(file("0123456789"), READ);
        for (ByteBuffer buffer : List.of(ByteBuffer.allocateDirect(10), ByteBuffer.allocate(10))) {
            onSmallStack(() -> assertThatThrownBy(() -> deepRead(file, buffer)).isInstanceOf(StackOverflowError.class));
        }
        get(file.closeAsync());
        assertThat(context.statistics().inFlight()).isZero();
    }

    @Test
    void recursionOnTheCompletionThreadNeedsNoStack() throws IOException {
        AsyncFile file = openFile(file("0123456789"), READ);
        CompletableFuture<Long> end = new CompletableFuture<>();
        context.execute(() -> {
            var _ = recursion(file, ByteBuffer.allocateDirect(10), 20_000).whenComplete((n, e) -> {
                if (e == null) {
                    end.complete(n);
                } else {
                    end.completeExceptionally(e);
                }
            });
        });
        assertThat(get(end)).isZero();
    }

    @Test
    @Tag("abuse")
    @Timeout(120)
    void aContextOutlivesExhaustedMemory() {
        List<String> command = Child.java(
                ErrorsTest.class.getName() + "$Exhausted",
                ErrorsTest.class,
                List.of("-Xmx48m"),
                kind.name(),
                folder.toString());
        Child.Outcome outcome = Child.run(command);
        assertThat(outcome.output()).contains("all is well");
        assertThat(outcome.exit()).isZero();
    }

    /** Operations go on while another thread fills the heap again and again; then all must work as before. */
    static final class Exhausted {
        private Exhausted() {}

        static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[1]);
            Path path = java.nio.file.Files.write(folder.resolve("big"), new byte[1 << 20]);
            try (Context context = Context.builder()
                            .kind(Context.Kind.valueOf(arguments[0]))
                            .open();
                    AsyncFile pipe = AsyncFile.open(Pipes.make(folder), context, READ, WRITE);
                    AsyncFile file = AsyncFile.open(path, context, READ, WRITE)) {
                CompletableFuture<Long> waits = pipe.readAsync(ByteBuffer.allocateDirect(1), 0);
                ByteBuffer target = ByteBuffer.allocateDirect(100);
                Thread hog = Thread.ofPlatform().daemon().start(() -> fillHeap(40));
                while (hog.isAlive()) {
                    try {
                        CompletableFuture<?> force = file.forceAsync(false);
                        CompletableFuture<?> read = pipe.readAsync(target, 0);
                        read.cancel(true);
                        settled(force);
                        settled(read);
                    } catch (OutOfMemoryError e) {
                        // as it may be
                    }
                }
                file.forceAsync(true).get(10, TimeUnit.SECONDS);
                pipe.write(Sample.direct("ab"), 0);
                if (waits.get(10, TimeUnit.SECONDS) != 1) {
                    throw new AssertionError(waits);
                }
                Deadline.until(
                        "nothing is in flight", () -> context.statistics().inFlight() == 0);
            }
            System.out.println("all is well");
        }

        private static void settled(CompletableFuture<?> future) {
            Deadline.until("it has ended", future::isDone);
        }

        private static void fillHeap(int times) {
            for (int i = 1; i <= times; i++) {
                List<byte[]> all = new ArrayList<>();
                try {
                    while (true) {
                        all.add(new byte[1 + i * 37]);
                    }
                } catch (OutOfMemoryError e) {
                    all = null;
                }
            }
        }
    }
}
