package dev.sluice.aio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Deadline;
import dev.sluice.testing.Descriptors;
import java.io.IOException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What an {@link AsyncFile} promises, whatever executes its operations; each subclass is one backend. */
abstract class AsyncFileContract
        implements TransferContract, BufferContract, VectorContract, SizeContract, ClosingContract {
    @TempDir
    private Path folder;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private Context context;

    abstract Context.Kind kind();

    @BeforeEach
    final void openContext() {
        ContextBuilder.whyNot(kind()).ifPresent(reason -> assumeTrue(false, reason));
        context = context(1024);
    }

    @AfterEach
    final void closeAll() throws Exception {
        if (context == null) {
            return;
        }
        Context own = context;
        Deadline.until("nothing is in flight", () -> own.statistics().inFlight() == 0);
        for (AutoCloseable each : opened) {
            each.close();
        }
        assertThat(Descriptors.of(folder.toString()))
                .as("descriptors left open")
                .isEmpty();
    }

    /** Closes something after the test, what came last first. */
    final <T extends AutoCloseable> T closedAfterwards(T closeable) {
        opened.push(closeable);
        return closeable;
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
        return closedAfterwards(Context.builder().kind(kind()).depth(depth).open());
    }

    @Override
    public AsyncFile open(Path path, OpenOption... options) throws IOException {
        return closedAfterwards(AsyncFile.open(path, context, options));
    }

    @Override
    public String nameOf(Path path) {
        return path.toString();
    }
}
