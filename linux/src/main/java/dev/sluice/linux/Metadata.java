package dev.sluice.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileSystemException;

/**
 * The system calls that change what a file system knows of a file beside its bytes; {@link Attributes} asks for it.
 *
 * <p>Where they take a descriptor, it may be one of {@link OpenFlag#PATH_ONLY}, and then of a symbolic link too. Where they
 * take a name, it is as {@link Names} says, and a symbolic link is not followed. The calls answer, and are called, as
 * those of {@link Linux}. Stateless; safe for use by many threads.
 */
public final class Metadata {
    /** In place of a user's or group's number: leave it as it is. */
    public static final int SAME = -1;

    /** In place of nanoseconds: the time is now. */
    public static final int NOW = 0x3FFF_FFFF;

    /** In place of nanoseconds: leave the time as it is. */
    public static final int OMIT = 0x3FFF_FFFE;

    /** For {@link #setExtended}: answer {@link Errno#EEXIST} when there is an attribute of that name. */
    public static final int CREATE = 1;

    /** For {@link #setExtended}: answer {@link Errno#ENODATA} when there is no attribute of that name. */
    public static final int REPLACE = 2;

    private static final int NO_FOLLOW = 0x100;
    private static final int EMPTY_PATH = 0x1000;
    private static final byte[] NO_NAME = {};
    private static final int STRUCT_BYTES = 128;
    private static final long FCHMOD = Native.number(91, 52);
    private static final long FCHMODAT = Native.number(268, 53);
    private static final long FCHOWNAT = Native.number(260, 54);
    private static final long UTIMENSAT = Native.number(280, 88);
    private static final long SETXATTR = Native.number(188, 5);
    private static final long FSETXATTR = Native.number(190, 7);
    private static final long GETXATTR = Native.number(191, 8);
    private static final long FGETXATTR = Native.number(193, 10);
    private static final long LISTXATTR = Native.number(194, 11);
    private static final long FLISTXATTR = Native.number(196, 13);
    private static final long REMOVEXATTR = Native.number(197, 14);
    private static final long FREMOVEXATTR = Native.number(199, 16);
    private static final long FSTATFS = Native.number(138, 44);

    private Metadata() {}

    /**
     * Sets the permission bits.
     *
     * @param fd the file's descriptor
     * @param mode the bits
     * @return 0, or a negated error number; {@link Errno#EOPNOTSUPP} for a symbolic link
     */
    public static int setMode(int fd, int mode) {
        Scratch scratch = Scratch.take();
        try {
            long result = Native.call(scratch, FCHMOD, fd, mode, 0, 0);
            return (int)
                    (isRefused(result)
                            ? ofPath(Native.call(scratch, FCHMODAT, Names.CURRENT_FOLDER, scratch.pathOf(fd), mode, 0))
                            : result);
        } finally {
            scratch.giveBack();
        }
    }

    /**
     * Sets the permission bits.
     *
     * @param folder a directory's descriptor
     * @param name the file's name in it
     * @param mode the bits
     * @return 0, or a negated error number; {@link Errno#EOPNOTSUPP} for a symbolic link
     */
    public static int setMode(int folder, byte[] name, int mode) {
        int flags = OpenFlag.PATH_ONLY.bits() | OpenFlag.NO_FOLLOW.bits() | OpenFlag.CLOSE_ON_EXEC.bits();
        int fd = Names.open(folder, name, flags, 0);
        if (fd < 0) {
            return fd;
        }
        try {
            return setMode(fd, mode);
        } finally {
            Linux.close(fd);
        }
    }

    /**
     * Sets the owner and the group.
     *
     * @param fd the file's descriptor
     * @param user the owner's number, or {@link #SAME}
     * @param group the group's number, or {@link #SAME}
     * @return 0, or a negated error number
     */
    public static int setOwner(int fd, int user, int group) {
        return setOwner(fd, NO_NAME, user, group);
    }

    /**
     * Sets the owner and the group.
     *
     * @param folder a directory's descriptor
     * @param name the file's name in it
     * @param user the owner's number, or {@link #SAME}
     * @param group the group's number, or {@link #SAME}
     * @return 0, or a negated error number
     */
    public static int setOwner(int folder, byte[] name, int user, int group) {
        return (int) Native.callByName(FCHOWNAT, folder, name, user, group, flags(name));
    }

    /**
     * Sets when a file was last read and changed.
     *
     * @param fd the file's descriptor
     * @param accessSeconds seconds since 1970
     * @param accessNanos their nanoseconds, or {@link #NOW} or {@link #OMIT}
     * @param modificationSeconds seconds since 1970
     * @param modificationNanos their nanoseconds, or {@link #NOW} or {@link #OMIT}
     * @return 0, or a negated error number
     */
    public static int setTimes(
            int fd, long accessSeconds, int accessNanos, long modificationSeconds, int modificationNanos) {
        return setTimes(fd, NO_NAME, accessSeconds, accessNanos, modificationSeconds, modificationNanos);
    }

