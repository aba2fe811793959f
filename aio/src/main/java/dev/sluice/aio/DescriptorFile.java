package dev.sluice.aio;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Events;
import dev.sluice.linux.Linux;
import dev.sluice.linux.OpenFlag;
import dev.sluice.linux.Stat;
import dev.sluice.linux.Transfers;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file behind a Linux descriptor.
 *
 * <p>Buffered reads are tried on the caller's thread first, without waiting for the disk: a read that the page cache
 * can answer costs less than handing it to anyone. After a streak of misses only every sixty-fourth read is tried.
 * Small buffered writes are made on the caller's thread too: common file systems would hand them to a kernel thread
 * otherwise, which costs many times the write.
 */
final class DescriptorFile extends OpenFile {
    /** Longer buffered writes leave the caller's thread when it asked for an asynchronous one. */
    static final int WRITE_HERE_MAX = 64 << 10;

    /** A pipe that can be written has room for so many bytes. */
    private static final int STREAM_WRITE_MAX = 4 << 10;

    private static final long READ_HERE_MAX = 4 << 20;
    private static final int MISSES_BEFORE_GIVING_UP = 8;
    private static final int TRY_AGAIN_EVERY = 64;
    private static final int UNSUPPORTED = Integer.MIN_VALUE / 2;
    private static final int ACCESS_MODE = 3;
    private static final long ESPIPE = Errno.ESPIPE.negated();
    private static final long EAGAIN = Errno.EAGAIN.negated();
    private static final long EOPNOTSUPP = Errno.EOPNOTSUPP.negated();

    final int fd;
    private final boolean owned;
    private final long origin;
    private final boolean positional;
    private final boolean appending;
    private final boolean inMemory;
    private final boolean buffered;
    private final boolean synced;
    private final int accessMode;
    private final int alignment;
    private final ReentrantLock readTurn = new ReentrantLock();

    /** Found out that the kernel knows no calls on this pipe that never wait; a hint, so races do no harm. */
    private boolean waitsAlways;

    /** Found out that the kernel takes no position for a write; a hint, so races do no harm. */
    private boolean isWrittenInOrder;

    /** Reads in a row which the page cache could not answer; a hint, so races do no harm. */
    private int misses;

    /** The place in the ring's table of registered files, or a count of operations before; the ring's thread's. */
    int ringUse;

    int ringPlace = -1;

    private DescriptorFile(String name, int fd, boolean owned, int flags, Stat stat) {
        super(name);
        this.fd = fd;
        this.owned = owned;
        origin = owned ? 0 : Math.max(0, Linux.position(fd));
        boolean direct = (flags & OpenFlag.DIRECT.bits()) != 0;
        appending = (flags & OpenFlag.APPEND.bits()) != 0;
        positional = (stat.isRegular() || stat.isBlockDevice()) && Linux.position(fd) >= 0;
        inMemory = positional && Linux.isInMemory(fd);
        buffered = !direct;
        synced = (flags & OpenFlag.SYNC.bits()) != 0;
        accessMode = flags & ACCESS_MODE;
        alignment = direct ? Math.max(stat.directAlignment(), 512) : 1;
    }

    /** Takes over an open descriptor; when it cannot be used it is closed, if it was to be owned. */
    static DescriptorFile of(int fd, String name, boolean owned) throws IOException {
        try {
            int flags = Linux.fcntlFlags(fd);
            if (flags < 0) {
                throw Errno.exception(flags, name, "using the descriptor");
            }
            Stat stat = Linux.stat(fd, name);
            if (stat.isDirectory()) {
                throw Errno.exception(Errno.EISDIR.negated(), name, "opening as a file");
            }
            return new DescriptorFile(name, fd, owned, flags, stat);
        } catch (IOException e) {
            if (owned) {
                Linux.close(fd);
            }
            throw e;
        }
    }

    @Override
    boolean isPositional() {
        return positional;
    }

    @Override
    long origin() {
        return origin;
    }

