package dev.sluice.jvm;

import dev.sluice.linux.Errno;
import dev.sluice.linux.OpenFlag;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;

/**
 * How a file is to be opened: open options, checked, and with what the JDK takes for granted.
 *
 * @param reads whether it may be read
 * @param writes whether it may be written
 * @param appends whether every write goes to the end
 * @param deletes whether it loses its name as soon as it is open
 * @param flags the flags of {@code open(2)} that say so
 */
record Opening(boolean reads, boolean writes, boolean appends, boolean deletes, int flags) {
    /**
     * Checks the options of a {@link java.nio.channels.FileChannel}.
     *
     * @throws IllegalArgumentException when they contradict each other
     * @throws UnsupportedOperationException when one is none of the JDK's
     */
    static Opening of(Set<? extends OpenOption> options) {
        for (OpenOption option : options) {
            Objects.requireNonNull(option);
            if (!(option instanceof StandardOpenOption) && option != LinkOption.NOFOLLOW_LINKS) {
                throw new UnsupportedOperationException(option + " not supported");
            }
        }
        boolean appends = options.contains(StandardOpenOption.APPEND);
        boolean writes = options.contains(StandardOpenOption.WRITE) || appends;
        boolean reads = options.contains(StandardOpenOption.READ) || !writes;
        if (reads && appends) {
            throw new IllegalArgumentException("READ + APPEND not allowed");
        }
        if (appends && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
            throw new IllegalArgumentException("APPEND + TRUNCATE_EXISTING not allowed");
        }
        boolean deletes = options.contains(StandardOpenOption.DELETE_ON_CLOSE);
        return new Opening(reads, writes, appends, deletes, flags(options, reads, writes));
    }

    /** The same for an {@link java.nio.channels.AsynchronousFileChannel}, which cannot append. */
    static Opening ofAsynchronous(Set<? extends OpenOption> options) {
        if (options.contains(StandardOpenOption.APPEND)) {
            throw new UnsupportedOperationException("APPEND not allowed");
        }
        return of(options);
    }

    /** {@return whether a file must be made that is not there} */
    boolean isExclusive() {
        return (flags & OpenFlag.EXCLUSIVE.bits()) != 0;
    }

    /**
     * Opens a file so.
     *
     * @param mode the permission bits of a new file
     */
    StreamChannel open(Door door, String path, int mode) throws IOException {
        if (isExclusive() && (path.isEmpty() || path.equals(".") || path.endsWith("/."))) {
            throw new FileAlreadyExistsException(path);
        }
        Door.OpenFile file;
        try {
            file = door.open(path, flags, mode);
        } catch (FileSystemException e) {
            if (writes || !String.valueOf(e.getReason()).startsWith(Errno.EISDIR.name())) {
                throw e;
            }
            file = new OpenDirectory(door, path); // which the JDK opens, too
        }
        try {
            if (deletes) {
                deleteName(door, path);
            }
            return new StreamChannel(file, this, door.directory(), path);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** As the JDK does it: at once, so that it is gone whatever becomes of this process. */
    private static void deleteName(Door door, String path) {
        try {
            door.remove(path);
        } catch (IOException e) {
            // The Javadoc promises an attempt; the file is open, and that is what was asked for.
            return;
        }
    }

    private static int flags(Set<? extends OpenOption> options, boolean reads, boolean writes) {
        int flags = (!writes ? OpenFlag.READ_ONLY : reads ? OpenFlag.READ_WRITE : OpenFlag.WRITE_ONLY).bits();
        boolean isNew = writes && options.contains(StandardOpenOption.CREATE_NEW);
        if (writes) {
            flags |= bits(options.contains(StandardOpenOption.TRUNCATE_EXISTING), OpenFlag.TRUNCATE);
            flags |= bits(options.contains(StandardOpenOption.APPEND), OpenFlag.APPEND);
            flags |= bits(isNew, OpenFlag.EXCLUSIVE);
            flags |= bits(isNew || options.contains(StandardOpenOption.CREATE), OpenFlag.CREATE);
        }
        boolean isLinkItself =
                options.contains(LinkOption.NOFOLLOW_LINKS) || options.contains(StandardOpenOption.DELETE_ON_CLOSE);
        flags |= bits(isLinkItself && !isNew, OpenFlag.NO_FOLLOW);
        flags |= bits(options.contains(StandardOpenOption.DSYNC), OpenFlag.DATA_SYNC);
        flags |= bits(options.contains(StandardOpenOption.SYNC), OpenFlag.SYNC);
        return flags | OpenFlag.CLOSE_ON_EXEC.bits();
    }

    private static int bits(boolean isWanted, OpenFlag flag) {
        return isWanted ? flag.bits() : 0;
    }
}
