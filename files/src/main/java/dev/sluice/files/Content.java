package dev.sluice.files;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.sluice.linux.Attributes;
import dev.sluice.linux.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a cache knows of one file, whatever its names: as of when its blocks are, and how they follow our own writes.
 *
 * <pre>
 *   read   ask the kernel ─ as before ─► blocks of this epoch ─► the caller
 *                         └ changed ──► a new epoch: no block is of it
 *   write  ask ─► write ─► ask ─ nobody else in between ─► blocks patched, same epoch
 * </pre>
 *
 * <p>{@code state} is replaced under the lock, by reads that see a change and by writes; readers take it without. The lock is
 * held while we write, so that a reader who meets our own change waits for the patch instead of taking it for another's.
 * Safe for use by many threads.
 */
final class Content {
    /**
     * The file at a moment.
     *
     * @param stamp what the kernel said
     * @param epoch which contents of the file those are; blocks of another epoch are worthless
     * @param firm whether the next change is bound to change the stamp
     */
    record State(Stamp stamp, Epoch epoch, boolean firm) {}

    /** Writes at a position, or at the end, and answers where the bytes landed. */
    @FunctionalInterface
    interface Writing {
        long write() throws IOException;
    }

    /** A change of a file that is no write. */
    @FunctionalInterface
    interface Changing {
        void change() throws IOException;
    }

    private final FileCache cache;
    private final Blocks blocks;
    private final int hash;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile @Nullable State state;

    /** When the kernel was asked last; a hint, which matters only where it need not be asked each time. */
    private volatile long askedAt;

    @GuardedBy("changing")
    private boolean fine;

    /** Blocks that were put; some may be gone by now. */
    @GuardedBy("changing")
    private final BitSet put = new BitSet();

    Content(FileCache cache, Blocks blocks, Stamp first) {
        this.cache = cache;
        this.blocks = blocks;
        this.hash = Long.hashCode(first.inode() * 0x9E3779B97F4A7C15L + first.device());
        this.fine = Ticks.areFine(first.device());
    }

    int hash() {
        return hash;
    }

    /** The file as it is now, asking the kernel unless that was done just before. */
    State confirmed(String name, int fd, Attributes.Brief brief) throws IOException {
        State known = unchanged(name, fd, brief);
        if (known != null) {
            return known;
        }
        changing.lock();
        try {
            return settled(name, fd, brief);
        } finally {
            changing.unlock();
        }
    }

    /** As {@link #confirmed} when the file is as it was and that can be relied on; else nothing. Waits for nobody. */
    @Nullable
    State unchanged(String name, int fd, Attributes.Brief brief) throws IOException {
        State known = state;
        long every = cache.checkNanos();
        if (every > 0 && known != null && System.nanoTime() - askedAt < every) {
            return known;
        }
        ask(name, fd, brief);
        if (known != null && known.firm && known.stamp.matches(brief, cache.checks())) {
            if (every > 0) {
                askedAt = System.nanoTime();
            }
            return known;
        }
        return null;
    }

    @GuardedBy("changing")
    private State settled(String name, int fd, Attributes.Brief brief) throws IOException {
        ask(name, fd, brief);
        askedAt = System.nanoTime();
        State known = state;
        if (known != null && known.stamp.matches(brief, cache.checks())) {
            if (!known.firm && Ticks.isFirm(known.stamp, fine, Ticks.now())) {
                drop(); // somebody may have written meanwhile without leaving a trace
                known = new State(known.stamp, new Epoch(), true);
                state = known;
            }
            return known;
        }
        if (known != null) {
            cache.wasStale(name);
            drop();
        }
        return renewed(brief);
    }

    /** Begins an epoch: nothing that is known of the bytes counts any more. */
    @GuardedBy("changing")
    private State renewed(Attributes.Brief brief) {
        Stamp stamp = Stamp.of(brief);
        State fresh = new State(stamp, new Epoch(), Ticks.isFirm(stamp, fine, Ticks.now()));
        state = fresh;
        return fresh;
    }

    /** A block was put. */
    @GuardedBy("changing")
    void holds(long index) {
        put.set((int) index);
    }

    /** Gives back the room of blocks whose epoch ends. */
    @GuardedBy("changing")
    private void drop() {
        put.stream().forEach(index -> blocks.drop(this, index));
        put.clear();
    }

    /** Forgets the file's bytes, as if somebody had changed it. */
    void forget() {
        changing.lock();
        try {
            drop();
            state = null;
        } finally {
            changing.unlock();
        }
    }

    private static void ask(String name, int fd, Attributes.Brief brief) throws IOException {
        int result = brief.ask(fd);
        if (result < 0) {
            throw Errno.exception(result, name, "asking whether it has changed");
        }
    }

    /** Keeps blocks that were read, if the file is still as it was before they were read. */
    void keep(State before, long first, Block[] read, int fd, Attributes.Brief brief) {
        changing.lock();
        try {
            if (before.equals(state) && brief.ask(fd) == 0 && before.stamp.matches(brief, cache.checks())) {
                for (int i = 0; i < read.length; i++) {
                    blocks.put(this, first + i, read[i]);
                }
            }
        } finally {
            changing.unlock();
        }
    }

    /** Writes a buffer that is not empty to the file, and to its blocks; answers where the bytes landed and how the file is then. */
    Written write(String name, int fd, Attributes.Brief brief, ByteBuffer source, Writing writing) throws IOException {
        int from = source.position();
        int count = source.remaining();
        changing.lock();
        try {
            State before = settled(name, fd, brief);
            long landed = -1;
            try {
                landed = writing.write();
            } finally {
                if (landed < 0) {
                    change(name, fd, brief);
                }
            }
            ask(name, fd, brief);
            if (!isOurs(before.stamp, brief, landed + count)) {
                return new Written(landed, change(name, fd, brief));
            }
            Stamp after = Stamp.of(brief);
            blocks.patch(
                    this,
                    before,
                    after.size(),
                    source.duplicate().position(from).limit(from + count),
                    landed);
            State now = new State(after, before.epoch, Ticks.isFirm(after, fine, Ticks.now()));
            state = now;
            return new Written(landed, now);
        } finally {
            changing.unlock();
        }
    }

    /**
     * Where bytes were written, and the file afterwards.
     *
     * @param position where they begin
     * @param state the file
     */
    record Written(long position, State state) {}

    /**
     * True when nothing says that somebody else wrote between the two questions: the size is what we made it, and the time is
     * not later than our call. Who writes within the very microseconds of our call goes unseen, until he writes again.
     */
    @GuardedBy("changing")
    private boolean isOurs(Stamp before, Attributes.Brief after, long end) {
        if (fine && after.changed() == before.changed()) {
            fine = false; // it was said to be, and is not
        }
        return after.changed() <= Ticks.now()
                && after.size() == Math.max(before.size(), end)
                && before.inode() == after.inode();
    }

    /** Changes the file in a way that no block can follow. */
    State change(String name, int fd, Attributes.Brief brief, Changing change) throws IOException {
        changing.lock();
        try {
            try {
                change.change();
            } finally {
                change(name, fd, brief);
            }
            return settled(name, fd, brief);
        } finally {
            changing.unlock();
        }
    }

    @GuardedBy("changing")
    private State change(String name, int fd, Attributes.Brief brief) throws IOException {
        ask(name, fd, brief);
        drop();
        return renewed(brief);
    }
}
