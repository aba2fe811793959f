package dev.sluice.cli;

import dev.sluice.aio.AsyncFile;
import dev.sluice.aio.Batch;
import dev.sluice.aio.Buffers;
import dev.sluice.aio.Context;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

/**
 * Writes a file range by range in random order, as many downloads at once would: first as many writes as may be in flight,
 * started together, and then one for each that has ended.
 */
final class RangeWrites {
    static final int RANGE = 128 << 10;

    private final Context context;
    private final Content content;

    RangeWrites(Context context, Content content) {
        this.context = context;
        this.content = content;
    }

    static int inFlight(Context context, long size) {
        return (int) Math.min(context.depth(), Math.ceilDiv(size, RANGE));
    }

    /** Writes so many bytes, and answers how many writes were in flight at most. */
    int write(AsyncFile file, long size, Progress progress) throws InterruptedException {
        int together = inFlight(context, size);
        BlockingQueue<MemorySegment> free = buffers(together);
        List<Long> positions =
                new ArrayList<>(LongStream.iterate(0, position -> position < size, position -> position + RANGE)
                        .boxed()
                        .toList());
        Collections.shuffle(positions, new Random(content.seed()));
        List<CompletableFuture<?>> writes = new ArrayList<>();
        Batch first = context.batch();
        int most = 0;
        for (long position : positions) {
            MemorySegment buffer = free.take(); // waits for one of the writes, when all are in flight
            MemorySegment range = buffer.asSlice(0, Math.min(RANGE, size - position));
            content.fill(range, position);
            boolean begun = writes.size() >= together;
            CompletableFuture<Long> write =
                    begun ? file.writeAsync(range, position) : first.write(file, range, position);
            writes.add(write.whenComplete((bytes, failure) -> {
                free.add(buffer);
                progress.add(range.byteSize());
            }));
            if (first.size() == together) {
                first.start();
            }
            most = Math.max(most, context.statistics().inFlight());
        }
        CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)).join();
        return most;
    }

    private BlockingQueue<MemorySegment> buffers(int count) {
        Buffers buffers = context.buffers(count, RANGE);
        BlockingQueue<MemorySegment> free = new ArrayBlockingQueue<>(count);
        for (int i = 0; i < count; i++) {
            free.add(buffers.get(i));
        }
        return free;
    }
}
