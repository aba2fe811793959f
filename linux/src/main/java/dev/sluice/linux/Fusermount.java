package dev.sluice.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs {@code fusermount3}, and takes the descriptor that it opens from the socket which it inherits.
 *
 * <p>Not by {@link ProcessBuilder}, which lets a child inherit nothing but its three streams.
 */
final class Fusermount {
    private static final int SCM_RIGHTS = 1;
    private static final int SOL_SOCKET = 1;
    private static final int CMSG_CLOSE_ON_EXEC = 0x40000000;
    private static final int ERROR_STREAM = 2;
    private static final int SOCKET = 3;
    private static final int MOST_SAID = 4096;
    /** The C library's structure has 80; musl's 84. */
    private static final int FILE_ACTIONS_BYTES = 256;

    private static final long RECVMSG = Native.number(47, 212);
    private static final long WAIT4 = Native.number(61, 260);
    private static final MethodHandle SPAWN =
            Native.function("posix_spawn", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle ACTIONS_INIT =
            Native.function("posix_spawn_file_actions_init", JAVA_INT, JAVA_LONG);
    private static final MethodHandle ACTIONS_DUP2 =
            Native.function("posix_spawn_file_actions_adddup2", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
    private static final MethodHandle ACTIONS_DESTROY =
            Native.function("posix_spawn_file_actions_destroy", JAVA_INT, JAVA_LONG);

    private final Path directory;
    private final String said;
    private final int status;
    private final int descriptor;

    private Fusermount(Path directory, String said, int status, int descriptor) {
        this.directory = directory;
        this.said = said;
        this.status = status;
        this.descriptor = descriptor;
    }

    static int mount(Path directory, String options) throws FileSystemException {
        Fusermount ended = run(directory, List.of("-o", options, "--"));
        if (ended.descriptor < 0) {
            throw ended.failure("mounting");
        }
        return ended.descriptor;
    }

    static void unmount(Path directory) throws FileSystemException {
        Fusermount ended = run(directory, List.of("-u", "-z", "--"));
        if (ended.status != 0) {
            throw ended.failure("unmounting");
        }
    }

    private FileSystemException failure(String what) {
        return new FileSystemException(
                directory.toString(),
                null,
                what + " by fusermount3 failed: " + (said.isEmpty() ? "it said nothing" : said) + advice());
    }

    private String advice() {
        return said.contains("/dev/fuse: Permission denied")
                ? "; only root may use that device here, which an administrator mends by: chmod 666 /dev/fuse"
                : "";
    }

    private static Path program(Path directory) throws FileSystemException {
        List<String> folders =
                new ArrayList<>(List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)));
        folders.addAll(List.of("/usr/bin", "/bin", "/usr/local/bin"));
        for (String folder : folders) {
            Path program = Path.of(folder, "fusermount3");
            if (!folder.isEmpty() && Files.isExecutable(program)) {
                return program;
            }
        }
        throw new FileSystemException(
                directory.toString(),
                null,
                "mounting needs root, or the program fusermount3, which was not found (Debian: apt-get install fuse3)");
    }

    private static Fusermount run(Path directory, List<String> options) throws FileSystemException {
        Path program = program(directory);
        try (Arena arena = Arena.ofConfined()) {
            Pair socket = Pair.open(directory);
            Pair errors = Pair.open(directory);
            int descriptor;
            int pid;
            try {
                pid = spawn(arena, program, arguments(arena, program, options, directory), socket, errors);
            } finally {
                Linux.close(socket.theirs()); // or its end would not be seen
                Linux.close(errors.theirs());
            }
            try {
                if (pid < 0) {
                    throw Errno.exception(pid, program.toString(), "starting");
                }
                descriptor = receive(arena, socket.ours());
                String said = said(arena, errors.ours());
                return new Fusermount(directory, said, await(arena, pid), descriptor);
            } finally {
                Linux.close(socket.ours());
                Linux.close(errors.ours());
            }
        }
    }

    /** Two ends: ours, and the program's. */
    private record Pair(int ours, int theirs) {
        static Pair open(Path directory) throws FileSystemException {
            long pair = Linux.socketPair();
            if (pair < 0) {
                throw Errno.exception(pair, directory.toString(), "mounting: making a pair of sockets");
            }
            return new Pair((int) pair, (int) (pair >>> Integer.SIZE));
        }
    }

