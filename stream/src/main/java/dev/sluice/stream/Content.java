package dev.sluice.stream;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Linux;
import dev.sluice.linux.Ranges;
import dev.sluice.linux.Transfers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a file that flows: of a small one in a slot, which takes no descriptor; of a larger one up to some place in a file
 * in memory, and behind it, when memory is short, in a nameless file on disk. Safe for use by many threads: a slot is owned by
 * its lock, the files move bytes without it.
 */
final class Content {
    private static final int NONE = -1;

    private final Store store;

    /** Its bytes as long as they are few; null when they are elsewhere. */
    private volatile @Nullable Slot slot;

    /** The file in memory; none as long as there is a slot. */
    private volatile int memory = NONE;

    /** Was it written without holes when it got that? */
    private boolean isDense;

    /** Where the bytes on disk begin; set once. */
    private volatile long split = Long.MAX_VALUE;

    private volatile int disk = NONE;

    /** Up to where it has of the budget. */
    private long reserved;

    /** Up to where it has none any more: what was there is gone. */
    private long givenBack;

    /** How many read it in place; meanwhile it may not go on elsewhere. */
    private int lent;

    /** May somebody have it mapped, who has closed it since? Then its file in memory is nobody else's, ever. */
    private boolean wasLent;

    /** May somebody come back to any place of it without asking? Then nothing is given back. */
    private boolean isHeld;

    Content(Store store) {
        this.store = store;
        slot = new Slot(store.slots());
    }

    /** {@return how many bytes were read, 0 behind the end, or a negated error number} */
    long read(long address, long length, long offset) {
        if (slot != null) {
            synchronized (this) {
                Slot small = slot;
                if (small != null) {
                    return small.read(address, length, offset);
                }
            }
        }
        long limit = split;
        if (offset >= limit) {
            return Transfers.pread(disk, address, length, offset);
        }
        long count = Transfers.pread(memory, address, Math.min(length, limit - offset), offset);
        if (count == 0 && length > 0 && disk >= 0) { // a hole up to what is on disk
            count = Math.min(length, limit - offset);
            Transfers.clear(address, count);
        }
        return count;
    }

    /** {@return the descriptor by which all of it can be read, until it {@linkplain #takeBack is taken back}; or -1} */
    synchronized int lendWhole() {
        if (split != Long.MAX_VALUE || givenBack > 0 || slot != null) {
            return NONE;
        }
        lent++;
        wasLent = true;
        isHeld = true;
        return memory;
    }

    /**
     * Lets somebody read some bytes in place, who may have the file open or mapped from now on, whatever becomes of it here.
     *
     * @param isOnce whether he says what he has passed, and never comes back to it
     * @return the descriptor by which they are read, or -1 when they are not in one place, or in one that small files share
     */
    synchronized int lendSome(long offset, long length, boolean isOnce) {
        if (slot != null || length > split - offset || offset < givenBack) {
            return NONE;
        }
        wasLent = true;
        isHeld |= !isOnce;
        return memory;
    }

    /** Makes room in memory up to a place, for who writes there himself. {@return by which descriptor; or -1} */
    synchronized int lendRoom(long end) {
        Slot small = slot;
        boolean isInPlace = split == Long.MAX_VALUE && (small == null || grow(small, true) == 0);
        if (!isInPlace || !reserve(end)) {
            return NONE;
        }
        wasLent = true;
        return memory;
    }

    /** {@return whether all of it that has not been given back is in one file in memory} */
    synchronized boolean isInMemory() {
        return slot == null && split == Long.MAX_VALUE;
    }

    /** {@return how much may be lent at once of a file whose room is used again: so that the next is lent before that is read} */
    long window() {
        return store.window();
    }

    /** {@return whether its bytes are few} */
    boolean isSmall() {
        return slot != null;
    }

    synchronized void takeBack() {
        lent--;
    }

    /** Lets a payload take bytes itself, if they are all in memory; it need not. */
    boolean lend(Tree.Payload payload, long offset, long length) {
        return slot == null && offset + length <= split && payload.take(memory, offset, length);
    }

