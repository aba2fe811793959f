package dev.sluice.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The system calls for files in memory and for memory that is a file, for holes in files, and for copying between files without the bytes passing
 * through the caller.
 *
 * <p>They answer, and are called, as those of {@link Linux}. A short copy is answered as the kernel gives it: going on is
 * the caller's decision. Stateless; safe for use by many threads.
 */
public final class Ranges {
    /** For {@link #allocate}: the file's size stays as it is. */
    public static final int KEEP_SIZE = 1;

    /** For {@link #allocate}, with {@link #KEEP_SIZE}: give the range's space back; it reads as zeros. */
    public static final int PUNCH_HOLE = 2;

    /** For {@link #allocate}: take the range out, so that what follows it moves down. */
    public static final int COLLAPSE_RANGE = 8;

    /** For {@link #allocate}: the range reads as zeros, and has its space. */
    public static final int ZERO_RANGE = 16;

    /** For {@link #allocate}: put a hole in, so that what follows it moves up. */
    public static final int INSERT_RANGE = 32;

    /** For {@link #seek}: bytes that are not in a hole. */
    public static final int DATA = 3;

    /** For {@link #seek}: a hole; there is one behind the end of every file. */
    public static final int HOLE = 4;

    /** For {@link #advise}: nothing special. */
    public static final int NORMAL = 0;

    /** For {@link #advise}: here and there, so that nothing is to be read ahead. */
    public static final int RANDOM = 1;

    /** For {@link #advise}: from the beginning to the end. */
    public static final int SEQUENTIAL = 2;

    /** For {@link #advise}: soon; the kernel begins to read it. */
    public static final int WILL_NEED = 3;

    /** For {@link #advise}: the kernel reads it and maps it before it answers; since Linux 5.14. */
    public static final int POPULATE = 22;

    private static final int PROTECTION_READ = 1;
    private static final int PROTECTION_WRITE = 2;
    private static final int MAP_SHARED = 1;
    private static final int SYNCHRONOUSLY = 4;
    private static final long MSYNC = Native.number(26, 227);
    private static final long MINCORE = Native.number(27, 232);
    private static final long MADVISE = Native.number(28, 233);
    private static final int MEMFD_CLOSE_ON_EXEC = 1;
    private static final int MEMFD_EXECUTABLE = 16;
    private static final long FICLONE = 0x40049409;
    private static final long MEMFD_CREATE = Native.number(319, 279);
    private static final long FALLOCATE = Native.number(285, 47);
    private static final long LSEEK = Native.number(8, 62);
    private static final long COPY_FILE_RANGE = Native.number(326, 285);
    private static final long SENDFILE = Native.number(40, 71);
    private static final long IOCTL = Native.number(16, 29);

    private Ranges() {}

    /**
     * Makes a file that lives in memory and has no name, empty, and closed when the process executes another program.
     *
     * @param label what lists of open files show for it, at most 249 bytes
     * @return its descriptor, for reading and writing, or a negated error number
     */
    public static int memoryFile(byte[] label) {
        Scratch scratch = Scratch.take();
        try {
            long address = scratch.name(label);
            if (address < 0) {
                return (int) address;
            }
            int flags = MEMFD_CLOSE_ON_EXEC | MEMFD_EXECUTABLE;
            long result = Native.call(scratch, MEMFD_CREATE, address, flags, 0, 0);
            if (result == Errno.EINVAL.negated()) { // before Linux 6.3, where all are executable
                result = Native.call(scratch, MEMFD_CREATE, address, MEMFD_CLOSE_ON_EXEC, 0, 0);
            }
            return (int) result;
        } finally {
            scratch.giveBack();
        }
    }

    /**
     * Changes the space that a range of a file takes.
     *
     * @param fd the descriptor
     * @param mode 0 to give it space, or the constants above, combined as {@code fallocate(2)} allows
     * @param offset start of the range
     * @param length its length, at least 1
     * @return 0, or a negated error number; {@link Errno#EOPNOTSUPP} when the file system cannot
     */
    public static int allocate(int fd, int mode, long offset, long length) {
        return (int) Native.call(FALLOCATE, fd, mode, offset, length);
    }

    /**
     * Looks for bytes or for a hole. The file's own position becomes the answer.
     *
     * @param fd the descriptor
     * @param offset where to start looking
     * @param what {@link #DATA} or {@link #HOLE}
     * @return the first offset, from the given one on, where there is such; or a negated error number: {@link Errno#ENXIO}
     *     when only a hole follows and data are asked for, and from behind the end
     */
    public static long seek(int fd, long offset, int what) {
        return Native.call(LSEEK, fd, offset, what, 0);
    }

