package dev.sluice.linux;

/**
 * What {@code statx} says of an open file.
 *
 * @param mode type and permission bits
 * @param size bytes, 0 for most special files
 * @param inode the inode's number
 * @param directAlignment offsets, lengths and addresses of direct I/O are multiples of this; 0 when the kernel does not
 *     say
 */
public record Stat(int mode, long size, long inode, int directAlignment) {
    private static final int TYPE = 0xF000;

    /** {@return true for a regular file} */
    public boolean isRegular() {
        return (mode & TYPE) == 0x8000;
    }

    /** {@return true for a directory} */
    public boolean isDirectory() {
        return (mode & TYPE) == 0x4000;
    }

    /** {@return true for a block device} */
    public boolean isBlockDevice() {
        return (mode & TYPE) == 0x6000;
    }

    /** {@return true for a named or unnamed pipe} */
    public boolean isPipe() {
        return (mode & TYPE) == 0x1000;
    }
}
