package dev.sluice.aio;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A backend that opens files by their names. */
abstract class OpenBackend implements Backend {
    @TempDir
    private Path folder;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private Context context;

    abstract Context.Kind kind();

    /** The depth of the context. */
    abstract int depth();

    @BeforeEach
    final void openContext() {
        ContextBuilder.whyNot(kind()).ifPresent(reason -> assumeTrue(false, reason));
        context = context(depth());
    }

    /** Closes what was opened, what came last first. */
    final void closeOpened() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    /** Closes something after the test. */
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
