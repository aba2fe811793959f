package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Child;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random operations of a real process, compared with a model, while another step reads a file that grows. The property
 * {@code seed} chooses another beginning.
 */
class RandomOperationsTest extends OnMount {
    private static final String READER = """
        import os, sys
        fd, at = os.open(sys.argv[1], os.O_RDONLY), 0
        while part := os.read(fd, 65536):
            if part != bytes((at + i) % 251 for i in range(len(part))):
                sys.exit("wrong bytes behind %d" % at)
            at += len(part)
        print("logged %d" % at)
        """;

    private Path program;
    private Path reader;

    @BeforeEach
    void writePrograms() throws IOException {
        program = folder.resolve("operations.py");
        try (InputStream source = RandomOperationsTest.class.getResourceAsStream("operations.py")) {
            Files.write(program, source.readAllBytes());
        }
        reader = Files.writeString(folder.resolve("reader.py"), READER);
        said("producer", "mkdir s whole plain");
    }

    private void compare(String directory, long seed, int count) {
        Child reading = sh("consumer", "exec python3 " + reader + " s/log");
        Child.Outcome outcome = sh(
                        "producer", "exec python3 " + program + " " + directory + " " + seed + " " + count + " s/log")
                .finish();
        assertThat(outcome.exit())
                .as("python3 %s %s %d %d: %s", program.getFileName(), directory, seed, count, outcome.output())
                .isZero();
        Child.Outcome read = reading.finish();
        assertThat(read.exit()).as(read.output()).isZero();
        assertThat(outcome.output()).contains(read.output().strip());
        said("producer", "rm s/log");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s", "whole", "plain"})
    void aFewAreAsInTheModel(String directory) {
        compare(directory, 1, 300);
    }

    @Test
    void whatIsWrittenInAMappingOfAnAppendingFileStaysInItsPlace() throws IOException {
        for (String name : List.of("s/file", "whole/file", "plain/file")) {
            assertThat(said("producer", "python3 -c '" + """
                import mmap, os
                fd = os.open("%s", os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
                os.write(fd, b"a" * 5000)
                with mmap.mmap(fd, 5000) as mapped:
                    mapped[4500:4502] = b"XY"
                    mapped.flush()
                os.write(fd, b"end")
                print(os.fstat(fd).st_size, os.pread(fd, 6, 4498), os.pread(fd, 9, 4999))
                """.formatted(name) + "'"))
                    .isEqualTo("5003 b'aaXYaa' b'aend'\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"s", "whole", "plain"})
    @Tag("abuse")
    @Timeout(180)
    void manyAreAsInTheModel(String directory) {
        long seed = Long.getLong("seed", ThreadLocalRandom.current().nextInt(1_000_000));
        for (int i = 0; i < 6; i++) {
            System.out.println("random operations in " + directory + ", seed " + (seed + i));
            compare(directory, seed + i, 2000);
        }
    }
}
