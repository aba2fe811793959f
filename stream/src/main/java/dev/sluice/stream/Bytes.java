package dev.sluice.stream;

import static dev.sluice.stream.Underlying.check;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Linux;
import dev.sluice.linux.OpenFlag;
import dev.sluice.linux.Ranges;
import dev.sluice.linux.Transfers;
import dev.sluice.stream.Gate.Ask;
import dev.sluice.stream.Gate.Phase;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes open files. Bytes are moved without the workflow's lock; what is known of them is owned by
 * it.
 */
final class Bytes {
    private static final int PROCESSES_KNOWN = 64;

    /** Up to where a file can be written; the kernel lets who writes by a mount go on to the last number that there is. */
    private static final long FURTHEST = Long.MAX_VALUE - SmallFiles.PAGE;

    /** Of some threads that have written, their process in the upper half and their own number in the lower one. */
    private final AtomicLongArray processes = new AtomicLongArray(PROCESSES_KNOWN);

    private final Waiters waiters;
    private final Streams streams;
    private final Room room;
    private final Chronicle chronicle;
    private final Changes changes;
    private final Lending lending;

    Bytes(Waiters waiters, Streams streams, Room room, Chronicle chronicle, Recorder recorder, Witness witness) {
        this.room = room;
        lending = new Lending(waiters, room, chronicle, recorder, witness, this);
        this.waiters = waiters;
        this.streams = streams;
        this.chronicle = chronicle;
        changes = new Changes(chronicle);
    }

    Lending lending() {
        return lending;
    }

    Changes changes() {
        return changes;
    }

    /** The process of a thread, which is likely to have been asked for lately. */
    private int processOf(int task) {
        int place = task & (processes.length() - 1);
        long known = processes.get(place);
        if ((int) known != task) {
            known = (long) Proc.process(task) << Integer.SIZE | task;
            processes.set(place, known);
        }
        return (int) (known >>> Integer.SIZE);
    }

    /** Where bytes are that may be read now. */
    record Share(@Nullable Content content, long length) {}

    /** How many bytes may be read now? Waits where there is none yet. */
    Share share(Request request, Handle handle, long offset, long length) throws Refusal, Parked {
        RegularFile file = handle.file;
        waiters.enter();
        try {
            Content content = file.content;
            room.require(request, file, offset);
            lending.absorb(file);
            Stream stream = file.stream;
            long there = Long.MAX_VALUE;
            if (stream != null && stream.phase == Phase.GROWING && handle.streams) {
                there = available(file, stream, offset);
                streams.pass(request, stream, Ask.READ, there > 0, offset);
                if (there > 0) {
                    there = Math.min(there, length);
                    stream.given.add(offset, offset + there);
                    stream.reader = handle.session == null ? null : handle.session.step();
                }
            } else if (stream != null && handle.streams) {
                streams.pass(request, stream, Ask.READ, true, offset);
                if (offset + length >= file.size) {
                    stream.takenBy(handle.session);
                }
            }
            return new Share(
                    content,
                    Math.min(Math.min(length, there), content == null ? length : Math.max(0, file.size - offset)));
        } finally {
            waiters.leave();
        }
    }

    /** Lets a request through when there is something behind a place, or nothing more to come. Called with the lock held. */
    void require(Request request, Handle handle, long behind) throws Refusal, Parked {
        RegularFile file = handle.file;
        Stream stream = file.stream;
        lending.absorb(file);
        if (behind < 0 || stream == null || stream.phase != Phase.GROWING) {
            streams.passOpen(request, stream, Ask.STAT);
        } else {
            streams.pass(request, stream, Ask.READ, available(file, stream, behind) > 0, behind);
        }
    }

    /** How much there is from a place on; if that seems to be nothing, who writes by himself is asked as well. */
    private long available(RegularFile file, Stream stream, long from) {
        long there = stream.written.available(from);
        if (there == 0) {
            lending.want(file);
            there = stream.written.available(from);
        }
        return there;
    }

