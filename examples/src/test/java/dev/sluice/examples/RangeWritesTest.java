package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RangeWritesTest {
    @TempDir
    private Path folder;

    @OnEachContext
    void partsMakeUpTheFile(String context) throws Exception {
        for (int size : new int[] {0, 3, 5_000_011}) {
            byte[] bytes = new byte[size];
            new Random(size).nextBytes(bytes);
            Path source = Files.write(folder.resolve("source"), bytes);
            Path target = folder.resolve("target");

            Run writes = Run.of(context, RangeWrites.class, source, target);

            assertThat(writes.errors()).isEmpty();
            assertThat(writes.status()).isZero();
            assertThat(target).hasBinaryContent(bytes);
            assertThat(writes.text())
                    .isEqualTo(Run.tool("sha256sum", "--tag", target).text());
        }
    }

    @Test
    void anUnreadableSourceIsNamed() {
        Run writes = Run.of("uring", RangeWrites.class, folder.resolve("nothing"), folder.resolve("target"));

        assertThat(writes.status()).isEqualTo(1);
        assertThat(writes.errors()).contains("nothing");
    }
}
