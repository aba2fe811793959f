package dev.sluice.stream;

import dev.sluice.linux.Transfers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The bytes of a small file, in a slot of the file that all small ones share; empty at first. A slot that was somebody else's
 * has his bytes, so nothing behind the end is ever read. Owned by the lock of its {@link Content}.
 */
final class Slot {
    private static final MemorySegment ZEROS = Arena.global().allocate(SmallFiles.MOST_BYTES);

    private final SmallFiles files;
    private long place;
    private int pages;
    private long end;

    Slot(SmallFiles files) {
        this.files = files;
    }

    /** {@return whether so many bytes can be in one} */
    static boolean holds(long size) {
        return size <= SmallFiles.MOST_BYTES;
    }

    /** {@return how many bytes were read, 0 behind the end, or a negated error number} */
    long read(long address, long length, long offset) {
        return offset >= end ? 0 : Transfers.pread(fd(), address, Math.min(length, end - offset), place + offset);
    }

    /** {@return how many bytes were written, or a negated error number} */
    long write(Tree.Payload payload, long from, long length, long offset) {
        long result = room(offset + length, offset);
        if (result == 0) {
            result = payload.give(fd(), place + offset, from, length);
            end = Math.max(end, offset + result);
        }
        return result;
    }

    /** {@return 0, or a negated error number} */
    long truncate(long size) {
        long result = room(size, size);
        end = result == 0 ? size : end;
        return result;
    }

    /** {@return 0, or a negated error number} */
    long clear(long from, long to) {
        long result = from < to ? Transfers.pwrite(fd(), ZEROS.address(), to - from, place + from) : 0;
        return Math.min(result, 0);
    }

    long end() {
        return end;
    }

    private int fd() {
        return files.descriptor();
    }

    /** Finds room for all up to a place, and makes what is between the end and another place zero. */
    private long room(long needed, long zeroUpTo) {
        long result = fd() < 0 ? fd() : 0;
        int wanted = needed == 0 ? 0 : SmallFiles.pages(needed);
        if (result == 0 && wanted > pages) {
            int more = Math.min(SmallFiles.MOST_PAGES, Math.max(wanted, 2 * pages));
            result = move(files.take(more), more);
        }
        return result < 0 ? result : clear(end, zeroUpTo);
    }

    private long move(long other, int more) {
        long result = 0;
        if (end > 0) {
            try (Arena arena = Arena.ofConfined()) {
                long address = arena.allocate(end).address();
                result = read(address, end, 0);
                result = result < 0 ? result : Transfers.pwrite(fd(), address, end, other);
            }
        }
        if (result < 0) {
            files.giveBack(other, more);
            return result;
        }
        giveBack();
        place = other;
        pages = more;
        return 0;
    }

    /** Lets its bytes go. */
    void giveBack() {
        if (pages > 0) {
            files.giveBack(place, pages);
            pages = 0;
        }
    }
}
