package dev.sluice.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * File system calls of the Linux kernel.
 *
 * <p>Every call answers as the kernel does: a result that is zero or positive, or a negated error number, which
 * {@link Errno#exception} turns into an exception. Calls interrupted by a signal are repeated. Addresses are those of
 * native memory that the caller keeps alive until the call returns; lengths are the caller's to check. Stateless; safe
 * for use by many threads, of which each is blocked as long as its call takes.
 */
public final class Linux {
    /** The largest number of bytes which the kernel moves in one call. */
    public static final long MAX_TRANSFER = 0x7ffff000L;

    /** The size of one {@code iovec}: an address and a length, each a {@code long}. */
    public static final int IOVEC_BYTES = 16;

    /** The most {@code iovec}s which the kernel takes in one call. */
    public static final int IOVECS_MAX = 1024;

    /** The offset that means "where the file's own position is", for pipes, terminals and appended files. */
    public static final long CURRENT_POSITION = -1;

    static final int EINTR = Errno.EINTR.negated();
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC_STATS_AND_DIRECT_ALIGNMENT = 0x7ff | 0x2000;
    private static final int STRUCT_BYTES = 256;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int AT_CURRENT_FOLDER = -100;
    private static final int WHENCE_CURRENT = 1;
    private static final long GET_TERMINAL = 0x5401;

    /** Apart, since whether there are system calls at all is asked before one is known. */
    private static final class Calls {
        static final long IOCTL = Native.number(16, 29);
        static final long PIPE2 = Native.number(293, 59);
        static final long SOCKETPAIR = Native.number(53, 199);
        static final long UNIX_SOCKETS = 1;
        static final long STREAM_SOCKET = 1;
    }

    private static final Availability AVAILABILITY = findAvailability();

    private Linux() {}

    /** {@return whether this system's calls can be made here, and if not, why} */
    public static Availability availability() {
        return AVAILABILITY;
    }

    private static Availability findAvailability() {
        String system = System.getProperty("os.name");
        String processor = System.getProperty("os.arch");
        if (!system.equals("Linux")) {
            return Availability.no("Linux system calls are not available: the operating system is " + system + ".");
        }
        if (!(Processor.ARM || processor.equals("amd64")) || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            return Availability.no("Linux system calls are not available: the processor " + processor
                    + " is not one of those supported, amd64 and aarch64.");
        }
        try {
            fcntlFlags(0);
            return Availability.yes("Linux on " + processor + ".");
        } catch (LinkageError | IllegalCallerException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return Availability.no("Linux system calls are not available: the C library could not be linked (" + cause
                    + "); start java with --enable-native-access="
                    + (Linux.class.getModule().isNamed() ? "dev.sluice.linux" : "ALL-UNNAMED") + ".");
        }
    }

    /**
     * Opens a file.
     *
     * @param path the file, of the default file system
     * @param flags bits of {@link OpenFlag}, combined
     * @param mode permission bits of a file that is created
     * @return the descriptor, or a negated error number
     */
    public static int open(Path path, int flags, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            return open(PathNames.allocate(path, arena).address(), flags, mode);
        }
    }

    private static int open(long name, int flags, int mode) {
        return (int) Native.call(Native.OPENAT, AT_CURRENT_FOLDER, name, flags, mode);
    }

    /**
     * Closes a descriptor. It is closed also when an error is answered.
     *
     * @param fd the descriptor
     * @return 0, or a negated error number
     */
    public static int close(int fd) {
        Scratch scratch = Scratch.take();
        try {
            return (int) Native.once(scratch, Native.CLOSE, fd, 0, 0, 0, 0, 0);
        } finally {
            scratch.giveBack();
        }
    }

    /**
     * Brings a file's data and metadata to the disk.
     *
     * @param fd the descriptor
     * @return 0, or a negated error number
     */
    public static int fsync(int fd) {
        return (int) Native.call(Native.FSYNC, fd, 0, 0, 0);
    }

    /**
     * Brings a file's data to the disk, and of its metadata what reading them needs.
     *
     * @param fd the descriptor
     * @return 0, or a negated error number
     */
    public static int fdatasync(int fd) {
        return (int) Native.call(Native.FDATASYNC, fd, 0, 0, 0);
    }

    /**
     * Sets a file's size.
     *
     * @param fd the descriptor
     * @param size the new size
     * @return 0, or a negated error number
     */
    public static int ftruncate(int fd, long size) {
        return (int) Native.call(Native.FTRUNCATE, fd, size, 0, 0);
    }

    /**
     * Reserves disk space, growing the file when it ends before the range does.
     *
     * @param fd the descriptor
     * @param offset start of the range
     * @param length its length, at least 1
     * @return 0, or a negated error number
     */
    public static int fallocate(int fd, long offset, long length) {
        return (int) Native.call(Native.FALLOCATE, fd, 0, offset, length);
    }

    /**
     * Asks for the file's own position.
     *
     * @param fd the descriptor
     * @return the position, or {@link Errno#ESPIPE} negated when the file has none
     */
    public static long position(int fd) {
        return Native.call(Native.LSEEK, fd, 0, WHENCE_CURRENT, 0);
    }

    /**
     * Asks for the flags with which a descriptor was opened.
     *
     * @param fd the descriptor
     * @return bits of {@link OpenFlag}, or a negated error number
     */
    public static int fcntlFlags(int fd) {
        return fcntl(fd, F_GETFL, 0);
    }

    /**
     * Sets the flags of an open descriptor that can be set later: {@link OpenFlag#NON_BLOCKING} and
     * {@link OpenFlag#APPEND}; others are ignored.
     *
     * @param fd the descriptor
     * @param flags bits of {@link OpenFlag}, combined
     * @return 0, or a negated error number
     */
    public static int fcntlFlags(int fd, int flags) {
        return fcntl(fd, F_SETFL, flags);
    }

    private static int fcntl(int fd, int command, long argument) {
        return (int) Native.call(Native.FCNTL, fd, command, argument, 0);
    }

    /**
     * Asks what a descriptor is.
     *
     * @param fd the descriptor
     * @param file the file's name for the exception
     * @return type, size and identity
     * @throws java.nio.file.FileSystemException when the kernel refuses
     */
    public static Stat stat(int fd, String file) throws java.nio.file.FileSystemException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(STRUCT_BYTES, 8);
            int result = statx(fd, arena.allocate(1).address(), answer.address());
            if (result < 0) {
                throw Errno.exception(result, file, "asking for size and type");
            }
            return statIn(answer);
        }
    }

    /**
     * Says whether a path names a pipe, following links.
     *
     * @param path the path, of the default file system
     * @return true for a named pipe; false for anything else, and when there is nothing or it cannot be asked
     */
    public static boolean isPipe(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(STRUCT_BYTES, 8);
            long name = PathNames.allocate(path, arena).address();
            return statx(AT_CURRENT_FOLDER, name, answer.address()) >= 0
                    && statIn(answer).isPipe();
        }
    }

    private static Stat statIn(MemorySegment answer) {
        return new Stat(
                answer.get(ValueLayout.JAVA_SHORT, 28) & 0xFFFF,
                answer.get(ValueLayout.JAVA_LONG, 40),
                answer.get(ValueLayout.JAVA_LONG, 32),
                answer.get(ValueLayout.JAVA_INT, 156));
    }

    private static int statx(int fd, long name, long answer) {
        return (int) Native.call(Native.STATX, fd, name, AT_EMPTY_PATH, STATX_BASIC_STATS_AND_DIRECT_ALIGNMENT, answer);
    }

    /**
     * Says whether a file's bytes live in memory alone, so that reading and writing it never waits for a disk.
     *
     * @param fd the file's descriptor
     * @return true on tmpfs, ramfs and hugetlbfs, to which memfds belong
     */
    public static boolean isInMemory(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(STRUCT_BYTES, 8);
            if (fstatfs(fd, answer.address()) < 0) {
                return false;
            }
            long type = answer.get(ValueLayout.JAVA_LONG, 0);
            return type == 0x01021994L || type == 0x858458f6L || type == 0x958458f6L;
        }
    }

    private static int fstatfs(int fd, long answer) {
        return (int) Native.call(Native.FSTATFS, fd, answer, 0, 0);
    }

    /**
     * Says whether a descriptor is a terminal's.
     *
     * @param fd the descriptor
     * @return true for a terminal
     */
    public static boolean isTerminal(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            return Native.call(
                            Calls.IOCTL,
                            fd,
                            GET_TERMINAL,
                            arena.allocate(STRUCT_BYTES, 8).address(),
                            0)
                    == 0;
        }
    }

    /**
     * Makes a pipe, closed when the process executes another program.
     *
     * @return the descriptor to read in the lower 32 bits, the one to write in the upper ones; or a negated error number
     */
    public static long pipe() {
        return two(Calls.PIPE2, OpenFlag.CLOSE_ON_EXEC.bits(), 0);
    }

    /**
     * Makes two connected stream sockets of this machine, closed when the process executes another program.
     *
     * @return the two descriptors, as {@link #pipe} answers; each is read and written
     */
    public static long socketPair() {
        return two(Calls.SOCKETPAIR, Calls.UNIX_SOCKETS, Calls.STREAM_SOCKET | OpenFlag.CLOSE_ON_EXEC.bits());
    }

    private static long two(long call, long first, long second) {
        Scratch scratch = Scratch.take();
        try {
            long answer = scratch.addressOfNumber(0);
            long result = call == Calls.PIPE2
                    ? Native.call(scratch, call, answer, first, 0, 0)
                    : Native.call(scratch, call, first, second, 0, answer);
            return result < 0 ? result : scratch.number(0);
        } finally {
            scratch.giveBack();
        }
    }
}
