package dev.sluice.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;

/**
 * The C library's functions as method handles, each taking a {@link Scratch} state segment first and answering the
 * result or the negated {@code errno}.
 *
 * <p>Addresses are plain {@code long}s: the callers own the memory's life time, and the linker need not guard it at
 * each call. Calls are never {@linkplain Linker.Option#critical critical}: a critical call that blocks keeps the JVM
 * from reaching a safepoint.
 */
final class Native {
    // First, since the handles below are made with it.
    private static final MethodHandle RESULT;

    static {
        try {
            RESULT = MethodHandles.lookup()
                    .findStatic(
                            Native.class, "result", MethodType.methodType(long.class, long.class, MemorySegment.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    static final MethodHandle OPEN = variadic("open", 2, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
    static final MethodHandle CLOSE = function("close", JAVA_INT, JAVA_INT);
    static final MethodHandle READ = function("read", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle WRITE = function("write", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle PREAD = function("pread64", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle PWRITE = function("pwrite64", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle PREADV2 =
            function("preadv2", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    static final MethodHandle PWRITEV2 =
            function("pwritev2", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    static final MethodHandle FSYNC = function("fsync", JAVA_INT, JAVA_INT);
    static final MethodHandle FDATASYNC = function("fdatasync", JAVA_INT, JAVA_INT);
    static final MethodHandle FTRUNCATE = function("ftruncate64", JAVA_INT, JAVA_INT, JAVA_LONG);
    static final MethodHandle FALLOCATE = function("fallocate64", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle LSEEK = function("lseek64", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    static final MethodHandle FSTATFS = function("fstatfs64", JAVA_INT, JAVA_INT, JAVA_LONG);
    static final MethodHandle STATX = function("statx", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
    static final MethodHandle FCNTL = variadic("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    static final MethodHandle EVENTFD = function("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle POLL = function("poll", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    static final MethodHandle MMAP =
            function("mmap64", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    static final MethodHandle MUNMAP = function("munmap", JAVA_INT, JAVA_LONG, JAVA_LONG);
    /** {@code syscall(number, ...)} with six arguments, for io_uring, which the C library does not wrap. */
    static final MethodHandle SYSCALL = variadic(
            "syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private Native() {}

    private static MethodHandle function(String name, ValueLayout result, MemoryLayout... parameters) {
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
        return negateErrors(raw.asType(raw.type().changeReturnType(long.class)));
    }

    /** {@code (state, args...) -> result < 0 ? -errno : result}. */
    private static MethodHandle negateErrors(MethodHandle raw) {
        List<Class<?>> arguments =
                raw.type().parameterList().subList(1, raw.type().parameterCount());
        return MethodHandles.foldArguments(MethodHandles.dropArguments(RESULT, 2, arguments), raw);
    }

    @SuppressWarnings("UnusedMethod") // through RESULT
    private static long result(long result, MemorySegment state) {
        return result < 0 ? -state.get(JAVA_INT, 0) : result;
    }

    /** Handles do not throw; what comes out of one is an error of the JVM itself. */
    static Error unexpected(Throwable e) {
        return e instanceof Error error ? error : new AssertionError("a system call's handle threw", e);
    }
}
