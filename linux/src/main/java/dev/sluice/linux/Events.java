package dev.sluice.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;

/**
 * Event counters, which one thread signals and another waits for, alone or together with a file; and words of shared memory for
 * whose change processes wait.
 */
public final class Events {
    private static final int EVENTFD_CLOSE_ON_EXEC = 0x80000;
    static final short POLL_IN = 1;
    static final short POLL_OUT = 4;
    private static final MemorySegment ONE = one();

    /** The most words that {@link #awaitAny} waits for at once. */
    public static final int MOST_WORDS = 128;

    private static final long FUTEX = Native.number(202, 98);
    private static final long FUTEX_WAITV = Native.number(449, 449);
    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final int WORD_OF_32_BITS = 2;
    private static final long WAIT_BYTES = 24;
    private static final long NANOS = 1_000_000_000;

    private Events() {}

    /**
     * Wakes all, in any process, who wait for a word of shared memory to change.
     *
     * @param word the address of its 32 bits
     * @return how many were woken, or a negated error number
     */
    public static int wake(long word) {
        return (int) Native.call(FUTEX, word, FUTEX_WAKE, Integer.MAX_VALUE, 0);
    }

    /**
     * Waits until somebody wakes those who wait for a word of shared memory, as long as it has a value. It may also return for
     * no reason.
     *
     * @param word the address of its 32 bits
     * @param value what it is expected to be
     * @param nanos how long at most
     * @return 0, or a negated error number: {@link Errno#EAGAIN} when it is something else, {@link Errno#ETIMEDOUT}
     */
    public static int awaitChange(long word, int value, long nanos) {
        Scratch scratch = Scratch.take();
        try {
            scratch.number(0, nanos / NANOS);
            scratch.number(1, nanos % NANOS);
            return (int) Native.once(
                    scratch, FUTEX, word, FUTEX_WAIT, Integer.toUnsignedLong(value), scratch.addressOfNumber(0), 0, 0);
        } finally {
            scratch.giveBack();
        }
    }

