package dev.sluice.aio;

import dev.sluice.linux.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

    /**
     * Finds out how one piece of memory is transferred.
     *
     * @param pinned whether its thread waits
     * @param elsewhere whether another thread will touch it, not the kernel alone
     * @return nothing when it can be used as it is
     */
    static @Nullable Pieces copiedUnlessUsable(
            MemorySegment memory, Operation.Kind kind, boolean pinned, boolean elsewhere) {
        check(memory, kind, pinned);
        boolean usable = isUsable(memory, pinned && !elsewhere);
        return usable ? null : of(new MemorySegment[] {memory}, kind, pinned, elsewhere);
    }

    /** As {@link #copiedUnlessUsable}, for several buffers. */
    static Pieces of(ByteBuffer[] buffers, Operation.Kind kind, boolean pinned, boolean elsewhere) {
        MemorySegment[] parts = new MemorySegment[buffers.length];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = MemorySegment.ofBuffer(buffers[i]);
            check(parts[i], kind, pinned);
        }
        return of(parts, kind, pinned, elsewhere);
    }

    private static Pieces of(MemorySegment[] parts, Operation.Kind kind, boolean pinned, boolean elsewhere) {
        boolean usable = true;
        boolean confined = false;
        for (MemorySegment part : parts) {
            usable &= isUsable(part, pinned && !elsewhere);
            confined |= Memory.isConfined(part);
        }
        if (usable) {
            return new Vectored(parts, List.of());
        }
        return confined ? staged(parts, kind, !elsewhere) : new Copied(parts, kind);
    }

    /** Replaces what has to be copied, on the thread that may. */
    private static Pieces staged(MemorySegment[] parts, Operation.Kind kind, boolean pinned) {
        MemorySegment[] staged = parts.clone();
        List<StandIn> standIns = new ArrayList<>();
        long start = 0;
        for (int i = 0; i < staged.length; i++) {
            if (!isUsable(parts[i], pinned)) {
                staged[i] = Arena.ofAuto().allocate(parts[i].byteSize());
                if (kind == Operation.Kind.WRITE) {
                    staged[i].copyFrom(parts[i]);
                } else {
                    standIns.add(new StandIn(staged[i], parts[i], start));
                }
            }
            start += parts[i].byteSize();
        }
        return new Vectored(staged, standIns);
    }

    /** Memory that is read into in place of other memory, and where in the operation it begins. */
    private record StandIn(MemorySegment memory, MemorySegment original, long start) {
        /** Copies the part of a range that lies here. */
        void fetch(long from, long bytes) {
            long skip = Math.max(0, from - start);
            long count = Math.min(memory.byteSize(), from + bytes - start) - skip;
            if (count > 0) {
                MemorySegment.copy(memory, skip, original, skip, count);
            }
        }
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
        if (!memory.scope().isAlive()) {
            throw new IllegalStateException("the buffer was freed already: " + memory);
        }
        if (!pinned && Memory.isConfined(memory)) {
            throw new IllegalArgumentException("a confined buffer is of no use to an operation that goes on after the"
                    + " call: allocate it from Arena.ofAuto() or Arena.ofShared(), or use the blocking form");
        }
    }

    final long length() {
        return length;
    }

    /** Gets what {@link #prepare} needs, so that another thread need not. */
    void lend() {}

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

    /** All is read, and the thread that has waited for it copies what only it can copy. */
    void fetch(long bytes) {}

    abstract void release();

    /** Buffers which the kernel is given as they are, or of which some are stand-ins for others. */
    private static final class Vectored extends Pieces {
        private final MemorySegment iovecs;
        private int count;
        private long prepared;
        private final List<StandIn> standIns;
        private MemorySegment first = MemorySegment.NULL;

        Vectored(MemorySegment[] parts, List<StandIn> standIns) {
            super(parts);
            this.standIns = standIns;
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
            fetch(done, bytes, false);
        }

        @Override
        void fetch(long bytes) {
            fetch(0, bytes, true);
        }

        /** The kernel has put the bytes where they belong, but for the stand-ins. */
        private void fetch(long from, long bytes, boolean confined) {
            for (StandIn each : standIns) {
                if (Memory.isConfined(each.original) == confined) {
                    each.fetch(from, bytes);
                }
            }
        }

        @Override
        void release() {
            Memory.giveBack(iovecs);
        }
    }

    /** Buffers whose bytes go through a block of ours, so that they need not outlive the operation. */
    private static final class Copied extends Pieces {
        private final boolean writing;
        private @Nullable MemorySegment block;
        private long prepared;

        Copied(MemorySegment[] parts, Operation.Kind kind) {
            super(parts);
            writing = kind == Operation.Kind.WRITE;
        }

        @Override
        void lend() {
            block();
        }

        private MemorySegment block() {
            MemorySegment lent = block;
            if (lent == null) {
                lent = Memory.lendSome(length());
                block = lent;
            }
            return lent;
        }

        @Override
        long prepare(long done) {
            MemorySegment block = block();
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
            return block().asSlice(0, prepared);
        }

        @Override
        void arrived(long done, long bytes) {
            copy(done, bytes, false);
        }

        private void copy(long from, long bytes, boolean toBlock) {
            MemorySegment block = block();
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
            MemorySegment lent = block;
            if (lent != null) {
                Memory.giveBack(lent);
                block = null;
            }
        }
    }
}