    /** {@return how many bytes were written, or a negated error number} */
    long write(Tree.Payload payload, long length, long offset) {
        long done = 0;
        while (done < length) {
            long at = offset + done;
            long result = slot == null ? 0 : writeSmall(payload, done, length - done, at);
            if (result == 0) {
                result = makeRoom(at + length - done);
            }
            if (result == 0) {
                long limit = split;
                result = at < limit
                        ? payload.give(memory, at, done, Math.min(length - done, limit - at))
                        : payload.give(disk, at, done, length - done);
            }
            if (result < 0) {
                return done > 0 ? done : result;
            }
            done += result;
        }
        return done;
    }

    /** Answers 0 when its bytes are in no slot any more. */
    private synchronized long writeSmall(Tree.Payload payload, long from, long length, long offset) {
        Slot small = slot;
        if (small == null) {
            return 0;
        }
        if (Slot.holds(offset + length) && reserve(offset + length)) {
            return small.write(payload, from, length, offset);
        }
        return grow(small, offset <= small.end());
    }

    /** Goes on in a file of its own. {@return 0, or a negated error number} */
    private synchronized long grow(Slot small, boolean isNowDense) {
        int own = store.memoryFile(isNowDense);
        if (own < 0) {
            return own;
        }
        long size = small.end();
        try (Arena arena = Arena.ofConfined()) {
            long address = arena.allocate(Math.max(1, size)).address();
            long result = size == 0 ? 0 : small.read(address, size, 0);
            result = result <= 0 ? result : Transfers.pwrite(own, address, size, 0);
            if (result < 0) {
                store.recycle(own, isNowDense);
                return result;
            }
        }
        memory = own;
        isDense = isNowDense;
        slot = null;
        small.giveBack();
        return 0;
    }

    /** {@return whether there is room up to a place, in memory or, since some was on disk before, there} */
    synchronized boolean reserve(long end) {
        if (end <= reserved || split != Long.MAX_VALUE) {
            return true;
        }
        long rounded = Math.addExact(end, SmallFiles.PAGE - 1) / SmallFiles.PAGE * SmallFiles.PAGE;
        if (store.take(rounded - reserved, lent > 0)) {
            reserved = rounded;
            return true;
        }
        return false;
    }

    /** Lets the bytes before a place go, as far as these are whole pages in memory. {@return whether there were any} */
    synchronized boolean giveBackUpTo(long end) {
        long to = Math.min(end, Math.min(reserved, split)) / SmallFiles.PAGE * SmallFiles.PAGE;
        if (to <= givenBack || isHeld || slot != null) {
            return false;
        }
        int hole = Ranges.PUNCH_HOLE | Ranges.KEEP_SIZE;
        if (Ranges.allocate(memory, hole, givenBack, to - givenBack) < 0) {
            return false;
        }
        store.giveBack(to - givenBack);
        givenBack = to;
        return true;
    }

    /** {@return up to where its bytes are gone} */
    synchronized long givenBack() {
        return givenBack;
    }

    /** Takes budget up to a place, or what lies behind goes to disk from now on. */
    private synchronized int makeRoom(long end) {
        if (reserve(end)) {
            return 0;
        }
        int file = store.spill();
        if (file < 0) {
            return file;
        }
        disk = file;
        split = reserved;
        return 0;
    }

    /** {@return 0, or a negated error number} */
    synchronized long truncate(long size) {
        Slot small = slot;
        long result = 0;
        if (small != null) {
            result = Slot.holds(size) && reserve(size) ? small.truncate(size) : grow(small, false);
        }
        if (result == 0 && slot == null) {
            result = Linux.ftruncate(memory, Math.min(size, split));
            result = result == 0 && disk >= 0 ? Linux.ftruncate(disk, Math.max(size, split)) : result;
        }
        if (result == 0) {
            giveBack(size);
        }
        return result;
    }

