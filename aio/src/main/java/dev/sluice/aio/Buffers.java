package dev.sluice.aio;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Page-aligned buffers of one size, for direct files and for speed; made by {@link Context#buffers}.
 *
 * <p>The buffers live as long as anything refers to them. Which of them is in use is the caller's business: immutable,
 * safe for use by many threads.
 */
public final class Buffers {
    private static final int PAGE = 4096;
    private static final long TOTAL_MAX = 1L << 30;

    private final MemorySegment memory;
    private final MemorySegment[] buffers;

    Buffers(int count, int bytes) {
        if (count < 1 || bytes < 1) {
            throw new IllegalArgumentException(
                    "count and size of buffers must be 1 or more: count=" + count + ", bytes=" + bytes);
        }
        long each = Math.ceilDiv((long) bytes, PAGE) * PAGE;
        if (each * count > TOTAL_MAX) {
            throw new IllegalArgumentException(
                    "buffers may have " + TOTAL_MAX + " bytes together: count=" + count + ", bytes=" + bytes);
        }
        memory = Arena.ofAuto().allocate(each * count, PAGE);
        buffers = new MemorySegment[count];
        for (int i = 0; i < count; i++) {
            buffers[i] = memory.asSlice(i * each, each);
        }
    }

    /** {@return how many buffers there are} */
    public int count() {
        return buffers.length;
    }

    /**
     * Gives a buffer.
     *
     * @param index its number, from 0
     * @return its memory
     */
    public MemorySegment get(int index) {
        return buffers[index];
    }

    MemorySegment memory() {
        return memory;
    }
}
