package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Deadline;
import dev.sluice.testing.Descriptors;
import dev.sluice.testing.Pipes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Closing files and contexts at random moments, and very many operations. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClosingAbuseTest {
    @TempDir
    private Path folder;

    private final Random random = new Random(13);

    private static Context open(Context.Kind kind, int depth) {
        ContextBuilder.whyNot(kind).ifPresent(reason -> assumeTrue(false, reason));
        return Context.builder().kind(kind).depth(depth).open();
    }

    private static OpenOption[] options(Path path) {
        try {
            AsyncFile.open(path, CREATE, READ, WRITE, Sample.directOption()).close();
            return new OpenOption[] {READ, WRITE, Sample.directOption()};
        } catch (IOException e) {
            return new OpenOption[] {READ, WRITE};
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyOperationEndsWhateverIsClosedFirst(Context.Kind kind) throws Exception {
        close(kind, 40);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("abuse")
    @Timeout(600)
    void everyOperationEndsWhateverIsClosedFirstManyTimes(Context.Kind kind) throws Exception {
        close(kind, 400);
    }

    private void close(Context.Kind kind, int rounds) throws Exception {
        Path pipe = Pipes.make(folder);
        Path big = folder.resolve("big");
        OpenOption[] options = options(big);
        try (AsyncFile file = AsyncFile.open(big, WRITE)) {
            file.write(ByteBuffer.allocate(8 << 20), 0);
        }
        open(kind, 1).close();
        int rings = Descriptors.of("[io_uring]").size();
        int events = Descriptors.of("[eventfd]").size();
        for (int round = 0; round < rounds; round++) {
            Context context = open(kind, 256);
            List<AsyncFile> files = List.of(
                    AsyncFile.open(pipe, context, READ, WRITE),
                    AsyncFile.open(big, context, options),
                    AsyncFile.open(big, context, READ, WRITE));
            List<CompletableFuture<?>> futures = new ArrayList<>();
            int count = 1 + random.nextInt(60);
            for (int i = 0; i < count; i++) {
                futures.add(start(files));
            }
            spin(random.nextInt(200_000));
            if (random.nextBoolean()) {
                futures.add(files.get(random.nextInt(3)).closeAsync());
            }
            if (random.nextBoolean()) {
                context.close();
            }
            for (AsyncFile file : files) {
                file.close();
            }
            context.close();
            for (CompletableFuture<?> future : futures) {
                PipeBackend.value(future.handle((bytes, e) -> 0));
            }
            Deadline.until("nothing is in flight", () -> context.statistics().inFlight() == 0);
        }
        Descriptors.untilAtMost(folder.toString(), 0);
        Descriptors.untilAtMost("[io_uring]", rings);
        Descriptors.untilAtMost("[eventfd]", events);
    }

    private CompletableFuture<?> start(List<AsyncFile> files) {
        long position = random.nextInt(1000) * 4096L;
        return switch (random.nextInt(8)) {
            case 0, 1 -> files.get(0).readAsync(Sample.memory(100), 0);
            case 2 -> files.get(0).writeAsync(Sample.memory(50_000), 0);
            case 3 -> files.get(1).writeAsync(Sample.memory(64 << 10), position);
            case 4 -> files.get(2).writeAsync(ByteBuffer.allocate(100_000), position);
            case 5 -> files.get(2).forceAsync(false);
            case 6 -> {
                CompletableFuture<Long> read = files.get(0).readAsync(ByteBuffer.allocate(10), 0);
                read.cancel(true);
                yield read;
            }
            default -> files.get(1).readAsync(Sample.memory(64 << 10), position);
        };
    }

    private static void spin(int nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    /** More completions and cancellations than fit into the kernel's queue. */
    @Test
    void aRingFullOfWaitingOperationsIsClosed() throws Exception {
        Context context = open(Context.Kind.URING, 1024);
        AsyncFile pipe = AsyncFile.open(Pipes.make(folder), context, READ, WRITE);
        List<CompletableFuture<Long>> reads = new ArrayList<>();
        for (int i = 0; i < 1024; i++) {
            reads.add(pipe.readAsync(Sample.memory(10), 0));
        }
        pipe.close();
        reads.forEach(PipeBackend::failure);
        context.close();
        assertThat(context.statistics().inFlight()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void tenThousandOperationsAreInFlightOnOneFile(Context.Kind kind) throws Exception {
        try (Context context = open(kind, 16_384)) {
            boolean ring = kind == Context.Kind.URING;
            Path path = ring ? Pipes.make(folder) : folder.resolve("file");
            AsyncFile file = AsyncFile.open(path, context, CREATE, READ, WRITE);
            List<CompletableFuture<Long>> futures = new ArrayList<>();
            // A pipe's reads would take a thread each, so threads get writes that are too long to be made at once.
            var memory = Sample.memory(ring ? 1 : (64 << 10) + 1);
            for (int i = 0; i < 10_000; i++) {
                futures.add(ring ? file.readAsync(memory, 0) : file.writeAsync(memory, i % 100));
            }
            if (ring) {
                assertThat(context.statistics().inFlight()).isEqualTo(10_000);
                for (int i = 0; i < 100; i++) {
                    file.write(Sample.memory(50), 0);
                }
                Deadline.until(
                        "half of them are done", () -> context.statistics().inFlight() == 5000);
                assertThat(futures.stream().filter(CompletableFuture::isDone)).hasSizeBetween(4990, 5000);
            }
            file.close();
            for (CompletableFuture<Long> future : futures) {
                PipeBackend.value(future.handle((bytes, e) -> 0));
            }
            assertThat(context.statistics().inFlight()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void contextsCloseWhileOthersStartOperations(Context.Kind kind) throws Exception {
        for (int round = 0; round < 20; round++) {
            Context context = open(kind, 64);
            AsyncFile file = AsyncFile.open(folder.resolve("file"), context, CREATE, READ, WRITE);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                threads.add(Thread.ofPlatform().daemon().start(() -> {
                    Throwable failure = null;
                    while (failure == null) {
                        failure = PipeBackend.value(
                                file.writeAsync(Sample.memory(70_000), 0).handle((bytes, e) -> e));
                    }
                    assertThat(failure).isInstanceOf(java.nio.channels.ClosedChannelException.class);
                }));
            }
            spin(random.nextInt(2_000_000));
            context.close();
            threads.forEach(Deadline::join);
            file.close();
            assertThat(context.statistics().inFlight()).isZero();
        }
    }
}
