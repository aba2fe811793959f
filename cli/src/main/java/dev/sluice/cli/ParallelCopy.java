package dev.sluice.cli;

import dev.sluice.aio.AsyncFile;
import dev.sluice.aio.Buffers;
import dev.sluice.aio.Context;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Copies a file with several chunks in flight, each on a virtual thread that reads and writes and may wait. */
final class ParallelCopy {
    static final int CHUNK = 1 << 20;
    static final int CHUNKS = 16;

    private final Context context;

    ParallelCopy(Context context) {
        this.context = context;
    }

    void copy(AsyncFile source, AsyncFile target, Progress progress) throws InterruptedException, ExecutionException {
        Buffers buffers = context.buffers(CHUNKS, CHUNK);
        List<Callable<Long>> lanes = new ArrayList<>();
        for (int lane = 0; lane < CHUNKS; lane++) {
            MemorySegment buffer = buffers.get(lane);
            long first = (long) lane * CHUNK;
            lanes.add(() -> copyFrom(first, source, target, buffer, progress));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Long> lane : threads.invokeAll(lanes)) {
                lane.get();
            }
        }
    }

    private static long copyFrom(
            long first, AsyncFile source, AsyncFile target, MemorySegment buffer, Progress progress)
            throws IOException {
        long position = first;
        while (true) {
            long count = source.read(buffer, position);
            if (count < 0) {
                return position;
            }
            target.write(buffer.asSlice(0, count), position);
            progress.add(count);
            position += (long) CHUNKS * CHUNK;
        }
    }
}
