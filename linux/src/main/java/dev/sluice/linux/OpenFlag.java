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
    /** Close when the process executes another program. */
    CLOSE_ON_EXEC(0x80000, 0x80000);

    private final int bits;

    OpenFlag(int bits, int bitsOnArm) {
        this.bits = Linux.ARM ? bitsOnArm : bits;
    }

    /** {@return the bits to be combined for {@link Linux#open}} */
    public int bits() {
        return bits;
    }
}
