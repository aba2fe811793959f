package dev.sluice.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.stream.Session;
import dev.sluice.testing.Child;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Unmodified programs in JVMs of their own, with the agent. */
@Timeout(120)
class AgentTest {
    @TempDir
    private Path folder;

    private Managed managed;
    private Host host;
    private Path jar;

    @BeforeEach
    void serve() throws IOException {
        managed = Managed.in(folder.toRealPath());
        host = new Host(managed.workflow);
        jar = folder.resolve("agent.jar");
    }

    @AfterEach
    void end() throws IOException {
        host.close();
        managed.close();
    }

    /** The same manifest as that of the jar which the build makes, and the classes where they are. */
    private String agent(List<String> java) throws IOException {
        if (!Files.exists(jar)) {
            String places = java.get(java.indexOf("-cp") + 1);
            Manifest manifest = new Manifest();
            Attributes main = manifest.getMainAttributes();
            main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
            main.putValue("Premain-Class", Entrance.class.getName());
            main.putValue("Can-Retransform-Classes", "true");
            main.putValue(
                    "Class-Path",
                    Stream.of(places.split(File.pathSeparator))
                            .map(place -> Path.of(place).toUri().toString())
                            .collect(Collectors.joining(" ")));
            new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        }
        return "-javaagent:" + jar;
    }

    private Child program(Session session, Path directory, Path current, String... words) throws IOException {
        return program(session, directory, current, List.of(), words);
    }

    private Child program(Session session, Path directory, Path current, List<String> options, String... words)
            throws IOException {
        List<String> java = Child.java(
                FileProgram.class.getName(),
                FileProgram.class,
                options,
                Stream.concat(Stream.of(directory.toString()), Stream.of(words)).toArray(String[]::new));
        List<String> command = new ArrayList<>(List.of("env", "-C", current.toString()));
        if (session != null) {
            command.add("SLUICE_DIR=" + managed.directory);
            command.add("SLUICE_SESSION=" + host.word(session));
            java.add(1, agent(java));
        }
        command.addAll(java);
        return Child.of(command);
    }

    @Test
    void everyWayToUseFilesDoesTheSameAsInAPlainDirectory() throws IOException {
        Path plain = Files.createDirectory(folder.resolve("plain")).toRealPath();
        String expected = program(null, plain, folder, "all").start().finish().output();
        assertThat(expected).contains("left ").hasLineCount(expected.split("\n").length);

        Child.Outcome outcome = program(managed.making, managed.directory, folder, "all")
                .start()
                .finish();
        assertThat(outcome.output()).isEqualTo(expected);
        assertThat(outcome.exit()).isZero();
    }

    @Test
    void whereTheDefaultFileSystemWasReplacedItIsSaidWhyNoServerIsReached() throws IOException {
        String option = "-Djava.nio.file.spi.DefaultFileSystemProvider=" + SluiceFileSystemProvider.class.getName();
        Child.Outcome outcome = program(managed.making, managed.directory, folder, List.of(option), "all")
                .start()
                .finish();
        assertThat(outcome.output()).contains("a JVM whose default file system was replaced");
        assertThat(outcome.exit()).isNotZero();
    }

    @Test
    void relativePathsAreSeenFromTheCurrentDirectory() throws IOException {
        Path plain = Files.createDirectory(folder.resolve("plain")).toRealPath();
        String expected =
                program(null, plain, plain, "relative").start().finish().output();
        String said = program(managed.making, managed.directory, managed.directory, "relative")
                .start()
                .finish()
                .output();
        assertThat(said).isEqualTo(expected).contains("relative8");
    }

    @Test
    void whatIsOutsideOrLeadsThereIsTheJdks() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        managed.maker.makeSymbolicLink("out", outside.toString());
        Files.createDirectory(folder.resolve("work2"));
        String said = program(managed.making, managed.directory, folder, "outside", outside.toString())
                .start()
                .finish()
                .output();
        assertThat(said).isEqualTo("outside: out\nby a link: out\nby a link and a stream: out\nbeside: true\n");
        assertThat(outside.resolve("o")).hasContent("out");
    }

    /** It would get the kernel's descriptor, which there is none of. */
    @Test
    void aProcessIsNotRedirectedToAManagedFileWithoutAMount() throws IOException {
        String said = program(managed.making, managed.directory, folder, "redirect")
                .start()
                .finish()
                .output();
        assertThat(said).contains("/o (a process can be redirected", "only where there is a mount");
    }

    @Test
    void aProgramReadsWhatAnotherOneIsStillWriting() throws IOException {
        try (Child writer = program(managed.making, managed.directory, folder, "write");
                Child reader = program(managed.using, managed.directory, folder, "read")) {
            reader.start();
            writer.start().untilItSays("written");
            reader.untilItSays("got first");
            writer.input().write('\n');
            writer.input().flush();
            assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, """
                a file: true true
                a folder: false false
                got first
                got second
                end
                """));
            assertThat(writer.finish().exit()).isZero();
        }
    }

    /** In a plain directory, too, its threads do not see the end of the program. */
    @Test
    void threadsThatReadWhenTheProgramEndsAreNotToldOfItsEnd() throws IOException {
        try (Child writer = program(managed.making, managed.directory, folder, "write");
                Child reader = program(managed.using, managed.directory, folder, "leave")) {
            writer.start().untilItSays("written");
            assertThat(reader.start().finish()).isEqualTo(new Child.Outcome(0, "leaves\n"));
            writer.input().write('\n');
            writer.input().flush();
            assertThat(writer.finish().exit()).isZero();
        }
    }

    @Test
    void withoutADirectoryNothingIsChangedAndWithoutAServerTheProgramDoesNotBegin() throws IOException {
        List<String> java =
                Child.java(FileProgram.class.getName(), FileProgram.class, List.of(), folder.toString(), "idle");
        java.add(1, agent(java));
        List<String> nowhere = new ArrayList<>(List.of("env", "-u", "SLUICE_DIR", "-u", "CAPIO_DIR"));
        nowhere.addAll(java);
        assertThat(Child.run(nowhere)).isEqualTo(new Child.Outcome(0, ""));

        List<String> alone = new ArrayList<>(List.of("env", "SLUICE_DIR=" + folder, "SLUICE_SESSION=none"));
        alone.addAll(java);
        Child.Outcome outcome = Child.run(alone);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.output())
                .startsWith("sluice: ")
                .contains("has not begun")
                .hasLineCount(1);
    }
}
