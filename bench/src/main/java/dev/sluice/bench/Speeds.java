package dev.sluice.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Measures every form in every cell, round by round in one run, and prints a table with ratios.
 *
 * <p>Each JVM form has a JVM of its own, which waits while others run. Before each hot cell, and before each measurement
 * of writes, the file is made anew by 4 KiB writes and synced: the sizes of the page cache's folios, on which the speed
 * of small writes depends, are then the same for all.
 *
 * <p>Arguments: {@code --rounds N} (5), {@code --millis N} (2000) for each measurement, {@code --cells REGEX},
 * {@code --forms REGEX}, {@code --dir DIRECTORY} (the working directory), on the file system to be measured.
 */
public final class Speeds {
    private static final long HOT_SIZE = 256L << 20;
    private static final long DIRECT_SIZE = 1L << 30;
    private static final long PATIENCE_MILLIS = 30_000;
    private static final List<String> OPTIONS = List.of("--rounds", "--millis", "--cells", "--forms", "--dir");

    private final int rounds;
    private final long millis;
    private final Path hot;
    private final Path cold;
    private final Map<String, Jvm> jvms = new LinkedHashMap<>();
    private final PrintStream out = System.out;

    /** The cell whose state of the page cache the hot file has; reading does not change it. */
    private Cell filledFor;

    private Speeds(int rounds, long millis, Path directory) {
        this.rounds = rounds;
        this.millis = millis;
        hot = directory.resolve("sluice-bench-hot.data");
        cold = directory.resolve("sluice-bench-direct.data");
    }

    /** A worker's JVM. */
    private record Jvm(Process process, BufferedReader answers) {
        static Jvm start(String form) throws IOException {
            Process process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-Xmx1g",
                            "-XX:MaxDirectMemorySize=1g",
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Speeds.class.getName(),
                            "--worker",
                            form)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new Jvm(
                    process,
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
        }

        Sample run(Cell cell, Path file, long millis) throws IOException {
            process.getOutputStream()
                    .write((cell.name() + " " + millis + " " + file + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            String answer = answer(millis + PATIENCE_MILLIS);
            if (!answer.startsWith("= ")) {
                throw new IOException(answer);
            }
            String[] words = answer.split(" ");
            return Sample.of(Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
        }

        /** The next line, however long a peer would wait for an operation that never completes. */
        private String answer(long millis) throws IOException {
            CompletableFuture<String> line = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    line.complete(String.valueOf(answers.readLine()));
                } catch (IOException e) {
                    line.completeExceptionally(e);
                }
            });
            try {
                return line.get(millis, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                process.destroyForcibly();
                throw new IOException("no answer in " + millis + " ms", e);
            } catch (InterruptedException | ExecutionException e) {
                throw new IOException("the worker gave no answer", e);
            }
        }
    }

    /**
     * Runs the comparison.
     *
     * @param arguments see the class
     * @throws Exception when something does not work
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 2 && arguments[0].equals("--worker")) {
            Worker.serve(arguments[1]);
            return;
        }
        Options options = Options.of(OPTIONS, List.of(arguments));
        Pattern cells = options.pattern("--cells");
        Pattern forms = options.pattern("--forms");
        List<String> names = new ArrayList<>(Forms.NAMES);
        names.addAll(Fio.NAMES);
        names.removeIf(name -> !forms.matcher(name).find());
        new Speeds(
                        options.number("--rounds", 5),
                        options.number("--millis", 2000),
                        Path.of(options.text("--dir", ".")).toAbsolutePath())
                .run(
                        Cell.all().stream()
                                .filter(cell -> cells.matcher(cell.name()).find())
                                .toList(),
                        names);
    }

    private void run(List<Cell> cells, List<String> forms) throws Exception {
        Table table = new Table(out);
        // Also when somebody ends it by a signal.
        Runtime.getRuntime().addShutdownHook(new Thread(this::cleanUp, "clean-up"));
        try {
            for (Cell cell : cells) {
                Map<String, List<Sample>> samples = new LinkedHashMap<>();
                for (int round = 0; round <= rounds; round++) {
                    for (String form : forms) {
                        measure(cell, form, round, samples);
                    }
                }
                table.print(cell, samples);
            }
            table.printVerdicts();
        } finally {
            cleanUp();
        }
    }

    private synchronized void cleanUp() {
        jvms.values().forEach(jvm -> jvm.process.destroyForcibly());
        for (Path file : List.of(hot, cold)) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                out.println("bench: " + file + " could not be removed: " + e.getMessage());
            }
        }
    }

    /** Round 0 warms up: it is shorter and does not count. */
    private void measure(Cell cell, String form, int round, Map<String, List<Sample>> samples) throws Exception {
        List<Sample> list = samples.computeIfAbsent(form, key -> new ArrayList<>());
        if (list == Table.FAILED) {
            return;
        }
        Path file = prepare(cell);
        long size = Files.size(file);
        try {
            Sample sample = form.startsWith("fio")
                    ? Fio.run(form, cell, file, size, round == 0 ? 500 : millis)
                    : jvm(form).run(cell, file, round == 0 ? 1000 : millis);
            if (round > 0) {
                list.add(sample);
            }
        } catch (IOException e) {
            out.println(cell.name() + ": " + form + " does not run here: " + e.getMessage());
            samples.put(form, Table.FAILED);
        }
    }

    private Jvm jvm(String form) throws IOException {
        Jvm jvm = jvms.get(form);
        if (jvm == null || !jvm.process.isAlive()) {
            jvm = Jvm.start(form);
            jvms.put(form, jvm);
        }
        return jvm;
    }

    private Path prepare(Cell cell) throws IOException, InterruptedException {
        if (!cell.direct()) {
            if (cell.write() || !cell.equals(filledFor)) {
                Files.deleteIfExists(hot);
                fill(hot, HOT_SIZE, 4096);
                filledFor = cell;
            }
            return hot;
        }
        if (!Files.exists(cold)) {
            fill(cold, DIRECT_SIZE, 1 << 20);
        }
        return cold;
    }

    private static void fill(Path file, long size, int block) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(block);
        for (int i = 0; i < block; i++) {
            bytes.put(i, (byte) (i * 31));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (long at = 0; at < size; at += block) {
                channel.write(bytes.clear(), at);
            }
            channel.force(true);
        }
    }
}
