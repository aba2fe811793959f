package dev.sluice.bench;

import dev.sluice.jvm.Sluice;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How fast bytes go from one JVM to another, and how late they come: through a scope, where all is kept or is read once, through a
 * mount, a pipe, a file on tmpfs that is first written and then read, and a ring of shared memory that is used again and again; and
 * how fast one thread copies memory. Form after form in each round, each time in two JVMs just started.
 *
 * <p>Arguments: the program {@code sluice}, then {@code --rounds N} (3), {@code --cells REGEX}, {@code --forms REGEX}.
 */
public final class JvmFlows {
    private static final List<String> FORMS = List.of("inside", "once", "mount", "pipe", "tmpfs", "ring", "copy");
    private static final String FLOW = """
        { "name": "bench", "IO_Graph": [
          { "name": "w", "input_stream": [], "output_stream": ["data"], "streaming": [
            { "name": ["data"], "committed": "on_close", "mode": "no_update" } ] },
          { "name": "r", "input_stream": ["data"], "output_stream": [] } ] }
        """;
    private static final int MINUTES = 5;
    private static final int RECORD = 64;
    private static final int PREAMBLE = 256 << 10;
    private static final int WARM_UP = 2000;
    private static final Pattern VALUE = Pattern.compile("(?m)^(speed|p50|p99) ([0-9.]+)$");

    private final String sluice;
    private final Path folder;
    private final Path tmpfs;

    private JvmFlows(String sluice, Path folder, Path tmpfs) {
        this.sluice = sluice;
        this.folder = folder;
        this.tmpfs = tmpfs;
    }

    /**
     * What is measured.
     *
     * @param mebibytes how much, or 0 for how late
     * @param block the size of a block in KiB, or the pause between two records in microseconds
     */
    private record Cell(String name, int mebibytes, int block, int records) {
        List<String> words() {
            return List.of(Integer.toString(mebibytes), Integer.toString(block), Integer.toString(records));
        }
    }

