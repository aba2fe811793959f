package dev.sluice.fuse;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Memory for the bytes of requests that wait. Of a writer who waits for room that is each of his long writes, so it is used
 * again. Owns what nobody uses; safe for use by many threads.
 */
final class Spares {
    /** What has fewer bytes is made anew. */
    private static final int SHORT = 16 << 10;

    private static final int MOST = 8;

    private final int size;
    private final Deque<byte[]> spares = new ArrayDeque<>();

    Spares(int size) {
        this.size = size;
    }

    /** {@return an array with at least so much room} */
    byte[] take(int length) {
        if (length <= SHORT) {
            return new byte[length];
        }
        synchronized (spares) {
            byte[] spare = spares.poll();
            if (spare != null) {
                return spare;
            }
        }
        return new byte[size];
    }

    void giveBack(byte[] bytes) {
        if (bytes.length == size) {
            synchronized (spares) {
                if (spares.size() < MOST) {
                    spares.push(bytes);
                }
            }
        }
    }
}
