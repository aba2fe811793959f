package dev.sluice.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * File systems that a process of its own serves: mounting and unmounting them, and the calls on their device,
 * {@code /dev/fuse}.
 *
 * <p>What is read from and written to the device are plain {@link Transfers#read} and {@link Transfers#write}. Stateless;
 * safe for use by many threads.
 */
public final class Mounts {
    private static final Path DEVICE = Path.of("/dev/fuse");
    private static final Path CONNECTIONS = Path.of("/sys/fs/fuse/connections");
    private static final long NO_SUID_NO_DEV = 2 | 4;
    private static final int FORCE = 1;
    private static final int DETACH = 2;
    private static final int NO_FOLLOW = 8;
    private static final long CLONE = 0x8004E500L;
    private static final long BACKING_OPEN = 0x4010E501L;
    private static final long BACKING_CLOSE = 0x4004E502L;

    private static final long MOUNT = Native.number(165, 40);
    private static final long UMOUNT2 = Native.number(166, 39);
    private static final long IOCTL = Native.number(16, 29);
    private static final long FSOPEN = 430;
    private static final long FSCONFIG = 431;
    private static final long FSMOUNT = 432;
    private static final int CLOSE_ON_EXEC = 1;
    private static final int SET_STRING = 1;
    private static final int CREATE = 6;
    private static final long GETEUID = Native.number(107, 175);
    private static final long GETEGID = Native.number(108, 177);

    private Mounts() {}

    /** {@return whether a file system can be served here, and if not, why} */
    public static Availability availability() {
        if (!Linux.availability().available()) {
            return Linux.availability();
        }
        int fd = openDevice();
        if (fd < 0) {
            return Availability.no("No file system can be served: opening /dev/fuse failed with "
                    + Errno.describe(fd) + "; load the kernel's module fuse (modprobe fuse), or start the container "
                    + "with --device /dev/fuse.");
        }
        Linux.close(fd);
        return Availability.yes("/dev/fuse can be opened.");
    }

    /**
     * Opens the device for one more mount, or for {@link #cloneDevice}.
     *
     * @return the descriptor, or a negated error number
     */
    public static int openDevice() {
        return Linux.open(DEVICE, OpenFlag.READ_WRITE.bits() | OpenFlag.CLOSE_ON_EXEC.bits(), 0);
    }

    /**
     * Mounts with {@code mount(2)}, which needs the right to do so (root has it).
     *
     * @param device an open {@code /dev/fuse}
     * @param directory where
     * @param name the file system's name, in the table of mounts its source and subtype; letters only
     * @param options options of the kernel, separated by commas, beside those that it needs
     * @return 0, or a negated error number; {@link Errno#EPERM} without the right
     */
    public static int mount(int device, Path directory, String name, String options) {
        try (Arena arena = Arena.ofConfined()) {
            String all = "fd=" + device + ",rootmode=40000,user_id=" + number(GETEUID) + ",group_id=" + number(GETEGID)
                    + (options.isEmpty() ? "" : "," + options);
            long source = text(arena, name);
            long target = PathNames.allocate(directory, arena).address();
            long type = text(arena, "fuse." + name);
            long given = text(arena, all);
            return (int) Native.call(MOUNT, source, target, type, NO_SUID_NO_DEV, given);
        }
    }

    /**
     * Mounts with {@code fusermount3}, the program that lets ordinary users do so.
     *
     * @param directory where; it must be the user's own
     * @param name the file system's name, as for {@link #mount}
     * @param options options of fusermount3, separated by commas
     * @return an open {@code /dev/fuse} that serves the mount
     * @throws FileSystemException when there is no such program, or it refuses
     */
    public static int mountAsUser(Path directory, String name, String options) throws FileSystemException {
        String all = "fsname=" + name + ",subtype=" + name + (options.isEmpty() ? "" : "," + options);
        return Fusermount.mount(directory, all);
    }

    /**
     * Takes a mount out of the tree of directories at once, by {@code umount2(2)} or {@code fusermount3}. Who has files
     * open in it keeps them until its server ends.
     *
     * @param directory where it is mounted; links are not followed
     * @throws FileSystemException when it is not mounted, or neither way is allowed
     */
    public static void detach(Path directory) throws FileSystemException {
        int result = umount2(directory, DETACH | NO_FOLLOW);
        if (result == Errno.EPERM.negated()) {
            Fusermount.unmount(directory);
        } else if (result < 0) {
            throw Errno.exception(result, directory.toString(), "unmounting");
        }
    }

    /**
     * As {@link #detach} by {@code umount2(2)}, and ends the connection to the server: whoever waits for an answer gets
     * {@link Errno#ECONNABORTED}.
     *
     * @param directory where it is mounted
     * @return 0, or a negated error number; {@link Errno#EPERM} without the right
     */
    public static int force(Path directory) {
        return umount2(directory, FORCE | DETACH | NO_FOLLOW);
    }

    private static int umount2(Path directory, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            long target = PathNames.allocate(directory, arena).address();
            return (int) Native.call(UMOUNT2, target, flags, 0, 0);
        }
    }

    /**
     * Ends a mount's connection to its server through the kernel's own files, where these are mounted.
     *
     * @param device the mount's device number, as {@link #deviceOf} tells it
     * @return true when it was there and was ended
     */
    public static boolean abort(String device) {
        try {
            Files.write(
                    CONNECTIONS
                            .resolve(device.substring(device.indexOf(':') + 1))
                            .resolve("abort"),
                    new byte[] {'1'});
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Finds the mount that lies on top at a directory.
     *
     * @param directory an absolute path
     * @return its device number, as {@code 0:57}; empty when nothing is mounted exactly there
     * @throws IOException when the table of mounts cannot be read
     */
    public static String deviceOf(Path directory) throws IOException {
        return lineOf(directory, 2);
    }

    /**
     * Finds where a device is mounted, also when a directory above has got another name since.
     *
     * @param device the device's number, as {@link #deviceOf} tells it
     * @return the directory; empty when it is mounted nowhere in sight
     * @throws IOException when the table of mounts cannot be read
     */
    public static Optional<Path> placeOf(String device) throws IOException {
        for (String line : mounts()) {
            String[] columns = line.split(" ", 6);
            if (columns.length > 5 && columns[2].equals(device)) {
                return Optional.of(PathNames.path(unescaped(columns[4]).getBytes(StandardCharsets.ISO_8859_1)));
            }
        }
        return Optional.empty();
    }

    /**
     * Says what is mounted on top at a directory.
     *
     * @param directory an absolute path
     * @return the kind of file system, as {@code tmpfs} or {@code fuse.sluice}; empty when nothing is mounted exactly
     *     there
     * @throws IOException when the table of mounts cannot be read
     */
    public static String typeOf(Path directory) throws IOException {
        String rest = lineOf(directory, 5);
        int dash = rest.indexOf(" - ");
        return dash < 0 ? "" : rest.substring(dash + 3, rest.indexOf(' ', dash + 3));
    }

    /**
     * Says what kind of file system a device has.
     *
     * @param device the device's number, as {@link Attributes.Brief#device} tells it
     * @return the kind, as {@code ext4}; empty when nothing of the device is mounted in sight
     * @throws IOException when the table of mounts cannot be read
     */
    public static String typeOf(long device) throws IOException {
        long major = (device >>> 8 & 0xFFF) | (device >>> 32 & ~0xFFFL);
        long minor = (device & 0xFF) | (device >>> 12 & ~0xFFL);
        String wanted = " " + major + ":" + minor + " ";
        for (String line : mounts()) {
            int dash = line.indexOf(" - ");
            if (dash > 0 && line.substring(0, dash).contains(wanted)) {
                return line.substring(dash + 3, line.indexOf(' ', dash + 3));
            }
        }
        return "";
    }

    private static List<String> mounts() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1);
    }

    /** One of the first six columns of the last line about a directory; that line is the one on top. */
    private static String lineOf(Path directory, int column) throws IOException {
        String name = new String(PathNames.bytes(directory), StandardCharsets.ISO_8859_1);
        String found = "";
        for (String line : mounts()) {
            String[] columns = line.split(" ", 6);
            if (columns.length > 5 && unescaped(columns[4]).equals(name)) {
                found = columns[column];
            }
        }
        return found;
    }

    /** Spaces, tabs, line ends and backslashes are {@code \040} and the like there. */
    private static String unescaped(String name) {
        StringBuilder text = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) == '\\' && i + 3 < name.length()) {
                text.append((char) Integer.parseInt(name, i + 1, i + 4, 8));
                i += 3;
            } else {
                text.append(name.charAt(i));
            }
        }
        return text.toString();
    }

    /**
     * {@return the bytes of a path's name as the kernel takes them, without a zero at the end}
     *
     * @param path the path
     */
    public static byte[] nameOf(Path path) {
        return PathNames.bytes(path);
    }

    /**
     * Opens the device once more for a mount, so that another thread can serve it without waiting for the first. A
     * request is answered through the descriptor from which it was read.
     *
     * @param device the descriptor that was mounted
     * @param waits whether who reads from it waits for a request; else it gets {@link Errno#EAGAIN} when there is none
     * @return the new descriptor, or a negated error number
     */
    public static int cloneDevice(int device, boolean waits) {
        int flags =
                OpenFlag.READ_WRITE.bits() | OpenFlag.CLOSE_ON_EXEC.bits() | (waits ? 0 : OpenFlag.NON_BLOCKING.bits());
        int clone = Linux.open(DEVICE, flags, 0);
        if (clone < 0) {
            return clone;
        }
        int result = ioctl(clone, CLONE, device);
        if (result < 0) {
            Linux.close(clone);
            return result;
        }
        return clone;
    }

    /**
     * Lets the kernel read and write a file itself when it is named in the answer to an open.
     *
     * @param device a descriptor of the mount's device
     * @param file the file; it may be closed afterwards
     * @return the number to name it by, or a negated error number; {@link Errno#EPERM} without the right,
     *     {@link Errno#ENOTTY} when the kernel is older than 6.9
     */
    public static int openBacking(int device, int file) {
        return ioctl(device, BACKING_OPEN, file);
    }

    /**
     * Ends what {@link #openBacking} began. Files that are open go on.
     *
     * @param device a descriptor of the mount's device
     * @param backing the number
     * @return 0, or a negated error number
     */
    public static int closeBacking(int device, int backing) {
        return ioctl(device, BACKING_CLOSE, backing);
    }

    /**
     * Makes a file system in memory that is mounted nowhere: whoever has the descriptor, and nobody else, makes files there, nameless
     * ones or with names. It is gone when the last descriptor of it and of its files is. What is written at once lies in pages as
     * long as that, not only in the shortest ones, where the kernel knows how (since 6.14). Needs the right to mount.
     *
     * @return the descriptor of its directory, or a negated error number; {@link Errno#EPERM} without the right
     */
    public static int memory() {
        try (Arena arena = Arena.ofConfined()) {
            int system = (int) Native.call(FSOPEN, text(arena, "tmpfs"), CLOSE_ON_EXEC, 0, 0);
            if (system < 0) {
                return system;
            }
            try {
                long result = set(system, arena, "size", "0"); // who fills it knows how much that may be
                result = result < 0 ? result : set(system, arena, "nr_inodes", "0");
                result = result < 0 ? result : set(system, arena, "mode", "0700");
                result = result < 0 ? result : set(system, arena, "huge", "within_size");
                result = result < 0 ? result : Native.call(FSCONFIG, system, CREATE, 0, 0, 0);
                return (int) (result < 0 ? result : Native.call(FSMOUNT, system, CLOSE_ON_EXEC, NO_SUID_NO_DEV, 0));
            } finally {
                Linux.close(system);
            }
        }
    }

    private static long set(int system, Arena arena, String key, String value) {
        return Native.call(FSCONFIG, system, SET_STRING, text(arena, key), text(arena, value), 0);
    }

    /** All of these take an int in memory; the backing's has twelve bytes of zeros behind it. */
    private static int ioctl(int fd, long what, int argument) {
        Scratch scratch = Scratch.take();
        try {
            return (int) Native.call(scratch, IOCTL, fd, what, scratch.iovec(Integer.toUnsignedLong(argument), 0), 0);
        } finally {
            scratch.giveBack();
        }
    }

    private static long text(Arena arena, String text) {
        return arena.allocateFrom(text, StandardCharsets.UTF_8).address();
    }

    private static String number(long who) {
        return Long.toString(Native.call(who, 0, 0, 0, 0));
    }
}
