package dev.sluice.aio;

import dev.sluice.linux.Linux;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The memory of an operation which the kernel cannot be given as one address: several buffers, or buffers that have to
 * be copied.
 *
 * <p>Belongs to the thread that executes the operation.
 */
abstract sealed class Pieces {
    final MemorySegment[] parts;
    private final long length;

    private Pieces(MemorySegment[] parts) {
        this.parts = parts;
        this.length = Arrays.stream(parts).mapToLong(MemorySegment::byteSize).sum();
    }

    static @Nullable Pieces copiedUnlessUsable(MemorySegment memory, Operation.Kind kind, boolean pinned) {
        check(memory, kind, pinned);
        return isUsable(memory, pinned) ? null : new Copied(new MemorySegment[] {memory}, kind);
    }

    static Pieces of(ByteBuffer[] buffers, Operation.Kind kind, boolean pinned) {
        MemorySegment[] parts = new MemorySegment[buffers.length];
        boolean usable = true;
        for (int i = 0; i < parts.length; i++) {
            parts[i] = MemorySegment.ofBuffer(buffers[i]);
            check(parts[i], kind, pinned);
            usable &= isUsable(parts[i], pinned);
        }
        return usable ? new Vectored(parts) : new Copied(parts, kind);
    }

    private static boolean isUsable(MemorySegment memory, boolean pinned) {
        return Memory.isStable(memory) || (pinned && memory.isNative() && Memory.isConfined(memory));
    }

    private static void check(MemorySegment memory, Operation.Kind kind, boolean pinned) {
        if (kind == Operation.Kind.READ && memory.isReadOnly()) {
            throw new IllegalArgumentException("cannot read into a read-only buffer: " + memory);
        }
        if (!memory.isAccessibleBy(Thread.currentThread())) {
            throw new IllegalArgumentException("the buffer belongs to another thread: " + memory);
        }
        if (!pinned && Memory.isConfined(memory)) {
            throw new IllegalArgumentException("a confined buffer is of no use to an operation that goes on after the"
                    + " call: allocate it from Arena.ofAuto() or Arena.ofShared(), or use the blocking form");
        }
    }

    final long length() {
        return length;
    }

    /** What the kernel is given next: the address of bytes, or of iovecs when {@link #count} is not 0. */
    abstract long prepare(long done);

    /** How many iovecs were prepared; 0 when the address is that of the bytes. */
    abstract int count();

    /** How many bytes were prepared. */
    abstract long prepared();

    /** The bytes as memory, for files that are not called by address: the part that {@link #prepare} chose. */
    abstract MemorySegment slice();

    /** Bytes were read: copies them to where they belong. */
    abstract void arrived(long done, long bytes);

    abstract void release();

    /** Buffers which the kernel is given as they are. */
    private static final class Vectored extends Pieces {
        private final MemorySegment iovecs;
        private int count;
        private long prepared;
        private MemorySegment first = MemorySegment.NULL;

        Vectored(MemorySegment[] parts) {
            super(parts);
            iovecs = Memory.lend((long) Math.min(parts.length, Linux.IOVECS_MAX) * Linux.IOVEC_BYTES);
        }

        @Override
        long prepare(long done) {
            long skip = done;
            count = 0;
            prepared = 0;
            for (int i = 0; i < parts.length && count < Linux.IOVECS_MAX && prepared < Linux.MAX_TRANSFER; i++) {
                long size = parts[i].byteSize();
                if (skip >= size) {
                    skip -= size;
                    continue;
                }
                if (count == 0) {
                    first = parts[i].asSlice(skip);
                }
                long at = (long) count * Linux.IOVEC_BYTES;
                iovecs.set(ValueLayout.JAVA_LONG, at, parts[i].address() + skip);
                iovecs.set(ValueLayout.JAVA_LONG, at + 8, size - skip);
                prepared += size - skip;
                count++;
                skip = 0;
            }
            return iovecs.address();
        }

        @Override
        int count() {
            return count;
        }

        @Override
        long prepared() {
            return prepared;
        }

        @Override
        MemorySegment slice() {
            return first;
        }

        @Override
        void arrived(long done, long bytes) {
            // The kernel has put them where they belong.
        }

        @Override
        void release() {
            Memory.giveBack(iovecs);
        }
    }

    /** Buffers whose bytes go through a block of ours, so that they need not outlive the operation. */
    private static final class Copied extends Pieces {
        private final boolean writing;
        private final MemorySegment block;
        private long prepared;

        Copied(MemorySegment[] parts, Operation.Kind kind) {
            super(parts);
            writing = kind == Operation.Kind.WRITE;
            block = Memory.lend(length());
        }

        @Override
        long prepare(long done) {
            prepared = Math.min(length() - done, block.byteSize());
            if (writing) {
                copy(done, prepared, true);
            }
            return block.address();
        }

        @Override
        int count() {
            return 0;
        }

        @Override
        long prepared() {
            return prepared;
        }

        @Override
        MemorySegment slice() {
            return block.asSlice(0, prepared);
        }

        @Override
        void arrived(long done, long bytes) {
            copy(done, bytes, false);
        }

        private void copy(long from, long bytes, boolean toBlock) {
            long skip = from;
            long moved = 0;
            for (int i = 0; i < parts.length && moved < bytes; i++) {
                long size = parts[i].byteSize();
                if (skip >= size) {
                    skip -= size;
                    continue;
                }
                long step = Math.min(size - skip, bytes - moved);
                if (toBlock) {
                    MemorySegment.copy(parts[i], skip, block, moved, step);
                } else {
                    MemorySegment.copy(block, moved, parts[i], skip, step);
                }
                moved += step;
                skip = 0;
            }
        }

        @Override
        void release() {
            Memory.giveBack(block);
        }
    }
}
