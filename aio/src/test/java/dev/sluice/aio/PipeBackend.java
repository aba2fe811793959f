package dev.sluice.aio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A backend with a pipe. */
interface PipeBackend extends Backend {
    Path pipePath();

    /** Opens both ends of the pipe at once, so that there is no end of file. */
    AsyncFile pipe() throws IOException;

    /** Opens a file with another context; it is closed afterwards. */
    AsyncFile open(Context with, Path file, OpenOption... options) throws IOException;

    /** Waits for a future, but not for ever. */
    static <T> T value(CompletableFuture<T> future) {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        } catch (TimeoutException e) {
            throw new AssertionError("never completed: " + future, e);
        }
    }

    /** Waits for a future's failure, but not for ever. */
    static Throwable failure(CompletableFuture<?> future) {
        Object outcome = value(future.<Object>handle((value, e) -> e == null ? "completed with " + value : e));
        if (outcome instanceof CompletionException e) {
            return e.getCause();
        }
        return outcome instanceof Throwable failure ? failure : fail(outcome.toString());
    }

    /** Fails when the pipe still holds bytes, or has lost some. */
    static void assertHolds(AsyncFile pipe, String text) {
        ByteBuffer target = ByteBuffer.allocateDirect(text.length() + 10);
        assertThat(value(pipe.readAsync(target, 0))).isEqualTo(text.length());
        assertThat(Sample.text(target)).isEqualTo(text);
    }
}
