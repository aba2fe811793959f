package dev.sluice.files;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.BooleanSupplier;

/** Memory through which a file goes piece by piece, as much as the processor's caches hold. For use by one thread. */
final class Pieces implements AutoCloseable {
    static final int SIZE = 256 << 10;

    private static final long PAGE = 4096;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment memory;

    Pieces() {
        this(SIZE);
    }

    Pieces(long size) {
        memory = arena.allocate(size, PAGE);
    }

    MemorySegment all() {
        return memory;
    }

    /** As much of it as is needed, at most all. */
    MemorySegment memory(long length) {
        return memory.asSlice(0, Math.min(length, memory.byteSize()));
    }

    @Override
    public void close() {
        arena.close();
    }

    /** Sums up a file's bytes. */
    static String sum(Descriptor file, Checksum checksum, BooleanSupplier unwanted) throws IOException {
        Checksum.Sum sum = checksum.begin();
        try (Pieces pieces = new Pieces()) {
            long at = 0;
            for (long read = file.read(pieces.all(), at); read > 0; read = file.read(pieces.all(), at)) {
                sum.add(pieces.memory(read).asByteBuffer());
                at += read;
                checkWanted(file, unwanted, "summing it up");
            }
        }
        return Checksum.hex(sum);
    }

    /** Looks through a file from a place on. */
    static long[] find(Descriptor file, Search search, long from, BooleanSupplier unwanted) throws IOException {
        Scan scan = new Scan(search, from);
        int overlap = scan.overlap();
        try (Pieces pieces = new Pieces(Math.max(SIZE, 4L * overlap))) {
            MemorySegment all = pieces.all();
            long at = from;
            int kept = 0;
            while (!scan.isComplete()) {
                long read = file.read(all.asSlice(kept), at + kept);
                if (read == 0) {
                    break;
                }
                long length = kept + read;
                scan.through(all, length, at);
                kept = (int) Math.min(overlap, length);
                MemorySegment.copy(all, length - kept, all, 0, kept);
                at += length - kept;
                checkWanted(file, unwanted, "searching it");
            }
        }
        return scan.found();
    }

    private static void checkWanted(Descriptor file, BooleanSupplier unwanted, String what) throws IOException {
        if (unwanted.getAsBoolean()) {
            throw new java.io.InterruptedIOException(file.path + ": " + what + " was stopped");
        }
    }

    /** How long a file is without the zeros at its end; holes are not read. */
    static long lengthWithoutZeros(Descriptor file, BooleanSupplier unwanted) throws IOException {
        long end = file.size();
        try (Pieces pieces = new Pieces()) {
            while (end > 0) {
                long from = Math.max(0, (end - 1) / SIZE * SIZE);
                long data = dev.sluice.linux.Ranges.seek(file.fd, from, dev.sluice.linux.Ranges.DATA);
                boolean isHole = data == dev.sluice.linux.Errno.ENXIO.negated() || data >= end;
                if (!isHole) {
                    long read = file.read(pieces.memory(end - from), from);
                    for (long i = read - 1; i >= 0; i--) {
                        if (pieces.all().get(java.lang.foreign.ValueLayout.JAVA_BYTE, i) != 0) {
                            return from + i + 1;
                        }
                    }
                }
                end = from;
                checkWanted(file, unwanted, "looking for zeros at its end");
            }
        }
        return 0;
    }
}
