package dev.sluice.aio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Deadline;
import dev.sluice.testing.Descriptors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that run on each kind of context, with a folder of their own; no descriptor may be left open. */
@ParameterizedClass(name = "{0}")
@EnumSource(Context.Kind.class)
abstract class OnEachContext {
    @Parameter
    Context.Kind kind;

    @TempDir
    Path folder;

    Context context;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @BeforeEach
    final void openContext() {
        ContextBuilder.whyNot(kind).ifPresent(reason -> assumeTrue(false, reason));
        context = context(1024);
    }

    @AfterEach
    final void closeAll() throws Exception {
        if (context == null) {
            return;
        }
        for (AutoCloseable each : opened) {
            each.close();
        }
        assertThat(Descriptors.of(folder.toString()))
                .as("descriptors left open")
                .isEmpty();
        assertThat(context.statistics().inFlight()).isZero();
    }

    final Context context(int depth) {
        return closedAfterwards(Context.builder().kind(kind).depth(depth).open());
    }

    final <T extends AutoCloseable> T closedAfterwards(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    /** A file with a text in UTF-8. */
    final Path file(String text) throws IOException {
        return file(text.getBytes(StandardCharsets.UTF_8));
    }

    final Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("file"), bytes);
    }

    final AsyncFile openFile(Path path, OpenOption... options) throws IOException {
        return closedAfterwards(AsyncFile.open(path, context, options));
    }

    final AsyncFileStream open(Path path, OpenOption... options) throws IOException {
        return closedAfterwards(AsyncFileStream.open(path, context, options));
    }

    /** A stream over a file with a text, to be read and written. */
    final AsyncFileStream stream(String text) throws IOException {
        return open(file(text), StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    final AsyncTextStream text(Path path, TextOptions text, OpenOption... options) throws IOException {
        return closedAfterwards(AsyncTextStream.open(path, text, context, options));
    }

    /** A stream over a new file with these bytes, to be read and written. */
    final AsyncTextStream text(byte[] bytes, TextOptions options) throws IOException {
        Path path = Files.write(Files.createTempFile(folder, "text", ""), bytes);
        return text(path, options, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
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