    private synchronized void giveBack(long size) {
        long most = Long.MAX_VALUE - SmallFiles.PAGE + 1; // what is behind cannot be written, and so has none
        long rounded = (Math.min(size, most) + SmallFiles.PAGE - 1) / SmallFiles.PAGE * SmallFiles.PAGE;
        if (rounded < reserved && split == Long.MAX_VALUE) {
            store.giveBack(reserved - Math.max(rounded, givenBack));
            reserved = rounded;
            givenBack = Math.min(givenBack, rounded);
        }
    }

    long allocate(int mode, long offset, long length, long size) {
        if ((mode & ~(Ranges.KEEP_SIZE | Ranges.PUNCH_HOLE | Ranges.ZERO_RANGE)) != 0) {
            return Errno.EOPNOTSUPP.negated();
        }
        if (offset < 0 || length <= 0) {
            return Errno.EINVAL.negated();
        }
        if ((mode & (Ranges.PUNCH_HOLE | Ranges.ZERO_RANGE)) == 0) {
            return 0; // room is found when it is needed: in memory, or else on disk
        }
        long end = Math.min(offset + length, size);
        return offset < end ? clear(offset, end) : 0; // behind the end is nothing to clear
    }

    private long clear(long from, long to) {
        synchronized (this) {
            Slot small = slot;
            if (small != null) {
                return small.clear(from, Math.min(to, small.end()));
            }
        }
        int hole = Ranges.PUNCH_HOLE | Ranges.KEEP_SIZE;
        long result = 0;
        if (from < Math.min(to, split)) {
            result = Ranges.allocate(memory, hole, from, Math.min(to, split) - from);
        }
        if (result == 0 && to > split) {
            long start = Math.max(from, split);
            result = Ranges.allocate(disk, hole, start, to - start);
        }
        return result;
    }

    /** {@return the first data at or after a place; where memory and disk meet, data is said to be; -1 if there is none} */
    long nextData(long offset, long size) {
        if (slot != null) {
            return offset < size ? offset : -1;
        }
        long limit = split;
        long found = Ranges.seek(offset < limit ? memory : disk, offset, Ranges.DATA);
        if (found < 0 && found != Errno.ENXIO.negated()) {
            return offset < size ? offset : -1; // a disk that fails is no hole: who reads there is told of it
        }
        if (found >= 0 && (offset >= limit || found < limit)) {
            return found < size ? found : -1;
        }
        return offset < limit && limit < size ? limit : -1;
    }

    /** {@return the first hole at or after a place; the end is one} */
    long nextHole(long offset, long size) {
        if (slot != null) {
            return size;
        }
        long limit = split;
        long found = Ranges.seek(offset < limit ? memory : disk, offset, Ranges.HOLE);
        boolean isOnDisk = offset >= limit;
        if (found >= 0 && (isOnDisk || found < limit)) {
            return Math.min(found, size);
        }
        return !isOnDisk && limit < size ? limit : size;
    }

    /** {@return how many bytes it takes, in memory and on disk} */
    synchronized long taken(long size) {
        return (split == Long.MAX_VALUE ? Math.min(reserved, size) : size) - givenBack;
    }

    /** Takes no descriptor any more if it is small. For when nobody has it open. */
    synchronized void fold(long size) {
        if (slot != null || wasLent || givenBack > 0 || split != Long.MAX_VALUE || !Slot.holds(size)) {
            return;
        }
        Slot small = new Slot(store.slots());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(SmallFiles.MOST_BYTES);
            Tree.Payload all = bytes::address;
            long result = Transfers.pread(memory, bytes.address(), size, 0); // behind its end the buffer is zero
            if (result < 0 || small.write(all, 0, size, 0) < size) {
                small.giveBack();
                return;
            }
        }
        slot = small;
        store.recycle(memory, isDense);
        memory = NONE;
    }

    synchronized void close() {
        Slot small = slot;
        if (small != null) {
            small.giveBack();
        } else if (wasLent) {
            Linux.close(memory);
        } else {
            store.recycle(memory, isDense);
        }
        if (disk >= 0) {
            Linux.close(disk);
        }
        store.giveBack(reserved - givenBack);
        reserved = 0;
        givenBack = 0;
    }
}
