package dev.sluice.aio;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;

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

    /** About so much is lent at once, but for a page for each operation. */
    static final long LENT_MAX = Math.min(64 << 20, Runtime.getRuntime().maxMemory() / 4);

    /** One block is at most this part of what may still be lent. */
    private static final int SHARE = 16;

    private static long lent;

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
        return lend(bytes, Long.MAX_VALUE);
    }

    /** Lends a block that may be smaller than asked for: the more is lent, the smaller, so that all stay bounded. */
    static MemorySegment lendSome(long bytes) {
        return lend(bytes, LENT_MAX);
    }

    private static MemorySegment lend(long bytes, long limit) {
        MemorySegment block;
        int index = classOf(Math.min(bytes, BLOCK_MAX));
        LOCK.lock();
        try {
            long fair = Math.max(ALIGNMENT, (limit - lent) / SHARE);
            index = Math.min(index, Long.SIZE - 1 - Long.numberOfLeadingZeros(fair) - BLOCK_MIN_BITS);
            block = FREE[index].poll();
            lent += sizeOf(index);
        } finally {
            LOCK.unlock();
        }
        return block == null ? allocate(index) : block;
    }

    private static MemorySegment allocate(int index) {
        try {
            return Arena.ofAuto().allocate(sizeOf(index), ALIGNMENT);
        } catch (OutOfMemoryError e) {
            notLent(sizeOf(index));
            throw e;
        }
    }

    private static void notLent(long bytes) {
        LOCK.lock();
        try {
            lent -= bytes;
        } finally {
            LOCK.unlock();
        }
    }

    private static long sizeOf(int index) {
        return 1L << (BLOCK_MIN_BITS + index);
    }

    static void giveBack(MemorySegment block) {
        int index = classOf(block.byteSize());
        LOCK.lock();
        try {
            lent -= block.byteSize();
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
