package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Child;
import dev.sluice.testing.Compiled;
import dev.sluice.testing.Deadline;
import dev.sluice.testing.Descriptors;
import dev.sluice.testing.JarLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** JVMs that come to one server and go, one after the other and at the same time, and what is left of them there: nothing. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ClientStartsTest {
    private static final int AT_ONCE = 4;

    /** So many threads and mappings of the JVM's own may come, whatever it serves. */
    private static final int OF_THE_JVM = 8;

    private static final Pattern COUNTED = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(dev\\.sluice\\.\\S+).*");

    /** What is known of each run, and of its file, of which a bounded number is kept. */
    private static final List<String> RECORD = Stream.of(
                    "stream.Workflow$Recording",
                    "stream.Session",
                    "stream.Crew",
                    "stream.Spans",
                    "stream.Traffic",
                    "stream.Trail",
                    "stream.Times",
                    "stream.RegularFile",
                    "cli.Execution$Part")
            .map(name -> "dev.sluice." + name)
            .toList();

    @TempDir
    private Path folder;

    private Path lib;
    private Path work;
    private Path runtime;
    private Path classes;
    private String java;
    private final List<Child> children = new ArrayList<>();

    /** What a server has. */
    private record Belongings(long descriptors, long memories, long threads, long mappings, long met) {}

    @BeforeEach
    void prepare() throws IOException {
        lib = JarLayout.ofThisProcess(folder.resolve("lib"));
        work = Files.createDirectory(folder.resolve("work")).toRealPath();
        runtime = Files.createDirectory(folder.resolve("run"));
        Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwx------"));
        java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        classes = Compiled.in(folder.resolve("classes"), "Visits", """
            import java.io.*;
            import java.nio.file.*;
            class Visits {
                public static void main(String[] words) throws Exception {
                    Path mine = Path.of(words[0], "mine" + ProcessHandle.current().pid());
                    try (var out = new FileOutputStream(mine.toFile())) {
                        for (int i = 0; i < 40; i++) { out.write(new byte[16_000]); }
                    }
                    long sum = 0;
                    try (var in = new FileInputStream(mine.toFile())) { sum = in.readAllBytes().length; }
                    Files.delete(mine);
                    System.out.println(sum);
                    if (words[1].equals("killed")) {
                        String self = "" + ProcessHandle.current().pid();
                        new ProcessBuilder("kill", "-9", self).start().waitFor();
                    }
                }
            }
            """);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        children.forEach(Child::close);
    }

    private Child sluice(String... words) {
        List<String> command = new ArrayList<>(
                List.of(java, "--enable-native-access=ALL-UNNAMED", "-cp", lib + "/*", Main.class.getName()));
        command.addAll(List.of(words));
        return child(command);
    }

    private Child child(List<String> command) {
        Child child = Child.of(command).with("XDG_RUNTIME_DIR", runtime.toString());
        children.add(child);
        return child;
    }

    private void visit(int count) {
        for (int from = 0; from < count; from += AT_ONCE) {
            List<Child> now = new ArrayList<>();
            for (int i = from; i < Math.min(count, from + AT_ONCE); i++) {
                now.add(child(List.of(
                                java,
                                "-Xmx64m",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-javaagent:" + JarLayout.agent(lib) + "=dir=" + work + ",step=visit",
                                "-cp",
                                classes.toString(),
                                "Visits",
                                work.toString(),
                                i % 4 == 3 ? "killed" : "well"))
                        .start());
            }
            for (Child one : now) {
                assertThat(one.finish().output()).isEqualTo("640000\n");
                one.close();
            }
            children.removeAll(now);
        }
    }

    private Belongings belongings(long server) throws IOException {
        Path process = Path.of("/proc", Long.toString(server));
        List<String> targets = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            for (Path one : descriptors.toList()) {
                targets.add(Descriptors.target(one));
            }
        }
        List<String> maps = Files.readAllLines(process.resolve("maps"));
        try (Stream<Path> tasks = Files.list(process.resolve("task"));
                Stream<Path> met = Files.walk(runtime)) {
            return new Belongings(
                    targets.size(),
                    targets.stream().filter(target -> target.contains("memfd")).count(),
                    tasks.count(),
                    maps.stream().filter(line -> line.contains("memfd")).count(),
                    met.count());
        }
    }

    /** How many objects of each of our classes are reachable in the server. */
    private Map<String, Integer> objects(long server) {
        String counted = Child.run(List.of(
                        Path.of(java).resolveSibling("jcmd").toString(), Long.toString(server), "GC.class_histogram"))
                .output();
        Map<String, Integer> objects = new HashMap<>();
        counted.lines().map(COUNTED::matcher).filter(Matcher::matches).forEach(line -> {
            objects.put(line.group(2), Integer.valueOf(line.group(1)));
        });
        assertThat(objects).isNotEmpty();
        return objects;
    }

    private void leavesNothing(int before, int count) throws IOException {
        Path flow = Files.writeString(folder.resolve("flow.json"), """
            { "name": "test",
              "IO_Graph": [ { "name": "visit", "input_stream": [], "output_stream": ["result"] } ] }
            """);
        Child server = sluice(
                        "serve",
                        flow.toString(),
                        "--dir",
                        work.toString(),
                        "--no-mount",
                        "--runs",
                        "visit=" + (before + count + 1))
                .start()
                .untilItSays("ready");
        visit(before);
        long number = server.number();
        Map<String, Integer> objects = objects(number);
        Belongings first = belongings(number);
        visit(count);
        untilNothingIsLeft(count, () -> {
            Belongings now = belongings(number);
            return now.descriptors <= first.descriptors
                            && now.memories <= first.memories
                            && now.threads <= first.threads + OF_THE_JVM
                            && now.mappings <= first.mappings
                            && now.met <= first.met
                    ? ""
                    : first + " before, now " + now;
        });
        untilNothingIsLeft(
                count,
                () -> { // it may just be learning that the last ones have ended
                    Map<String, Integer> grown = new TreeMap<>();
                    objects(number).forEach((type, left) -> {
                        int more = left - objects.getOrDefault(type, 0);
                        if (more >= count / AT_ONCE && RECORD.stream().noneMatch(type::startsWith)) {
                            grown.put(type, more);
                        }
                    });
                    return grown.isEmpty() ? "" : grown.toString();
                });
    }

    private static void untilNothingIsLeft(int count, Callable<String> left) {
        String[] seen = {""};
        try {
            Deadline.until("nothing is left of " + count + " JVMs in what the server has", () -> {
                seen[0] = left.call();
                return seen[0].isEmpty();
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ": " + seen[0], e);
        }
    }

    @Test
    void aFewLeaveNothingBehind() throws IOException {
        leavesNothing(4, 12);
    }

    @Test
    @Tag("abuse")
    void twoHundredLeaveNothingBehind() throws IOException {
        leavesNothing(8, 200);
    }
}