    @Override
    boolean isAppending() {
        return appending;
    }

    @Override
    int alignment() {
        return alignment;
    }

    @Override
    boolean isCallableHere() {
        return positional;
    }

    @Override
    boolean isWorthTryingHere(Operation operation) {
        return switch (operation.kind) {
            case READ ->
                positional && (inMemory || (buffered && operation.length <= READ_HERE_MAX && isCacheWorthTrying()));
            case WRITE -> positional && isWriteShort(operation.length);
            case FORCE, FORCE_DATA -> inMemory;
        };
    }

    private boolean isCacheWorthTrying() {
        int streak = misses;
        if (streak < MISSES_BEFORE_GIVING_UP) {
            return streak >= 0;
        }
        misses = streak + 1;
        return streak % TRY_AGAIN_EVERY == 0;
    }

    /**
     * Reads all of a range on the calling thread, without making an object.
     *
     * @return bytes read, fewer only at the end and -1 when it is there; {@link #WOULD_WAIT} when the disk would have
     *     to be waited for and that was not allowed
     */
    long read(long address, long length, long position, boolean mayWait) throws IOException {
        if (!mayWait && !inMemory && (!buffered || !isCacheWorthTrying())) {
            return WOULD_WAIT;
        }
        long done = 0;
        while (done < length) {
            long result = readOnce(address + done, length - done, position + done, mayWait);
            if (result == WOULD_WAIT) {
                return result;
            } else if (result < 0) {
                throw Errno.exception(result, name, "reading " + length + " bytes at " + position);
            } else if (result == 0) {
                break;
            }
            done += result;
            if (isUnaligned(done)) {
                break;
            }
        }
        return done == 0 && length > 0 ? -1 : done;
    }

    /** Writes all of a range on the calling thread, without making an object. */
    void write(long address, long length, long position) throws IOException {
        long done = 0;
        while (done < length) {
            long result = pwrite(address + done, length - done, position + done);
            if (result <= 0) {
                throw Errno.exception(
                        result, name, "writing " + length + " bytes at " + position + " (" + done + " were written)");
            }
            done += result;
        }
    }

    private long readOnce(long address, long length, long position, boolean mayWait) {
        if (mayWait || inMemory) {
            return Transfers.pread(fd, address, length, position);
        }
        return hit(Transfers.preadNoWait(fd, address, length, position));
    }

    private long hit(long result) {
        if (result >= 0) {
            if (misses > 0) {
                misses = 0;
            }
            return result;
        } else if (result == EAGAIN) {
            misses++;
            return WOULD_WAIT;
        } else if (result == EOPNOTSUPP) {
            misses = UNSUPPORTED;
            return WOULD_WAIT;
        }
        return result;
    }

    @Override
    long call(Operation operation, boolean mayWait) {
        if (operation.kind == Operation.Kind.FORCE) {
            return Linux.fsync(fd);
        } else if (operation.kind == Operation.Kind.FORCE_DATA) {
            return Linux.fdatasync(fd);
        }
        Pieces pieces = operation.pieces;
        boolean reading = operation.kind == Operation.Kind.READ;
        long position = operation.offset();
        if (pieces == null) {
            long address = operation.memory.address() + operation.done;
            long length = operation.length - operation.done;
            return transfer(reading, address, length, position, mayWait);
        }
        long address = pieces.prepare(operation.done);
        int count = pieces.count();
        if (count == 0) {
            return transfer(reading, address, pieces.prepared(), position, mayWait);
        } else if (!positional) {
            return stream(reading, address, count, pieces.slice());
        } else if (!reading) {
            long result = isWrittenInOrder ? ESPIPE : Transfers.pwritev(fd, address, count, position);
            return result == ESPIPE
                    ? pwrite(pieces.slice().address(), pieces.slice().byteSize(), position)
                    : result;
        }
        return mayWait || inMemory
                ? Transfers.preadv(fd, address, count, position)
                : hit(Transfers.preadvNoWait(fd, address, count, position));
    }

