package dev.sluice.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Child;
import dev.sluice.testing.Compiled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one program with the agent leaves to the next. */
@Timeout(120)
class PatchCacheTest {
    @TempDir
    private Path folder;

    private Managed managed;
    private Host host;
    private String agent;
    private Path classes;
    private Path cache;

    @BeforeEach
    void serve() throws IOException {
        managed = Managed.in(folder.toRealPath());
        host = new Host(managed.workflow);
        agent = Jars.agent(folder.resolve("lib"));
        cache = folder.resolve("cache/sluice");
        classes = Compiled.in(folder.resolve("classes"), "Reads", """
            class Reads {
                public static void main(String[] words) throws Exception {
                    java.nio.file.Files.writeString(java.nio.file.Path.of(words[0], "data"), "text");
                    try (var in = new java.io.FileReader(words[0] + "/data")) { System.out.println((char) in.read()); }
                }
            }
            """);
    }

    @AfterEach
    void end() throws IOException {
        host.close();
        managed.close();
    }

    /** {@return whether it made the changes itself, as it must whenever nothing is kept that counts} */
    private boolean makesThem() {
        Child.Outcome outcome;
        try (Child child = Child.of(List.of(
                        Compiled.java(),
                        agent,
                        "-Xlog:class+load:file=" + folder.resolve("loaded"),
                        "-cp",
                        classes.toString(),
                        "Reads",
                        managed.directory.toString()))
                .with("SLUICE_DIR", managed.directory.toString())
                .with("SLUICE_SESSION", host.word(managed.making))
                .with("XDG_CACHE_HOME", folder.resolve("cache").toString())) {
            outcome = child.start().finish();
        }
        assertThat(outcome).isEqualTo(new Child.Outcome(0, "t\n"));
        try {
            return Files.readString(folder.resolve("loaded")).contains("dev.sluice.jvm.Patches ");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path kept() throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            return files.reduce((one, other) -> {
                        throw new AssertionError(one + " and " + other);
                    })
                    .orElseThrow();
        }
    }

    @Test
    void theSecondProgramFindsWhatTheFirstHasMade() throws IOException {
        assertThat(makesThem()).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept())))
                .isEqualTo("rw-------");
        assertThat(makesThem()).isFalse();
        assertThat(makesThem()).isFalse();
    }

    @Test
    void whatIsDamagedOrOfAnotherAgentDoesNotCountAndIsMadeAnew() throws IOException {
        assertThat(makesThem()).isTrue();
        byte[] good = Files.readAllBytes(kept());
        byte[] bad = good.clone();
        bad[bad.length / 2]++;
        Files.write(kept(), bad);
        assertThat(makesThem()).isTrue();
        assertThat(kept()).hasBinaryContent(good);

        Files.write(kept(), java.util.Arrays.copyOf(good, good.length / 2));
        assertThat(makesThem()).isTrue();
        Files.write(kept(), new byte[0]);
        assertThat(makesThem()).isTrue();
        assertThat(makesThem()).isFalse();
    }

    @Test
    void aFolderInWhichOthersMayWriteIsNotTrusted() throws IOException {
        assertThat(makesThem()).isTrue();
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(makesThem()).isTrue();
        assertThat(makesThem()).isTrue();
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwx------"));
        assertThat(makesThem()).isFalse();

        Path elsewhere = Files.move(cache, folder.resolve("elsewhere"));
        Files.createSymbolicLink(cache, elsewhere);
        assertThat(makesThem()).isTrue();
    }

    @Test
    void whereNothingCanBeKeptAProgramRunsAllTheSame() throws IOException {
        Files.createFile(folder.resolve("cache"));
        assertThat(makesThem()).isTrue();
        assertThat(makesThem()).isTrue();
    }
}
