package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyTest {
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @OnEachContext
    void copiesWhatCpCopies(String context) throws Exception {
        for (int size : new int[] {0, 1, 4096, 1_000_000, 20_000_003}) {
            byte[] bytes = new byte[size];
            new Random(size).nextBytes(bytes);
            Path source = Files.write(folder.resolve("source"), bytes);
            Path target = folder.resolve("target");

            Run copy = Run.of(context, Copy.class, "--chunk-size", "64K", source, target);

            assertThat(copy.errors()).isEmpty();
            assertThat(copy.status()).isZero();
            assertThat(copy.text()).contains(target + ": " + size + " bytes").doesNotContain("\r");
            assertThat(Run.tool("cmp", source, target).status()).isZero();
        }
    }

    @OnEachContext
    void aBigFileNeedsLittleMemory(String context) throws Exception {
        Path source = folder.resolve("source");
        try (RandomAccessFile file = new RandomAccessFile(source.toFile(), "rw")) {
            file.setLength(300 << 20);
            file.seek(200 << 20);
            file.writeBytes("in the middle");
        }
        Path target = Files.writeString(folder.resolve("target"), "old content");

        Run copy = Run.of(context, Copy.class, source, target);

        assertThat(copy.status()).isZero();
        assertThat(copy.text()).contains(": 10 %", ": 90 %", "314572800 bytes");
        assertThat(Run.tool("cmp", source, target).status()).isZero();
    }

    @OnEachContext
    void whatSaysItIsEmptyIsCopiedAllTheSame(String context) throws Exception {
        Path target = folder.resolve("target");

        assertThat(Run.of(context, Copy.class, "/proc/filesystems", target).status())
                .isZero();

        assertThat(target).hasSameTextualContentAs(Path.of("/proc/filesystems"));
    }

    @Test
    void aFileIsNotCopiedOntoItself() throws Exception {
        Path source = Files.writeString(folder.resolve("source"), "precious");
        Path link = Files.createSymbolicLink(folder.resolve("link"), source);

        assertThat(run(source, link)).isEqualTo(1);

        assertThat(source).hasContent("precious");
        assertThat(errors.toString(StandardCharsets.UTF_8)).contains("source", "link", "same file");
    }

    @Test
    void errorsNameTheFile() {
        assertThat(run(folder.resolve("nothing"), folder.resolve("target"))).isEqualTo(1);
        assertThat(run(folder, folder.resolve("target"))).isEqualTo(1);
        assertThat(folder.resolve("target")).doesNotExist();

        assertThat(errors.toString(StandardCharsets.UTF_8)).contains("nothing: ", folder + ": ", "directory");
    }

    @Test
    void misuseIsExplained() {
        assertThat(run("--chunk-size", "0", "a", "b")).isEqualTo(2);
        assertThat(run("--chunk-size")).isEqualTo(2);
        assertThat(run("a", "b", "c")).isEqualTo(2);
        assertThat(run("--nonsense", "a")).isEqualTo(2);

        assertThat(errors.toString(StandardCharsets.UTF_8))
                .contains("from 1 to", "needs a value", "too many files", "unknown option --nonsense", "Usage: Copy");
    }

    private int run(Object... arguments) {
        String[] words =
                java.util.Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
        PrintStream err = new PrintStream(errors, true, StandardCharsets.UTF_8);
        return Copy.run(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8), err, words);
    }
}
