package dev.sluice.files;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Comparing memory that may go away meanwhile: by plain loads, on which the JVM survives that. */
final class Bits {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;
    private static final int LONGS = 64;

    private Bits() {}

    /** The first place at which two pieces of memory differ, or the length. */
    static long mismatch(MemorySegment one, MemorySegment other, long length) {
        long at = 0;
        for (long end = length - 8L * LONGS; at <= end && !differ(one, other, at); ) {
            at += 8L * LONGS;
        }
        for (; at < length; at++) {
            if (one.get(ValueLayout.JAVA_BYTE, at) != other.get(ValueLayout.JAVA_BYTE, at)) {
                return at;
            }
        }
        return length;
    }

    private static boolean differ(MemorySegment one, MemorySegment other, long at) {
        long any = 0;
        for (int i = 0; i < LONGS; i++) {
            any |= one.get(LONG, at + 8L * i) ^ other.get(LONG, at + 8L * i);
        }
        return any != 0;
    }

    /** How many bits differ. */
    static long bitDistance(MemorySegment one, MemorySegment other, long length) {
        long distance = 0;
        long at = 0;
        for (; at + 8 <= length; at += 8) {
            distance += Long.bitCount(one.get(LONG, at) ^ other.get(LONG, at));
        }
        for (; at < length; at++) {
            distance += Integer.bitCount(
                    (one.get(ValueLayout.JAVA_BYTE, at) ^ other.get(ValueLayout.JAVA_BYTE, at)) & 0xFF);
        }
        return distance;
    }

    /** How many bytes differ. */
    static long byteDistance(MemorySegment one, MemorySegment other, long length) {
        long same = 0;
        long at = 0;
        for (; at + 8 <= length; at += 8) {
            long bytes = one.get(LONG, at) ^ other.get(LONG, at);
            same += Long.bitCount(~(((bytes & LOW_BITS) + LOW_BITS) | bytes | LOW_BITS));
        }
        for (; at < length; at++) {
            same += one.get(ValueLayout.JAVA_BYTE, at) == other.get(ValueLayout.JAVA_BYTE, at) ? 1 : 0;
        }
        return length - same;
    }
}
