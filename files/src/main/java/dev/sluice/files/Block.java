package dev.sluice.files;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A piece of a file in memory: {@code bytes.length} bytes from a multiple of the block size on.
 *
 * <p>Many threads copy from it without a lock, and see it before or after a patch, never in between: the version is odd
 * while it is patched, and whoever finds it changed copies again. Patched under the lock of its {@link Content}.
 */
final class Block {
    private static final VarHandle VERSION;

    static {
        try {
            VERSION = MethodHandles.lookup().findVarHandle(Block.class, "version", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Which of the file's contents it belongs to. */
    final Epoch epoch;

    private final byte[] bytes;

    @SuppressWarnings("unused") // through VERSION
    private int version;

    Block(Epoch epoch, byte[] bytes) {
        this.epoch = epoch;
        this.bytes = bytes;
    }

    int length() {
        return bytes.length;
    }

    /** Copies to an absolute place. */
    void copy(int from, ByteBuffer target, int at, int count) {
        while (true) {
            int before = (int) VERSION.getAcquire(this);
            if ((before & 1) == 0) {
                target.put(at, bytes, from, count);
                VarHandle.acquireFence();
                if ((int) VERSION.getOpaque(this) == before) {
                    return;
                }
            }
            Thread.onSpinWait();
        }
    }

    /** Overwrites a part from a buffer, whose position stays. */
    void patch(int at, ByteBuffer source, int from, int count) {
        int before = (int) VERSION.getOpaque(this);
        VERSION.setOpaque(this, before + 1);
        VarHandle.releaseFence();
        source.get(from, bytes, at, count);
        VERSION.setRelease(this, before + 2);
    }

    /** A longer one, with zeros behind these bytes. */
    Block grown(int length) {
        return new Block(epoch, Arrays.copyOf(bytes, length));
    }
}
