package dev.sluice.aio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Deadline;
import dev.sluice.testing.Descriptors;
import org.junit.jupiter.api.AfterEach;

/** What an {@link AsyncFile} promises, whatever executes its operations; each subclass is one backend. */
abstract class AsyncFileContract extends OpenBackend
        implements TransferContract, BufferContract, VectorContract, SizeContract, ClosingContract {
    @Override
    final int depth() {
        return 1024;
    }

    @AfterEach
    final void closeAll() throws Exception {
        if (context() != null) {
            Deadline.until("nothing is in flight", () -> context().statistics().inFlight() == 0);
        }
        closeOpened();
        if (context() != null) {
            assertThat(Descriptors.of(folder().toString()))
                    .as("descriptors left open")
                    .isEmpty();
        }
    }
}
