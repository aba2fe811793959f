package dev.sluice.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * A program that forbids itself io_uring, as containers do, and then runs another.
 *
 * <p>Arguments: the error number with which the kernel is to answer, then the other program's class and its arguments;
 * without them it prints {@link Ring#availability}. It ends with {@link #CANNOT} where no filter can be installed.
 */
public final class ForbiddenRing {
    /** The exit code that says that this machine cannot forbid it. */
    static final int CANNOT = 77;

    private static final long SYS_PRCTL = Processor.ARM ? 167 : 157;
    private static final long SYS_SECCOMP = Processor.ARM ? 277 : 317;
    private static final long PR_SET_NO_NEW_PRIVS = 38;
    private static final long SET_MODE_FILTER = 1;
    private static final long ALL_THREADS = 1;

    private static final int LOAD = 0x20;
    private static final int JUMP_IF_AT_LEAST = 0x35;
    private static final int JUMP_IF_GREATER = 0x25;
    private static final int ANSWER = 0x06;
    private static final int ALLOW = 0x7fff0000;
    private static final int ERROR = 0x00050000;

    private ForbiddenRing() {}

    public static void main(String... arguments) throws Exception {
        forbid(Integer.parseInt(arguments[0]));
        if (arguments.length == 1) {
            System.out.println(Ring.availability());
            return;
        }
        Method main = Class.forName(arguments[1]).getDeclaredMethod("main", String[].class);
        main.setAccessible(true);
        main.invoke(null, (Object) Arrays.copyOfRange(arguments, 2, arguments.length));
    }

    /** Makes the system calls 425 to 427 fail, on all threads, for ever. */
    private static void forbid(int errno) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = arena.allocate(5 * 8, 8);
            instruction(program, 0, LOAD, 0, 0, 0);
            instruction(program, 1, JUMP_IF_AT_LEAST, 0, 2, 425);
            instruction(program, 2, JUMP_IF_GREATER, 1, 0, 427);
            instruction(program, 3, ANSWER, 0, 0, ERROR | errno);
            instruction(program, 4, ANSWER, 0, 0, ALLOW);
            MemorySegment filter = arena.allocate(16, 8);
            filter.set(ValueLayout.JAVA_SHORT, 0, (short) 5);
            filter.set(ValueLayout.JAVA_LONG, 8, program.address());
            long result = call(SYS_PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0);
            if (result == 0) {
                result = call(SYS_SECCOMP, SET_MODE_FILTER, ALL_THREADS, filter.address());
            }
            if (result != 0) {
                System.out.println("cannot install a filter: " + Errno.describe(result));
                System.exit(CANNOT);
            }
        }
    }

    private static void instruction(MemorySegment program, int index, int code, int yes, int no, int value) {
        program.set(ValueLayout.JAVA_SHORT, index * 8L, (short) code);
        program.set(ValueLayout.JAVA_BYTE, index * 8L + 2, (byte) yes);
        program.set(ValueLayout.JAVA_BYTE, index * 8L + 3, (byte) no);
        program.set(ValueLayout.JAVA_INT, index * 8L + 4, value);
    }

    private static long call(long number, long first, long second, long third) {
        Scratch scratch = Scratch.take();
        try {
            return Native.once(scratch, number, first, second, third, 0, 0, 0);
        } finally {
            scratch.giveBack();
        }
    }
}
