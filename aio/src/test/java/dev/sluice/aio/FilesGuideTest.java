package dev.sluice.aio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The code of {@code README.md} and {@code docs/files.md}, and that it is this code. */
class FilesGuideTest extends GuideContract {
    private Path file() throws IOException {
        return Files.write(folder.resolve("file"), new byte[10_000]);
    }

    @Test
    void aReadInFlight() throws IOException {
        Path path = file();
        try (AsyncFile file = AsyncFile.open(path, StandardOpenOption.READ)) {
            ByteBuffer head = ByteBuffer.allocateDirect(4096);
            file.readAsync(head, 0)
                    .thenAccept(bytes -> System.out.println(bytes + " bytes"))
                    .join();
        }
        assertThat(printed()).isEqualTo("4096 bytes\n");
    }

    @Test
    void twoReadsInFlight() throws IOException {
        Path path = file();
        try (AsyncFile file = AsyncFile.open(path, StandardOpenOption.READ)) {
            ByteBuffer head = ByteBuffer.allocateDirect(4096);
            ByteBuffer tail = ByteBuffer.allocateDirect(4096);
            file.readAsync(head, 0) // two reads in flight, no thread waits
                    .thenCombine(file.readAsync(tail, file.size() - 4096), Long::sum)
                    .thenAccept(bytes -> System.out.println(bytes + " bytes"))
                    .join();
        }
        assertThat(printed()).isEqualTo("8192 bytes\n");
    }

    @Test
    void lines() throws IOException {
        Path path = Files.writeString(folder.resolve("text"), "one\ntwo\n");
        try (AsyncTextStream text = AsyncTextStream.open(path, StandardOpenOption.READ)) {
            for (String line : text.lines()) {
                System.out.println(line);
            }
        }
        assertThat(printed()).isEqualTo("one\ntwo\n");
    }

    @Test
    void contexts() throws IOException {
        Path path = file();
        try (Context context = Context.builder().depth(256).open();
                AsyncFile file = AsyncFile.open(path, context, StandardOpenOption.READ)) {
            System.out.println(file.size() + " bytes; this context was chosen since " + context.reason());
        }
        assertThat(printed()).startsWith("10000 bytes; this context was chosen since ");
    }

    @Test
    void batches() throws IOException {
        List<Long> positions = List.of(0L, 4096L);
        try (Context context = Context.builder().open();
                AsyncFile file = AsyncFile.open(file(), context)) {
            Buffers buffers = context.buffers(2, 4096);
            Batch batch = context.batch();
            List<CompletableFuture<Long>> reads = new ArrayList<>();
            for (long position : positions) {
                reads.add(batch.read(file, buffers.get(reads.size()), position));
            }
            batch.start();
            assertThat(reads.stream().map(CompletableFuture::join)).containsExactly(4096L, 4096L);
        }
    }

    @Test
    void thePagesShowThisCode() throws IOException {
        assertShowsThisCode(1, Path.of("..", "README.md"));
        assertShowsThisCode(3, Path.of("..", "docs", "files.md"));
    }
}
