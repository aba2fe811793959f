package dev.sluice.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.linux.Linux;
import dev.sluice.testing.Deadline;
import dev.sluice.testing.Descriptors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests with a folder of their own, below which nothing may be left open or mapped. */
abstract class OnFiles {
    @TempDir
    Path folder;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @BeforeEach
    final void onLinux() {
        assumeTrue(Linux.availability().available(), Linux.availability().reason());
    }

    @AfterEach
    final void closeAll() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        Descriptors.untilAtMost(folder.toString(), 0);
        assertThat(mappings(folder.toString())).as("mappings left").isZero();
    }

    /** How many mappings of files this process has whose path contains something. */
    static long mappings(String part) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(part)).count();
        }
    }

    final <T extends AutoCloseable> T closedAfterwards(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    final Path file(String text) throws IOException {
        return file("file", text);
    }

    final Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    static String utf8(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    /** Waits for a future, but not for ever. */
    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(Deadline.LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the future failed", e);
        }
    }

    /** Waits for a future's failure, but not for ever. */
    static Throwable failure(CompletableFuture<?> future) {
        Deadline.until("the future has ended", future::isDone);
        if (future.isCancelled()) {
            return new CancellationException();
        }
        Throwable failure = future.exceptionNow();
        return failure instanceof CompletionException ? failure.getCause() : failure;
    }
}
