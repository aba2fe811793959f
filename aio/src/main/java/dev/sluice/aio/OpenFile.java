package dev.sluice.aio;

import dev.sluice.linux.Errno;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * An open file as contexts use it: what it is, and one blocking call on the calling thread at a time.
 *
 * <p>Immutable but for hints; safe for use by many threads. {@link AsyncFile} sees to it that nothing is called after
 * {@link #close}.
 */
abstract sealed class OpenFile permits DescriptorFile, ChannelFile {
    /** Answered where a call would have to wait and was told not to. */
    static final long WOULD_WAIT = Long.MIN_VALUE;

    final String name;

    OpenFile(String name) {
        this.name = name;
    }

    /** True for files with offsets: regular files and block devices; false for pipes, terminals and their like. */
    abstract boolean isPositional();

    /** Where a descriptor or channel stood when it was wrapped; 0 for a file that was opened. */
    abstract long origin();

    /** True when every write goes to the end. */
    abstract boolean isAppending();

    /** What offsets, lengths and addresses must be multiples of; 1 when the file is not direct. */
    abstract int alignment();

    /** True after a direct read that was short, which happens only at the end of the file. */
    final boolean isUnaligned(long done) {
        return (done & (alignment() - 1)) != 0;
    }

    /** True when a blocking call may be made on a user's thread: it is short, and an interrupt does no harm. */
    abstract boolean isCallableHere();

    /**
     * Makes the operation's next call and answers how many bytes it moved, 0 at the end, or {@link #WOULD_WAIT}.
     *
     * @param mayWait whether the disk may be waited for
     */
    abstract long call(Operation operation, boolean mayWait) throws IOException;

    /** Stops an operation that the file itself has taken; false when it has not. */
    boolean isStopped(Operation operation) {
        return false;
    }

    /** Asks all operations that the file itself has taken to stop. */
    void stopAll(Function<Operation, Throwable> reason) {}

    /** True when it is worth while trying an operation on the caller's thread, where it must not wait for the disk. */
    abstract boolean isWorthTryingHere(Operation operation);

    /** True when appending so many bytes takes no longer than handing them over. */
    abstract boolean isAppendShort(long bytes);

    /** The most bytes that are appended before it is asked again whether to go on. */
    static final long APPEND_STEP = 8 << 20;

    private final ReentrantLock appends = new ReentrantLock();

    /**
     * Appends all of the memory's bytes and answers the offset at which they landed, -1 for a file without positions.
     * One thread at a time does, so that each learns that.
     *
     * @param unwanted asked now and then: whether to stop half-way
     */
    final long append(MemorySegment memory, BooleanSupplier unwanted) throws IOException {
        long length = memory.byteSize();
        appends.lock();
        try {
            for (long done = 0; done < length; ) {
                if (unwanted.getAsBoolean()) {
                    throw new InterruptedIOException(
                            name + ": appending " + length + " bytes was stopped (" + done + " were appended)");
                }
                long result = appendSome(memory.asSlice(done, Math.min(length - done, APPEND_STEP)));
                if (result <= 0) {
                    throw Errno.exception(result, name, "appending " + length + " bytes (" + done + " were appended)");
                }
                done += result;
            }
            return isPositional() ? position() - length : -1;
        } finally {
            appends.unlock();
        }
    }

    /** The lock under which is appended. */
    final ReentrantLock appends() {
        return appends;
    }

    /** Appends what one call takes, and answers how many bytes that were, or a negated error number. */
    abstract long appendSome(MemorySegment memory) throws IOException;

    /** Where the last bytes ended that were appended. */
    abstract long position() throws IOException;

    abstract long size() throws IOException;

    abstract void truncate(long size) throws IOException;

    abstract void allocate(long position, long length) throws IOException;

    abstract void force(boolean metadata) throws IOException;

    /** Closes the file; called once, when nothing uses it any more. */
    abstract void close() throws IOException;
}
