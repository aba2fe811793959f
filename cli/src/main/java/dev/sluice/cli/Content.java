package dev.sluice.cli;

import dev.sluice.aio.AsyncFile;
import dev.sluice.aio.ChunkReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystemException;
import java.util.zip.CRC32C;

/** What a file is to hold: bytes that look random, known from their position alone. Immutable. */
record Content(long seed) {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int CHUNK = 1 << 20;

    /** The eight bytes at a position that is a multiple of eight. */
    long word(long position) {
        long mixed = seed + (position >>> 3) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /** Fills memory with what is at a position; both that and the memory's size are multiples of eight. */
    void fill(MemorySegment target, long position) {
        for (long i = 0; i < target.byteSize(); i += Long.BYTES) {
            target.set(WORD, i, word(position + i));
        }
    }

    /**
     * Reads a file, and compares all of it with what was meant.
     *
     * @return its checksum
     * @throws FileSystemException when a byte differs, or the size does
     */
    String verified(AsyncFile file, long size, Progress progress) throws IOException {
        CRC32C found = new CRC32C();
        MemorySegment meant = MemorySegment.ofArray(new long[CHUNK / Long.BYTES]);
        long position = 0;
        for (ByteBuffer chunk : ChunkReader.of(file, 0, CHUNK)) {
            MemorySegment bytes = MemorySegment.ofBuffer(chunk);
            MemorySegment expected = meant.asSlice(0, Math.ceilDiv(bytes.byteSize(), 8) * 8);
            fill(expected, position);
            long difference = bytes.mismatch(expected.asSlice(0, bytes.byteSize()));
            if (difference >= 0) {
                throw new FileSystemException(file.name(), null, "byte " + (position + difference) + " is wrong");
            }
            position += bytes.byteSize();
            found.update(chunk);
            progress.add(bytes.byteSize());
        }
        if (position != size) {
            throw new FileSystemException(file.name(), null, "has " + position + " bytes instead of " + size);
        }
        return String.format("%08x", found.getValue());
    }
}
