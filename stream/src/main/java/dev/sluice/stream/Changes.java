package dev.sluice.stream;

import static dev.sluice.stream.Underlying.check;

import dev.sluice.linux.Linux;
import dev.sluice.linux.OpenFlag;
import dev.sluice.linux.Transfers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Finds that bytes are about to change which a consumer has got, and tells the chronicle. Keeps nothing; all is called with the
 * workflow's lock held.
 */
final class Changes {
    private static final int PIECE = 1 << 16;

    private final Chronicle chronicle;

    Changes(Chronicle chronicle) {
        this.chronicle = chronicle;
    }

    /** Says so if a file is written that a consumer has taken for complete. */
    void late(RegularFile file, @Nullable Session writer, long at) {
        Stream stream = file.stream;
        if (stream != null && stream.taker != null && stream.isLate(writer)) {
            chronicle.late(stream, at, writer);
            stream.taker = null; // once is enough
        }
    }

    /** Says so if bytes that a consumer has got already are about to change. {@return whether they are} */
    boolean compare(RegularFile file, Stream stream, Handle handle, long at, int length, long address) throws Refusal {
        Content content = file.content;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment before = arena.allocate(length);
            long known = Math.min(length, Math.max(0, file.size - at));
            long read = content == null
                    ? readBelow(handle, before.address(), known, at)
                    : check(content.read(before.address(), known, at));
            long from = at;
            while (from < at + read) {
                long given = stream.given.nextData(from);
                if (given < 0 || given >= at + read) {
                    return false;
                }
                long end = Math.min(at + read, stream.given.nextHole(given));
                long differs = Transfers.mismatch(before.address() + given - at, address + given - at, end - given);
                if (differs >= 0) {
                    chronicle.changed(stream, given + differs, handle.session);
                    return true;
                }
                from = end;
            }
            return false;
        }
    }

    /** Who writes may not read. */
    private static long readBelow(Handle handle, long address, long length, long at) throws Refusal {
        int fd = Bytes.reopen(handle, OpenFlag.READ_ONLY);
        try {
            return check(Transfers.pread(fd, address, length, at));
        } finally {
            Linux.close(fd);
        }
    }

    /** Says so if bytes that a consumer has got already, and that are not zero, are about to be. */
    void compareWithZeros(RegularFile file, Stream stream, Content content, Handle handle, long from, long to)
            throws Refusal {
        long end = Math.min(to, file.size);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment zeros = arena.allocate(PIECE);
            long at = from;
            while (at >= 0 && at < end) {
                long given = stream.given.nextData(at);
                long data = given < 0 ? -1 : content.nextData(given, file.size);
                if (data == given && given >= 0 && given < end) {
                    long length = Math.min(Math.min(end, stream.given.nextHole(given)) - given, PIECE);
                    if (compare(file, stream, handle, given, (int) length, zeros.address())) {
                        return;
                    }
                    data = given + length;
                }
                at = data;
            }
        }
    }
}
