package dev.sluice.stream;

import dev.sluice.stream.Task.State;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/** The system calls in which a thread can sleep for long, and what that means. */
enum SystemCall {
    WAIT4(61, 260),
    WAITID(247, 95),
    FUTEX(202, 98),
    FUTEX_WAIT_MANY(449, 449),
    READ(0, 63),
    READV(19, 65),
    WRITE(1, 64),
    WRITEV(20, 66),
    SPLICE(275, 76),
    ACCEPT(43, 202),
    ACCEPT4(288, 242),
    RECVFROM(45, 207),
    RECVMSG(47, 212),
    CONNECT(42, 203),
    NANOSLEEP(35, 101),
    CLOCK_NANOSLEEP(230, 115),
    RESTART(219, 128),
    POLL(7, -1),
    PPOLL(271, 73),
    SELECT(23, -1),
    PSELECT(270, 72),
    EPOLL_WAIT(232, -1),
    EPOLL_PWAIT(281, 22),
    EPOLL_PWAIT2(441, 441),
    PAUSE(34, -1),
    SIGSUSPEND(130, 133),
    SIGTIMEDWAIT(128, 137);

    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    private static final Map<Long, SystemCall> BY_NUMBER = new HashMap<>();

    static {
        for (SystemCall call : values()) {
            BY_NUMBER.put(ARM ? call.numberOnArm : call.number, call);
        }
    }

    private final long number;
    private final long numberOnArm;

    SystemCall(long number, long numberOnArm) {
        this.number = number;
        this.numberOnArm = numberOnArm;
    }

    /**
     * Says what a sleeping thread waits for.
     *
     * @param number the number of the call that it sleeps in
     * @param arguments the call's six arguments
     * @param opened what a descriptor of its process refers to
     */
    static State state(long number, long[] arguments, IntFunction<String> opened) {
        SystemCall call = number < 0 ? null : BY_NUMBER.get(number);
        return switch (call) {
            case null -> State.UNKNOWN;
            case WAIT4, WAITID, PAUSE, SIGSUSPEND -> State.CHILD;
            case FUTEX -> timed(arguments[3] != 0, State.LOCK);
            case FUTEX_WAIT_MANY -> timed(arguments[3] != 0, State.LOCK);
            case READ, READV, WRITE, WRITEV -> ofFile(opened.apply((int) arguments[0]));
            case SPLICE -> ofEither(opened.apply((int) arguments[0]), opened.apply((int) arguments[2]));
            case ACCEPT, ACCEPT4, RECVFROM, RECVMSG, CONNECT -> State.SOCKET;
            case NANOSLEEP, CLOCK_NANOSLEEP, RESTART -> State.SLEEPING;
            case POLL -> timed((int) arguments[2] >= 0, State.EVENT);
            case PPOLL -> timed(arguments[2] != 0, State.EVENT);
            case SELECT, PSELECT -> timed(arguments[4] != 0, State.EVENT);
            case EPOLL_WAIT, EPOLL_PWAIT -> timed((int) arguments[3] >= 0, State.EVENT);
            case EPOLL_PWAIT2 -> timed(arguments[3] != 0, State.EVENT);
            case SIGTIMEDWAIT -> timed(arguments[2] != 0, State.EVENT);
        };
    }

    private static State timed(boolean isTimed, State otherwise) {
        return isTimed ? State.SLEEPING : otherwise;
    }

    private static State ofEither(String from, String to) {
        State state = ofFile(from);
        return state == State.UNKNOWN ? ofFile(to) : state;
    }

    private static State ofFile(String name) {
        if (name.startsWith("pipe:")) {
            return State.PIPE;
        }
        return name.startsWith("socket:") ? State.SOCKET : State.UNKNOWN;
    }
}
