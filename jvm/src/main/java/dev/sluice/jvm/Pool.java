package dev.sluice.jvm;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Native memory for bytes on their way to and from arrays: used again, a few at a time kept. Safe for use by many threads. */
final class Pool {
    static final int SIZE = 128 << 10;
    private static final int MOST_KEPT = 8;

    private final ConcurrentLinkedQueue<ByteBuffer> free = new ConcurrentLinkedQueue<>();
    private final AtomicInteger kept = new AtomicInteger();

    /** {@return an empty buffer of {@link #SIZE} bytes, which is the caller's until he gives it back} */
    ByteBuffer take() {
        @Nullable ByteBuffer found = free.poll();
        if (found == null) {
            return ByteBuffer.allocateDirect(SIZE);
        }
        kept.decrementAndGet();
        return found.clear();
    }

    void giveBack(ByteBuffer buffer) {
        if (kept.incrementAndGet() <= MOST_KEPT) {
            free.add(buffer);
        } else {
            kept.decrementAndGet();
        }
    }
}
