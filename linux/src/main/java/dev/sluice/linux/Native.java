package dev.sluice.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * System calls, which answer as the kernel does: a result, or a negated {@code errno}.
 *
 * <p>Addresses are plain {@code long}s: the callers own the memory's life time, and the linker need not guard it at
 * each call. Calls are never {@linkplain Linker.Option#critical critical}: a critical call that blocks keeps the JVM
 * from reaching a safepoint.
 */
final class Native {
    static final long READ = number(0, 63);
    static final long WRITE = number(1, 64);
    static final long CLOSE = number(3, 57);
    static final long LSEEK = number(8, 62);
    static final long MMAP = number(9, 222);
    static final long MUNMAP = number(11, 215);
    static final long PREAD = number(17, 67);
    static final long PWRITE = number(18, 68);
    static final long FCNTL = number(72, 25);
    static final long FSYNC = number(74, 82);
    static final long FDATASYNC = number(75, 83);
    static final long FTRUNCATE = number(77, 46);
    static final long FSTATFS = number(138, 44);
    static final long OPENAT = number(257, 56);
    static final long PPOLL = number(271, 73);
    static final long FALLOCATE = number(285, 47);
    static final long EVENTFD = number(290, 19);
    static final long PREADV2 = number(327, 286);
    static final long PWRITEV2 = number(328, 287);
    static final long STATX = number(332, 291);

    /**
     * {@code syscall(number, ...)} with six arguments. All calls go through this one handle: each more costs as much time at
     * the start of a program as a hundred thousand calls.
     */
    private static final MethodHandle SYSCALL = variadic(
            "syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private Native() {}

    /** A function of the C library that is no system call; its handle takes a {@link Scratch} state segment first. */
    static MethodHandle function(String name, ValueLayout result, MemoryLayout... parameters) {
        return link(name, result, parameters, Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle variadic(String name, int fixed, ValueLayout result, MemoryLayout... parameters) {
        return link(
                name,
                result,
                parameters,
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(fixed));
    }

    private static MethodHandle link(
            String name, ValueLayout result, MemoryLayout[] parameters, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        MemorySegment symbol = linker.defaultLookup()
                .find(name)
                .or(() -> linker.defaultLookup().find(name.replace("64", "")))
                .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no function " + name));
        MethodHandle raw = linker.downcallHandle(symbol, FunctionDescriptor.of(result, parameters), options);
        return raw.asType(raw.type().changeReturnType(long.class));
    }

    /** The number of a system call, which differs between processors. */
    static long number(int number, int numberOnArm) {
        return Processor.ARM ? numberOnArm : number;
    }

    /** A system call by its number; also when a signal interrupts it, no more than once. */
    static long once(
            Scratch scratch, long number, long first, long second, long third, long fourth, long fifth, long sixth) {
        try {
            long result =
                    (long) SYSCALL.invokeExact(scratch.state(), number, first, second, third, fourth, fifth, sixth);
            return result < 0 ? -scratch.errno() : result;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** A system call by its number, repeated when a signal interrupts it. */
    static long call(
            Scratch scratch, long number, long first, long second, long third, long fourth, long fifth, long sixth) {
        long result;
        do {
            result = once(scratch, number, first, second, third, fourth, fifth, sixth);
        } while (result == Linux.EINTR);
        return result;
    }

    static long call(Scratch scratch, long number, long first, long second, long third, long fourth) {
        return call(scratch, number, first, second, third, fourth, 0, 0);
    }

    static long call(long number, long first, long second, long third, long fourth) {
        return call(number, first, second, third, fourth, 0, 0);
    }

    static long call(long number, long first, long second, long third, long fourth, long fifth) {
        return call(number, first, second, third, fourth, fifth, 0);
    }

    /**
     * As above, with scratch memory of its own. Reads and writes come here, so this is not put together from what is above: the
     * compiler follows calls only so deep, and below that it makes the objects of its callers.
     */
    static long call(long number, long first, long second, long third, long fourth, long fifth, long sixth) {
        Scratch scratch = Scratch.take();
        try {
            long result;
            do {
                result =
                        (long) SYSCALL.invokeExact(scratch.state(), number, first, second, third, fourth, fifth, sixth);
                result = result < 0 ? -scratch.errno() : result;
            } while (result == Linux.EINTR);
            return result;
        } catch (Throwable e) {
            throw unexpected(e);
        } finally {
            scratch.giveBack();
        }
    }

    /** As above, for a short call that is made again and again, with memory of the caller's for {@code errno}. */
    static long call(MemorySegment state, long number, long first, long second) {
        try {
            long result;
            do {
                result = (long) SYSCALL.invokeExact(state, number, first, second, 0L, 0L, 0L, 0L);
                result = result < 0 ? -state.get(ValueLayout.JAVA_INT, 0) : result;
            } while (result == Linux.EINTR);
            return result;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** A system call that takes a folder's descriptor and a name first. */
    static long callByName(long number, int folder, byte[] name, long third, long fourth, long fifth) {
        Scratch scratch = Scratch.take();
        try {
            long address = scratch.name(name);
            return address < 0 ? address : call(scratch, number, folder, address, third, fourth, fifth, 0);
        } finally {
            scratch.giveBack();
        }
    }

    /** Handles do not throw; what comes out of one is an error of the JVM itself. */
    static Error unexpected(Throwable e) {
        return e instanceof Error error ? error : new AssertionError("a system call's handle threw", e);
    }
}