    int read(Request request, Handle handle, long offset, int length, Tree.Payload payload) throws Refusal, Parked {
        RegularFile file = handle.file;
        Share share = share(request, handle, offset, length);
        Content content = share.content;
        long wanted = share.length;
        // Where room is used again, pages on their way might become zeros: a part of a long one is cleared in place.
        boolean isTaken = content == null
                ? payload.take(handle.fd, offset, wanted)
                : !room.isOn() && content.lend(payload, offset, wanted);
        if (isTaken) {
            requireStill(request, file, offset);
            return got(handle, offset, (int) wanted);
        }
        long address = payload.address();
        if (content == null) {
            return (int) check(Transfers.pread(handle.fd, address, wanted, offset));
        }
        long done = 0;
        while (done < wanted) {
            long count = check(content.read(address + done, wanted - done, offset + done));
            if (count == 0) { // a hole behind all that is in memory
                Transfers.clear(address + done, wanted - done);
                count = wanted - done;
            }
            done += count;
        }
        requireStill(request, file, offset);
        return got(handle, offset, (int) done);
    }

    /** Another thread of the same reader may have gone on meanwhile, and what was read here is zeros. */
    private void requireStill(Request request, RegularFile file, long offset) throws Refusal {
        if (!room.isOn()) {
            return;
        }
        waiters.enter();
        try {
            room.require(request, file, offset);
        } finally {
            waiters.leave();
        }
    }

    /** So many bytes have been read, and are on their way. */
    private int got(Handle handle, long offset, int count) {
        if (room.isOn() && handle.streams) {
            waiters.enter();
            try {
                room.read(handle, offset, offset + count);
            } finally {
                waiters.leave();
            }
        }
        return count;
    }

    int write(Request request, Handle handle, long offset, int length, Tree.Payload payload, boolean appends)
            throws Refusal, Parked {
        if (!appends) {
            return put(request, handle, offset, length, payload, false);
        }
        Lock end = end(handle.file);
        end.lock();
        try {
            return put(request, handle, offset, length, payload, true);
        } finally {
            end.unlock();
        }
    }

    /** The right to move a file's end: it is where it was until the bytes behind it are there, so one appends after the other. */
    private Lock end(RegularFile file) {
        waiters.enter();
        try {
            Lock end = file.end == null ? new ReentrantLock() : file.end;
            file.end = end;
            return end;
        } finally {
            waiters.leave();
        }
    }

    private int put(Request request, Handle handle, long offset, int length, Tree.Payload payload, boolean appends)
            throws Refusal, Parked {
        RegularFile file = handle.file;
        Content content;
        long at = offset;
        int writer = handle.isWatched() ? processOf(request.task()) : 0;
        waiters.enter();
        try {
            lending.absorb(file);
            content = file.content;
            if (content != null) {
                long first = appends ? file.size : offset;
                if (first > FURTHEST - length) {
                    throw Refusal.of(Errno.EFBIG);
                }
                room.find(request, handle, content, first + length);
            }
            handle.writer = writer;
            handle.isAbandoned = false;
            if (content != null && appends) {
                at = file.size;
            }
            Stream stream = file.stream;
            if (stream != null && stream.given.meet(at, at + length)) {
                boolean _ = changes.compare(file, stream, handle, at, length, payload.address());
            }
        } finally {
            waiters.leave();
        }
        long done;
        if (content == null) {
            done = check(give(payload, handle, at, length, appends));
        } else {
            done = content.write(payload, length, at);
        }
        written(handle, content, at, Math.max(done, 0), content == null && appends);
        return (int) check(done);
    }

    /**
     * Pages of a mapping come back. Who has written them may have ended, or not ask: if they cannot be stored, the file never is
     * complete. The kernel takes a part of them for all.
     */
    int writeMapped(Request request, Handle handle, long offset, int length, Tree.Payload payload)
            throws Refusal, Parked {
        try {
            int count = write(request, handle, offset, length, payload, false);
            if (count < length) {
                throw Refusal.of(Errno.ENOSPC);
            }
            return count;
        } catch (Refusal e) {
            waiters.enter();
            try {
                handle.file.hasLost = true;
                chronicle.unstored(handle, e);
            } finally {
                waiters.leave();
            }
            throw e;
        }
    }

    /** So many bytes have been written, and can be read. */
    void written(Handle handle, @Nullable Content content, long at, long done, boolean isBehindAll) {
        if (done == 0) {
            return; // what was refused, as where the disk is full, makes the file no longer
        }
        RegularFile file = handle.file;
        waiters.enter();
        try {
            long end = at + done;
            changes.late(file, handle.session, at);
            if (content != null) {
                file.times.written();
                file.changed();
            }
            file.size = isBehindAll ? file.size + done : Math.max(file.size, end);
            Stream stream = file.stream;
            if (stream != null) {
                if (handle.session != null) {
                    stream.writtenBy(handle.session.step());
                }
                stream.written.add(at, end);
                streams.written(stream);
                lending.grown(handle, stream);
            }
        } finally {
            waiters.leave();
        }
    }

