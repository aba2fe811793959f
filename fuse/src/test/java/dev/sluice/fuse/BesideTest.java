package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Child;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random operations of three processes of one step, each done in the mount and in a file system in memory of the kernel's own,
 * which has to answer the same. The property {@code seed} chooses another beginning.
 */
class BesideTest extends OnMount {
    private static final Path MEMORY = Path.of("/dev/shm");

    private Path program;

    @BeforeEach
    void writeProgram() throws IOException {
        assumeTrue(Files.isWritable(MEMORY), "there is no file system in memory");
        program = folder.resolve("beside.py");
        try (InputStream source = BesideTest.class.getResourceAsStream("beside.py")) {
            Files.write(program, source.readAllBytes());
        }
    }

    private void compare(String directory, long seed, int count) throws IOException {
        Path model = Files.createTempDirectory(MEMORY, "sluice-test");
        // Where the kernel writes by itself it goes by what was said when the file was opened.
        String skipped = directory.equals("plain") ? " flags" : "";
        try {
            Child.Outcome outcome = sh(
                            "producer",
                            "mkdir -p " + directory + "/in; python3 " + program + " " + directory + "/in " + model + " "
                                    + seed + " " + count + skipped + " && rm -r " + directory + "/in")
                    .finish();
            assertThat(outcome.output()).as("in %s, seed %d", directory, seed).isEqualTo("same\n");
        } finally {
            Child.run(List.of("rm", "-r", model.toString()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"s", "whole", "plain"})
    void aFewAreAnsweredAlike(String directory) throws IOException {
        compare(directory, 1, 500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s", "whole", "plain"})
    @Tag("abuse")
    @Timeout(300)
    void manyAreAnsweredAlike(String directory) throws IOException {
        long seed = Long.getLong("seed", ThreadLocalRandom.current().nextInt(1_000_000));
        for (int i = 0; i < 10; i++) {
            System.out.println("random operations in " + directory + ", seed " + (seed + i));
            compare(directory, seed + i, 2000);
        }
    }
}
