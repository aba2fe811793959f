package dev.sluice.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Child;
import dev.sluice.testing.Compiled;
import dev.sluice.testing.Deadline;
import dev.sluice.testing.JarLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The agent in jars, as it is installed, and programs that have nothing of ours on their class path. */
@Timeout(120)
class AloneTest {
    @TempDir
    private Path folder;

    private Managed managed;
    private Host host;
    private String agent;
    private final List<Child> children = new ArrayList<>();

    @BeforeEach
    void serve() throws IOException {
        managed = Managed.in(folder.toRealPath());
        host = new Host(managed.workflow);
        agent = Jars.agent(folder.resolve("lib"));
    }

    @AfterEach
    void end() throws IOException {
        children.forEach(Child::close);
        host.close();
        managed.close();
    }

    private Child child(List<String> command) {
        Child child = Child.of(command);
        children.add(child);
        return child.with("SLUICE_DIR", managed.directory.toString())
                .with("SLUICE_STEP", "make")
                .with("SLUICE_SESSION", host.word(managed.making));
    }

    private Child.Outcome run(Path classes, String main, String... words) {
        List<String> command = new ArrayList<>(List.of(Compiled.java(), agent, "-cp", classes.toString(), main));
        command.addAll(List.of(words));
        return child(command).start().finish();
    }