    private static long arguments(Arena arena, Path program, List<String> options, Path directory) {
        List<Long> texts = new ArrayList<>();
        texts.add(PathNames.allocate(program, arena).address());
        for (String option : options) {
            texts.add(arena.allocateFrom(option, StandardCharsets.UTF_8).address());
        }
        texts.add(PathNames.allocate(directory.toAbsolutePath(), arena).address());
        return vector(arena, texts);
    }

    private static long environment(Arena arena) {
        Map<String, String> variables = new TreeMap<>(System.getenv());
        variables.put("_FUSE_COMMFD", Integer.toString(SOCKET));
        variables.put("LC_ALL", "C");
        List<Long> texts = new ArrayList<>();
        variables.forEach((name, value) -> texts.add(
                arena.allocateFrom(name + "=" + value, StandardCharsets.UTF_8).address()));
        return vector(arena, texts);
    }

    private static long vector(Arena arena, List<Long> addresses) {
        MemorySegment vector = arena.allocate((addresses.size() + 1L) * 8, 8); // ends with a zero
        for (int i = 0; i < addresses.size(); i++) {
            vector.setAtIndex(JAVA_LONG, i, addresses.get(i));
        }
        return vector.address();
    }

    /** Answers the process's number, or a negated error number. */
    private static int spawn(Arena arena, Path program, long arguments, Pair socket, Pair errors) {
        long actions = arena.allocate(FILE_ACTIONS_BYTES, 16).address();
        long name = PathNames.allocate(program, arena).address();
        long environment = environment(arena);
        MemorySegment pid = arena.allocate(4, 4);
        Scratch scratch = Scratch.take();
        try {
            long result = (long) ACTIONS_INIT.invokeExact(scratch.state(), actions);
            if (result == 0) {
                result = (long) ACTIONS_DUP2.invokeExact(scratch.state(), actions, errors.theirs(), ERROR_STREAM);
            }
            if (result == 0) {
                result = (long) ACTIONS_DUP2.invokeExact(scratch.state(), actions, socket.theirs(), SOCKET);
            }
            if (result == 0) {
                result = (long)
                        SPAWN.invokeExact(scratch.state(), pid.address(), name, actions, 0L, arguments, environment);
            }
            long ignored = (long) ACTIONS_DESTROY.invokeExact(scratch.state(), actions);
            return result == 0 ? pid.get(JAVA_INT, 0) : (int) -result; // these answer the number itself
        } catch (Throwable e) {
            throw Native.unexpected(e);
        } finally {
            scratch.giveBack();
        }
    }

    /** The descriptor that comes with the socket's first byte, or -1 when there comes none. */
    private static int receive(Arena arena, int socket) {
        MemorySegment control = arena.allocate(24, 8);
        MemorySegment vector = arena.allocate(16, 8);
        vector.set(JAVA_LONG, 0, arena.allocate(1).address());
        vector.set(JAVA_LONG, 8, 1);
        MemorySegment message = arena.allocate(56, 8);
        message.set(JAVA_LONG, 16, vector.address());
        message.set(JAVA_LONG, 24, 1);
        message.set(JAVA_LONG, 32, control.address());
        message.set(JAVA_LONG, 40, control.byteSize());
        long result = Native.call(RECVMSG, socket, message.address(), CMSG_CLOSE_ON_EXEC, 0);
        boolean given = result == 1
                && message.get(JAVA_LONG, 40) >= 20
                && control.get(JAVA_INT, 8) == SOL_SOCKET
                && control.get(JAVA_INT, 12) == SCM_RIGHTS;
        return given ? control.get(JAVA_INT, 16) : -1;
    }

    private static String said(Arena arena, int errors) {
        MemorySegment text = arena.allocate(MOST_SAID);
        long length = 0;
        long read;
        do {
            read = Transfers.read(errors, text.address() + length, MOST_SAID - length);
            length += Math.max(read, 0);
        } while (read > 0 && length < MOST_SAID);
        byte[] bytes = text.asSlice(0, length).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8).strip();
    }

    private static int await(Arena arena, int pid) {
        MemorySegment status = arena.allocate(4, 4);
        long result = Native.call(WAIT4, pid, status.address(), 0, 0);
        return result < 0 ? (int) result : status.get(JAVA_INT, 0);
    }
}
