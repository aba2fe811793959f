package dev.sluice.files;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Looking at memory that may go away meanwhile: it is copied first, piece by piece, since copying is what the JVM survives then
 * whatever its compiler makes of it. The pieces stay in the processor's caches.
 */
final class Bits {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;

    private Bits() {}

    /** What is found out about two pieces of the same length. */
    private interface Comparison {
        long of(MemorySegment one, MemorySegment other);
    }

    /** The first place at which two pieces of memory differ, or the length. */
    static long mismatch(MemorySegment one, MemorySegment other, long length) {
        try (Pieces mine = new Pieces();
                Pieces theirs = new Pieces()) {
            for (long at = 0; at < length; at += Pieces.SIZE) {
                long some = Math.min(Pieces.SIZE, length - at);
                long place = mine.copy(one, at, some).mismatch(theirs.copy(other, at, some));
                if (place >= 0) {
                    return at + place;
                }
            }
            return length;
        }
    }

    /** How long memory is without the zeros at its end. */
    static long withoutZeros(MemorySegment memory) {
        try (Pieces pieces = new Pieces()) {
            for (long end = memory.byteSize(); end > 0; ) {
                long from = Math.max(0, end - Pieces.SIZE);
                MemorySegment piece = pieces.copy(memory, from, end - from);
                for (; end > from; end--) {
                    if (piece.get(ValueLayout.JAVA_BYTE, end - from - 1) != 0) {
                        return end;
                    }
                }
            }
            return 0;
        }
    }

    /** How many bits differ. */
    static long bitDistance(MemorySegment one, MemorySegment other, long length) {
        return sum(one, other, length, Bits::bitDistance);
    }

    /** How many bytes differ. */
    static long byteDistance(MemorySegment one, MemorySegment other, long length) {
        return sum(one, other, length, Bits::byteDistance);
    }

    private static long sum(MemorySegment one, MemorySegment other, long length, Comparison comparison) {
        long sum = 0;
        try (Pieces mine = new Pieces();
                Pieces theirs = new Pieces()) {
            for (long at = 0; at < length; at += Pieces.SIZE) {
                long some = Math.min(Pieces.SIZE, length - at);
                sum += comparison.of(mine.copy(one, at, some), theirs.copy(other, at, some));
            }
        }
        return sum;
    }

    private static long bitDistance(MemorySegment one, MemorySegment other) {
        long distance = 0;
        long at = 0;
        for (; at + 8 <= one.byteSize(); at += 8) {
            distance += Long.bitCount(one.get(LONG, at) ^ other.get(LONG, at));
        }
        for (; at < one.byteSize(); at++) {
            distance += Integer.bitCount(
                    (one.get(ValueLayout.JAVA_BYTE, at) ^ other.get(ValueLayout.JAVA_BYTE, at)) & 0xFF);
        }
        return distance;
    }

    private static long byteDistance(MemorySegment one, MemorySegment other) {
        long same = 0;
        long at = 0;
        for (; at + 8 <= one.byteSize(); at += 8) {
            long bytes = one.get(LONG, at) ^ other.get(LONG, at);
            same += Long.bitCount(~(((bytes & LOW_BITS) + LOW_BITS) | bytes | LOW_BITS));
        }
        for (; at < one.byteSize(); at++) {
            same += one.get(ValueLayout.JAVA_BYTE, at) == other.get(ValueLayout.JAVA_BYTE, at) ? 1 : 0;
        }
        return one.byteSize() - same;
    }
}