    private String said(String path) throws IOException {
        try (Door.OpenFile file = managed.maker.open(path, 0, 0)) {
            byte[] bytes = new byte[1000];
            int count = file.read(java.nio.ByteBuffer.wrap(bytes), 0);
            return new String(bytes, 0, Math.max(count, 0), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    @Test
    void aProgramWritesThroughTheDoorAndItsStandardErrorStaysEmpty() throws IOException {
        Path classes = Compiled.in(folder.resolve("classes"), "Writes", """
            class Writes {
                public static void main(String[] words) throws Exception {
                    try (var out = new java.io.FileWriter(words[0])) { out.write("by " + words[0].length()); }
                    System.out.println(java.nio.file.Files.readString(java.nio.file.Path.of(words[0])));
                }
            }
            """);
        String path = managed.directory + "/data";
        assertThat(run(classes, "Writes", path)).isEqualTo(new Child.Outcome(0, "by " + path.length() + "\n"));
        assertThat(said("data")).isEqualTo("by " + path.length());
        assertThat(managed.directory.resolve("data")).doesNotExist();
    }

    @Test
    void aProcessOfTheStepBeginsNoOtherRunWhenTheAgentIsToldOfItToo() throws IOException {
        Path classes = Compiled.in(folder.resolve("classes"), "Writes", """
            class Writes {
                public static void main(String[] words) throws Exception {
                    try (var out = new java.io.FileWriter(words[0])) { out.write("text"); }
                }
            }
            """);
        String said = agent + "=dir=" + managed.directory + ",step=make";
        Child child =
                child(List.of(Compiled.java(), said, "-cp", classes.toString(), "Writes", managed.directory + "/data"));
        assertThat(child.start().finish()).isEqualTo(new Child.Outcome(0, ""));
        assertThat(said("data")).isEqualTo("text");
        assertThat(host.runs()).isEmpty();
    }

    /** As programs that need much room for temporary files are told to. */
    @Test
    void theServerIsFoundThoughTemporaryFilesAreElsewhere() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("scratch"));
        Path classes = Compiled.in(folder.resolve("classes"), "Writes", """
            class Writes {
                public static void main(String[] words) throws Exception {
                    try (var out = new java.io.FileWriter(words[0])) { out.write(System.getProperty("java.io.tmpdir")); }
                }
            }
            """);
        Child child = child(List.of(
                Compiled.java(),
                "-Djava.io.tmpdir=" + elsewhere,
                agent,
                "-cp",
                classes.toString(),
                "Writes",
                managed.directory + "/data"));
        assertThat(child.start().finish()).isEqualTo(new Child.Outcome(0, ""));
        assertThat(said("data")).isEqualTo(elsewhere.toString());
    }

    @Test
    void theProgramSeesNoLibraryOfTheAgentAndTheAgentNoneOfTheProgram() throws IOException {
        // Would the agent see these, nothing would work.
        Path classes = folder.resolve("classes");
        for (String name :
                List.of("dev.sluice.linux.Errno", "dev.sluice.linux.OpenFlag", "dev.sluice.stream.Session")) {
            int dot = name.lastIndexOf('.');
            Compiled.in(
                    classes,
                    name.substring(dot + 1),
                    "package " + name.substring(0, dot) + "; public class " + name.substring(dot + 1)
                            + " { public static String said() { return \"the program's\"; } }");
        }
        Compiled.in(classes, "Sees", """
            class Sees {
                public static void main(String[] words) throws Exception {
                    System.out.println(dev.sluice.linux.Errno.said());
                    try (var out = new java.io.FileWriter(words[0])) { out.write("text"); }
                    System.out.println(new java.io.File(words[0]).length());
                    try {
                        new java.io.FileReader(words[0] + "/none");
                    } catch (java.io.FileNotFoundException e) {
                        System.out.println(e.getMessage().replaceAll(".*[(]", "("));
                    }
                    for (String name : new String[] {"dev.sluice.stream.Workflow", "dev.sluice.language.Flow"}) {
                        try {
                            System.out.println(Class.forName(name));
                        } catch (ClassNotFoundException e) {
                            System.out.println("no " + name);
                        }
                    }
                }
            }
            """, classes);
        assertThat(run(classes, "Sees", managed.directory + "/own")).isEqualTo(new Child.Outcome(0, """
            the program's
            4
            (Not a directory)
            no dev.sluice.stream.Workflow
            no dev.sluice.language.Flow
            """));
    }

    @Test
    void otherFileSystemsOfTheProgramAreFound() throws IOException {
        Path classes = Compiled.in(folder.resolve("classes"), "Zips", """
            import java.nio.file.*;
            class Zips {
                public static void main(String[] words) throws Exception {
                    var uri = java.net.URI.create("jar:" + Path.of(words[0]).toUri());
                    try (var zip = FileSystems.newFileSystem(uri, java.util.Map.of("create", "true"))) {
                        Files.writeString(zip.getPath("/in"), "zipped");
                    }
                    try (var zip = FileSystems.newFileSystem(Path.of(words[0]))) {
                        System.out.println(Files.readString(zip.getPath("/in")));
                    }
                }
            }
            """);
        assertThat(run(classes, "Zips", folder + "/outside.zip")).isEqualTo(new Child.Outcome(0, "zipped\n"));
        assertThat(run(classes, "Zips", managed.directory + "/inside.zip")).isEqualTo(new Child.Outcome(0, "zipped\n"));
    }

    @Test
    void whatTheAgentNeedsMustBeBesideIt() throws IOException {
        Path classes = Compiled.in(folder.resolve("classes"), "Idle", """
            class Idle { public static void main(String[] words) { System.out.println("has begun"); } }
            """);
        try (var jars = Files.newDirectoryStream(folder.resolve("lib"), "sluice-linux*")) {
            Files.delete(jars.iterator().next());
        }
        Child.Outcome outcome = run(classes, "Idle");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.output())
                .contains("the agent needs sluice-linux beside it", "has not begun")
                .doesNotContain("has begun")
                .hasLineCount(1);
    }

    // Attached to a program that runs.

    private static final String ATTACHED = """
        import java.io.*;
        import java.nio.file.*;
        class Attached {
            static long place(RandomAccessFile file) throws IOException { return file.getFilePointer(); }
            public static void main(String[] words) throws Exception {
                Path outside = Files.createTempFile("attached", "");
                try (RandomAccessFile file = new RandomAccessFile(outside.toFile(), "rw")) {
                    file.write(1);
                    System.out.println("runs " + ProcessHandle.current().pid() + " at " + place(file) + ".");
                }
                Files.delete(outside);
                var in = new BufferedReader(new InputStreamReader(System.in));
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    try (RandomAccessFile file = new RandomAccessFile(line, "rw")) {
                        file.write(new byte[3]);
                        System.out.println("wrote " + place(file));
                    } catch (IOException e) {
                        System.out.println(e.getMessage());
                    }
                }
                System.out.println("goes well");
            }
        }
        """;

