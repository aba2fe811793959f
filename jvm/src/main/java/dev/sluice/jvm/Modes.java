package dev.sluice.jvm;

import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Permission bits: as the JDK names them and as the kernel numbers them. Stateless. */
final class Modes {
    /** What a new file gets, before the umask. */
    static final int FILE = 0666;

    /** What a new directory gets. */
    static final int DIRECTORY = 0777;

    /** All bits that {@code chmod} knows. */
    static final int ALL = 07777;

    private Modes() {}

    /**
     * {@return the mode of what is made}
     *
     * @param otherwise what it is when the attributes do not tell
     * @throws UnsupportedOperationException when an attribute cannot be set in the moment of making
     */
    static int initial(int otherwise, FileAttribute<?>... attributes) {
        int mode = otherwise;
        for (FileAttribute<?> attribute : attributes) {
            String name = attribute.name();
            if (!name.equals("posix:permissions") && !name.equals("unix:permissions")) {
                throw new UnsupportedOperationException("'" + name + "' not supported as initial attribute");
            }
            mode = bits((Set<?>) attribute.value());
        }
        return mode;
    }

    static int bits(Set<?> permissions) {
        int mode = 0;
        for (Object permission : permissions) {
            mode |= bit((PosixFilePermission) permission);
        }
        return mode;
    }

    static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            if ((mode & bit(permission)) != 0) {
                permissions.add(permission);
            }
        }
        return permissions;
    }

    private static int bit(PosixFilePermission permission) {
        return switch (permission) {
            case OWNER_READ -> 0400;
            case OWNER_WRITE -> 0200;
            case OWNER_EXECUTE -> 0100;
            case GROUP_READ -> 0040;
            case GROUP_WRITE -> 0020;
            case GROUP_EXECUTE -> 0010;
            case OTHERS_READ -> 0004;
            case OTHERS_WRITE -> 0002;
            case OTHERS_EXECUTE -> 0001;
        };
    }
}
