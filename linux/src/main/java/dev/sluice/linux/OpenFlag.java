package dev.sluice.linux;

/** The flags of {@code open(2)} that Sluice uses; some of their bits differ between processors. */
public enum OpenFlag {
    /** For reading only. */
    READ_ONLY(0, 0),
    /** For writing only. */
    WRITE_ONLY(1, 1),
    /** For reading and writing. */
    READ_WRITE(2, 2),
    /** Create the file when it is missing. */
    CREATE(0x40, 0x40),
    /** With {@link #CREATE}: fail when it exists. */
    EXCLUSIVE(0x80, 0x80),
    /** Cut the file to nothing. */
    TRUNCATE(0x200, 0x200),
    /** Every write goes to the end. */
    APPEND(0x400, 0x400),
    /** Do not wait for a pipe's other end. */
    NON_BLOCKING(0x800, 0x800),
    /** Writes return when their data is on the disk. */
    DATA_SYNC(0x1000, 0x1000),
    /** Writes return when data and metadata are on the disk. */
    SYNC(0x101000, 0x101000),
    /** Past the page cache. */
    DIRECT(0x4000, 0x10000),
    /** Fail when the last part of the name is a symbolic link. */
    NO_FOLLOW(0x20000, 0x8000),
    /** Fail when it is not a directory. */
    DIRECTORY(0x10000, 0x4000),
    /** Reading does not change the time of the last access; for the file's owner and the superuser. */
    NO_ACCESS_TIME(0x40000, 0x40000),
    /** Close when the process executes another program. */
    CLOSE_ON_EXEC(0x80000, 0x80000),
    /** Only refer to what the name names, also to a symbolic link or a pipe, without opening it. */
    PATH_ONLY(0x200000, 0x200000),
    /** A file without a name, in the directory that the name names. */
    UNNAMED(0x410000, 0x404000);

    private final int bits;

    OpenFlag(int bits, int bitsOnArm) {
        this.bits = Processor.ARM ? bitsOnArm : bits;
    }

    /** {@return the bits to be combined for {@link Linux#open}} */
    public int bits() {
        return bits;
    }
}