    /**
     * Copies from a file to a file of the same file system.
     *
     * @param from the descriptor to read
     * @param fromOffset where
     * @param to the descriptor to write
     * @param toOffset where
     * @param length how many bytes, at most
     * @return the number of bytes copied, 0 at the end, or a negated error number; {@link Errno#EXDEV} and
     *     {@link Errno#EINVAL} when these two files cannot be copied so
     */
    public static long copy(int from, long fromOffset, int to, long toOffset, long length) {
        Scratch scratch = Scratch.take();
        try {
            scratch.number(0, fromOffset);
            scratch.number(1, toOffset);
            return Native.call(
                    scratch,
                    COPY_FILE_RANGE,
                    from,
                    scratch.addressOfNumber(0),
                    to,
                    scratch.addressOfNumber(1),
                    length,
                    0);
        } finally {
            scratch.giveBack();
        }
    }

    /**
     * Copies from a file to where the own position of any other file, pipe or socket is.
     *
     * @param from the descriptor to read
     * @param fromOffset where
     * @param to the descriptor to write, not opened for appending
     * @param length how many bytes, at most
     * @return the number of bytes copied, 0 at the end, or a negated error number
     */
    public static long send(int from, long fromOffset, int to, long length) {
        Scratch scratch = Scratch.take();
        try {
            scratch.number(0, fromOffset);
            return Native.call(scratch, SENDFILE, to, from, scratch.addressOfNumber(0), length);
        } finally {
            scratch.giveBack();
        }
    }

    /**
     * Makes a file's bytes those of another one, sharing their space until either is changed.
     *
     * @param from the descriptor to read
     * @param to the descriptor to write
     * @return 0, or a negated error number; {@link Errno#EOPNOTSUPP} or {@link Errno#EXDEV} when the file system cannot
     */
    public static int share(int from, int to) {
        return (int) Native.call(IOCTL, to, FICLONE, from, 0);
    }

    /**
     * Maps a file from its beginning, shared with all who have it mapped, and with what is read and written of it.
     *
     * <p>When the file is cut while it is mapped, using the memory behind its new end throws an {@link InternalError}, at
     * the latest when the method returns in which that was done.
     *
     * @param fd the descriptor
     * @param length how many bytes, at least 1
     * @param writable whether the memory can be written
     * @param arena unmaps it when it is closed
     * @param file the file's name for the exception
     * @return the memory
     * @throws FileSystemException when the kernel refuses
     */
    public static MemorySegment map(int fd, long length, boolean writable, Arena arena, String file)
            throws FileSystemException {
        int protection = writable ? PROTECTION_READ | PROTECTION_WRITE : PROTECTION_READ;
        long address = Native.call(Native.MMAP, 0, length, protection, MAP_SHARED, fd, 0);
        if (address < 0) {
            throw Errno.exception(address, file, "mapping " + length + " bytes");
        }
        MemorySegment memory = MemorySegment.ofAddress(address)
                .reinterpret(length, arena, unmapped -> Native.call(Native.MUNMAP, unmapped.address(), length, 0, 0));
        return writable ? memory : memory.asReadOnly();
    }

    /**
     * Asks how much of mapped memory is in memory now.
     *
     * @param address where it begins, at the beginning of a page
     * @param length its length
     * @return how many of its pages, as bytes; or a negated error number
     */
    public static long resident(long address, long length) {
        long page = Page.SIZE;
        long pages = (length + page - 1) / page;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(Math.max(1, pages));
            long result = Native.call(MINCORE, address, length, answer.address(), 0);
            if (result < 0) {
                return result;
            }
            long count = 0;
            for (long i = 0; i < pages; i++) {
                count += answer.get(ValueLayout.JAVA_BYTE, i) & 1;
            }
            return count * page;
        }
    }

    /** {@return the size of a page of memory, in bytes} */
    public static int pageSize() {
        return Page.SIZE;
    }

    private static final class Page {
        private static final long SIZE_KEY = 6;
        private static final int SIZE = find();

        /** What the kernel told the process at its start: pairs of a key and a value. */
        private static int find() {
            try {
                LongBuffer told = ByteBuffer.wrap(Files.readAllBytes(Path.of("/proc/self/auxv")))
                        .order(ByteOrder.nativeOrder())
                        .asLongBuffer();
                while (told.remaining() > 1) {
                    long key = told.get();
                    long value = told.get();
                    if (key == SIZE_KEY) {
                        return Math.toIntExact(value);
                    }
                }
            } catch (IOException e) {
                // without /proc the usual one has to do
            }
            return 4096;
        }
    }

    /**
     * Tells the kernel how mapped memory is going to be used.
     *
     * @param address where it begins, at the beginning of a page
     * @param length its length
     * @param advice {@link #NORMAL}, {@link #RANDOM}, {@link #SEQUENTIAL}, {@link #WILL_NEED} or {@link #POPULATE}
     * @return 0, or a negated error number
     */
    public static int advise(long address, long length, int advice) {
        return (int) Native.call(MADVISE, address, length, advice, 0);
    }

    /**
     * Brings to the disk what was changed in mapped memory.
     *
     * @param address where it begins, at the beginning of a page
     * @param length its length
     * @return 0, or a negated error number
     */
    public static int synchronize(long address, long length) {
        return (int) Native.call(MSYNC, address, length, SYNCHRONOUSLY, 0);
    }
}