    /**
     * Sets when a file was last read and changed.
     *
     * @param folder a directory's descriptor
     * @param name the file's name in it
     * @param accessSeconds seconds since 1970
     * @param accessNanos their nanoseconds, or {@link #NOW} or {@link #OMIT}
     * @param modificationSeconds seconds since 1970
     * @param modificationNanos their nanoseconds, or {@link #NOW} or {@link #OMIT}
     * @return 0, or a negated error number
     */
    public static int setTimes(
            int folder,
            byte[] name,
            long accessSeconds,
            int accessNanos,
            long modificationSeconds,
            int modificationNanos) {
        Scratch scratch = Scratch.take();
        try {
            long address = scratch.name(name);
            if (address < 0) {
                return (int) address;
            }
            scratch.number(0, accessSeconds);
            scratch.number(1, accessNanos);
            scratch.number(2, modificationSeconds);
            scratch.number(3, modificationNanos);
            return (int) Native.call(scratch, UTIMENSAT, folder, address, scratch.addressOfNumber(0), flags(name));
        } finally {
            scratch.giveBack();
        }
    }

    private static int flags(byte[] name) {
        return name.length == 0 ? EMPTY_PATH | NO_FOLLOW : NO_FOLLOW;
    }

    /**
     * Asks for an extended attribute.
     *
     * @param fd the file's descriptor
     * @param name the attribute's name, with its prefix, such as {@code user.}
     * @param address where its value goes
     * @param length how many bytes fit there; 0 asks for the value's length only
     * @return the value's length, or a negated error number: {@link Errno#ENODATA} when there is none,
     *     {@link Errno#ERANGE} when it does not fit
     */
    public static long extended(int fd, byte[] name, long address, long length) {
        return extended(FGETXATTR, GETXATTR, fd, name, address, length, 0);
    }

    /**
     * Sets an extended attribute.
     *
     * @param fd the file's descriptor
     * @param name the attribute's name, with its prefix, such as {@code user.}
     * @param address where its value is
     * @param length the value's length
     * @param flags 0, {@link #CREATE} or {@link #REPLACE}
     * @return 0, or a negated error number
     */
    public static int setExtended(int fd, byte[] name, long address, long length, int flags) {
        return (int) extended(FSETXATTR, SETXATTR, fd, name, address, length, flags);
    }

    /**
     * Removes an extended attribute.
     *
     * @param fd the file's descriptor
     * @param name the attribute's name, with its prefix, such as {@code user.}
     * @return 0, or a negated error number
     */
    public static int removeExtended(int fd, byte[] name) {
        return (int) extended(FREMOVEXATTR, REMOVEXATTR, fd, name, 0, 0, 0);
    }

    /**
     * Lists the names of a file's extended attributes.
     *
     * @param fd the file's descriptor
     * @param address where the names go, each with a zero byte at its end
     * @param length how many bytes fit there; 0 asks for the list's length only
     * @return the list's length, or a negated error number: {@link Errno#ERANGE} when it does not fit
     */
    public static long listExtended(int fd, long address, long length) {
        Scratch scratch = Scratch.take();
        try {
            long result = Native.call(scratch, FLISTXATTR, fd, address, length, 0);
            return isRefused(result)
                    ? ofPath(Native.call(scratch, LISTXATTR, scratch.pathOf(fd), address, length, 0))
                    : result;
        } finally {
            scratch.giveBack();
        }
    }

    private static long extended(
            long byDescriptor, long byPath, int fd, byte[] name, long address, long length, int flags) {
        Scratch scratch = Scratch.take();
        try {
            long attribute = scratch.name(name);
            if (attribute < 0) {
                return attribute;
            }
            long result = Native.call(scratch, byDescriptor, fd, attribute, address, length, flags, 0);
            return isRefused(result)
                    ? ofPath(Native.call(scratch, byPath, scratch.pathOf(fd), attribute, address, length, flags, 0))
                    : result;
        } finally {
            scratch.giveBack();
        }
    }

    /** What the kernel answers when a descriptor is one of {@link OpenFlag#PATH_ONLY}, and when there is none. */
    private static boolean isRefused(long result) {
        return result == Errno.EBADF.negated();
    }

    /** A descriptor that is none has no path either. */
    private static long ofPath(long result) {
        return result == Errno.ENOENT.negated() ? Errno.EBADF.negated() : result;
    }

    /**
     * What a file system holds, and has room for.
     *
     * @param blockSize the number of bytes that are best read and written at a time
     * @param unit the number of bytes of a block in the next three numbers
     * @param blocks all blocks
     * @param free the free ones
     * @param available the free ones that are for everybody
     * @param files how many files there can be
     * @param freeFiles how many more files there can be
     * @param nameLength the longest name's number of bytes
     */
    public record Space(
            long blockSize,
            long unit,
            long blocks,
            long free,
            long available,
            long files,
            long freeFiles,
            long nameLength) {}

    /**
     * Asks what a file system holds, and has room for.
     *
     * @param fd the descriptor of a file of it
     * @param file the file's name for the exception
     * @return the numbers
     * @throws FileSystemException when the kernel refuses
     */
    public static Space space(int fd, String file) throws FileSystemException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(STRUCT_BYTES, 8);
            long result = Native.call(FSTATFS, fd, answer.address(), 0, 0);
            if (result < 0) {
                throw Errno.exception(result, file, "asking for the free space");
            }
            return new Space(
                    answer.get(ValueLayout.JAVA_LONG, 8),
                    answer.get(ValueLayout.JAVA_LONG, 72),
                    answer.get(ValueLayout.JAVA_LONG, 16),
                    answer.get(ValueLayout.JAVA_LONG, 24),
                    answer.get(ValueLayout.JAVA_LONG, 32),
                    answer.get(ValueLayout.JAVA_LONG, 40),
                    answer.get(ValueLayout.JAVA_LONG, 48),
                    answer.get(ValueLayout.JAVA_LONG, 64));
        }
    }
}
