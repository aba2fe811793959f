package dev.sluice.stream;

import dev.sluice.linux.Entries;
import dev.sluice.linux.Errno;
import dev.sluice.linux.Linux;
import dev.sluice.linux.Names;
import dev.sluice.linux.OpenFlag;
import dev.sluice.linux.Transfers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What {@code /proc} tells of processes and their threads, which may end while they are asked about. Stateless. */
final class Proc {
    private static final byte[] NONE = {};
    private static final int PIECE = 4096;
    private static final int LINK = 64;
    private static final int FIRST_FIELD = 3;
    private static final int PARENT = 4;
    private static final int GROUP = 5;
    private static final int SESSION = 6;
    private static final int FLAGS = 9;
    private static final int USER_TIME = 14;
    private static final int CHILDREN_TIME = 16;
    private static final int LAST_TIME = 17;
    private static final int THREADS = 20;
    private static final int START = 22;
    private static final int ENVIRONMENT = 50;
    private static final int END_OF_ENVIRONMENT = 51;
    private static final int EXIT = 52;
    private static final int IS_ENDING = 0x4;
    private static final int OF_THE_KERNEL = 0x200000;
    private static final long NANOS_IN_TICK = 10_000_000; // for whoever is not the kernel, on every machine
    private static final int TRIES = 100;
    private static final long BETWEEN_TRIES_NANOS = 100_000;
    private static final long BETWEEN_OPENS_NANOS = 10_000_000;

    private Proc() {}

    /**
     * A process, or a thread of one.
     *
     * @param task its number
     * @param state the kernel's letter for what it does
     * @param parent the process whose child its process is
     * @param group its group's number
     * @param terminal its terminal session's number
     * @param threads how many threads its process has
     * @param start when it was started, in the kernel's ticks: with the number, this means one task for ever
     * @param image where its environment is, which another program that it becomes has elsewhere; 0 when that may not be told
     * @param isBecoming whether it is about to become another program, so that its environment cannot be told; or whether that
     *     may never be told
     */
    record Life(
            int task,
            char state,
            int parent,
            int group,
            int terminal,
            int threads,
            long start,
            long image,
            boolean isBecoming) {
        /** Has it ended, and only waits for its parent to notice? */
        boolean isZombie() {
            return state == 'X' || (state == 'Z' && threads <= 1);
        }
    }

    /** {@return a process or thread, unless it is gone} */
    static Optional<Life> life(int task) {
        return text(task + "/stat").flatMap(text -> life(task, text));
    }

    static Optional<Life> life(int task, String stat) {
        int name = stat.lastIndexOf(')');
        if (name < 0 || name + 2 >= stat.length()) {
            return Optional.empty();
        }
        String[] fields = stat.substring(name + 2).strip().split(" ", -1);
        if (fields.length <= END_OF_ENVIRONMENT - FIRST_FIELD) {
            return Optional.empty();
        }
        boolean isOfTheKernel = (field(fields, FLAGS) & OF_THE_KERNEL) != 0;
        return Optional.of(new Life(
                task,
                fields[0].charAt(0),
                (int) field(fields, PARENT),
                (int) field(fields, GROUP),
                (int) field(fields, SESSION),
                (int) field(fields, THREADS),
                field(fields, START),
                Long.parseUnsignedLong(fields[ENVIRONMENT - FIRST_FIELD]),
                !isOfTheKernel && fields[END_OF_ENVIRONMENT - FIRST_FIELD].equals("0")));
    }

    /** {@return how long processors have worked for a process, and for those that it has waited for, in nanoseconds} */
    static long effort(int process) {
        return ticks(process, USER_TIME) * NANOS_IN_TICK;
    }

    /** {@return the same for those alone that it has waited for} */
    static long effortOfEnded(int process) {
        return ticks(process, CHILDREN_TIME) * NANOS_IN_TICK;
    }

    private static long ticks(int process, int from) {
        String stat = text(process + "/stat").orElse("");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        long ticks = 0;
        for (int i = from; i <= LAST_TIME && fields.length > LAST_TIME - FIRST_FIELD; i++) {
            ticks += field(fields, i);
        }
        return ticks;
    }

    private static long field(String[] fields, int number) {
        return Long.parseLong(fields[number - FIRST_FIELD]);
    }

    /** Is a number still that of the same process or thread? */
    static boolean isSame(Life life) {
        return life(life.task()).filter(now -> now.start() == life.start()).isPresent();
    }

    /** {@return the status that a thread's {@code stat} tells if it is about to end, as for {@code wait}; else 0} */
    static int failure(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ", -1);
        boolean isEnding = fields.length > EXIT - FIRST_FIELD && (field(fields, FLAGS) & IS_ENDING) != 0;
        return isEnding ? (int) field(fields, EXIT) : 0;
    }

    /** {@return the time in the kernel's ticks, or one tick before} */
    static long now() {
        String text = text("uptime").orElse("0.00 ");
        return Long.parseLong(text.substring(0, text.indexOf(' ')).replace(".", "")) - 1;
    }

    /** {@return the process that a thread belongs to, which is itself when it is no more than that; 0 when it is gone} */
    static int process(int task) {
        String text = text(task + "/status").orElse("");
        String field = "\nTgid:";
        int at = text.indexOf(field);
        if (at < 0) {
            return 0;
        }
        int end = text.indexOf('\n', at + 1);
        return Integer.parseInt(text.substring(at + field.length(), end).strip());
    }

