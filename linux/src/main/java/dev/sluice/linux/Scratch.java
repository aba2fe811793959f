package dev.sluice.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Small native memory that one system call needs while it runs: the captured {@code errno}, one {@code iovec}, four
 * numbers, and two names.
 *
 * <p>A fixed set of slots, taken by compare-and-set, since thread-locals would give each of a million virtual threads
 * a copy of its own. A slot is owned by the thread that took it until it is given back; the flags lie a cache line
 * apart. When all slots are taken (that many threads sit in blocking calls), further ones come from the garbage
 * collected heap of native memory. Safe for use by many threads.
 */
final class Scratch {
    private static final int SLOTS = 256;
    private static final int SLOT_BYTES = 1024;
    private static final int STRIDE = 16;
    private static final long IOVEC = 64;
    private static final long NUMBERS = 96;
    private static final long NAME = 128;
    private static final long SECOND_NAME = 512;
    private static final int NAME_BYTES = 384;
    private static final byte[] DESCRIPTORS = "/proc/self/fd/".getBytes(StandardCharsets.US_ASCII);

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

    /** Holds names that are too long for the slot, while the call runs. */
    private @Nullable Arena longNames;

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
        if (longNames != null) {
            longNames.close();
            longNames = null;
        }
        if (index >= 0) {
            TAKEN.setRelease(TAKEN_FLAGS, index * STRIDE, 0);
        }
    }

    /** The segment whose start receives {@code errno}. */
    MemorySegment state() {
        return memory;
    }

    int errno() {
        return memory.get(ValueLayout.JAVA_INT, 0);
    }

    /** Fills the slot's one iovec and answers its address. */
    long iovec(long address, long length) {
        memory.set(ValueLayout.JAVA_LONG, IOVEC, address);
        memory.set(ValueLayout.JAVA_LONG, IOVEC + 8, length);
        return memory.address() + IOVEC;
    }

    /** Sets one of four numbers, which lie one after the other. */
    void number(int index, long value) {
        memory.set(ValueLayout.JAVA_LONG, NUMBERS + 8L * index, value);
    }

    long number(int index) {
        return memory.get(ValueLayout.JAVA_LONG, NUMBERS + 8L * index);
    }

    /** The address of one of the four numbers. */
    long addressOfNumber(int index) {
        return memory.address() + NUMBERS + 8L * index;
    }

    /**
     * Stores a name as the kernel takes it.
     *
     * @return its address, or {@link Errno#EINVAL} negated when a zero byte would cut the name short
     */
    long name(byte[] name) {
        return store(name, NAME);
    }

    /** As {@link #name}, for the second name of a call. */
    long secondName(byte[] name) {
        return store(name, SECOND_NAME);
    }

    /**
     * Stores, as the second name, the path that leads to whatever a descriptor refers to.
     *
     * @return its address; no file has the path when the descriptor is negative
     */
    long pathOf(int fd) {
        MemorySegment.copy(DESCRIPTORS, 0, memory, ValueLayout.JAVA_BYTE, SECOND_NAME, DESCRIPTORS.length);
        long at = SECOND_NAME + DESCRIPTORS.length;
        if (fd < 0) {
            memory.set(ValueLayout.JAVA_BYTE, at++, (byte) '-');
        }
        int digits = 1;
        for (int rest = fd / 10; rest != 0; rest /= 10) {
            digits++;
        }
        memory.set(ValueLayout.JAVA_BYTE, at + digits, (byte) 0);
        int rest = fd;
        for (int digit = digits - 1; digit >= 0; digit--) {
            memory.set(ValueLayout.JAVA_BYTE, at + digit, (byte) ('0' + Math.abs(rest % 10)));
            rest /= 10;
        }
        return memory.address() + SECOND_NAME;
    }

    /** The bytes of the second name's place, for an answer that fits. */
    MemorySegment answer() {
        return memory.asSlice(SECOND_NAME, NAME_BYTES);
    }

    private long store(byte[] name, long place) {
        for (byte each : name) {
            if (each == 0) {
                return Errno.EINVAL.negated();
            }
        }
        if (name.length >= NAME_BYTES) {
            if (longNames == null) {
                longNames = Arena.ofConfined();
            }
            MemorySegment elsewhere = longNames.allocate(name.length + 1L);
            MemorySegment.copy(name, 0, elsewhere, ValueLayout.JAVA_BYTE, 0, name.length);
            return elsewhere.address();
        }
        MemorySegment.copy(name, 0, memory, ValueLayout.JAVA_BYTE, place, name.length);
        memory.set(ValueLayout.JAVA_BYTE, place + name.length, (byte) 0);
        return memory.address() + place;
    }
}
