package dev.sluice.linux;

/**
 * The system calls that move bytes between files and native memory.
 *
 * <p>They answer, and are called, as those of {@link Linux}. A short transfer is answered as the kernel gives it: going
 * on is the caller's decision. Stateless; safe for use by many threads.
 */
public final class Transfers {
    private static final int EINTR = Linux.EINTR;
    private static final int RWF_NOWAIT = 8;

    private Transfers() {}

    /**
     * Reads at an offset, waiting for the disk.
     *
     * @param fd the descriptor
     * @param address where the bytes go
     * @param length how many, at most
     * @param offset the first byte's place in the file
     * @return the number of bytes read, 0 at the end, or a negated error number
     */
    public static long pread(int fd, long address, long length, long offset) {
        Scratch scratch = Scratch.take();
        try {
            long result;
            do {
                result = (long) Native.PREAD.invokeExact(scratch.state(), fd, address, length, offset);
            } while (result == EINTR);
            return result;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        } finally {
            scratch.giveBack();
        }
    }

    /**
     * Writes at an offset.
     *
     * @param fd the descriptor
     * @param address where the bytes come from
     * @param length how many, at most
     * @param offset the first byte's place in the file
     * @return the number of bytes written, or a negated error number
     */
    public static long pwrite(int fd, long address, long length, long offset) {
        Scratch scratch = Scratch.take();
        try {
            long result;
            do {
                result = (long) Native.PWRITE.invokeExact(scratch.state(), fd, address, length, offset);
            } while (result == EINTR);
            return result;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        } finally {
            scratch.giveBack();
        }
    }

    /**
     * Reads what the page cache holds, and never waits.
     *
     * @param fd the descriptor
     * @param address where the bytes go
     * @param length how many, at most
     * @param offset the first byte's place in the file
     * @return the number of bytes read, which may be fewer than there are; 0 at the end; {@link Errno#EAGAIN} when the disk
     *     would have to be waited for, {@link Errno#EOPNOTSUPP} when the file cannot do this
     */
    public static long preadNoWait(int fd, long address, long length, long offset) {
        Scratch scratch = Scratch.take();
        try {
            long result;
            do {
                result = (long) Native.PREADV2.invokeExact(
                        scratch.state(), fd, scratch.iovec(address, length), 1, offset, RWF_NOWAIT);
            } while (result == EINTR);
            return result;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        } finally {
            scratch.giveBack();
        }
    }

    /**
     * Writes as much as can be written without waiting.
     *
     * @param fd the descriptor
     * @param address where the bytes come from
     * @param length how many, at most
     * @param offset the first byte's place in the file, or {@link Linux#CURRENT_POSITION}
     * @return the number of bytes written, which may be fewer; {@link Errno#EAGAIN} when there is no room now,
     *     {@link Errno#EOPNOTSUPP} when the file cannot do this
     */
    public static long pwriteNoWait(int fd, long address, long length, long offset) {
        Scratch scratch = Scratch.take();
        try {
            long result;
            do {
                result = (long) Native.PWRITEV2.invokeExact(
                        scratch.state(), fd, scratch.iovec(address, length), 1, offset, RWF_NOWAIT);
            } while (result == EINTR);
            return result;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        } finally {
            scratch.giveBack();
        }
    }

    /**
     * Reads at the file's own position.
     *
     * @param fd the descriptor
     * @param address where the bytes go
     * @param length how many, at most
     * @return the number of bytes read, 0 at the end, or a negated error number
     */
    public static long read(int fd, long address, long length) {
        Scratch scratch = Scratch.take();
        try {
            long result;
            do {
                result = (long) Native.READ.invokeExact(scratch.state(), fd, address, length);
            } while (result == EINTR);
            return result;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        } finally {
            scratch.giveBack();
        }
    }

    /**
     * Writes at the file's own position, or at the end when it was opened for appending.
     *
     * @param fd the descriptor
     * @param address where the bytes come from
     * @param length how many, at most
     * @return the number of bytes written, or a negated error number
     */
    public static long write(int fd, long address, long length) {
        Scratch scratch = Scratch.take();
        try {
            long result;
            do {
                result = (long) Native.WRITE.invokeExact(scratch.state(), fd, address, length);
            } while (result == EINTR);
            return result;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        } finally {
            scratch.giveBack();
        }
    }

    /**
     * Reads into several buffers.
     *
     * @param fd the descriptor
     * @param iovecs address of the vectors, each of them {@link Linux#IOVEC_BYTES} long
     * @param count how many, at most {@link Linux#IOVECS_MAX}
     * @param offset the first byte's place in the file, or {@link Linux#CURRENT_POSITION}
     * @return the number of bytes read, 0 at the end, or a negated error number
     */
    public static long preadv(int fd, long iovecs, int count, long offset) {
        Scratch scratch = Scratch.take();
        try {
            long result;
            do {
                result = (long) Native.PREADV2.invokeExact(scratch.state(), fd, iovecs, count, offset, 0);
            } while (result == EINTR);
            return result;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        } finally {
            scratch.giveBack();
        }
    }

    /**
     * Reads what the page cache holds into several buffers, and never waits.
     *
     * @param fd the descriptor
     * @param iovecs address of the vectors, each of them {@link Linux#IOVEC_BYTES} long
     * @param count how many, at most {@link Linux#IOVECS_MAX}
     * @param offset the first byte's place in the file, or {@link Linux#CURRENT_POSITION}
     * @return as {@link #preadNoWait}
     */
    public static long preadvNoWait(int fd, long iovecs, int count, long offset) {
        Scratch scratch = Scratch.take();
        try {
            long result;
            do {
                result = (long) Native.PREADV2.invokeExact(scratch.state(), fd, iovecs, count, offset, RWF_NOWAIT);
            } while (result == EINTR);
            return result;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        } finally {
            scratch.giveBack();
        }
    }

    /**
     * Writes from several buffers.
     *
     * @param fd the descriptor
     * @param iovecs address of the vectors, each of them {@link Linux#IOVEC_BYTES} long
     * @param count how many, at most {@link Linux#IOVECS_MAX}
     * @param offset the first byte's place in the file, or {@link Linux#CURRENT_POSITION}
     * @return the number of bytes written, or a negated error number
     */
    public static long pwritev(int fd, long iovecs, int count, long offset) {
        Scratch scratch = Scratch.take();
        try {
            long result;
            do {
                result = (long) Native.PWRITEV2.invokeExact(scratch.state(), fd, iovecs, count, offset, 0);
            } while (result == EINTR);
            return result;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        } finally {
            scratch.giveBack();
        }
    }
}