    private long transfer(boolean reading, long address, long length, long position, boolean mayWait) {
        if (!positional) {
            return stream(reading, address, length);
        }
        return reading ? readOnce(address, length, position, mayWait) : pwrite(address, length, position);
    }

    /** Some files of the kernel, such as {@code /proc/self/comm}, can be read at positions but only written in order. */
    private long pwrite(long address, long length, long position) {
        if (!isWrittenInOrder) {
            long result = Transfers.pwrite(fd, address, length, position);
            if (result != ESPIPE) {
                return result;
            }
            isWrittenInOrder = true;
        }
        return Transfers.write(fd, address, length);
    }

    /**
     * Reads or writes a pipe or its like without waiting, so that it can be stopped: others may have been quicker since
     * it was ready, or there may be room for a part only. Where the kernel cannot promise that, one thread at a time
     * makes sure, and writes no more than there is room for.
     */
    private long stream(boolean reading, long address, long length) {
        if (!waitsAlways) {
            long result = reading
                    ? Transfers.preadNoWait(fd, address, length, Linux.CURRENT_POSITION)
                    : Transfers.pwriteNoWait(fd, address, length, Linux.CURRENT_POSITION);
            if (result != EOPNOTSUPP) {
                return result;
            }
            waitsAlways = true;
        }
        ReentrantLock turn = reading ? readTurn : appends();
        turn.lock();
        try {
            if (!Events.isReady(fd, !reading)) {
                return EAGAIN;
            }
            return reading
                    ? Transfers.read(fd, address, length)
                    : Transfers.write(fd, address, Math.min(length, STREAM_WRITE_MAX));
        } finally {
            turn.unlock();
        }
    }

    private long stream(boolean reading, long iovecs, int count, MemorySegment first) {
        if (!reading) {
            return stream(false, first.address(), first.byteSize());
        }
        readTurn.lock();
        try {
            return Events.isReady(fd, false) ? Transfers.preadv(fd, iovecs, count, Linux.CURRENT_POSITION) : EAGAIN;
        } finally {
            readTurn.unlock();
        }
    }

    /** Waits until a pipe, a terminal or the like is ready; false when the event counter was signalled instead. */
    boolean awaitReady(boolean forWriting, int event) throws IOException {
        int ready = Events.await(fd, forWriting, event);
        if (ready < 0) {
            throw Errno.exception(ready, name, "waiting for it");
        }
        return ready == 1;
    }

    @Override
    boolean isAppendShort(long bytes) {
        return positional && isWriteShort(bytes);
    }

    /** True when writing so many bytes takes no longer than handing them over. */
    boolean isWriteShort(long bytes) {
        return bytes <= WRITE_HERE_MAX && (inMemory || (buffered && !synced));
    }

    boolean isReadable() {
        return accessMode != OpenFlag.WRITE_ONLY.bits();
    }

    boolean isWritable() {
        return accessMode != OpenFlag.READ_ONLY.bits();
    }

    @Override
    long appendSome(MemorySegment memory) {
        return Transfers.write(fd, memory.address(), memory.byteSize());
    }

    @Override
    long position() {
        return Linux.position(fd);
    }

    @Override
    long size() throws IOException {
        return Linux.stat(fd, name).size();
    }

    @Override
    void truncate(long size) throws IOException {
        check(Linux.ftruncate(fd, size), "setting the size to " + size);
    }

    @Override
    void allocate(long position, long length) throws IOException {
        check(Linux.fallocate(fd, position, length), "allocating " + length + " bytes at " + position);
    }

    @Override
    void force(boolean metadata) throws IOException {
        check(metadata ? Linux.fsync(fd) : Linux.fdatasync(fd), "bringing it to the disk");
    }

    @Override
    void close() throws IOException {
        if (owned) {
            check(Linux.close(fd), "closing");
        }
    }

    private void check(int result, String action) throws IOException {
        if (result < 0) {
            throw Errno.exception(result, name, action);
        }
    }
}
