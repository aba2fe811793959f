package dev.sluice.jvm;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The locks on one file that channels of this JVM hold. As the JDK's they are the whole JVM's: a second lock that overlaps a
 * first one is an exception, not a wait, whichever channel asks. Other processes do not see them.
 *
 * <p>The table of all files is owned by its own class; each list of locks by itself, as a monitor. Safe for use by many threads.
 */
final class Locks {
    private static final ConcurrentHashMap<File, List<Held>> ALL = new ConcurrentHashMap<>();

    private final Channel channel;
    private final Path directory;
    private final Door.OpenFile open;

    /** Asked for when it is needed, since few lock anything, and a server may be far. */
    private volatile @Nullable File file;

    /** Which file it is: inodes are those of one managed directory. */
    private record File(Path directory, long inode) {}

    Locks(Channel channel, Path directory, Door.OpenFile open) {
        this.channel = channel;
        this.directory = directory;
        this.open = open;
    }

    private File file() throws IOException {
        File known = file;
        if (known == null) {
            known = new File(directory, open.status().inode());
            file = known;
        }
        return known;
    }

    /**
     * Takes a lock.
     *
     * @param size 0 for all there is and will be behind the position
     * @throws OverlappingFileLockException when the JVM holds one there
     */
    FileLock take(long position, long size, boolean isShared) throws IOException {
        long length = size == 0 ? Long.MAX_VALUE - Math.max(0, position) : size;
        Held lock = channel instanceof FileChannel sync
                ? new Held(sync, position, length, isShared)
                : new Held((AsynchronousFileChannel) channel, position, length, isShared);
        ALL.compute(file(), (_, held) -> {
            List<Held> locks = held == null ? new ArrayList<>() : held;
            if (locks.stream().anyMatch(other -> other.overlaps(position, length))) {
                throw new OverlappingFileLockException();
            }
            locks.add(lock);
            return locks;
        });
        return lock;
    }

    /** The channel is closed: so are its locks. */
    void releaseAll() {
        File known = file;
        if (known != null) {
            releaseAll(known);
        }
    }

    private void releaseAll(File known) {
        ALL.computeIfPresent(known, (_, locks) -> {
            locks.removeIf(lock -> Objects.equals(lock.acquiredBy(), channel) && lock.invalidate());
            return locks.isEmpty() ? null : locks;
        });
    }

    private void release(Held lock) throws IOException {
        ALL.computeIfPresent(file(), (_, locks) -> {
            locks.remove(lock);
            lock.invalidate();
            return locks.isEmpty() ? null : locks;
        });
    }

    /** A lock that is held until it is released or its channel is closed. */
    private final class Held extends FileLock {
        private volatile boolean isHeld = true;

        Held(FileChannel channel, long position, long size, boolean isShared) {
            super(channel, position, size, isShared);
        }

        Held(AsynchronousFileChannel channel, long position, long size, boolean isShared) {
            super(channel, position, size, isShared);
        }

        boolean invalidate() {
            isHeld = false;
            return true;
        }

        @Override
        public boolean isValid() {
            return isHeld;
        }

        @Override
        public void release() throws IOException {
            if (!acquiredBy().isOpen()) {
                throw new ClosedChannelException();
            }
            Locks.this.release(this);
        }
    }
}
