package dev.sluice.files;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.sluice.aio.AsyncFile;
import dev.sluice.aio.AsyncFileStream.Whence;
import dev.sluice.linux.Attributes;
import dev.sluice.linux.Linux;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A place in a file that is read through a cache: what a synchronous stream hands over when it becomes an asynchronous one.
 *
 * <p>Calls take turns by a lock, under which hooks do not run. Safe for use by many threads.
 */
final class CachedCursor {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final System.Logger LOG = System.getLogger(CachedStream.class.getName());
    private static final int MOST = Integer.MAX_VALUE - 8;

    final Path path;
    final CachedOptions options;
    final Hooks hooks;
    private final OpenOption[] how;
    private final ReentrantLock turn = new ReentrantLock();

    @GuardedBy("turn")
    private @Nullable CachedFileAccess access;

    @GuardedBy("turn")
    private Cleaner.@Nullable Cleanable cleanable;

    @GuardedBy("turn")
    private boolean closed;

    @GuardedBy("turn")
    private @Nullable Stamp baseline;

    private volatile boolean open;

    /** Set by who has the turn; released, not volatile, since that costs as much as the rest of a short read's bookkeeping. */
    private final AtomicLong position = new AtomicLong();

    /** As the position. */
    private final AtomicLong bytesRead = new AtomicLong();

    CachedCursor(Path path, CachedOptions options, OpenOption... how) {
        if (!Linux.availability().available()) {
            throw new UnsupportedOperationException(Linux.availability().reason());
        }
        this.path = path;
        this.options = options;
        this.hooks = new Hooks(options.hookFailures());
        this.how = how.clone();
    }

    /** Closes the file of a stream that nobody holds any more. */
    private record Forgotten(AsyncFile file, Tally tally, CachedOptions.WhenForgotten policy) implements Runnable {
        @Override
        public void run() {
            tally.close();
            if (file.isOpen()) {
                if (policy == CachedOptions.WhenForgotten.CLOSE_AND_LOG) {
                    LOG.log(System.Logger.Level.WARNING, "{0} was not closed; use try-with-resources", file.name());
                }
                var _ = file.closeAsync();
            }
        }
    }

    /** Opens the file, if it is not open. */
    void open() throws IOException {
        turn.lock();
        try {
            checkNotClosed();
            if (access == null) {
                CachedFileAccess now = CachedFileAccess.open(path, options, how);
                cleanable = CLEANER.register(this, new Forgotten(now.file(), now.tally(), options.whenForgotten()));
                position.setRelease(
                        now.file().isAppending() ? now.confirmed().stamp().size() : 0);
                access = now;
                open = true;
            }
        } finally {
            turn.unlock();
        }
    }

    @GuardedBy("turn")
    private CachedFileAccess opened() throws IOException {
        checkNotClosed();
        if (access == null) {
            throw new IllegalStateException(path + " is not open yet: call open() first");
        }
        return access;
    }

    @GuardedBy("turn")
    private void checkNotClosed() throws IOException {
        if (closed) {
            throw new Closed("the stream over " + path + " is closed: open another to go on");
        }
    }

    /** Reads into a buffer, at most a chunk; -1 at the end. */
    int read(ByteBuffer target) throws IOException {
        turn.lock();
        try {
            CachedFileAccess file = opened();
            int start = target.position();
            int limit = target.limit();
            target.limit(start + Math.min(target.remaining(), options.chunkSize()));
            try {
                return advanced(file.read(seen(file.confirmed()), position.getPlain(), target));
            } catch (IOException | RuntimeException | Error e) {
                target.position(start);
                throw e;
            } finally {
                target.limit(limit);
            }
        } finally {
            turn.unlock();
        }
    }

    /** Reads at most a chunk; fewer bytes at the end, none there. */
    byte[] read(int count) throws IOException {
        turn.lock();
        try {
            CachedFileAccess file = opened();
            Content.State state = seen(file.confirmed());
            byte[] bytes = new byte[lengthOf(state, count)];
            return fitting(bytes, advanced(file.read(state, position.getPlain(), ByteBuffer.wrap(bytes))));
        } finally {
            turn.unlock();
        }
    }

    /** As {@link #read(int)} if that needs no file and no turn to be waited for; else nothing, and nothing has changed. */
    byte @Nullable [] readCached(int count) throws IOException {
        if (!turn.tryLock()) {
            return null;
        }
        try {
            CachedFileAccess file = opened();
            Content.State state = file.unchanged();
            if (state == null) {
                return null;
            }
            byte[] bytes = new byte[lengthOf(state, count)];
            int read = file.readCached(state, position.getPlain(), ByteBuffer.wrap(bytes));
            if (read == -2) {
                return null;
            }
            seen(state);
            return fitting(bytes, advanced(read));
        } finally {
            turn.unlock();
        }
    }