    /** {@return the value of a variable in the environment that a process was started with} */
    static Optional<String> variable(int process, String name) {
        byte[] prefix = (name + "=").getBytes(StandardCharsets.US_ASCII);
        byte[] all = environment(process);
        int at = 0;
        while (at < all.length) {
            int end = at;
            while (end < all.length && all[end] != 0) {
                end++;
            }
            if (startsWith(all, at, end, prefix)) {
                int value = at + prefix.length;
                return Optional.of(new String(all, value, end - value, StandardCharsets.UTF_8));
            }
            at = end + 1;
        }
        return Optional.empty();
    }

    /** For a moment, while a process becomes another program, it has no environment. */
    private static byte[] environment(int process) {
        for (int i = 0; i < TRIES; i++) {
            byte[] all = read(process + "/environ");
            if (all == null || all.length > 0) {
                return all == null ? NONE : all; // gone, or somebody else's
            }
            Life life = life(process).orElse(null);
            if (life == null || life.isZombie() || (!life.isBecoming() && i > 0)) {
                return NONE;
            }
            if (life.isBecoming()) {
                LockSupport.parkNanos(BETWEEN_TRIES_NANOS);
            }
        }
        return NONE;
    }

    private static boolean startsWith(byte[] all, int from, int to, byte[] prefix) {
        if (to - from < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (all[from + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /** {@return the numbers of all processes that there are} */
    static List<Integer> processes() {
        return numbers("");
    }

    /** {@return the numbers of a process's threads} */
    static List<Integer> threads(int process) {
        return numbers(process + "/task");
    }

    private static List<Integer> numbers(String folder) {
        List<Integer> numbers = new ArrayList<>();
        int fd = open(folder, OpenFlag.DIRECTORY.bits());
        if (fd < 0) {
            return numbers; // gone meanwhile: there are none
        }
        Entries entries = new Entries();
        entries.start(fd);
        while (entries.next() == 1) {
            byte[] name = entries.name();
            if (name[0] >= '0' && name[0] <= '9') {
                numbers.add(Integer.parseInt(new String(name, StandardCharsets.US_ASCII)));
            }
        }
        Linux.close(fd);
        return numbers;
    }

    /** {@return the children of a process; none when the kernel does not tell} */
    static List<Integer> children(int process) {
        return threads(process).stream()
                .flatMap(thread -> children(process, thread).stream())
                .toList();
    }

    /** {@return the children that a thread has made, or that were given to it when their parents ended} */
    static List<Integer> children(int process, int thread) {
        List<Integer> all = new ArrayList<>();
        String said = text(process + "/task/" + thread + "/children").orElse("");
        for (String number : said.split(" ", -1)) {
            if (!number.isBlank()) {
                all.add(Integer.parseInt(number.strip()));
            }
        }
        return all;
    }

    /** {@return how often a thread has stopped running: as long as this is the same, it has not gone on} */
    static long switches(int task) {
        return text(task + "/status")
                .map(text -> text.lines()
                        .filter(line -> line.contains("_ctxt_switches:"))
                        .mapToLong(line -> Long.parseLong(
                                line.substring(line.indexOf(':') + 1).strip()))
                        .sum())
                .orElse(-1L);
    }

    /** {@return whether a process has one of these open, as far as that is told} */
    static boolean hasOpen(int process, Set<String> names) {
        return numbers(process + "/fd").stream().anyMatch(fd -> names.contains(opened(process, fd)));
    }

    /** {@return what a file of a process's or thread's folder says, unless it is gone or may not be read} */
    static Optional<String> text(int task, String file) {
        return text(task + "/" + file);
    }

    /** {@return what a descriptor of a process refers to; empty when it cannot be told} */
    static String opened(int process, int fd) {
        byte[] target = new byte[LINK];
        int length = Names.readLink(Names.CURRENT_FOLDER, path(process + "/fd/" + fd), target);
        return new String(target, 0, Math.max(length, 0), StandardCharsets.ISO_8859_1);
    }

    private static Optional<String> text(String file) {
        byte[] bytes = read(file);
        return bytes == null ? Optional.empty() : Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** Reads a whole file; these have no size that could be asked for. */
    private static byte @Nullable [] read(String file) {
        int fd = open(file, 0);
        if (fd < 0) {
            return null;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment piece = arena.allocate(PIECE);
            byte[] all = NONE;
            long count = Transfers.read(fd, piece.address(), PIECE);
            while (count > 0) {
                byte[] more = Arrays.copyOf(all, all.length + (int) count);
                MemorySegment.copy(piece, ValueLayout.JAVA_BYTE, 0, more, all.length, (int) count);
                all = more;
                count = Transfers.read(fd, piece.address(), PIECE);
            }
            return count < 0 ? null : all;
        } finally {
            Linux.close(fd);
        }
    }

    /** {@return the descriptor of a file of a thread's folder, or a negated error number} */
    static int open(int task, String file) {
        return open(task + "/" + file, 0);
    }

    /** When no descriptor is free, one may be soon; without one, a process that is there would be taken for gone. */
    private static int open(String file, int flags) {
        int fd = Names.open(Names.CURRENT_FOLDER, path(file), flags | OpenFlag.CLOSE_ON_EXEC.bits(), 0);
        for (int i = 0; i < TRIES && (fd == Errno.EMFILE.negated() || fd == Errno.ENFILE.negated()); i++) {
            LockSupport.parkNanos(BETWEEN_OPENS_NANOS);
            fd = Names.open(Names.CURRENT_FOLDER, path(file), flags | OpenFlag.CLOSE_ON_EXEC.bits(), 0);
        }
        return fd;
    }

    private static byte[] path(String file) {
        return ("/proc/" + file).getBytes(StandardCharsets.US_ASCII);
    }
}
