package dev.sluice.cli;

import dev.sluice.aio.AsyncFile;
import dev.sluice.aio.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Reads a file at random in several ways, and tells how fast each was; every block that was read is checked. */
final class RandomReads {
    static final int IN_FLIGHT = 64;

    private static final long NANOS_MAX = 800_000_000;
    private static final long NANOS_MIN = 200_000_000;
    private static final int NANOS_PER_BYTE = 10; // a small file is read for a short while only

    /** One way to read for some time; answers how many blocks it read. */
    interface Way {
        long read(long nanos) throws Exception;
    }

    private interface BlockingRead {
        long at(long position, ByteBuffer target) throws IOException;
    }

    private final Path path;
    private final Context context;
    private final Content content;
    private final long size;

    RandomReads(Path path, Context context, Content content, long size) {
        this.path = path;
        this.context = context;
        this.content = content;
        this.size = size;
    }

    /** Reads in one way for about a second, of which the beginning only warms up; answers blocks for each second. */
    double perSecond(Way way) throws Exception {
        long nanos = Math.clamp(size * NANOS_PER_BYTE, NANOS_MIN, NANOS_MAX);
        long _ = way.read(Math.max(nanos / 4, NANOS_MIN / 2));
        long start = System.nanoTime();
        long blocks = way.read(nanos);
        return blocks * 1e9 / (System.nanoTime() - start);
    }

    private List<RandomBlock> blocks(int count) {
        List<RandomBlock> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            blocks.add(new RandomBlock(path, content, size, i));
        }
        return blocks;
    }

    /** One thread that keeps many futures in flight. */
    long futures(long nanos) throws IOException {
        long deadline = System.nanoTime() + nanos;
        List<RandomBlock> blocks = blocks(IN_FLIGHT);
        List<CompletableFuture<Long>> reads = new ArrayList<>();
        try (AsyncFile file = AsyncFile.open(path, context)) {
            for (RandomBlock block : blocks) {
                reads.add(file.readAsync(block.buffer(), block.choose()));
            }
            while (System.nanoTime() < deadline) {
                for (int i = 0; i < IN_FLIGHT; i++) {
                    RandomBlock block = blocks.get(i);
                    block.check(reads.get(i).join());
                    reads.set(i, file.readAsync(block.buffer(), block.choose()));
                }
            }
            for (int i = 0; i < IN_FLIGHT; i++) {
                blocks.get(i).check(reads.get(i).join());
            }
        }
        return RandomBlock.sum(blocks);
    }

    /** Virtual threads that wait for each of their reads. */
    long virtualThreads(long nanos) throws Exception {
        try (AsyncFile file = AsyncFile.open(path, context)) {
            return blocking(IN_FLIGHT, nanos, (position, target) -> file.read(target, position));
        }
    }

    /** Virtual threads that wait for the JDK's channel. */
    long channelOnVirtualThreads(long nanos) throws Exception {
        try (FileChannel file = FileChannel.open(path)) {
            return blocking(IN_FLIGHT, nanos, (position, target) -> file.read(target, position));
        }
    }

    /** One thread with the JDK's channel. */
    long channel(long nanos) throws Exception {
        try (FileChannel file = FileChannel.open(path)) {
            return blocking(1, nanos, (position, target) -> file.read(target, position));
        }
    }

    private long blocking(int count, long nanos, BlockingRead read) throws Exception {
        long deadline = System.nanoTime() + nanos;
        List<RandomBlock> blocks = blocks(count);
        List<Callable<Long>> readers = new ArrayList<>();
        for (RandomBlock block : blocks) {
            readers.add(() -> {
                do {
                    long position = block.choose();
                    block.check(read.at(position, block.buffer()));
                } while (System.nanoTime() < deadline);
                return block.count();
            });
        }
        if (count == 1) {
            return readers.getFirst().call();
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Long> reader : threads.invokeAll(readers)) {
                long _ = reader.get();
            }
        }
        return RandomBlock.sum(blocks);
    }

    /** The JDK's asynchronous channel, whose handlers each begin the next read. */
    long asynchronousChannel(long nanos) throws IOException {
        long deadline = System.nanoTime() + nanos;
        List<RandomBlock> blocks = blocks(IN_FLIGHT);
        try (AsynchronousFileChannel file = AsynchronousFileChannel.open(path, StandardOpenOption.READ)) {
            ReadChain[] chains = blocks.stream()
                    .map(block -> ReadChain.begin(file, block, deadline))
                    .toArray(ReadChain[]::new);
            CompletableFuture.allOf(chains).join();
        }
        return RandomBlock.sum(blocks);
    }
}
