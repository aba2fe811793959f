package dev.sluice.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Shared memory of one writer and one reader, who look at each other's place again and again. One thread at a time on each side. */
final class Ring {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final long SIZE = 4 << 20;
    private static final long START = 4096;
    private static final long READ = 64;
    private static final long ENDED = 128;

    private final MemorySegment memory;
    private long at;

    Ring(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, START + SIZE, Arena.global());
        }
    }

    int write(ByteBuffer block) {
        int count = block.remaining();
        while (at + count - (long) LONG.getAcquire(memory, READ) > SIZE) {
            Thread.onSpinWait();
        }
        MemorySegment.copy(MemorySegment.ofBuffer(block), 0, memory, START + at % SIZE, count);
        block.position(block.limit());
        at += count;
        LONG.setRelease(memory, 0L, at);
        return count;
    }

    int read(ByteBuffer block) {
        while ((long) LONG.getAcquire(memory, 0L) == at) {
            if ((long) LONG.getAcquire(memory, ENDED) != 0 && (long) LONG.getAcquire(memory, 0L) == at) {
                return -1;
            }
            Thread.onSpinWait();
        }
        long there = Math.min((long) LONG.getAcquire(memory, 0L) - at, SIZE - at % SIZE);
        int count = (int) Math.min(block.remaining(), there);
        MemorySegment.copy(memory, START + at % SIZE, MemorySegment.ofBuffer(block), 0, count);
        block.position(block.position() + count);
        at += count;
        LONG.setRelease(memory, READ, at);
        return count;
    }

    void end() {
        LONG.setRelease(memory, ENDED, 1L);
    }
}
