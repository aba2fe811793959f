package dev.sluice.stream;

import static dev.sluice.stream.Underlying.check;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Linux;
import dev.sluice.linux.Ranges;
import dev.sluice.linux.Transfers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The bytes of a file that flows: up to some place in memory, behind it, when memory is short, in a nameless file on disk.
 * While nobody writes it, a small one {@linkplain #fold is folded} into a slot that takes no descriptor. Safe for use by many
 * threads; folding and unfolding are for one thread, when nobody else uses it or writes it.
 */
final class Content {

    private final Store store;

    /** Where the bytes in memory are. */
    private record Place(int fd, long base) {}

    private volatile Place place;

    /** The slot it has, and keeps while it may be read there: its place and pages; none if it has no pages. */
    private long slot;

    private int slotPages;

    /** Where the bytes on disk begin; set once. */
    private volatile long split = Long.MAX_VALUE;

    private volatile int disk = -1;

    /** Up to where it has of the budget. */
    private long reserved;

    /** Up to where it has none any more: what was there is gone. */
    private long givenBack;

    /** How many read it in place; meanwhile it may not go on elsewhere. */
    private int lent;

    /** May somebody have it mapped, who has closed it since? Then its file in memory is nobody else's, ever. */
    private boolean wasLent;

    Content(Store store, int memory) {
        this.store = store;
        place = new Place(memory, 0);
    }

    /** {@return how many bytes were read, 0 behind the end, or a negated error number} */
    long read(long address, long length, long offset) {
        long limit = split;
        Place here = place;
        return offset < limit
                ? Transfers.pread(here.fd(), address, Math.min(length, limit - offset), here.base() + offset)
                : Transfers.pread(disk, address, length, offset);
    }

    /** {@return the descriptor by which all of it can be read, until it {@linkplain #takeBack is taken back}; or -1} */
    synchronized int lendWhole(long size) {
        if (split != Long.MAX_VALUE || givenBack > 0 || isFolded() || SmallFiles.pages(size) <= SmallFiles.MOST_PAGES) {
            return -1;
        }
        lent++;
        wasLent = true;
        return place.fd();
    }

    synchronized void takeBack() {
        lent--;
    }

    /** Lets a payload take bytes itself, if they are all in memory; it need not. */
    boolean lend(Tree.Payload payload, long offset, long length) {
        Place here = place;
        return offset + length <= split && payload.take(here.fd(), here.base() + offset, length);
    }

    /** {@return how many bytes were written, or a negated error number} */
    long write(Tree.Payload payload, long length, long offset) {
        long done = 0;
        while (done < length) {
            long at = offset + done;
            long result = makeRoom(at + length - done);
            if (result == 0) {
                long limit = split;
                result = at < limit
                        ? payload.give(place.fd(), at, done, Math.min(length - done, limit - at))
                        : payload.give(disk, at, done, length - done);
            }
            if (result < 0) {
                return done > 0 ? done : result;
            }
            done += result;
        }
        return done;
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
        if (to <= givenBack || wasLent || isFolded()) {
            return false;
        }
        int hole = Ranges.PUNCH_HOLE | Ranges.KEEP_SIZE;
        if (Ranges.allocate(place.fd(), hole, givenBack, to - givenBack) < 0) {
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

    int truncate(long size) {
        int result = Linux.ftruncate(place.fd(), Math.min(size, split));
        if (result == 0 && disk >= 0) {
            result = Linux.ftruncate(disk, Math.max(size, split));
        }
        if (result == 0) {
            giveBack(size);
        }
        return result;
    }

    private synchronized void giveBack(long size) {
        long rounded = (size + SmallFiles.PAGE - 1) / SmallFiles.PAGE * SmallFiles.PAGE;
        if (rounded < reserved && split == Long.MAX_VALUE) {
            store.giveBack(reserved - Math.max(rounded, givenBack));
            reserved = rounded;
            givenBack = Math.min(givenBack, rounded);
        }
    }

    int allocate(int mode, long offset, long length, long size) {
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
        int hole = Ranges.PUNCH_HOLE | Ranges.KEEP_SIZE;
        int result = 0;
        if (offset < Math.min(end, split)) {
            result = Ranges.allocate(place.fd(), hole, offset, Math.min(end, split) - offset);
        }
        if (result == 0 && end > split) {
            long from = Math.max(offset, split);
            result = Ranges.allocate(disk, hole, from, end - from);
        }
        return result;
    }

    /** {@return the first data at or after a place; where memory and disk meet, data is said to be; -1 if there is none} */
    long nextData(long offset, long size) {
        if (isFolded()) {
            return offset < size ? offset : -1;
        }
        long limit = split;
        long found = Ranges.seek(offset < limit ? place.fd() : disk, offset, Ranges.DATA);
        if (found >= 0 && (offset >= limit || found < limit)) {
            return found < size ? found : -1;
        }
        return offset < limit && limit < size ? limit : -1;
    }

    /** {@return the first hole at or after a place; the end is one} */
    long nextHole(long offset, long size) {
        if (isFolded()) {
            return size;
        }
        long limit = split;
        long found = Ranges.seek(offset < limit ? place.fd() : disk, offset, Ranges.HOLE);
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

    private boolean isFolded() {
        return slotPages > 0 && place.fd() == store.slots().descriptor();
    }

    /** Moves a small file into a slot. For when nobody has it open. */
    void fold(long size) {
        int pages = SmallFiles.pages(size);
        int target = store.slots().descriptor();
        if (isFolded()
                || wasLent
                || givenBack() > 0
                || split != Long.MAX_VALUE
                || pages > SmallFiles.MOST_PAGES
                || target < 0) {
            return;
        }
        if (pages != slotPages) {
            giveSlotBack();
            slot = store.slots().take(pages);
            slotPages = pages;
        }
        if (copy(place, new Place(target, slot), size)) {
            int before = place.fd();
            place = new Place(target, slot);
            store.recycle(before);
        } else {
            giveSlotBack();
        }
    }

    /** Makes it a file of its own, to be written. Who reads it in its slot may go on. */
    void unfold(long size) throws Refusal {
        if (!isFolded()) {
            return;
        }
        Place own = new Place(check(store.memoryFile()), 0);
        if (!copy(place, own, size)) {
            store.recycle(own.fd());
            throw Refusal.of(Errno.EIO);
        }
        place = own;
    }

    private static boolean copy(Place from, Place to, long size) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Math.max(1, size));
            long known = 0;
            for (long count = 1; known < size && count > 0; known += Math.max(0, count)) {
                count = Transfers.pread(from.fd(), buffer.address() + known, size - known, from.base() + known);
                if (count < 0) {
                    return false;
                }
            }
            // What is behind the last byte is a hole, and the buffer is zero there.
            for (long done = 0; done < size; ) {
                long count = Transfers.pwrite(to.fd(), buffer.address() + done, size - done, to.base() + done);
                if (count < 0) {
                    return false;
                }
                done += count;
            }
            return true;
        }
    }

    private void giveSlotBack() {
        if (slotPages > 0) {
            store.slots().giveBack(slot, slotPages);
            slotPages = 0;
        }
    }

    void close() {
        if (wasLent) {
            Linux.close(place.fd());
        } else if (!isFolded()) {
            store.recycle(place.fd());
        }
        giveSlotBack();
        if (disk >= 0) {
            Linux.close(disk);
        }
        synchronized (this) {
            store.giveBack(reserved - givenBack);
            reserved = 0;
            givenBack = 0;
        }
    }
}
