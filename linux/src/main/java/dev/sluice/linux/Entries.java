package dev.sluice.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

/**
 * Reads what a directory holds, without {@code .} and {@code ..}, through memory that is used again for the next one.
 *
 * <p>{@link #start}, then {@link #next} as long as it answers 1; after that the other calls tell of one entry. For use by
 * one thread at a time.
 */
public final class Entries {
    private static final int BYTES = 32 << 10;
    private static final int LENGTH_AT = 16;
    private static final int TYPE_AT = 18;
    private static final int NAME_AT = 19;
    private static final int TYPE_SHIFT = 12;
    private static final long GETDENTS64 = Native.number(217, 61);
    private static final long LSEEK = Native.number(8, 62);

    private final MemorySegment memory = Arena.ofAuto().allocate(BYTES, 8);
    private int fd = -1;
    private int entry;
    private int nextEntry;
    private int end;

    /** Makes the memory, empty. */
    public Entries() {}

    /**
     * Begins with a directory's first entry, as it is now.
     *
     * @param directory the directory's descriptor, opened for reading, which stays the caller's
     * @return 0, or a negated error number
     */
    public int start(int directory) {
        fd = directory;
        nextEntry = 0;
        end = 0;
        return (int) Native.call(LSEEK, fd, 0, 0, 0);
    }

    /**
     * Goes on to the next entry.
     *
     * @return 1 when there is one, 0 after the last, or a negated error number
     */
    public int next() {
        do {
            if (nextEntry == end) {
                int result = fill();
                if (result <= 0) {
                    return result;
                }
            }
            entry = nextEntry;
            nextEntry += memory.get(ValueLayout.JAVA_SHORT, entry + LENGTH_AT) & 0xFFFF;
        } while (isOneOfTheDots());
        return 1;
    }

    private int fill() {
        try {
            int result = (int) Native.call(GETDENTS64, fd, memory.address(), BYTES, 0);
            nextEntry = 0;
            end = Math.max(result, 0);
            return result;
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    private boolean isOneOfTheDots() {
        int at = entry + NAME_AT;
        if (memory.get(ValueLayout.JAVA_BYTE, at) != '.') {
            return false;
        }
        byte second = memory.get(ValueLayout.JAVA_BYTE, at + 1);
        return second == 0 || (second == '.' && memory.get(ValueLayout.JAVA_BYTE, at + 2) == 0);
    }

    /** {@return the entry's name} */
    public byte[] name() {
        int from = entry + NAME_AT;
        int to = from;
        while (memory.get(ValueLayout.JAVA_BYTE, to) != 0) {
            to++;
        }
        return memory.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE);
    }

    /** {@return the inode's number} */
    public long inode() {
        return memory.get(ValueLayout.JAVA_LONG, entry);
    }

    /** {@return the type, as in {@link Attributes#TYPE} of a mode; 0 when the file system does not say} */
    public int type() {
        return (memory.get(ValueLayout.JAVA_BYTE, entry + TYPE_AT) & 0xF) << TYPE_SHIFT;
    }
}
