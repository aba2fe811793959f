package dev.sluice.aio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream over a file that was open already goes on where that one stands. */
class WrappedOriginTest {
    @TempDir
    Path folder;

    @Test
    void aStreamOverAChannelBeginsAtItsPosition() throws Exception {
        Path path = folder.resolve("log");
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            channel.write(ByteBuffer.wrap("head".getBytes(UTF_8)));
            try (AsyncFile file = AsyncFile.of(channel, Context.shared());
                    AsyncFileStream stream = file.stream()) {
                stream.write("-tail".getBytes(UTF_8));
            }
        }
        assertThat(Files.readString(path)).isEqualTo("head-tail");
    }
}
