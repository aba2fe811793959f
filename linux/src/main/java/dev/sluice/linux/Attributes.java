package dev.sluice.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.file.Path;

/**
 * All that {@code statx} says of a file, in memory that is filled again by each call of {@code ask}.
 *
 * <p>Before the first, and after one that failed, what the others answer means nothing. For use by one thread at a time.
 */
public final class Attributes {
    /** The bits of {@link #mode} that say the file's type, one of the following. */
    public static final int TYPE = 0xF000;

    /** A socket. */
    public static final int SOCKET = 0xC000;

    /** A symbolic link. */
    public static final int LINK = 0xA000;

    /** A regular file. */
    public static final int REGULAR = 0x8000;

    /** A block device. */
    public static final int BLOCK_DEVICE = 0x6000;

    /** A directory. */
    public static final int DIRECTORY = 0x4000;

    /** A character device. */
    public static final int CHARACTER_DEVICE = 0x2000;

    /** A named or unnamed pipe. */
    public static final int PIPE = 0x1000;

    private static final int BYTES = 256;
    private static final int NO_FOLLOW = 0x100;
    private static final int EMPTY_PATH = 0x1000;
    private static final int BASIC_AND_BIRTH = 0xFFF;
    private static final byte[] NO_NAME = {};
    private static final int ACCESS_TIME = 64;
    private static final int BIRTH_TIME = 80;
    private static final int CHANGE_TIME = 96;
    private static final int MODIFICATION_TIME = 112;
    private static final long STATX = Native.number(332, 291);

    private final MemorySegment memory = Arena.ofAuto().allocate(BYTES, 8);

    /** Makes the memory, empty. */
    public Attributes() {}

    /**
     * Asks about what a descriptor refers to.
     *
     * @param fd the descriptor, of any kind
     * @return 0, or a negated error number
     */
    public int ask(int fd) {
        return ask(fd, NO_NAME);
    }

