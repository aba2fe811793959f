package dev.sluice.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Small native memory that one system call needs while it runs: the captured {@code errno} and one {@code iovec}.
 *
 * <p>A fixed set of slots, taken by compare-and-set, since thread-locals would give each of a million virtual threads
 * a copy of its own. A slot is owned by the thread that took it until it is given back; the flags lie a cache line
 * apart. When all slots are taken (that many threads sit in blocking calls), further ones come from the garbage
 * collected heap of native memory. Safe for use by many threads.
 */
final class Scratch {
    private static final int SLOTS = 256;
    private static final int SLOT_BYTES = 128;
    private static final int STRIDE = 16;
    private static final long IOVEC = 64;

    private static final VarHandle TAKEN = MethodHandles.arrayElementVarHandle(int[].class);
    private static final int[] TAKEN_FLAGS = new int[SLOTS * STRIDE];
    private static final Scratch[] ALL = new Scratch[SLOTS];

    static {
        if (Linker.Option.captureStateLayout().byteSize() > IOVEC) {
            throw new ExceptionInInitializerError(
                    "captured call state is larger than expected: " + Linker.Option.captureStateLayout());
        }
        MemorySegment memory = Arena.global().allocate((long) SLOTS * SLOT_BYTES, SLOT_BYTES);
        for (int i = 0; i < SLOTS; i++) {
            ALL[i] = new Scratch(i, memory.asSlice((long) i * SLOT_BYTES, SLOT_BYTES));
        }
    }

    private final int index;
    private final MemorySegment memory;

    private Scratch(int index, MemorySegment memory) {
        this.index = index;
        this.memory = memory;
    }

    static Scratch take() {
        int start = (int) Thread.currentThread().threadId() & (SLOTS - 1);
        for (int i = 0; i < SLOTS; i++) {
            int slot = (start + i) & (SLOTS - 1);
            if ((int) TAKEN.getOpaque(TAKEN_FLAGS, slot * STRIDE) == 0
                    && TAKEN.compareAndSet(TAKEN_FLAGS, slot * STRIDE, 0, 1)) {
                return ALL[slot];
            }
        }
        return new Scratch(-1, Arena.ofAuto().allocate(SLOT_BYTES, SLOT_BYTES));
    }

    void giveBack() {
        if (index >= 0) {
            TAKEN.setRelease(TAKEN_FLAGS, index * STRIDE, 0);
        }
    }

    /** The segment whose start receives {@code errno}. */
    MemorySegment state() {
        return memory;
    }

    int errno() {
        return memory.get(java.lang.foreign.ValueLayout.JAVA_INT, 0);
    }

    /** Fills the slot's one iovec and answers its address. */
    long iovec(long address, long length) {
        memory.set(java.lang.foreign.ValueLayout.JAVA_LONG, IOVEC, address);
        memory.set(java.lang.foreign.ValueLayout.JAVA_LONG, IOVEC + 8, length);
        return memory.address() + IOVEC;
    }
}
