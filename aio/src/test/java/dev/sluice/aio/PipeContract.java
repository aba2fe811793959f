package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Pipes;
import java.io.IOException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is promised about files that can keep an operation waiting for ever: of those, pipes are easiest to have. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class PipeContract
        implements PipeTransferContract,
                PipeOpeningContract,
                CancelContract,
                InterruptContract,
                DepthContract,
                BlockingCallContract {
    @TempDir
    private Path folder;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private Context context;
    private Path path;

    abstract Context.Kind kind();

    @BeforeEach
    final void open() throws IOException {
        ContextBuilder.whyNot(kind()).ifPresent(reason -> assumeTrue(false, reason));
        context = context(64);
        path = Pipes.make(folder);
    }

    @AfterEach
    final void closeAll() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        if (context != null) {
            assertThat(context.statistics().inFlight()).isZero();
        }
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public Context context() {
        return context;
    }

    @Override
    public Context context(int depth) {
        Context made = Context.builder().kind(kind()).depth(depth).open();
        opened.push(made);
        return made;
    }

    @Override
    public AsyncFile open(Path file, OpenOption... options) throws IOException {
        return open(context, file, options);
    }

    @Override
    public AsyncFile open(Context with, Path file, OpenOption... options) throws IOException {
        AsyncFile made = AsyncFile.open(file, with, options);
        opened.push(made);
        return made;
    }

    @Override
    public String nameOf(Path file) {
        return file.toString();
    }

    @Override
    public Path pipePath() {
        return path;
    }

    @Override
    public AsyncFile pipe() throws IOException {
        return open(path, READ, WRITE);
    }
}
