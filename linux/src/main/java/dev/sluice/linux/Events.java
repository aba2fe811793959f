package dev.sluice.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Event counters, which one thread signals and another waits for, alone or together with a file. */
public final class Events {
    private static final int EINTR = Linux.EINTR;
    private static final int EVENTFD_CLOSE_ON_EXEC = 0x80000;
    static final short POLL_IN = 1;
    static final short POLL_OUT = 4;
    private static final MemorySegment ONE = one();

    private Events() {}

    /**
     * Makes an event counter, closed when the process executes another program.
     *
     * @return its descriptor, or a negated error number
     */
    public static int eventfd() {
        Scratch scratch = Scratch.take();
        try {
            long result;
            do {
                result = (long) Native.EVENTFD.invokeExact(scratch.state(), 0, EVENTFD_CLOSE_ON_EXEC);
            } while (result == EINTR);
            return (int) result;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        } finally {
            scratch.giveBack();
        }
    }

    /**
     * Adds one to an event counter, which wakes who reads or polls it.
     *
     * @param fd the counter's descriptor
     * @return 8, or a negated error number
     */
    public static long signal(int fd) {
        Scratch scratch = Scratch.take();
        try {
            long result;
            do {
                result = (long) Native.WRITE.invokeExact(scratch.state(), fd, ONE.address(), ONE.byteSize());
            } while (result == EINTR);
            return result;
        } catch (Throwable e) {
            throw Native.unexpected(e);
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
            int ready = poll(files.address(), 2, -1);
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
            return poll(file.address(), 1, 0) > 0;
        }
    }

    private static int poll(long files, long count, int milliseconds) {
        Scratch scratch = Scratch.take();
        try {
            long result;
            do {
                result = (long) Native.POLL.invokeExact(scratch.state(), files, count, milliseconds);
            } while (result == EINTR);
            return (int) result;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        } finally {
            scratch.giveBack();
        }
    }

    private static MemorySegment one() {
        MemorySegment one = Arena.global().allocate(ValueLayout.JAVA_LONG);
        one.set(ValueLayout.JAVA_LONG, 0, 1);
        return one;
    }
}
