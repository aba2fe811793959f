package dev.sluice.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a directory lays down for all that is made in it: an access control list, in the form in which the kernel keeps it as an
 * extended attribute. Never changes.
 */
final class Defaults {
    /** The attribute of a directory that has some. */
    static final String OF_DIRECTORY = "system.posix_acl_default";

    /** What a file gets of it. */
    static final String OF_FILE = "system.posix_acl_access";

    private static final int HEADER = 4;
    private static final int ENTRY = 8;
    private static final int OWNER = 0x01;
    private static final int GROUP = 0x04;
    private static final int MASK = 0x10;
    private static final int OTHERS = 0x20;
    private static final int OWNER_SHIFT = 6;
    private static final int GROUP_SHIFT = 3;
    private static final int ALL = 7;

    private final byte[] list;

    Defaults(byte[] list) {
        this.list = list.clone();
    }

    private static ByteBuffer entries(byte[] list) {
        return ByteBuffer.wrap(list).order(ByteOrder.LITTLE_ENDIAN);
    }

    private boolean has(int tag) {
        ByteBuffer entries = entries(list);
        for (int at = HEADER; at + ENTRY <= list.length; at += ENTRY) {
            if (entries.getShort(at) == tag) {
                return true;
            }
        }
        return false;
    }

    /** {@return the place of an entry's bits in a mode, or -1 when it is none of those that a mode says} */
    private int shift(int tag) {
        return switch (tag) {
            case OWNER -> OWNER_SHIFT;
            case GROUP -> has(MASK) ? -1 : GROUP_SHIFT;
            case MASK -> GROUP_SHIFT;
            case OTHERS -> 0;
            default -> -1;
        };
    }

    /** {@return the permissions of what is made with a mode} */
    int permitted(int mode) {
        ByteBuffer entries = entries(list);
        int permitted = mode;
        for (int at = HEADER; at + ENTRY <= list.length; at += ENTRY) {
            int shift = shift(entries.getShort(at));
            if (shift >= 0) {
                permitted &= ~(ALL << shift) | (entries.getShort(at + 2) << shift);
            }
        }
        return permitted;
    }

    /** {@return the attributes of a file that is made with a mode: its list, or null when the mode says all of it} */
    @Nullable
    Map<String, byte[]> attributes(int mode) {
        if (list.length <= HEADER + 3 * ENTRY) {
            return null;
        }
        int permitted = permitted(mode);
        byte[] access = list.clone();
        ByteBuffer entries = entries(access);
        for (int at = HEADER; at + ENTRY <= list.length; at += ENTRY) {
            int shift = shift(entries.getShort(at));
            if (shift >= 0) {
                entries.putShort(at + 2, (short) ((permitted >> shift) & ALL));
            }
        }
        return new TreeMap<>(Map.of(OF_FILE, access));
    }
}
