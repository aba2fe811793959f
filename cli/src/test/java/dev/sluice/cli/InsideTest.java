package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.fuse.Mount;
import dev.sluice.testing.Child;
import dev.sluice.testing.Compiled;
import dev.sluice.testing.JarLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unmodified Java programs, started by the program as it is installed: in jars, in a folder with blanks, without a mount. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class InsideTest {
    @TempDir
    private Path folder;

    private Path lib;
    private Path work;
    private Path runtime;
    private Path classes;
    private String java;
    private String flow;
    private final List<Child> children = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        lib = JarLayout.ofThisProcess(folder.resolve("my programs/lib"));
        work = Files.createDirectory(folder.resolve("work")).toRealPath();
        runtime = Files.createDirectory(folder.resolve("run"));
        Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwx------"));
        java = Files.createSymbolicLink(folder.resolve("my programs/jdk"), Path.of(System.getProperty("java.home")))
                .resolve("bin/java")
                .toString();
        flow = Files.writeString(folder.resolve("flow.json"), """
            { "name": "test",
              "IO_Graph": [
                { "name": "make", "input_stream": [], "output_stream": ["data"],
                  "streaming": [ { "name": ["data"], "committed": "on_close", "mode": "no_update" } ] },
                { "name": "use", "input_stream": ["data"], "output_stream": [] }
              ] }
            """).toString();
        classes = Compiled.in(folder.resolve("classes"), "Make", """
            class Make {
                public static void main(String[] words) throws Exception {
                    System.setProperty("java.io.tmpdir", "/nowhere"); // as picard does, before it uses a file
                    try (var out = new java.io.PrintWriter(words[0])) {
                        for (int i = 1; i <= 10_000; i++) {
                            out.println(i);
                        }
                        out.flush();
                        System.out.println("holds");
                        System.in.read();
                        out.println("last");
                    }
                    System.out.println(new java.io.File(words[0]).exists());
                }
            }
            """);
        Compiled.in(classes, "Use", """
            class Use {
                public static void main(String[] words) throws Exception {
                    try (var in = new java.io.BufferedReader(new java.io.FileReader(words[0]))) {
                        long total = 0;
                        for (int i = 0; i < 10_000; i++) {
                            total += Long.parseLong(in.readLine());
                        }
                        System.out.println(total);
                        System.out.println(in.readLine() + in.readLine());
                    }
                }
            }
            """);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        sluice("stop", "--dir", work.toString(), "--now").start().finish();
        children.forEach(Child::close);
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(folder.toString());
    }

    private Child sluice(String... words) {
        return sluice(List.of(), words);
    }

    private Child sluice(List<String> before, String... words) {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(java, "--enable-native-access=ALL-UNNAMED", "-cp", lib + "/*", Main.class.getName()));
        command.addAll(List.of(words));
        Child child = Child.of(command).with("XDG_RUNTIME_DIR", runtime.toString());
        children.add(child);
        return child;
    }

    private Child exec(String step, String... command) {
        List<String> words = new ArrayList<>(List.of("exec", "--dir", work.toString(), "--step", step, "--"));
        words.addAll(List.of(command));
        return sluice(words.toArray(String[]::new)).start();
    }

    private void plainDirectoryIsEmpty() {
        assertThat(work.resolve("data")).doesNotExist();
    }

    @Test
    void executedProgramsGoByTheDoorWithoutAMount() throws IOException {
        Child server = sluice("serve", flow, "--dir", work.toString(), "--no-mount", "--once")
                .start()
                .untilItSays("ready");
        Child use = exec("use", java, "-cp", classes.toString(), "Use", work + "/data");
        Child make = exec("make", java, "-cp", classes.toString(), "Make", work + "/data")
                .untilItSays("holds");
        use.untilItSays("50005000");
        plainDirectoryIsEmpty();
        make.input().write('\n');
        make.input().flush();
        assertThat(make.finish()).isEqualTo(new Child.Outcome(0, "holds\ntrue\n"));
        assertThat(use.finish()).isEqualTo(new Child.Outcome(0, "50005000\nlastnull\n"));
        assertThat(server.finish().exit()).isZero();
    }

    /** As if to list it, a JVM opens the directory in which it starts, only to come back to it. Who does list it waits. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aProgramThatStartsInTheDirectoryBeginsAtOnce(boolean isInside) throws IOException {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        Compiled.in(classes, "Names", """
            class Names {
                public static void main(String[] words) throws Exception {
                    System.out.println("begins");
                    try (var names = java.nio.file.Files.list(java.nio.file.Path.of("."))) {
                        names.forEach(System.out::println);
                    }
                }
            }
            """);
        sluice("serve", flow, "--dir", work.toString(), "--runs", "use=2")
                .start()
                .untilItSays("ready");
        Child make = exec("make", java, "-cp", classes.toString(), "Make", work + "/data")
                .untilItSays("holds");
        Compiled.in(classes, "Lines", """
            class Lines {
                public static void main(String[] words) throws Exception {
                    try (var in = new java.io.BufferedReader(new java.io.FileReader(words[0]))) {
                        System.out.println(in.readLine());
                        System.out.println(in.lines().count());
                    }
                }
            }
            """);
        Child use = startedInTheDirectory(isInside, "Lines", "data").untilItSays("1\n");
        Child names = startedInTheDirectory(isInside, "Names").untilItSays("begins");
        make.input().write('\n');
        make.input().flush();
        assertThat(make.finish()).isEqualTo(new Child.Outcome(0, "holds\ntrue\n"));
        assertThat(names.finish()).isEqualTo(new Child.Outcome(0, "begins\n./data\n"));
        assertThat(use.finish()).isEqualTo(new Child.Outcome(0, "1\n10000\n"));
    }

    private Child startedInTheDirectory(boolean isInside, String... program) {
        List<String> words = new ArrayList<>(List.of("exec", "--step", "use"));
        if (!isInside) {
            words.add("--no-agent");
        }
        words.addAll(List.of("--", java, "-cp", classes.toString()));
        words.addAll(List.of(program));
        return sluice(List.of("env", "-C", work.toString()), words.toArray(String[]::new))
                .start();
    }

    @Test
    void withoutTheAgentAProgramSeesThePlainDirectory() throws IOException {
        sluice("serve", flow, "--dir", work.toString(), "--no-mount").start().untilItSays("ready");
        Child make = sluice(
                        "exec",
                        "--no-agent",
                        "--dir",
                        work.toString(),
                        "--step",
                        "make",
                        "--",
                        java,
                        "-cp",
                        classes.toString(),
                        "Make",
                        work + "/data")
                .start()
                .untilItSays("holds");
        assertThat(work.resolve("data")).exists();
        make.input().write('\n');
        make.input().flush();
        assertThat(make.finish().exit()).isZero();
    }

    @Test
    void aProgramThatIsAStepByTheAgentAloneFailsWithItsStatus() throws IOException {
        Compiled.in(classes, "Fails", """
            class Fails {
                public static void main(String[] words) throws Exception {
                    var out = new java.io.FileOutputStream(words[0]);
                    out.write(1);
                    if (words.length > 1) { System.exit(Integer.parseInt(words[1])); }
                    throw new Exception("it fails");
                }
            }
            """);
        for (String status : List.of("7", "1")) {
            Child server = sluice("serve", flow, "--dir", work.toString(), "--no-mount", "--once")
                    .start()
                    .untilItSays("ready");
            Child use = exec("use", java, "-cp", classes.toString(), "Use", work + "/data");
            List<String> command = new ArrayList<>(List.of(
                    java,
                    "-javaagent:" + JarLayout.agent(lib) + "=dir=" + work + ",step=make",
                    "-cp",
                    classes.toString(),
                    "Fails",
                    work + "/data"));
            if (status.equals("7")) {
                command.add(status);
            }
            Child make = Child.of(command).with("XDG_RUNTIME_DIR", runtime.toString());
            children.add(make);
            assertThat(make.start().finish().exit()).isEqualTo(Integer.parseInt(status));
            Child.Outcome used = use.finish();
            assertThat(used.exit()).isNotZero();
            assertThat(used.output()).contains("data: EIO");
            Child.Outcome served = server.finish();
            assertThat(served.output()).contains("step make failed with status " + status);
            assertThat(served.exit()).isEqualTo(Integer.parseInt(status));
        }
    }

    @Test
    void aRunsStepsHaveTheOptionInTheirEnvironmentQuotedOrNot() throws IOException {
        String program = " -cp " + classes + " ";
        Child run = sluice(
                        "run",
                        flow,
                        "--dir",
                        work.toString(),
                        "--no-mount",
                        "--quiet",
                        "--step",
                        "make=echo | '" + java + "' $SLUICE_AGENT" + program + "Make " + work + "/data",
                        "--step",
                        "use='" + java + "' \"$SLUICE_AGENT\"" + program + "Use " + work + "/data")
                .start();
        Child.Outcome outcome = run.finish();
        assertThat(outcome.output()).contains("50005000", "last");
        assertThat(outcome.exit()).isZero();
        plainDirectoryIsEmpty();
    }
}
