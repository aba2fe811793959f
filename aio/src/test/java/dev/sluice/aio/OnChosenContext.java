package dev.sluice.aio;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of which each chooses its kind of context. */
abstract class OnChosenContext {
    @TempDir
    Path folder;

    Context context;

    final void on(Context.Kind kind) {
        ContextBuilder.whyNot(kind).ifPresent(reason -> assumeTrue(false, reason));
        context = Context.builder().kind(kind).open();
    }

    @AfterEach
    final void close() {
        if (context != null) {
            context.close();
        }
    }
}
