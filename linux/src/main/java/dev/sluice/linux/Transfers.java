package dev.sluice.linux;

import java.lang.foreign.MemorySegment;

/**
 * The system calls that move bytes between files and native memory.
 *
 * <p>They answer, and are called, as those of {@link Linux}. A short transfer is answered as the kernel gives it: going
 * on is the caller's decision. Stateless; safe for use by many threads.
 */
public final class Transfers {
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
        return Native.call(Native.PREAD, fd, address, length, offset, 0, 0);
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
        return Native.call(Native.PWRITE, fd, address, length, offset, 0, 0);
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
            long vector = scratch.iovec(address, length);
            return Native.call(scratch, Native.PREADV2, fd, vector, 1, offset, 0, RWF_NOWAIT);
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
            long vector = scratch.iovec(address, length);
            return Native.call(scratch, Native.PWRITEV2, fd, vector, 1, offset, 0, RWF_NOWAIT);
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
        return Native.call(Native.READ, fd, address, length, 0, 0, 0);
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
        return Native.call(Native.WRITE, fd, address, length, 0, 0, 0);
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
        return Native.call(Native.PREADV2, fd, iovecs, count, offset, 0, 0);
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
        return Native.call(Native.PREADV2, fd, iovecs, count, offset, 0, RWF_NOWAIT);
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
        return Native.call(Native.PWRITEV2, fd, iovecs, count, offset, 0, 0);
    }

    /**
     * Fills memory with zeros.
     *
     * @param address where it begins
     * @param length how many bytes
     */
    public static void clear(long address, long length) {
        MemorySegment.ofAddress(address).reinterpret(length).fill((byte) 0);
    }

    /**
     * Compares memory with memory.
     *
     * @param one where the one begins
     * @param other where the other begins
     * @param length how many bytes
     * @return the place of the first byte that differs, or -1
     */
    public static long mismatch(long one, long other, long length) {
        return MemorySegment.ofAddress(one)
                .reinterpret(length)
                .mismatch(MemorySegment.ofAddress(other).reinterpret(length));
    }

    /**
     * A pipe of this process with itself, by which bytes go from file to file without ever being in its memory.
     *
     * <p>Owned by one thread. Who fills it, empties it: what does not fit would wait for ever.
     */
    public static final class Siphon implements AutoCloseable {
        private static final int SET_PIPE_SIZE = 1031;
        private static final int NEVER_WAIT_FOR_THE_PIPE = 2;
        private static final long SPLICE = Native.number(275, 76);

        private final int in;
        private final int out;
        private final int room;

        private Siphon(int in, int out, int room) {
            this.in = in;
            this.out = out;
            this.room = room;
        }

        /**
         * Makes one.
         *
         * @param bytes how much it is to hold when each page of memory holds 4096 of them
         * @return a siphon with as much room as the system allows, which may be less, and none at all
         */
        public static Siphon open(int bytes) {
            long pipe = Linux.pipe();
            if (pipe < 0) {
                return new Siphon(-1, -1, 0);
            }
            int in = (int) pipe;
            int out = (int) (pipe >>> Integer.SIZE);
            long room = Native.call(Native.FCNTL, out, SET_PIPE_SIZE, bytes, 0);
            return new Siphon(in, out, room < 0 ? 0 : (int) room);
        }

        /** {@return how many bytes it can hold, if each page of memory holds 4096 of them} */
        public int room() {
            return room;
        }

        /**
         * Takes bytes from a file.
         *
         * @param fd the file
         * @param offset where; -1 where the file has no places
         * @param length how many, at most
         * @return how many it took, 0 at the end, or a negated error number
         */
        public long fill(int fd, long offset, long length) {
            return splice(fd, offset, out, -1, length);
        }

        /**
         * Moves bytes to a file.
         *
         * @param fd the file
         * @param offset where; -1 where the file has no places
         * @param length how many, at most, of those it holds
         * @return how many it moved, or a negated error number
         */
        public long empty(int fd, long offset, long length) {
            return splice(in, -1, fd, offset, length);
        }

        private static long splice(int from, long offset, int to, long toOffset, long length) {
            Scratch scratch = Scratch.take();
            try {
                scratch.number(0, offset);
                scratch.number(1, toOffset);
                return Native.call(
                        scratch,
                        SPLICE,
                        from,
                        offset < 0 ? 0 : scratch.addressOfNumber(0),
                        to,
                        toOffset < 0 ? 0 : scratch.addressOfNumber(1),
                        length,
                        NEVER_WAIT_FOR_THE_PIPE);
            } finally {
                scratch.giveBack();
            }
        }

        /** As {@link #fill}, from a file without places, where it may have to be woken. */
        long fillUnlessWoken(Scratch scratch, int fd, long length) {
            return Native.once(scratch, SPLICE, fd, 0, out, 0, length, 0);
        }

        /**
         * Brings bytes that it holds into memory.
         *
         * @param address where they go
         * @param length how many, at most
         * @return how many there were, or a negated error number
         */
        public long read(long address, long length) {
            return Transfers.read(in, address, length);
        }

        /**
         * Puts bytes of memory in.
         *
         * @param address where they are
         * @param length how many
         * @return how many it took, or a negated error number
         */
        public long write(long address, long length) {
            return Transfers.write(out, address, length);
        }

        @Override
        public void close() {
            if (in >= 0) {
                Linux.close(in);
                Linux.close(out);
            }
        }
    }
}
