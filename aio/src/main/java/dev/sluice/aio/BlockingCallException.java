package dev.sluice.aio;

/**
 * Says that a callback or continuation wanted to wait on the thread that completes operations, which would have stopped
 * every operation of its context, and often for ever: the one waited for among them.
 *
 * <p>Chain the next step to the future ({@code thenCompose}) instead of waiting for it, or move the continuation to
 * another thread ({@code thenApplyAsync}).
 */
public final class BlockingCallException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    BlockingCallException(String message) {
        super(message);
    }
}
