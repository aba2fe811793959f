package dev.sluice.aio;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Decides which memory the kernel may be given while an operation is in flight, and lends other memory for the rest.
 *
 * <p>Nobody can keep a segment of another's arena from being closed, so the kernel only ever gets memory that the
 * garbage collector frees (direct buffers, automatic and global arenas), or memory whose one thread waits for the
 * operation. Everything else, heap arrays among them, is copied through blocks lent from here. The blocks' pool is
 * guarded by its lock.
 */
final class Memory {
    /** The largest block that is lent; longer transfers go through it piece by piece. */
    static final int BLOCK_MAX = 1 << 20;

    private static final int BLOCK_MIN_BITS = 12;
    private static final int CLASSES = 9;
    private static final int KEPT_PER_CLASS = 16;
    private static final int ALIGNMENT = 4096;

    private static final Class<?> AUTOMATIC = Arena.ofAuto().scope().getClass();
    private static final Class<?> GLOBAL = Arena.global().scope().getClass();
    private static final Class<?> DIRECT =
            MemorySegment.ofBuffer(ByteBuffer.allocateDirect(1)).scope().getClass();
    private static final Thread SOME_OTHER_THREAD = Thread.ofPlatform().unstarted(() -> {});

    private static final ReentrantLock LOCK = new ReentrantLock();

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static final ArrayDeque<MemorySegment>[] FREE = new ArrayDeque[CLASSES];

    static {
        for (int i = 0; i < CLASSES; i++) {
            FREE[i] = new ArrayDeque<>();
        }
    }

    private Memory() {}

    /** True for native memory that lives as long as something refers to it. */
    static boolean isStable(MemorySegment segment) {
        if (!segment.isNative()) {
            return false;
        }
        Class<?> scope = segment.scope().getClass();
        return scope == AUTOMATIC || scope == GLOBAL || scope == DIRECT;
    }

    /** True for memory that only one thread may touch, and only that thread may free. */
    static boolean isConfined(MemorySegment segment) {
        return !segment.isAccessibleBy(SOME_OTHER_THREAD);
    }

    /** True for memory that only the calling thread may touch, and that is not freed: it cannot be while it waits. */
    static boolean isUsableByThisThread(MemorySegment segment) {
        return segment.isAccessibleBy(Thread.currentThread())
                && isConfined(segment)
                && segment.scope().isAlive();
    }

    /** Lends a block of at least the given size, or of {@link #BLOCK_MAX}. */
    static MemorySegment lend(long bytes) {
        int index = classOf(Math.min(bytes, BLOCK_MAX));
        MemorySegment block = poll(index);
        return block == null ? Arena.ofAuto().allocate(1L << (BLOCK_MIN_BITS + index), ALIGNMENT) : block;
    }

    private static @Nullable MemorySegment poll(int index) {
        LOCK.lock();
        try {
            return FREE[index].poll();
        } finally {
            LOCK.unlock();
        }
    }

    static void giveBack(MemorySegment block) {
        int index = classOf(block.byteSize());
        LOCK.lock();
        try {
            if (FREE[index].size() < KEPT_PER_CLASS) {
                FREE[index].push(block);
            }
        } finally {
            LOCK.unlock();
        }
    }

    private static int classOf(long bytes) {
        return Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(Math.max(bytes, 1) - 1) - BLOCK_MIN_BITS);
    }
}