    private int lengthOf(Content.State state, int count) {
        if (count < 0) {
            throw new IllegalArgumentException(path + ": the number of bytes to read must be 0 or more: " + count);
        }
        long left = Math.max(0, state.stamp().size() - position.getPlain());
        return (int) Math.min(Math.min(count, options.chunkSize()), left);
    }

    private static byte[] fitting(byte[] bytes, int read) {
        return read == bytes.length ? bytes : Arrays.copyOf(bytes, Math.max(0, read));
    }

    @GuardedBy("turn")
    @SuppressWarnings("ReferenceEquality") // one that is equal is stored once more, and that is all
    private Content.State seen(Content.State state) {
        if (baseline != state.stamp()) { // storing what is there would cost a fence of the garbage collector
            baseline = state.stamp();
        }
        return state;
    }

    @GuardedBy("turn")
    private int advanced(int read) {
        if (read > 0) {
            position.setRelease(position.getPlain() + read);
            bytesRead.setRelease(bytesRead.getPlain() + read);
        }
        return read;
    }

    /** Reads up to the end, chunk by chunk; when that fails the cursor stays. */
    byte[] readAll() throws IOException {
        turn.lock();
        try {
            CachedFileAccess file = opened();
            byte[] bytes = new byte[0];
            long from = position.getPlain();
            int done = 0;
            while (true) {
                Content.State state = seen(file.confirmed());
                long left = state.stamp().size() - from - done;
                if (left <= 0) {
                    break;
                }
                if (left > MOST - done) {
                    throw new IOException(path + ": " + (done + left)
                            + " bytes are more than an array can have: read them chunk by chunk");
                }
                bytes = done + (int) left > bytes.length ? Arrays.copyOf(bytes, done + (int) left) : bytes;
                int chunk = (int) Math.min(left, options.chunkSize());
                int read = file.read(state, from + done, ByteBuffer.wrap(bytes, done, chunk));
                if (read <= 0) {
                    break; // it was cut just now, or is one of the kernel's own, which end before their size
                }
                done += read;
            }
            return fitting(bytes, Math.max(0, advanced(done)));
        } finally {
            turn.unlock();
        }
    }

    /** Writes all, and answers where the bytes begin. */
    long write(ByteBuffer source) throws IOException {
        turn.lock();
        try {
            CachedFileAccess file = opened();
            int count = source.remaining();
            Content.Written written = file.write(source, position.getPlain());
            seen(written.state());
            position.setRelease(written.position() + count);
            return written.position();
        } finally {
            turn.unlock();
        }
    }

    long seek(long offset, Whence whence) throws IOException {
        turn.lock();
        try {
            CachedFileAccess file = opened();
            long origin = switch (whence) {
                case START -> 0;
                case CURRENT -> position.getPlain();
                case END -> file.confirmed().stamp().size();
            };
            long target = origin + offset;
            if (target < 0) {
                throw new IllegalArgumentException(path + ": cannot seek to " + offset + " from " + whence + " ("
                        + origin + "): the position must be from 0 to " + Long.MAX_VALUE);
            }
            position.setRelease(target);
            return target;
        } finally {
            turn.unlock();
        }
    }

    void truncate(long size) throws IOException {
        if (size < 0) {
            throw new IllegalArgumentException(path + ": the size must be 0 or more: " + size);
        }
        turn.lock();
        try {
            seen(opened().truncate(size));
            position.setRelease(Math.min(position.getPlain(), size));
        } finally {
            turn.unlock();
        }
    }

    void force(boolean metadata) throws IOException {
        turn.lock();
        try {
            opened().file().force(metadata);
        } finally {
            turn.unlock();
        }
    }

    long size() throws IOException {
        turn.lock();
        try {
            return opened().confirmed().stamp().size();
        } finally {
            turn.unlock();
        }
    }

    /** True when the path names another file, or one that is not as it was when it was read or written here last. */
    boolean isModified() {
        Stamp before;
        turn.lock();
        try {
            before = baseline;
        } finally {
            turn.unlock();
        }
        Attributes.Brief now = new Attributes.Brief();
        return before != null
                && (now.ask(path) < 0 || !before.matches(now, options.cache().checks()));
    }

    long position() {
        return position.getAcquire();
    }

    long bytesRead() {
        return bytesRead.getAcquire();
    }

    boolean isOpen() {
        return open;
    }

    void close() throws IOException {
        turn.lock();
        try {
            closed = true;
            open = false;
            if (access != null) {
                AsyncFile file = access.file();
                access = null;
                try {
                    file.close();
                } finally {
                    if (cleanable != null) {
                        cleanable.clean();
                    }
                }
            }
        } finally {
            turn.unlock();
        }
    }
}
