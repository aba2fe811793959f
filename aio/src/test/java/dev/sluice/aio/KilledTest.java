package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Child;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes that are killed at work. */
class KilledTest {
    private static final int BLOCK = 100_000;

    @ParameterizedTest
    @EnumSource
    void aKilledProcessLeavesReadableFiles(Context.Kind kind, @TempDir Path folder) throws Exception {
        ContextBuilder.whyNot(kind).ifPresent(reason -> assumeTrue(false, reason));
        Path path = folder.resolve("file");
        for (int round = 0; round < 3; round++) {
            try (Child child = Child.of(
                    Child.java(Writes.class.getName(), Writes.class, List.of(), path.toString(), kind.name()))) {
                child.start().untilItSays("at work");
                child.kill();
                assertThat(child.finish().exit()).isNotZero();
            }
            byte[] bytes = Files.readAllBytes(path);
            for (int i = 0; i < bytes.length; i++) {
                byte written = (byte) (i / BLOCK % 100 + 1);
                if (bytes[i] != written && bytes[i] != 0) {
                    throw new AssertionError("byte " + i + " is " + bytes[i] + ", neither hole nor " + written);
                }
            }
            try (AsyncFile file = AsyncFile.open(path)) {
                assertThat(file.readAsync(ByteBuffer.allocate(BLOCK), 0).join()).isEqualTo(BLOCK);
            }
        }
    }

    /** Writes for ever. */
    static final class Writes {
        public static void main(String... arguments) throws Exception {
            Context context =
                    Context.builder().kind(Context.Kind.valueOf(arguments[1])).open();
            AsyncFile file = AsyncFile.open(Path.of(arguments[0]), context, CREATE, WRITE);
            CompletableFuture<?> last = null;
            for (int i = 0; i >= 0; i++) {
                byte[] block = new byte[BLOCK];
                java.util.Arrays.fill(block, (byte) (i % 100 + 1));
                last = file.writeAsync(ByteBuffer.wrap(block), (long) (i % 100) * BLOCK);
                if (i == 100) {
                    last.join();
                    System.out.println("at work");
                }
            }
        }
    }
}
