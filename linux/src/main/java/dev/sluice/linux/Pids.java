package dev.sluice.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The system calls that tell of processes and end them.
 *
 * <p>They answer, and are called, as those of {@link Linux}. A process's number is given to another one after its end,
 * once it was reaped; the descriptor that {@link #open} answers never is. Stateless; safe for use by many threads.
 */
public final class Pids {
    /** For {@link #open}: the number may be a thread's, and the descriptor tells of the end of that thread. */
    public static final int THREAD = 0x80;

    /** The signal that only asks whether there is such a process. */
    public static final int NO_SIGNAL = 0;

    /** The signal that ends a process, which cannot refuse. */
    public static final int SIGKILL = 9;

    /** The signal that asks a process to end. */
    public static final int SIGTERM = 15;

    /** What {@link #reap} adds to a signal's number. */
    public static final int BY_SIGNAL = 256;

    private static final int SET_CHILD_SUBREAPER = 36;
    private static final int GET_CHILD_SUBREAPER = 37;
    private static final int ONE_PROCESS = 1;
    private static final int ENDED = 4;
    private static final int WITHOUT_WAITING = 1;
    private static final int CODE_AT = 8;
    private static final int PID_AT = 16;
    private static final int STATUS_AT = 24;
    private static final int EXITED = 1;
    private static final long PIDFD_OPEN = 434;
    private static final long PIDFD_SEND_SIGNAL = 424;
    private static final long PRCTL = Native.number(157, 167);
    private static final long WAITID = Native.number(247, 95);
    private static final long KILL = Native.number(62, 129);
    private static final long GETPGID = Native.number(121, 155);
    private static final long SETPGID = Native.number(109, 154);

    private Pids() {}

    /**
     * Opens a process: its descriptor can be read, as {@link Events} says, from when the process has ended.
     *
     * @param pid the process's number
     * @param flags 0 or {@link #THREAD}
     * @return the descriptor, closed when the process executes another program, or a negated error number:
     *     {@link Errno#ESRCH} when there is no such process, or it is reaped; {@link Errno#EINVAL} or {@link Errno#ENOENT}
     *     for a thread without {@link #THREAD}, and for {@link #THREAD} before Linux 6.9
     */
    public static int open(int pid, int flags) {
        return (int) Native.call(PIDFD_OPEN, pid, flags, 0, 0);
    }

    /**
     * Sends a signal to the process that a descriptor refers to, and to no other.
     *
     * @param fd the descriptor
     * @param signal the signal's number
     * @return 0, or a negated error number: {@link Errno#ESRCH} when the process has ended and is reaped
     */
    public static int signalTo(int fd, int signal) {
        return (int) Native.call(PIDFD_SEND_SIGNAL, fd, signal, 0, 0);
    }

    /**
     * Sends a signal to a process, or to a group of them.
     *
     * @param pid the process's number, or a group's negated
     * @param signal the signal's number
     * @return 0, or a negated error number
     */
    public static int signal(int pid, int signal) {
        return (int) Native.call(KILL, pid, signal, 0, 0);
    }

    /**
     * Says whether processes that lose their parent become children of this process, if they descend from it.
     *
     * @param adopts whether they do; else they become children of another ancestor, or of the first process
     * @return 0, or a negated error number
     */
    public static int adoptOrphans(boolean adopts) {
        return (int) Native.call(PRCTL, SET_CHILD_SUBREAPER, adopts ? 1 : 0, 0, 0);
    }

    /** {@return 1 when orphans become children of this process, 0 when not, or a negated error number} */
    public static int adoptsOrphans() {
        Scratch scratch = Scratch.take();
        try {
            scratch.number(0, 0);
            long result = Native.call(scratch, PRCTL, GET_CHILD_SUBREAPER, scratch.addressOfNumber(0), 0, 0);
            return (int) (result < 0 ? result : scratch.number(0));
        } finally {
            scratch.giveBack();
        }
    }

    /**
     * Takes a child's exit status, after which the child's number is free.
     *
     * @param pid the child's number; not that of one which the JDK has started, since it waits for those itself
     * @param waits whether to wait for its end
     * @return the child's exit code, or {@link #BY_SIGNAL} and the number of the signal that ended it; or a negated error
     *     number: {@link Errno#EAGAIN} when it has not ended, {@link Errno#ECHILD} when it is no child, or reaped
     */
    public static int reap(int pid, boolean waits) {
        Scratch scratch = Scratch.take();
        try {
            MemorySegment answer = scratch.answer();
            answer.set(ValueLayout.JAVA_INT, PID_AT, 0);
            int options = waits ? ENDED : ENDED | WITHOUT_WAITING;
            long result = Native.call(scratch, WAITID, ONE_PROCESS, pid, answer.address(), options);
            if (result < 0) {
                return (int) result;
            }
            if (answer.get(ValueLayout.JAVA_INT, PID_AT) == 0) {
                return Errno.EAGAIN.negated();
            }
            int status = answer.get(ValueLayout.JAVA_INT, STATUS_AT);
            return answer.get(ValueLayout.JAVA_INT, CODE_AT) == EXITED ? status : BY_SIGNAL + (status & 0x7F);
        } finally {
            scratch.giveBack();
        }
    }

    /**
     * Asks for a process's group.
     *
     * @param pid the process's number, 0 for this one
     * @return the group's number, or a negated error number
     */
    public static int group(int pid) {
        return (int) Native.call(GETPGID, pid, 0, 0, 0);
    }

    /**
     * Puts a process into a group.
     *
     * @param pid this process's number, or a child's which has not executed another program
     * @param group the group's number, 0 for one of its own
     * @return 0, or a negated error number
     */
    public static int setGroup(int pid, int group) {
        return (int) Native.call(SETPGID, pid, group, 0, 0);
    }
}
