package dev.sluice.stream;

/**
 * A change of attributes.
 *
 * @param what the bits of what changes
 * @param size the new size
 * @param mode the new permission bits
 * @param user the new owner
 * @param group the new group
 * @param accessedSeconds the new time of reading
 * @param accessedNanos and nanoseconds
 * @param modifiedSeconds the new time of writing
 * @param modifiedNanos and nanoseconds
 */
public record Change(
        int what,
        long size,
        int mode,
        int user,
        int group,
        long accessedSeconds,
        int accessedNanos,
        long modifiedSeconds,
        int modifiedNanos) {
    /** The permission bits change. */
    public static final int MODE = 1;

    /** The owner changes. */
    public static final int USER = 2;

    /** The group changes. */
    public static final int GROUP = 4;

    /** The size changes. */
    public static final int SIZE = 8;

    /** The time of reading changes. */
    public static final int ACCESSED = 16;

    /** The time of writing changes. */
    public static final int MODIFIED = 32;

    /** The time of reading becomes now. */
    public static final int ACCESSED_NOW = 128;

    /** The time of writing becomes now. */
    public static final int MODIFIED_NOW = 256;

    boolean has(int bits) {
        return (what & bits) != 0;
    }

    Change withMode(int other) {
        return new Change(
                what, size, other, user, group, accessedSeconds, accessedNanos, modifiedSeconds, modifiedNanos);
    }
}
