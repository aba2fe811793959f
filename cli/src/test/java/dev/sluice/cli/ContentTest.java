package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.aio.AsyncFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentTest {
    private static final int SIZE = 3 << 20;

    private final Content content = new Content(42);
    private final byte[] bytes = new byte[SIZE];

    @TempDir
    private Path folder;

    @Test
    void whatWasMeantIsAccepted() throws Exception {
        content.fill(MemorySegment.ofArray(bytes), 0);
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);

        assertThat(verified()).isEqualTo(String.format("%08x", checksum.getValue()));
    }

    @Test
    void oneWrongByteIsFound() {
        content.fill(MemorySegment.ofArray(bytes), 0);
        bytes[2_000_001]++;

        assertThatThrownBy(this::verified).hasMessageContaining("byte 2000001 is wrong");
    }

    @Test
    void aMissingEndIsFound() throws Exception {
        content.fill(MemorySegment.ofArray(bytes), 0);

        assertThatThrownBy(() -> verified(SIZE + 8)).hasMessageContaining("instead of");
    }

    private String verified() throws Exception {
        return verified(SIZE);
    }

    private String verified(long size) throws Exception {
        Path path = Files.write(folder.resolve("file"), bytes);
        Screen screen = new Screen(new PrintWriter(new StringWriter()), new Ability(80, false, false, false));
        try (AsyncFile file = AsyncFile.open(path)) {
            return content.verified(file, size, new Progress(screen, size));
        }
    }
}
