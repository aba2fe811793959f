package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Pipes;
import java.io.IOException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What is promised about files that can keep an operation waiting for ever: of those, pipes are easiest to have. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class PipeContract extends OpenBackend
        implements PipeTransferContract,
                PipeOpeningContract,
                CancelContract,
                InterruptContract,
                DepthContract,
                BlockingCallContract {
    private Path path;

    @Override
    final int depth() {
        return 64;
    }

    @BeforeEach
    final void makePipe() {
        path = Pipes.make(folder());
    }

    @AfterEach
    final void closeAll() throws Exception {
        closeOpened();
        if (context() != null) {
            assertThat(context().statistics().inFlight()).isZero();
        }
    }

    @Override
    public AsyncFile open(Context with, Path file, OpenOption... options) throws IOException {
        return closedAfterwards(AsyncFile.open(file, with, options));
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