    /**
     * Asks about a name, without following a symbolic link.
     *
     * @param folder a directory's descriptor, or {@link Names#CURRENT_FOLDER}
     * @param name the name in it; an empty one asks for {@code folder} itself
     * @return 0, or a negated error number
     */
    public int ask(int folder, byte[] name) {
        int flags = NO_FOLLOW | (name.length == 0 ? EMPTY_PATH : 0);
        try {
            return (int) Native.callByName(STATX, folder, name, flags, BASIC_AND_BIRTH, memory.address());
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /** {@return type and permission bits} */
    public int mode() {
        return memory.get(ValueLayout.JAVA_SHORT, 28) & 0xFFFF;
    }

    /** {@return the number of names} */
    public int links() {
        return memory.get(ValueLayout.JAVA_INT, 16);
    }

    /** {@return the owner's number} */
    public int user() {
        return memory.get(ValueLayout.JAVA_INT, 20);
    }

    /** {@return the group's number} */
    public int group() {
        return memory.get(ValueLayout.JAVA_INT, 24);
    }

    /** {@return the inode's number} */
    public long inode() {
        return memory.get(ValueLayout.JAVA_LONG, 32);
    }

    /** {@return bytes, 0 for most special files} */
    public long size() {
        return memory.get(ValueLayout.JAVA_LONG, 40);
    }

    /** {@return how much space it takes, in units of 512 bytes} */
    public long blocks() {
        return memory.get(ValueLayout.JAVA_LONG, 48);
    }

    /** {@return the number of bytes that are best read and written at a time} */
    public int blockSize() {
        return memory.get(ValueLayout.JAVA_INT, 4);
    }

    /** {@return the file system that the file lies on: equal for files of one, different for those of two} */
    public long fileSystem() {
        long major = memory.get(ValueLayout.JAVA_INT, 136);
        int minor = memory.get(ValueLayout.JAVA_INT, 140);
        return (major << 32) | Integer.toUnsignedLong(minor);
    }

    /** {@return the number of the device that the file is, in the kernel's 32 bits, which FUSE has too} */
    public int deviceNumber() {
        int major = memory.get(ValueLayout.JAVA_INT, 128);
        int minor = memory.get(ValueLayout.JAVA_INT, 132);
        return (minor & 0xFF) | (major << 8) | ((minor & ~0xFF) << 12);
    }

    /** {@return when it was last read, in seconds since 1970} */
    public long accessSeconds() {
        return memory.get(ValueLayout.JAVA_LONG, ACCESS_TIME);
    }

    /** {@return the nanoseconds that belong to {@link #accessSeconds}} */
    public int accessNanos() {
        return memory.get(ValueLayout.JAVA_INT, ACCESS_TIME + 8);
    }

    /** {@return when its bytes were last changed, in seconds since 1970} */
    public long modificationSeconds() {
        return memory.get(ValueLayout.JAVA_LONG, MODIFICATION_TIME);
    }

    /** {@return the nanoseconds that belong to {@link #modificationSeconds}} */
    public int modificationNanos() {
        return memory.get(ValueLayout.JAVA_INT, MODIFICATION_TIME + 8);
    }

    /** {@return when its bytes or attributes were last changed, in seconds since 1970} */
    public long changeSeconds() {
        return memory.get(ValueLayout.JAVA_LONG, CHANGE_TIME);
    }

    /** {@return the nanoseconds that belong to {@link #changeSeconds}} */
    public int changeNanos() {
        return memory.get(ValueLayout.JAVA_INT, CHANGE_TIME + 8);
    }

    /** {@return when it was made, in seconds since 1970; 0 when the file system does not know} */
    public long birthSeconds() {
        return memory.get(ValueLayout.JAVA_LONG, BIRTH_TIME);
    }

    /** {@return the nanoseconds that belong to {@link #birthSeconds}} */
    public int birthNanos() {
        return memory.get(ValueLayout.JAVA_INT, BIRTH_TIME + 8);
    }

    /**
     * What tells whether a file is still the one it was, asked in the shortest way: by {@code fstat}.
     *
     * <p>Filled again by each call of {@code ask}; before the first, and after one that failed, the others' answers mean
     * nothing. For use by one thread at a time.
     */
    public static final class Brief {
        private static final int STAT_BYTES = 144;
        private static final long FSTAT = Native.number(5, 80);
        private static final long FSTATAT = Native.number(262, 79);

        private static final MemoryLayout STATE = Linker.Option.captureStateLayout();

        private final MemorySegment memory = Arena.ofAuto().allocate(STAT_BYTES, 8);

        /** Receives {@code errno}; its own, since taking some from where all do costs as much as an eighth of the call. */
        private final MemorySegment state = Arena.ofAuto().allocate(STATE);

        /** Makes the memory, empty. */
        public Brief() {}

        /**
         * Asks about what a descriptor refers to.
         *
         * @param fd the descriptor, of any kind
         * @return 0, or a negated error number
         */
        public int ask(int fd) {
            try {
                return (int) Native.call(state, FSTAT, fd, memory.address());
            } finally {
                Reference.reachabilityFence(memory);
            }
        }

        /**
         * Asks about what a path names, following links.
         *
         * @param path the path, of the default file system
         * @return 0, or a negated error number
         */
        public int ask(Path path) {
            try (Arena arena = Arena.ofConfined()) {
                long name = PathNames.allocate(path, arena).address();
                return (int) Native.call(FSTATAT, Names.CURRENT_FOLDER, name, memory.address(), 0);
            } finally {
                Reference.reachabilityFence(memory);
            }
        }

        /** {@return the number of the file system's device} */
        public long device() {
            return memory.get(ValueLayout.JAVA_LONG, 0);
        }

        /** {@return the inode's number} */
        public long inode() {
            return memory.get(ValueLayout.JAVA_LONG, 8);
        }

        /** {@return bytes, 0 for most special files} */
        public long size() {
            return memory.get(ValueLayout.JAVA_LONG, 48);
        }

        /** {@return when its bytes were last changed, in nanoseconds since 1970} */
        public long modified() {
            return nanos(88);
        }

        /** {@return when its bytes or attributes were last changed, in nanoseconds since 1970} */
        public long changed() {
            return nanos(104);
        }

        /** Good until the year 2262, and wraps around after that, so that different times stay different. */
        private long nanos(long at) {
            return memory.get(ValueLayout.JAVA_LONG, at) * 1_000_000_000L + memory.get(ValueLayout.JAVA_LONG, at + 8);
        }
    }
}
