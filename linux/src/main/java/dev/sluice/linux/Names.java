package dev.sluice.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The system calls that make, find, move and remove names in directories.
 *
 * <p>A directory is given by its descriptor, which may be one of {@link OpenFlag#PATH_ONLY}, or by {@link #CURRENT_FOLDER}.
 * A name is the bytes that the kernel sees, without the zero at its end: any bytes but zero, for which
 * {@link Errno#EINVAL} is answered. Where a name holds a slash, the kernel takes it for a path, and follows the links on
 * it; a last part that is a symbolic link is never followed, unless it is said. Permission bits of what is made are less
 * the process's umask.
 *
 * <p>The calls answer, and are called, as those of {@link Linux}. Stateless; safe for use by many threads.
 */
public final class Names {
    /** In place of a directory's descriptor: names are relative to the process's current directory. */
    public static final int CURRENT_FOLDER = -100;

    /** For {@link #rename}: answer {@link Errno#EEXIST} when the new name exists. */
    public static final int NO_REPLACE = 1;

    /** For {@link #rename}: the two names, which must exist, change places. */
    public static final int EXCHANGE = 2;

    private static final int REMOVE_DIRECTORY = 0x200;
    private static final int FOLLOW = 0x400;
    private static final int PATH_MAX = 4096;

    private static final long OPENAT = Native.number(257, 56);
    private static final long MKDIRAT = Native.number(258, 34);
    private static final long MKNODAT = Native.number(259, 33);
    private static final long UNLINKAT = Native.number(263, 35);
    private static final long RENAMEAT2 = Native.number(316, 276);
    private static final long LINKAT = Native.number(265, 37);
    private static final long SYMLINKAT = Native.number(266, 36);
    private static final long READLINKAT = Native.number(267, 78);

    private Names() {}

    /**
     * Opens a file.
     *
     * @param folder the directory
     * @param name the file's name in it; a symbolic link is followed unless {@link OpenFlag#NO_FOLLOW} is given
     * @param flags bits of {@link OpenFlag}, combined
     * @param mode permission bits of a file that is created
     * @return the descriptor, or a negated error number
     */
    public static int open(int folder, byte[] name, int flags, int mode) {
        return (int) Native.callByName(OPENAT, folder, name, flags, mode, 0);
    }

    /**
     * Opens anew what a descriptor refers to: also one of {@link OpenFlag#PATH_ONLY}, or a file that has no name any more.
     *
     * @param fd the descriptor
     * @param flags bits of {@link OpenFlag}, combined, without {@link OpenFlag#NO_FOLLOW}
     * @return another descriptor, with a position of its own, or a negated error number
     */
    public static int reopen(int fd, int flags) {
        Scratch scratch = Scratch.take();
        try {
            return (int) Native.call(scratch, OPENAT, CURRENT_FOLDER, scratch.pathOf(fd), flags, 0);
        } finally {
            scratch.giveBack();
        }
    }

    /**
     * Makes a directory.
     *
     * @param folder the directory that it is made in
     * @param name its name
     * @param mode its permission bits
     * @return 0, or a negated error number
     */
    public static int makeDirectory(int folder, byte[] name, int mode) {
        return (int) Native.callByName(MKDIRAT, folder, name, mode, 0, 0);
    }

    /**
     * Makes a named pipe, a socket, a device or an empty file.
     *
     * @param folder the directory
     * @param name the name
     * @param mode type and permission bits
     * @param device a device's number, as {@link Attributes#deviceNumber} answers it
     * @return 0, or a negated error number
     */
    public static int makeNode(int folder, byte[] name, int mode, int device) {
        return (int) Native.callByName(MKNODAT, folder, name, mode, device, 0);
    }

    /**
     * Makes a symbolic link.
     *
     * @param target what the link says
     * @param folder the directory
     * @param name the link's name
     * @return 0, or a negated error number
     */
    public static int makeLink(byte[] target, int folder, byte[] name) {
        Scratch scratch = Scratch.take();
        try {
            long to = scratch.secondName(target);
            long address = scratch.name(name);
            if (to < 0 || address < 0) {
                return Errno.EINVAL.negated();
            }
            return (int) Native.call(scratch, SYMLINKAT, to, folder, address, 0);
        } finally {
            scratch.giveBack();
        }
    }

    /**
     * Asks what a symbolic link says.
     *
     * @param folder the directory
     * @param name the link's name; an empty one when {@code folder} is a descriptor of the link itself
     * @param target where the bytes go
     * @return their number, or a negated error number; when {@code target} is too short it is filled, and the rest is lost
     */
    public static int readLink(int folder, byte[] name, byte[] target) {
        Scratch scratch = Scratch.take();
        try {
            long address = scratch.name(name);
            if (address < 0) {
                return (int) address;
            }
            MemorySegment answer = scratch.answer();
            int length = (int) Native.call(scratch, READLINKAT, folder, address, answer.address(), answer.byteSize());
            return length == answer.byteSize()
                    ? readLongLink(scratch, folder, address, target)
                    : copy(answer, length, target);
        } finally {
            scratch.giveBack();
        }
    }

    private static int readLongLink(Scratch scratch, int folder, long name, byte[] target) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(PATH_MAX);
            int length = (int) Native.call(scratch, READLINKAT, folder, name, answer.address(), PATH_MAX);
            return copy(answer, length, target);
        }
    }

    private static int copy(MemorySegment answer, int length, byte[] target) {
        int count = Math.min(length, target.length);
        if (count > 0) {
            MemorySegment.copy(answer, ValueLayout.JAVA_BYTE, 0, target, 0, count);
        }
        return count;
    }

    /**
     * Makes another name for a file.
     *
     * @param oldFolder the directory of the name that is there
     * @param oldName that name
     * @param newFolder the directory of the new name
     * @param newName the new name
     * @return 0, or a negated error number
     */
    public static int link(int oldFolder, byte[] oldName, int newFolder, byte[] newName) {
        return twoNames(LINKAT, oldFolder, oldName, newFolder, newName, 0);
    }

    /**
     * Gives a name to what a descriptor refers to: also to one of {@link OpenFlag#PATH_ONLY}, and to a
     * {@linkplain OpenFlag#UNNAMED temporary} file, but not to a file whose last name was removed.
     *
     * @param fd the descriptor
     * @param folder the directory of the new name
     * @param name the new name
     * @return 0, or a negated error number
     */
    public static int link(int fd, int folder, byte[] name) {
        Scratch scratch = Scratch.take();
        try {
            long address = scratch.name(name);
            return address < 0
                    ? (int) address
                    : (int) Native.call(
                            scratch, LINKAT, CURRENT_FOLDER, scratch.pathOf(fd), folder, address, FOLLOW, 0);
        } finally {
            scratch.giveBack();
        }
    }

    /**
     * Removes the name of anything but a directory.
     *
     * @param folder the directory
     * @param name the name
     * @return 0, or a negated error number
     */
    public static int remove(int folder, byte[] name) {
        return (int) Native.callByName(UNLINKAT, folder, name, 0, 0, 0);
    }

    /**
     * Removes an empty directory.
     *
     * @param folder the directory that it is in
     * @param name its name
     * @return 0, or a negated error number
     */
    public static int removeDirectory(int folder, byte[] name) {
        return (int) Native.callByName(UNLINKAT, folder, name, REMOVE_DIRECTORY, 0, 0);
    }

    /**
     * Moves a name, replacing what has the new one.
     *
     * @param oldFolder the directory of the name that is there
     * @param oldName that name
     * @param newFolder the directory of the new name
     * @param newName the new name
     * @param flags 0, {@link #NO_REPLACE} or {@link #EXCHANGE}
     * @return 0, or a negated error number; {@link Errno#EINVAL} when the file system does not know the flags
     */
    public static int rename(int oldFolder, byte[] oldName, int newFolder, byte[] newName, int flags) {
        return twoNames(RENAMEAT2, oldFolder, oldName, newFolder, newName, flags);
    }

    private static int twoNames(long number, int oldFolder, byte[] oldName, int newFolder, byte[] newName, int flags) {
        Scratch scratch = Scratch.take();
        try {
            long from = scratch.name(oldName);
            long to = scratch.secondName(newName);
            if (from < 0 || to < 0) {
                return Errno.EINVAL.negated();
            }
            return (int) Native.call(scratch, number, oldFolder, from, newFolder, to, flags, 0);
        } finally {
            scratch.giveBack();
        }
    }
}
