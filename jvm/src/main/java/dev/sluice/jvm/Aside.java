package dev.sluice.jvm;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Does in a thread of its own what an interrupt of the caller must not meet, since it would close a channel. Stateless. */
final class Aside {
    private Aside() {}

    /** What is done. */
    @FunctionalInterface
    interface Deed<T extends @Nullable Object> {
        T of() throws IOException;
    }

    /** Does it, and waits for it; an interrupt is kept for later. */
    static <T extends @Nullable Object> T does(Deed<T> deed) throws IOException {
        CompletableFuture<T> result = new CompletableFuture<>();
        Hands.take(() -> {
            try {
                result.complete(deed.of());
            } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case null, default -> throw e;
            }
        }
    }
}