    private Child.Outcome attach(long process, String arguments) throws IOException {
        Path classes = Compiled.in(folder.resolve("attaching"), "Attach", """
            class Attach {
                public static void main(String[] words) throws Exception {
                    var machine = com.sun.tools.attach.VirtualMachine.attach(words[0]);
                    try {
                        machine.loadAgent(words[1], words[2]);
                        System.out.println("attached");
                    } catch (com.sun.tools.attach.AgentInitializationException e) {
                        System.out.println("refused: " + e.getMessage());
                    } finally {
                        machine.detach();
                    }
                }
            }
            """);
        return Child.run(List.of(
                Compiled.java(),
                "-cp",
                classes.toString(),
                "Attach",
                Long.toString(process),
                JarLayout.agent(folder.resolve("lib")).toString(),
                arguments));
    }

    private Child running() throws IOException {
        Path classes = Compiled.in(folder.resolve("classes"), "Attached", ATTACHED);
        return child(List.of(Compiled.java(), "-XX:+EnableDynamicAgentLoading", "-cp", classes.toString(), "Attached"))
                .start()
                .untilItSays(" at 1.");
    }

    private static long number(Child running) {
        return Long.parseLong(running.said().replaceAll("(?s).*runs (\\d+) at.*", "$1"));
    }

    private static void say(Child running, String line) throws IOException {
        running.input().write((line + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        running.input().flush();
    }

    /** The second thing that it has written, or has failed to. */
    private static void untilWritten(Child running) {
        String[] said = {""};
        Deadline.until("it has written", () -> {
            said[0] = running.said();
            return said[0].lines()
                            .filter(line -> line.matches("(wrote|Stream|/).*"))
                            .count()
                    >= 2;
        });
        assertThat(said[0].split("wrote 3", -1)).as(said[0]).hasSize(3);
    }

    @Test
    void aProgramThatRunsTakesPartFromTheMomentOnInWhichTheAgentIsAttached() throws IOException {
        Child running = running();
        say(running, managed.directory + "/before");
        running.untilItSays("wrote 3");
        assertThat(attach(number(running), "")).isEqualTo(new Child.Outcome(0, "attached\n"));
        say(running, managed.directory + "/data");
        untilWritten(running);
        assertThat(managed.directory.resolve("before")).exists();
        assertThat(managed.directory.resolve("data")).doesNotExist();
        assertThat(managed.maker.status("data", true).size()).isEqualTo(3);

        assertThat(attach(number(running), "").output()).startsWith("refused");
        running.untilItSays("this program takes part already");
        running.input().close();
        assertThat(running.finish().exit()).isZero();
    }

    @Test
    void aProgramThatRunsGoesOnWhenItCannotTakePart() throws IOException {
        Child running = running();
        Path nobodys = Files.createDirectory(folder.resolve("nobodys"));
        assertThat(attach(number(running), "dir=" + nobodys).output()).startsWith("refused");
        running.untilItSays("sluice: " + nobodys.toRealPath())
                .untilItSays("nobody serves this directory")
                .untilItSays("this program does not take part, and goes on as it was");
        assertThat(attach(number(running), "nonsense").output()).startsWith("refused");
        running.untilItSays("the agent understands dir=DIR and step=STEP");
        say(running, nobodys + "/file");
        running.untilItSays("wrote 3");
        assertThat(nobodys.resolve("file")).hasSize(3);

        // And when it can, it does.
        assertThat(attach(number(running), "")).isEqualTo(new Child.Outcome(0, "attached\n"));
        say(running, managed.directory + "/data");
        untilWritten(running);
        assertThat(managed.maker.status("data", true).size()).isEqualTo(3);
        running.input().close();
        assertThat(running.finish().output()).contains("goes well");
    }
}
