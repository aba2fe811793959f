package dev.sluice.stream;

/**
 * What {@code stat} shows of a file. Filled by {@link Tree}, and may be filled again; one thread at a time.
 */
public final class Attributes {
    /** The type bits of a mode, and the types. */
    public static final int TYPE = 0xF000;

    /** A regular file's type. */
    public static final int REGULAR = 0x8000;

    /** A directory's type. */
    public static final int DIRECTORY = 0x4000;

    /** A symbolic link's type. */
    public static final int SYMBOLIC_LINK = 0xA000;

    long inode;
    long size;
    long length;
    long blocks;
    long accessedSeconds;
    long modifiedSeconds;
    long changedSeconds;
    int accessedNanos;
    int modifiedNanos;
    int changedNanos;
    int mode;
    int links;
    int user;
    int group;
    long device;
    boolean settled;
    boolean named;
    boolean streaming;
    boolean followed;
    boolean supposed;

    /** Made empty. */
    public Attributes() {}

    /** {@return its number, which no other file of the tree has} */
    public long inode() {
        return inode;
    }

    /** {@return bytes, as who asks is told: none of a growing file that he reads} */
    public long size() {
        return size;
    }

    /** {@return bytes, as there are} */
    public long length() {
        return length;
    }

    /** {@return pieces of 512 bytes that it takes} */
    public long blocks() {
        return blocks;
    }

    /** {@return when it was read, in seconds since 1970} */
    public long accessedSeconds() {
        return accessedSeconds;
    }

    /** {@return and nanoseconds} */
    public int accessedNanos() {
        return accessedNanos;
    }

    /** {@return when it was written, in seconds since 1970} */
    public long modifiedSeconds() {
        return modifiedSeconds;
    }

    /** {@return and nanoseconds} */
    public int modifiedNanos() {
        return modifiedNanos;
    }

    /** {@return when its attributes changed, in seconds since 1970} */
    public long changedSeconds() {
        return changedSeconds;
    }

    /** {@return and nanoseconds} */
    public int changedNanos() {
        return changedNanos;
    }

    /** {@return type and permission bits} */
    public int mode() {
        return mode;
    }

    /** {@return how many names it has} */
    public int links() {
        return links;
    }

    /** {@return its owner} */
    public int user() {
        return user;
    }

    /** {@return its group} */
    public int group() {
        return group;
    }

    /** {@return of a device file, the device} */
    public long device() {
        return device;
    }

    /**
     * {@return whether everybody sees the same, and changes come through the tree's doors only: the kernel may then keep
     * name and attributes}
     */
    public boolean isSettled() {
        return settled;
    }

    /** {@return whether its name leads to it for everybody until somebody moves or removes it, whatever it is like} */
    public boolean isNamed() {
        return named;
    }

    /** {@return whether its readers get its bytes while it is written, so that each piece comes by way of the tree} */
    public boolean isStreaming() {
        return streaming;
    }

    /** {@return whether who asks gets its bytes while others write it, and may have to wait for these} */
    public boolean isFollowed() {
        return followed;
    }

    /** {@return whether it is not there yet, and nobody knows whether a file or a directory will come} */
    public boolean isSupposed() {
        return supposed;
    }
}