    private static List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (int gibibytes : new int[] {1, 8}) {
            for (int block : new int[] {64, 1024}) {
                cells.add(new Cell(gibibytes + "G-by-" + block + "k", gibibytes << 10, block, 0));
            }
        }
        cells.add(new Cell("wake-from-sleep", 0, 3000, 4000));
        cells.add(new Cell("wake-from-longer-sleep", 0, 40_000, 400));
        cells.add(new Cell("wake-while-flowing", 0, 10, 200_000));
        return cells;
    }

    // What happens in each of the two JVMs.

    /** Moves a block at a place. */
    private interface Mover {
        int move(ByteBuffer block, long position) throws IOException;
    }

    private static void work(String... words) throws IOException {
        boolean writes = words[0].equals("write");
        Path directory = Path.of(words[2]);
        Cell cell = new Cell("", Integer.parseInt(words[3]), Integer.parseInt(words[4]), Integer.parseInt(words[5]));
        switch (words[1]) {
            case "inside", "once" -> {
                try (var scope =
                                Sluice.scope(directory).step(writes ? "w" : "r").open();
                        FileChannel file = open(scope.path("data"), writes)) {
                    move(writes, cell, (block, at) -> writes ? file.write(block) : file.read(block));
                }
            }
            case "mount", "tmpfs" -> {
                long begin = System.nanoTime();
                try (FileChannel file = open(directory.resolve("data"), writes)) {
                    move(writes, cell, (block, at) -> writes ? file.write(block) : file.read(block));
                }
                if (writes && words[1].equals("tmpfs")) {
                    say("speed %.0f", cell.mebibytes / ((System.nanoTime() - begin) / 1e9));
                }
            }
            case "pipe" -> {
                try (FileChannel out = new FileOutputStream(FileDescriptor.out).getChannel();
                        FileChannel in = new FileInputStream(FileDescriptor.in).getChannel()) {
                    move(writes, cell, (block, at) -> writes ? out.write(block) : in.read(block));
                }
            }
            case "ring" -> {
                Ring ring = new Ring(directory.resolve("ring"));
                move(writes, cell, (block, at) -> writes ? ring.write(block) : ring.read(block));
                if (writes) {
                    ring.end();
                }
            }
            case "copy" -> copy(cell);
            default -> throw new IllegalArgumentException(words[1]);
        }
    }

    private static FileChannel open(Path file, boolean writes) throws IOException {
        return writes
                ? FileChannel.open(
                        file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)
                : FileChannel.open(file);
    }

    private static void move(boolean writes, Cell cell, Mover mover) throws IOException {
        if (cell.mebibytes == 0) {
            wake(writes, cell, mover);
            return;
        }
        long size = (long) cell.mebibytes << 20;
        ByteBuffer block = ByteBuffer.allocateDirect(cell.block << 10);
        long first = 0;
        long at = 0;
        while (!writes || at < size) {
            int count = mover.move(block.clear(), at);
            if (count < 0) {
                break;
            }
            first = first == 0 ? System.nanoTime() : first;
            at += count;
        }
        if (!writes && at == size) {
            say("speed %.0f", cell.mebibytes / ((System.nanoTime() - first) / 1e9));
        }
    }

    private static void say(String format, double value) {
        System.err.printf(Locale.ROOT, format + "%n", value);
    }

    /** Each record says when it was written. Both JVMs have the same clock. */
    private static void wake(boolean writes, Cell cell, Mover mover) throws IOException {
        ByteBuffer record = ByteBuffer.allocateDirect(RECORD);
        long at = 0;
        for (int i = 0; i < PREAMBLE / RECORD; i++) {
            at += all(mover, record, at);
        }
        long[] late = new long[cell.records];
        for (int i = 0; i < cell.records; i++) {
            if (writes) {
                pause(cell.block * 1000L);
                record.putLong(0, System.nanoTime());
            }
            at += all(mover, record, at);
            late[i] = System.nanoTime() - record.getLong(0);
        }
        if (!writes) {
            long[] sorted = Arrays.stream(late)
                    .skip(Math.min(WARM_UP, cell.records / 2))
                    .sorted()
                    .toArray();
            say("p50 %.2f", sorted[sorted.length / 2] / 1e3);
            say("p99 %.2f", sorted[sorted.length / 100 * 99] / 1e3);
        }
    }

    private static int all(Mover mover, ByteBuffer record, long at) throws IOException {
        record.clear();
        while (record.hasRemaining()) {
            if (mover.move(record, at + record.position()) < 0) {
                throw new IOException("ended too early");
            }
        }
        return RECORD;
    }

    private static void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        if (nanos > 100_000) {
            LockSupport.parkNanos(nanos);
        }
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static void copy(Cell cell) {
        int block = cell.block << 10;
        int ring = 4 << 20;
        MemorySegment from = Arena.global().allocate(block, 64).fill((byte) 1);
        MemorySegment to = Arena.global().allocate(ring, 64).fill((byte) 1);
        long start = 0;
        for (long at = -(1L << 30), size = (long) cell.mebibytes << 20; at < size; at += block) {
            if (at == 0) {
                start = System.nanoTime();
            }
            MemorySegment.copy(from, 0, to, (at & Long.MAX_VALUE) % ring, block);
        }
        say("speed %.0f", cell.mebibytes / ((System.nanoTime() - start) / 1e9));
    }

    // What starts them.

    private List<String> java(String... words) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                JvmFlows.class.getName()));
        command.addAll(List.of(words));
        return command;
    }

    private List<String> worker(String role, String form, Path directory, Cell cell) {
        List<String> words = new ArrayList<>(List.of(role, form, directory.toString()));
        words.addAll(cell.words());
        List<String> command = java(words.toArray(String[]::new));
        if (form.equals("mount")) {
            command.addAll(
                    0,
                    List.of(
                            sluice,
                            "exec",
                            "--no-agent",
                            "--dir",
                            directory.toString(),
                            "--step",
                            role.substring(0, 1),
                            "--"));
        }
        return command;
    }

    private Map<String, Double> measure(String form, Cell cell) throws IOException, InterruptedException {
        Path directory =
                Files.createDirectory((form.equals("tmpfs") || form.equals("ring") ? tmpfs : folder).resolve("d"));
        Process server = null;
        try {
            if (form.equals("inside") || form.equals("once") || form.equals("mount")) {
                server = serve(form, directory);
            }
            if (cell.mebibytes > 0) {
                Memory.get(cell.mebibytes);
            }
            return switch (form) {
                case "copy" ->
                    cell.mebibytes == 0 ? Map.of() : values(start(worker("write", form, directory, cell), null));
                case "pipe" -> {
                    List<Process> both = ProcessBuilder.startPipeline(List.of(
                            new ProcessBuilder(worker("write", form, directory, cell))
                                    .redirectError(ProcessBuilder.Redirect.INHERIT),
                            new ProcessBuilder(worker("read", form, directory, cell))));
                    yield values(both.getLast());
                }
                case "tmpfs" -> {
                    if (cell.mebibytes == 0) {
                        yield Map.of();
                    }
                    double written = values(start(worker("write", form, directory, cell), null))
                            .get("speed");
                    double read = values(start(worker("read", form, directory, cell), null))
                            .get("speed");
                    yield Map.of("speed", 1 / (1 / written + 1 / read));
                }
                default -> {
                    Process reader = start(worker("read", form, directory, cell), null);
                    Process writer = start(worker("write", form, directory, cell), ProcessBuilder.Redirect.INHERIT);
                    Map<String, Double> values = values(reader);
                    await(writer);
                    yield values;
                }
            };
        } finally {
            if (server != null) {
                server.toHandle().destroy();
                await(server);
            }
            delete(directory);
        }
    }

    private static Process start(List<String> command, ProcessBuilder.Redirect errors) throws IOException {
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errors == null ? ProcessBuilder.Redirect.PIPE : errors)
                .start();
    }

    private Process serve(String form, Path directory) throws IOException, InterruptedException {
        Path flow = folder.resolve("flow.json");
        Files.writeString(flow, FLOW);
        Path log = folder.resolve("server.txt");
        Files.deleteIfExists(log);
        List<String> command = new ArrayList<>(
                List.of(sluice, "serve", flow.toString(), "--dir", directory.toString(), "--keep", "none"));
        command.addAll(
                form.equals("once") ? List.of("--memory", "256m", "--overflow", "wait") : List.of("--memory", "10g"));
        if (!form.equals("mount")) {
            command.add("--no-mount");
        }
        Process server = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        while (!Files.readString(log).contains("ready")) {
            if (server.waitFor(20, TimeUnit.MILLISECONDS)) {
                throw new IOException("the server has ended: " + Files.readString(log));
            }
        }
        return server;
    }

    private static Map<String, Double> values(Process process) throws IOException, InterruptedException {
        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        await(process);
        Map<String, Double> values = new LinkedHashMap<>();
        Matcher found = VALUE.matcher(said);
        while (found.find()) {
            values.put(found.group(1), Double.parseDouble(found.group(2)));
        }
        if (values.isEmpty() && !said.isBlank()) {
            System.err.println(said);
        }
        return values;
    }

    private static void await(Process process) throws InterruptedException {
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
    }

    private static void delete(Path place) throws IOException {
        try (var inside = Files.list(place)) {
            for (Path each : inside.toList()) {
                Files.delete(each);
            }
        }
        Files.delete(place);
    }

    private void run(int rounds, Pattern cells, List<String> forms) throws IOException, InterruptedException {
        for (Cell cell : cells()) {
            if (!cells.matcher(cell.name).find()) {
                continue;
            }
            Map<String, List<Double>> values = new LinkedHashMap<>();
            for (int round = 0; round < rounds; round++) {
                for (String form : round % 2 == 0 ? forms : forms.reversed()) {
                    measure(form, cell)
                            .forEach((what, value) -> values.computeIfAbsent(
                                            form + (what.equals("speed") ? "" : " " + what), _ -> new ArrayList<>())
                                    .add(value));
                }
            }
            System.out.printf("%n%s, %s%n", cell.name, cell.mebibytes > 0 ? "MiB/s" : "us");
            values.forEach((what, all) -> {
                List<Double> sorted = all.stream().sorted().toList();
                System.out.printf(
                        Locale.ROOT,
                        "  %-12s %10.2f  (%.2f - %.2f)%n",
                        what,
                        sorted.get(sorted.size() / 2),
                        sorted.getFirst(),
                        sorted.getLast());
            });
        }
    }

    /**
     * Measures, or is one of the two JVMs.
     *
     * @param arguments see the class
     * @throws Exception when something cannot be started
     */
    public static void main(String... arguments) throws Exception {
        if (arguments[0].equals("write") || arguments[0].equals("read")) {
            work(arguments);
            return;
        }
        Options options = Options.of(
                List.of("--rounds", "--cells", "--forms"), List.of(arguments).subList(1, arguments.length));
        Path folder =
                Files.createTempDirectory(Path.of(arguments[0]).toAbsolutePath().resolveSibling("bench/target"), "jvm");
        Path tmpfs = Files.createTempDirectory(Path.of("/dev/shm"), "sluice-bench");
        try {
            List<String> chosen = FORMS.stream()
                    .filter(options.pattern("--forms").asPredicate())
                    .toList();
            new JvmFlows(arguments[0], folder, tmpfs)
                    .run(options.number("--rounds", 3), options.pattern("--cells"), chosen);
        } finally {
            Files.deleteIfExists(folder.resolve("flow.json"));
            Files.deleteIfExists(folder.resolve("server.txt"));
            Files.deleteIfExists(folder);
            Files.deleteIfExists(tmpfs);
        }
    }
}
