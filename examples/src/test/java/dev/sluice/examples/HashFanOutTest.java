package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashFanOutTest {
    @TempDir
    private Path folder;

    @OnEachContext
    void digestsAreThoseOfTheTools(String context) throws Exception {
        byte[] bytes = new byte[2_000_001];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(folder.resolve("file"), bytes);

        Run digests = Run.of(context, HashFanOut.class, file);

        assertThat(digests.errors()).isEmpty();
        StringBuilder expected = new StringBuilder();
        for (String tool : new String[] {"md5sum", "sha1sum", "sha256sum", "sha512sum"}) {
            expected.append(Run.tool(tool, "--tag", file).text());
        }
        assertThat(digests.text()).isEqualTo(expected.toString());
    }

    @Test
    void anUnknownAlgorithmIsNamed() {
        Run digests = Run.of("uring", HashFanOut.class, "--algorithms", "SHA-256,ROT-13", folder);

        assertThat(digests.status()).isEqualTo(2);
        assertThat(digests.errors()).contains("ROT-13", "Usage: HashFanOut");
    }
}
