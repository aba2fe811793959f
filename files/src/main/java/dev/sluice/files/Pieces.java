package dev.sluice.files;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Ranges;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileSystemException;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.BooleanSupplier;

/**
 * Memory through which a file goes piece by piece, as much as the processor's caches hold. For use by one thread.
 *
 * <p>The usual amount is used again: for a small file, getting new memory from the system takes longer than summing it up.
 */
final class Pieces implements AutoCloseable {
    static final int SIZE = 256 << 10;

    private static final long PAGE = 4096;

    /** From this size on a file is mapped, which costs some time for each file and saves more for each byte. */
    private static final long LARGE = 8 << 20;

    /** So much of a mapped file is made ready, and looked at, at once. */
    private static final long PART = 4 << 20;

    /** No processor of ours has larger ones; what is a multiple of it begins a page. */
    private static final long LARGEST_PAGE = 64 << 10;

    /** What is copied out of a mapping, or for libraries, goes in pieces of this size, which the cache nearest to a processor holds. */
    private static final int ARRAY = 16 << 10;

    private static final int FIRST = 4 << 10;

    /**
     * What is used together.
     *
     * @param memory goes to the kernel
     * @param array goes to libraries that know no other memory
     */
    @SuppressWarnings("ArrayRecordComponent") // a place for bytes, not compared
    private record Room(MemorySegment memory, byte[] array) {}

    /** What nobody uses now; nobody else has what was taken out. The garbage collector frees it. */
    private static final Queue<Room> SPARE =
            new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

    private final Room room;
    private final MemorySegment memory;

    Pieces() {
        this(SIZE);
    }

    Pieces(long size) {
        Room spare = size == SIZE ? SPARE.poll() : null;
        room = spare == null ? new Room(Arena.ofAuto().allocate(size, PAGE), new byte[ARRAY]) : spare;
        memory = room.memory;
    }

    MemorySegment all() {
        return memory;
    }

    /** As much of it as is needed, at most all. */
    MemorySegment memory(long length) {
        return memory.asSlice(0, Math.min(length, memory.byteSize()));
    }

    /** Copies a range of other memory, which may go away meanwhile: the JVM watches over that. */
    MemorySegment copy(MemorySegment from, long at, long length) {
        MemorySegment copied = memory(length);
        MemorySegment.copy(from, at, copied, 0, length);
        return copied;
    }

    /** Nobody uses the memory any more. */
    @Override
    public void close() {
        if (memory.byteSize() == SIZE) {
            boolean _ = SPARE.offer(room);
        }
    }

    /** Reads what follows a place, as much as fits; nothing where the file ended when it was opened, or ends now. */
    private static long next(Descriptor file, MemorySegment target, long at) throws IOException {
        long end = file.sizeAtOpening;
        if (end == 0) { // or one of the kernel's own
            return file.read(target, at);
        }
        return at >= end ? 0 : file.read(target.asSlice(0, Math.min(target.byteSize(), end - at)), at);
    }

    /** Sums up a file's bytes. */
    static String sum(Descriptor file, Checksum checksum, BooleanSupplier unwanted) throws IOException {
        String action = "summing it up";
        try (Pieces pieces = new Pieces()) {
            Checksum.Sum mapped = checksum.begin();
            if (mapped.copies()
                    && isSeenMapped(file, 0, 0, action, unwanted, (memory, at) -> {
                        mapped.add(memory.asByteBuffer(), pieces.room.array);
                        return true;
                    })) {
                return Checksum.hex(mapped);
            }
            Checksum.Sum sum = checksum.begin();
            long at = 0;
            for (long read = next(file, pieces.all(), at); read > 0; read = next(file, pieces.all(), at)) {
                sum.add(pieces.memory(read).asByteBuffer(), pieces.room.array);
                at += read;
                checkWanted(file, unwanted, action);
            }
            return Checksum.hex(sum);
        }
    }

