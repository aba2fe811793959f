package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Deadline;
import dev.sluice.testing.Descriptors;
import dev.sluice.testing.Pipes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that nobody closed. */
class ForgottenTest {
    @TempDir
    private Path folder;

    private void untilClosed() {
        Deadline.until("the collector has found the file", () -> {
            System.gc();
            return Descriptors.of(folder.toString()).isEmpty();
        });
    }

    @Test
    void aForgottenFileIsClosed() throws IOException {
        Path path = Files.writeString(folder.resolve("file"), "0123");
        AsyncFile.open(path).read(ByteBuffer.allocate(4), 0);
        untilClosed();
    }

    @Test
    void aClosedFileIsNotForgotten() throws IOException {
        Path path = Files.writeString(folder.resolve("file"), "0123");
        AsyncFile.open(path).close();
        System.gc();
        assertThat(Descriptors.of(folder.toString())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aFileIsNotForgottenWhileItIsUsed(Context.Kind kind) throws Exception {
        ContextBuilder.whyNot(kind).ifPresent(reason -> org.junit.jupiter.api.Assumptions.assumeTrue(false, reason));
        Path path = Pipes.make(folder);
        try (Context context = Context.builder().kind(kind).open();
                AsyncFile other = AsyncFile.open(path, context, READ, WRITE)) {
            ByteBuffer target = ByteBuffer.allocateDirect(10);
            CompletableFuture<Long> read =
                    AsyncFile.open(path, context, READ, WRITE).readAsync(target, 0);
            for (int i = 0; i < 20; i++) {
                System.gc();
                assertThat(read).isNotDone();
            }
            assertThat(Descriptors.of(folder.toString())).hasSize(2);
            other.write(Sample.direct("abc"), 0);
            assertThat(PipeBackend.value(read)).isEqualTo(3);
            read = null; // which holds the file, too
            Deadline.until("the collector has found the file", () -> {
                System.gc();
                return Descriptors.of(folder.toString()).size() == 1;
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void rareCallsHoldTheirFileToo(Context.Kind kind) throws Exception {
        ContextBuilder.whyNot(kind).ifPresent(reason -> org.junit.jupiter.api.Assumptions.assumeTrue(false, reason));
        Path path = Files.writeString(folder.resolve("file"), "0123456789");
        try (Context context = Context.builder().kind(kind).open()) {
            for (int i = 1; i <= 30; i++) {
                CompletableFuture<?> truncation =
                        AsyncFile.open(path, context, WRITE).truncateAsync(i);
                System.gc();
                PipeBackend.value(truncation);
                assertThat(Files.size(path)).isEqualTo(i);
            }
            untilClosed();
        }
    }

    @Test
    void aForgottenRingEnds() throws IOException {
        ContextBuilder.whyNot(Context.Kind.URING)
                .ifPresent(reason -> org.junit.jupiter.api.Assumptions.assumeTrue(false, reason));
        int before = Descriptors.of("[io_uring]").size();
        Path path = Files.writeString(folder.resolve("file"), "0123");
        useAndForget(path);
        Deadline.until("the collector has found the context", () -> {
            System.gc();
            return Descriptors.of("[io_uring]").size() <= before
                    && Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread -> thread.getName().startsWith("forgotten"));
        });
    }

    private static void useAndForget(Path path) throws IOException {
        Context context =
                Context.builder().kind(Context.Kind.URING).name("forgotten").open();
        AsyncFile file = AsyncFile.open(path, context);
        PipeBackend.value(file.readAsync(ByteBuffer.allocateDirect(4), 0));
        PipeBackend.value(file.forceAsync(true));
    }
}
