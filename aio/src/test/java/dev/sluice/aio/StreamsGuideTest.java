package dev.sluice.aio;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.aio.AsyncFileStream.Whence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

/** The code of {@code docs/streams.md}, and that it is this code. */
class StreamsGuideTest extends GuideContract {
    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("file"), text);
    }

    @Test
    void bytes() throws IOException {
        Path path = folder.resolve("new");
        // @start region="bytes"
        try (AsyncFileStream stream = AsyncFileStream.open(path, READ, WRITE, CREATE)) {
            stream.write("Hello ".getBytes(UTF_8));
            stream.write("world".getBytes(UTF_8));
            stream.seek(0, Whence.START);
            byte[] hello = stream.read(5);
            stream.seek(-5, Whence.END);
            byte[] world = stream.readAll();
            System.out.println(new String(hello, UTF_8) + ", " + new String(world, UTF_8));
        }
        // @end
        assertThat(printed()).isEqualTo("Hello, world\n");
    }

    @Test
    @SuppressWarnings("FutureReturnValueIgnored")
    void order() throws IOException {
        byte[] header = {1};
        byte[] body = {2, 3};
        try (AsyncFileStream stream = AsyncFileStream.open(file(""), WRITE)) {
            stream.writeAsync(header);
            stream.writeAsync(body);
            CompletableFuture<Void> safe = stream.forceAsync(false);
            safe.join();
        }
        assertThat(folder.resolve("file")).hasBinaryContent(new byte[] {1, 2, 3});
    }

    @Test
    void severalCursors() throws IOException {
        Path path = file("0123456789");
        try (AsyncFileStream first = AsyncFileStream.open(path);
                AsyncFileStream second = first.duplicateAt(first.size() / 2)) {
            CompletableFuture<byte[]> front = first.readAsync((int) second.position());
            CompletableFuture<byte[]> back = second.readAllAsync();
            int bytes = front.thenCombine(back, (one, two) -> one.length + two.length)
                    .join();
            System.out.println(bytes + " bytes");
        }
        assertThat(printed()).isEqualTo("10 bytes\n");
    }

    @Test
    void text() throws IOException {
        Path path = folder.resolve("text");
        // @start region="text"
        TextOptions options = TextOptions.DEFAULT.withCharset(UTF_16).withNewlines(TextOptions.Newlines.UNIVERSAL);
        try (AsyncTextStream text = AsyncTextStream.open(path, options, Context.shared(), READ, WRITE, CREATE)) {
            long bytes = text.write("na\u00efve\r\ntext");
            text.seek(0, Whence.START);
            String five = text.read(5);
            String rest = text.readAll();
            System.out.println(bytes + " bytes: " + five + rest);
        }
        // @end
        assertThat(printed()).isEqualTo("24 bytes: na\u00efve\ntext\n");
    }

    @Test
    void lines() throws IOException {
        Path path = file("one\ntwo\r\nthree");
        // @start region="lines"
        try (AsyncFile file = AsyncFile.open(path)) {
            for (String line : LineReader.text(file, 0, LineOptions.DEFAULT)) {
                System.out.println(line);
            }
        }
        // @end
        assertThat(printed()).isEqualTo("one\ntwo\nthree\n");
    }

    @Test
    void separators() throws IOException {
        Path path = file("head\na;b;c\r\nd");
        LineOptions records = LineOptions.DEFAULT
                .withSeparators(";", "\r\n")
                .withKeepSeparator(true)
                .withLimit(1_000);
        try (AsyncFileStream stream = AsyncFileStream.open(path)) {
            Optional<byte[]> header = stream.readLine();
            System.out.println(header.orElseThrow().length + " bytes of header");
            for (String record : stream.textLines(records)) {
                System.out.println(stream.position() + ": " + record);
            }
        }
        assertThat(printed()).isEqualTo("4 bytes of header\n7: a;\n9: b;\n12: c\r\n\n13: d\n");
    }

    @Test
    void digest() throws Exception {
        Path path = file("abc");
        // @start region="digest"
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (AsyncFile file = AsyncFile.open(path)) {
            for (ByteBuffer chunk : ChunkReader.of(file, 0, 1 << 20)) {
                digest.update(chunk);
            }
        }
        // @end
        assertThat(digest.digest())
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest("abc".getBytes(UTF_8)));
    }

    @Test
    void gathering() throws IOException {
        Path path = folder.resolve("numbers");
        // @start region="gathering"
        try (AsyncFile file = AsyncFile.open(path, WRITE, CREATE);
                ChunkWriter writer = ChunkWriter.of(file, 0, 1 << 16)) {
            for (int i = 0; i < 100_000; i++) {
                writer.write(ByteBuffer.allocate(Integer.BYTES).putInt(i).flip());
            }
        }
        // @end
        assertThat(path).hasSize(400_000);
    }

    @Test
    void publishers() throws IOException {
        Path from = file("x".repeat(200_000));
        Path to = folder.resolve("to");
        try (AsyncFile source = AsyncFile.open(from);
                AsyncFile target = AsyncFile.open(to, WRITE, CREATE)) {
            Flow.Publisher<ByteBuffer> chunks =
                    ChunkReader.of(source, 0, 1 << 16).publisher();
            long bytes =
                    ChunkWriter.of(target, 0, 1 << 16).writeAllAsync(chunks).join();
            System.out.println(bytes + " bytes copied");
        }
        assertThat(printed()).isEqualTo("200000 bytes copied\n");
        assertThat(to).hasSameBinaryContentAs(from);
    }

    @Test
    void theGuideShowsThisCode() throws IOException {
        assertShowsThisCode(9, Path.of("..", "docs", "streams.md"));
    }
}