    /** Looks through a file from a place on. */
    static long[] find(Descriptor file, Search search, long from, BooleanSupplier unwanted) throws IOException {
        String action = "searching it";
        Scan mapped = new Scan(search, from);
        int overlap = mapped.overlap();
        if (isSeenMapped(file, from, overlap, action, unwanted, (memory, at) -> {
            through(mapped, memory, 0, memory.byteSize(), at);
            return !mapped.isComplete();
        })) {
            return mapped.found();
        }
        Scan scan = new Scan(search, from);
        try (Pieces pieces = new Pieces(Math.max(SIZE, 4L * overlap))) {
            MemorySegment all = pieces.all();
            long at = from;
            int kept = 0;
            while (!scan.isComplete()) {
                long read = next(file, all.asSlice(kept), at + kept);
                if (read == 0) {
                    break;
                }
                long length = kept + read;
                scan.through(all, length, at);
                kept = (int) Math.min(overlap, length);
                MemorySegment.copy(all, length - kept, all, 0, kept);
                at += length - kept;
                checkWanted(file, unwanted, action);
            }
        }
        return scan.found();
    }

    /**
     * Looks through memory that somebody else may cut, from a place to another. It is copied piece by piece: a fault in a loop
     * that was compiled into vector instructions may end the JVM, which does not know the length of each of them.
     *
     * @param origin where in the file the memory begins
     */
    static void through(Scan scan, MemorySegment mapped, long from, long end, long origin) {
        int overlap = scan.overlap();
        try (Pieces pieces = new Pieces(Math.max(SIZE, 4L * overlap))) {
            long room = Math.max(FIRST, 4L * overlap); // small, since what is looked for may be near
            long most = Math.max(ARRAY, 4L * overlap);
            for (long at = from; end - at > overlap && !scan.isComplete(); ) {
                long length = Math.min(room, end - at);
                scan.through(pieces.copy(mapped, at, length), length, origin + at);
                at += length - overlap;
                room = Math.min(2 * room, most);
            }
        }
    }

    /** Takes a part of a file that is mapped, and says whether to go on. */
    @FunctionalInterface
    private interface Part {
        boolean of(MemorySegment memory, long at);
    }

    /**
     * Goes through a large file as memory, which saves a copy of it.
     *
     * @param overlap how many bytes of the next part each has at its end, too
     * @return false where that cannot be done, or somebody has cut the file meanwhile: then nothing that was seen counts, and the
     *     file is to be read
     */
    private static boolean isSeenMapped(
            Descriptor file, long from, int overlap, String action, BooleanSupplier unwanted, Part part)
            throws IOException {
        long size = file.sizeAtOpening;
        if (size - from < LARGE) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment all = Ranges.map(file.fd, size, false, arena, file.path.toString());
            for (long at = from; at < size; at += PART) {
                long end = Math.min(size, at + PART + overlap);
                long begin = at / LARGEST_PAGE * LARGEST_PAGE;
                int result = Ranges.advise(all.address() + begin, end - begin, Ranges.POPULATE);
                if (result < 0
                        && result
                                != Errno.EINVAL.negated()) { // which an old kernel says, and it is no more than advice
                    return false;
                }
                boolean goesOn = part.of(all.asSlice(at, end - at), at);
                checkWanted(file, unwanted, action);
                if (!goesOn) {
                    break;
                }
            }
            return file.size() >= size;
        } catch (FileSystemException e) {
            return false; // reading it will tell what is wrong with it
        } catch (InternalError e) {
            if (Region.isFault(e)) {
                return false;
            }
            throw e;
        }
    }

    private static void checkWanted(Descriptor file, BooleanSupplier unwanted, String what) throws IOException {
        if (unwanted.getAsBoolean()) {
            throw new InterruptedIOException(file.path + ": " + what + " was stopped");
        }
    }

    /** How long a file is without the zeros at its end; holes are not read. */
    static long lengthWithoutZeros(Descriptor file, BooleanSupplier unwanted) throws IOException {
        long end = file.size();
        try (Pieces pieces = new Pieces()) {
            while (end > 0) {
                long from = Math.max(0, (end - 1) / SIZE * SIZE);
                long data = Ranges.seek(file.fd, from, Ranges.DATA);
                boolean isHole = data == Errno.ENXIO.negated() || data >= end;
                if (!isHole) {
                    long read = file.read(pieces.memory(end - from), from);
                    for (long i = read - 1; i >= 0; i--) {
                        if (pieces.all().get(ValueLayout.JAVA_BYTE, i) != 0) {
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