    /** Somebody has written where he was let. {@return how much of it was not known yet} */
    int wrote(Request request, Handle handle, long offset, int length) throws Refusal {
        return lending.wrote(handle, handle.isWatched() ? processOf(request.task()) : 0, offset, length);
    }

    /** Into the underlying file. The kernel appends to one that was opened so, whatever place it is told. */
    private static long give(Tree.Payload payload, Handle handle, long at, int length, boolean appends) throws Refusal {
        if (appends || !handle.appends()) {
            return payload.give(handle.fd, at, 0, length);
        }
        int fd = reopen(handle, OpenFlag.WRITE_ONLY);
        try {
            return payload.give(fd, at, 0, length);
        } finally {
            Linux.close(fd);
        }
    }

    static int reopen(Handle handle, OpenFlag access) throws Refusal {
        return check(dev.sluice.linux.Names.reopen(handle.fd, access.bits() | OpenFlag.CLOSE_ON_EXEC.bits()));
    }

    /** Called with the lock held. */
    void truncate(RegularFile file, long size) throws Refusal {
        lending.retire(file);
        Content content = file.content;
        if (content != null) {
            check(content.truncate(size));
            file.times.written();
            file.changed();
        }
        file.size = size;
        if (size == 0 && file.hasLost) {
            file.hasLost = false; // it is made anew
            chronicle.stored(file);
        }
        for (Handle handle : file.handles) {
            handle.lentFrom = 0; // what was made room for is given back
            handle.lentTo = 0;
            handle.aheadFrom = 0;
            handle.aheadTo = 0;
        }
        Stream stream = file.stream;
        if (stream != null) {
            stream.written.cut(size);
            if (stream.given.end() > size) {
                chronicle.changed(stream, size, null);
                stream.given.cut(size);
            }
        }
    }

    void sync(Handle handle, boolean dataOnly) throws Refusal {
        if (handle.fd >= 0) {
            check(dataOnly ? Linux.fdatasync(handle.fd) : Linux.fsync(handle.fd));
        }
    }

    void allocate(Handle handle, int mode, long offset, long length) throws Refusal {
        RegularFile file = handle.file;
        waiters.enter();
        try {
            lending.absorb(file);
            Content content = file.content;
            if (content == null) {
                check(Ranges.allocate(handle.fd, mode, offset, length));
            } else {
                Stream stream = file.stream;
                boolean clears = (mode & (Ranges.PUNCH_HOLE | Ranges.ZERO_RANGE)) != 0;
                if (clears && stream != null && offset >= 0 && length > 0) {
                    changes.compareWithZeros(file, stream, content, handle, offset, offset + length);
                }
                check(content.allocate(mode, offset, length, file.size));
                if ((mode & Ranges.KEEP_SIZE) == 0 && offset + length > file.size) {
                    check(content.truncate(offset + length)); // others read its file in memory to the end of that
                }
                file.times.written();
                file.changed();
            }
            if ((mode & Ranges.KEEP_SIZE) == 0) {
                file.size = Math.max(file.size, offset + length);
            }
        } finally {
            waiters.leave();
        }
    }

    long seek(Request request, Handle handle, long offset, int whence) throws Refusal, Parked {
        RegularFile file = handle.file;
        waiters.enter();
        try {
            streams.passOpen(request, handle.streams ? file.stream : null, Ask.STAT);
            lending.absorb(file);
            Content content = file.content;
            if (content == null) {
                return check(Ranges.seek(handle.fd, offset, whence));
            }
            if (offset < 0 || offset >= file.size) {
                throw Refusal.of(Errno.ENXIO);
            }
            long place =
                    whence == Ranges.DATA ? content.nextData(offset, file.size) : content.nextHole(offset, file.size);
            if (place < 0) {
                throw Refusal.of(Errno.ENXIO);
            }
            return place;
        } finally {
            waiters.leave();
        }
    }

    long copy(Handle from, long offset, Handle to, long toOffset, long length) throws Refusal {
        if (from.streams) {
            // Then the program reads. By itself the kernel would copy up to the size of this moment, and call that the
            // end.
            throw Refusal.of(Errno.EINVAL);
        }
        Stream stream = to.file.stream;
        if (from.fd < 0 || to.fd < 0 || stream != null) {
            throw Refusal.of(Errno.EOPNOTSUPP); // then it is read and written
        }
        return check(Ranges.copy(from.fd, offset, to.fd, toOffset, length));
    }
}
