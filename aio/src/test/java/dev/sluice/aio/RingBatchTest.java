package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Pipes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many system calls a ring needs. */
class RingBatchTest {
    private static final int COUNT = 100;

    @BeforeEach
    void onRing() {
        ContextBuilder.whyNot(Context.Kind.URING).ifPresent(reason -> assumeTrue(false, reason));
    }

    /** Asks on the ring's thread, where no call is under way; asking costs one. */
    private static long systemCalls(Context context) {
        CompletableFuture<Long> calls = new CompletableFuture<>();
        context.execute(() -> calls.complete(context.statistics().systemCalls()));
        return calls.join();
    }

    @Test
    void aBatchIsSubmittedByOneCall(@TempDir Path folder) throws Exception {
        try (Context context = Context.builder().kind(Context.Kind.URING).open();
                AsyncFile pipe = AsyncFile.open(Pipes.make(folder), context, READ, WRITE)) {
            long asked = systemCalls(context);
            long asking = systemCalls(context) - asked;
            Batch batch = context.batch();
            List<CompletableFuture<Long>> reads = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                reads.add(batch.read(pipe, Sample.memory(1), 0));
            }
            long before = systemCalls(context);
            batch.start();
            // One call that wakes up and one that submits; by turns they might be merged with those of asking.
            assertThat(systemCalls(context) - before).isBetween(1L, 2 + 2 * asking);
            assertThat(context.statistics().inFlight()).isEqualTo(COUNT);
            reads.forEach(read -> read.cancel(true));
            reads.forEach(PipeBackend::failure);
        }
    }

    @Test
    void whatTheRingsOwnThreadStartsIsSubmittedTogether(@TempDir Path folder) throws Exception {
        try (Context context = Context.builder().kind(Context.Kind.URING).open();
                AsyncFile pipe = AsyncFile.open(Pipes.make(folder), context, READ, WRITE)) {
            long asked = systemCalls(context);
            long asking = systemCalls(context) - asked;
            CompletableFuture<List<CompletableFuture<Long>>> started = new CompletableFuture<>();
            long before = systemCalls(context);
            context.execute(() -> {
                List<CompletableFuture<Long>> reads = new ArrayList<>();
                for (int i = 0; i < COUNT; i++) {
                    reads.add(pipe.readAsync(Sample.memory(1), 0));
                }
                started.complete(reads);
            });
            started.join();
            // None yet when the question was asked in the same turn.
            assertThat(systemCalls(context) - before).isBetween(0L, 2 + 2 * asking);
            pipe.write(Sample.memory(COUNT), 0);
            started.join().forEach(read -> assertThat(PipeBackend.value(read)).isEqualTo(1));
        }
    }
}