    /**
     * Waits until somebody wakes those who wait for one of several words of shared memory, as long as all of them have their
     * values. It may also return for no reason. Since Linux 5.16.
     *
     * @param words their addresses
     * @param values what they are expected to be
     * @param count how many there are, at most {@link #MOST_WORDS}
     * @return the place of one of them, or a negated error number: {@link Errno#EAGAIN} when one is something else,
     *     {@link Errno#ENOSYS} when the kernel cannot do it
     */
    public static int awaitAny(long[] words, int[] values, int count) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment waits = arena.allocate(count * WAIT_BYTES, 8);
            for (int i = 0; i < count; i++) {
                waits.set(ValueLayout.JAVA_LONG, i * WAIT_BYTES, Integer.toUnsignedLong(values[i]));
                waits.set(ValueLayout.JAVA_LONG, i * WAIT_BYTES + 8, words[i]);
                waits.set(ValueLayout.JAVA_INT, i * WAIT_BYTES + 16, WORD_OF_32_BITS);
            }
            Scratch scratch = Scratch.take();
            try {
                return (int) Native.once(scratch, FUTEX_WAITV, waits.address(), count, 0, 0, 0, 0);
            } finally {
                scratch.giveBack();
            }
        }
    }

    /**
     * Makes an event counter, closed when the process executes another program.
     *
     * @return its descriptor, or a negated error number
     */
    public static int eventfd() {
        return (int) Native.call(Native.EVENTFD, 0, EVENTFD_CLOSE_ON_EXEC, 0, 0);
    }

    /**
     * Adds one to an event counter, which wakes who reads or polls it.
     *
     * @param fd the counter's descriptor
     * @return 8, or a negated error number
     */
    public static long signal(int fd) {
        return Native.call(Native.WRITE, fd, ONE.address(), ONE.byteSize(), 0);
    }

    /**
     * Takes from an event counter all that was added, waiting until there is something.
     *
     * @param fd the counter's descriptor
     * @return how often it was signalled, or a negated error number
     */
    public static long take(int fd) {
        Scratch scratch = Scratch.take();
        try {
            long result = Native.call(scratch, Native.READ, fd, scratch.addressOfNumber(0), ONE.byteSize(), 0);
            return result < 0 ? result : scratch.number(0);
        } finally {
            scratch.giveBack();
        }
    }

    /**
     * Waits until a file can be read (or written), or an event counter is signalled.
     *
     * @param fd the file
     * @param forWriting whether it is to be written
     * @param event the event counter
     * @return 1 when the file is ready, 0 when only the counter is, or a negated error number
     */
    public static int await(int fd, boolean forWriting, int event) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment files = arena.allocate(16, 4);
            files.set(ValueLayout.JAVA_INT, 0, fd);
            files.set(ValueLayout.JAVA_SHORT, 4, forWriting ? POLL_OUT : POLL_IN);
            files.set(ValueLayout.JAVA_INT, 8, event);
            files.set(ValueLayout.JAVA_SHORT, 12, POLL_IN);
            int ready = poll(files.address(), 2, true);
            return ready < 0 ? ready : files.get(ValueLayout.JAVA_SHORT, 6) != 0 ? 1 : 0;
        }
    }

    /**
     * Asks whether a file can be read (or written) without waiting.
     *
     * @param fd the file
     * @param forWriting whether it is to be written
     * @return true when it is ready, or when using it fails at once
     */
    public static boolean isReady(int fd, boolean forWriting) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment file = arena.allocate(8, 4);
            file.set(ValueLayout.JAVA_INT, 0, fd);
            file.set(ValueLayout.JAVA_SHORT, 4, forWriting ? POLL_OUT : POLL_IN);
            return poll(file.address(), 1, false) > 0;
        }
    }

    /** Waits for ever, or not at all. */
    private static int poll(long files, long count, boolean waits) {
        Scratch scratch = Scratch.take();
        try {
            scratch.number(0, 0);
            scratch.number(1, 0);
            long time = waits ? 0 : scratch.addressOfNumber(0);
            return (int) Native.call(scratch, Native.PPOLL, files, count, time, 0);
        } finally {
            scratch.giveBack();
        }
    }

    private static MemorySegment one() {
        MemorySegment one = Arena.global().allocate(ValueLayout.JAVA_LONG);
        one.set(ValueLayout.JAVA_LONG, 0, 1);
        return one;
    }

    /**
     * Several files which one thread waits for at once.
     *
     * <p>One thread waits; others may add and remove files meanwhile. A file that is closed is removed by that, unless
     * another descriptor refers to the same open file.
     */
    public static final class Watch implements AutoCloseable {
        /** A file can be read, an event counter is signalled, or a process has ended. */
        public static final int READABLE = POLL_IN;

        /** A file can be written. */
        public static final int WRITABLE = POLL_OUT;

        private static final int ADD = 1;
        private static final int REMOVE = 2;
        private static final int KEY_AT = Processor.ARM ? 8 : 4;
        private static final int EVENT_BYTES = Processor.ARM ? 16 : 12;
        private static final long EPOLL_CREATE1 = Native.number(291, 20);
        private static final long EPOLL_CTL = Native.number(233, 21);
        private static final long EPOLL_PWAIT = Native.number(281, 22);

        private final int fd;
        private final int room;
        private final MemorySegment ready;

        /**
         * Makes a watch that has no files.
         *
         * @param room how many ready files one {@link #await} tells of, at most
         */
        public Watch(int room) {
            this.room = room;
            ready = Arena.ofAuto().allocate((long) room * EVENT_BYTES, 8);
            fd = (int) Native.call(EPOLL_CREATE1, EVENTFD_CLOSE_ON_EXEC, 0, 0, 0);
        }

        /** {@return the watch's own descriptor, or a negated error number when the kernel gave none} */
        public int descriptor() {
            return fd;
        }

        /**
         * Adds a file.
         *
         * @param file its descriptor
         * @param interest {@link #READABLE}, {@link #WRITABLE} or both
         * @param key what {@link #key} answers for it
         * @return 0, or a negated error number; {@link Errno#EPERM} for a file that is always ready
         */
        public int add(int file, int interest, long key) {
            Scratch scratch = Scratch.take();
            try {
                MemorySegment event = scratch.answer();
                event.set(ValueLayout.JAVA_INT, 0, interest);
                event.set(ValueLayout.JAVA_LONG_UNALIGNED, KEY_AT, key);
                return (int) Native.call(scratch, EPOLL_CTL, fd, ADD, file, event.address());
            } finally {
                scratch.giveBack();
            }
        }

        /**
         * Removes a file. A wait that is going on may still tell of it.
         *
         * @param file its descriptor
         * @return 0, or a negated error number
         */
        public int remove(int file) {
            Scratch scratch = Scratch.take();
            try {
                return (int) Native.call(
                        scratch, EPOLL_CTL, fd, REMOVE, file, scratch.answer().address());
            } finally {
                scratch.giveBack();
            }
        }

        /**
         * Waits until a file is ready.
         *
         * @param milliseconds how long at most; -1 for ever, 0 not at all
         * @return how many are ready, 0 when the time is over, or a negated error number
         */
        public int await(int milliseconds) {
            Scratch scratch = Scratch.take();
            try {
                return (int) Native.call(scratch, EPOLL_PWAIT, fd, ready.address(), room, milliseconds, 0, 8);
            } finally {
                scratch.giveBack();
                Reference.reachabilityFence(ready);
            }
        }

        /**
         * Tells of a ready file.
         *
         * @param index from 0 to the last answer of {@link #await}, exclusive
         * @return its key
         */
        public long key(int index) {
            return ready.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) index * EVENT_BYTES + KEY_AT);
        }

        /** Closes the watch, which nobody may be waiting for; its files stay open. */
        @Override
        public void close() {
            if (fd >= 0) {
                Linux.close(fd);
            }
        }
    }

    /**
     * A thread that waits in reads, and can be woken there.
     *
     * <p>It is woken by a real-time signal that nobody in the process has a use for, and that does nothing but interrupt.
     * A signal that comes while the thread is not in a read is lost, so who wakes goes on until he sees that it has taken
     * effect. Made and read through by its own thread; woken by any, but not after that thread has ended.
     */
    public static final class Sleeper {
        private static final int HIGHEST = 61;
        private static final int LOWEST = 36;
        private static final int ACTION_BYTES = 256;
        private static final int UNBLOCK = 1;
        private static final long GETTID = Native.number(186, 178);
        private static final long TGKILL = Native.number(234, 131);
        private static final long RT_SIGPROCMASK = Native.number(14, 135);

        private final int thread;
        private final int process = Math.toIntExact(ProcessHandle.current().pid());

        /** Makes it for the thread that calls this, a platform thread. */
        public Sleeper() {
            thread = (int) Native.call(GETTID, 0, 0, 0, 0);
            unblock();
        }

        /** Who started the process may have left the signal blocked, whichever it will be. */
        private static void unblock() {
            Scratch scratch = Scratch.take();
            try {
                long set = -1L << (LOWEST - 1) & -1L >>> (Long.SIZE - HIGHEST);
                Native.call(scratch, RT_SIGPROCMASK, UNBLOCK, scratch.iovec(set, 0), 0, Long.BYTES);
            } finally {
                scratch.giveBack();
            }
        }

        /**
         * Reads as {@link Transfers#read}, unless it is woken.
         *
         * @param fd the descriptor
         * @param address where the bytes go
         * @param length how many, at most
         * @return the number of bytes read, 0 at the end, or a negated error number: {@link Errno#EINTR} when it was woken
         */
        public long read(int fd, long address, long length) {
            Scratch scratch = Scratch.take();
            try {
                return Native.once(scratch, Native.READ, fd, address, length, 0, 0, 0);
            } finally {
                scratch.giveBack();
            }
        }

        /**
         * Fills a siphon from a file without places, such as a device, unless it is woken.
         *
         * @param siphon the siphon, empty and with room for what may come
         * @param fd the descriptor
         * @param length how many bytes, at most
         * @return as {@link #read}
         */
        public long fill(Transfers.Siphon siphon, int fd, long length) {
            Scratch scratch = Scratch.take();
            try {
                return siphon.fillUnlessWoken(scratch, fd, length);
            } finally {
                scratch.giveBack();
            }
        }

        /**
         * Wakes it, if it is in a read.
         *
         * @return 0, or a negated error number; {@link Errno#EAGAIN} when there is no signal left to do it with
         */
        public int wake() {
            int signal = Signal.NUMBER;
            return signal < 0 ? Errno.EAGAIN.negated() : (int) Native.call(TGKILL, process, thread, signal, 0);
        }

        /** Looked for when the first one is woken: most programs never need it. */
        private static final class Signal {
            private static final int NUMBER = choose();

            /** Finds a signal that nobody handles, and handles it by a function of the C library that changes nothing. */
            private static int choose() {
                MemorySegment nothing =
                        Linker.nativeLinker().defaultLookup().find("abs").orElse(MemorySegment.NULL);
                MethodHandle sigaction = Native.function(
                        "sigaction",
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG);
                Scratch scratch = Scratch.take();
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment mine = arena.allocate(ACTION_BYTES, 8);
                    mine.set(ValueLayout.JAVA_LONG, 0, nothing.address());
                    MemorySegment now = arena.allocate(ACTION_BYTES, 8);
                    for (int signal = HIGHEST; signal >= LOWEST && nothing.address() != 0; signal--) {
                        long asked = (long) sigaction.invokeExact(scratch.state(), signal, 0L, now.address());
                        boolean isFree = asked == 0 && now.get(ValueLayout.JAVA_LONG, 0) == 0;
                        if (isFree && (long) sigaction.invokeExact(scratch.state(), signal, mine.address(), 0L) == 0) {
                            return signal;
                        }
                    }
                    return -1;
                } catch (Throwable e) {
                    throw Native.unexpected(e);
                } finally {
                    scratch.giveBack();
                }
            }
        }
    }
}
