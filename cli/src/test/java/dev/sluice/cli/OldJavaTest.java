package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.fuse.Mount;
import dev.sluice.jvm.Agent;
import dev.sluice.testing.Child;
import dev.sluice.testing.JarLayout;
import dev.sluice.testing.MountPoint;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the agent does in a JVM that is too old for it: a real one, where this machine has one. */
@Timeout(120)
class OldJavaTest {
    @TempDir
    private Path folder;

    private final MountPoint point = MountPoint.of("old-java");
    private List<String> java;

    @BeforeEach
    void compile() throws IOException {
        String old = old().orElse("");
        assumeTrue(!old.isEmpty(), "there is no java here that is older than 25");
        Path source = Files.writeString(folder.resolve("Copy.java"), """
            import java.nio.file.*;

            public class Copy {
                public static void main(String[] words) throws Exception {
                    Files.copy(Paths.get(words[0]), Paths.get(words[1]));
                    System.out.println("copied by " + System.getProperty("java.specification.version"));
                    try (FileSystem zip = FileSystems.newFileSystem(
                            java.net.URI.create("jar:" + Paths.get(words[1] + ".zip").toUri()),
                            java.util.Collections.singletonMap("create", "true"))) {
                        Files.copy(Paths.get(words[1]), zip.getPath("zipped"));
                        System.out.println("zipped " + Files.size(zip.getPath("zipped")));
                    }
                }
            }
            """);
        ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
        assertThat(javac.run(System.out, System.err, "--release", "8", "-Xlint:-options", source.toString()))
                .isZero();
        Path agent = JarLayout.agent(JarLayout.of(folder.resolve("jars"), Agent.class));
        java = List.of(old, "-javaagent:" + agent, "-cp", folder.toString(), "Copy");
    }

    @AfterEach
    void leaveNoMount() {
        point.close();
    }

    private static Optional<String> old() {
        return Stream.concat(
                        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                                .map(Path::of),
                        siblings())
                .map(bin -> bin.resolve("java"))
                .filter(Files::isExecutable)
                .filter(OldJavaTest::isOld)
                .map(Path::toString)
                .findFirst();
    }

    private static Stream<Path> siblings() {
        File[] others =
                new File(System.getProperty("java.home")).getParentFile().listFiles();
        return others == null
                ? Stream.of()
                : Arrays.stream(others).map(File::toPath).map(home -> home.resolve("bin"));
    }

    private static boolean isOld(Path program) {
        try {
            Path release = program.toRealPath().resolveSibling("../release").normalize();
            return Files.exists(release)
                    && Files.readAllLines(release).stream()
                            .anyMatch(line -> line.matches("JAVA_VERSION=\"(1\\.8|1\\d\\b|2[0-4]\\b).*"));
        } catch (IOException e) {
            return false;
        }
    }

    private List<String> command(String... words) {
        List<String> all = new ArrayList<>(java);
        all.addAll(List.of(words));
        return all;
    }

    @Test
    void itsProgramGoesThroughTheMount() throws IOException {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        Path flow = Files.writeString(folder.resolve("flow.json"), """
            { "name": "old", "IO_Graph": [
                { "name": "make", "input_stream": [], "output_stream": ["data"],
                  "streaming": [ { "name": ["data"], "committed": "on_termination", "mode": "no_update" } ] },
                { "name": "use", "input_stream": ["data"], "output_stream": ["result"] } ] }
            """);
        Path go = folder.resolve("go");
        Child.Outcome outcome = Child.run(RunLine.of(
                flow,
                point.path(),
                "make=cd " + point.path() + "; echo first > data; until [ -e " + go
                        + " ]; do sleep 0.02; done; echo second >> data",
                "use=cd " + point.path() + "; head -n 1 data && touch " + go + " && '"
                        + String.join("' '", command("data", "result")) + "'"));
        assertThat(outcome.output()).contains("copied by ", "zipped 13").doesNotContain("UnsupportedClassVersionError");
        assertThat(outcome.exit()).isZero();
        assertThat(point.path().resolve("result")).hasContent("first\nsecond\n");
    }

    @Test
    void withoutAMountItDoesNotBegin() throws IOException {
        Path data = Files.writeString(folder.resolve("data"), "x");
        Path copy = folder.resolve("copy");
        Child.Outcome outcome;
        try (Child child = Child.of(command(data.toString(), copy.toString()))
                .with("SLUICE_DIR", folder.toString())
                .start()) {
            outcome = child.finish();
        }
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.output())
                .contains("sluice: in its own process a program takes part from JDK 25 on, and this is ")
                .contains("there is none over " + folder)
                .contains("this program cannot take part, and has not begun");
        assertThat(copy).doesNotExist();
    }

    @Test
    void whereNothingIsManagedItRunsAsEver() throws IOException {
        Path data = Files.writeString(folder.resolve("data"), "x");
        Path copy = folder.resolve("copy");
        Child.Outcome outcome = Child.run(command(data.toString(), copy.toString()));
        assertThat(outcome.output()).contains("zipped 1\n");
        assertThat(outcome.exit()).isZero();
        assertThat(copy).hasContent("x");
    }
}
