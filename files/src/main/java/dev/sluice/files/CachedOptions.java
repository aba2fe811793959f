package dev.sluice.files;

import dev.sluice.aio.Context;
import java.util.Objects;

/**
 * How a cached stream behaves. Immutable: each {@code with...} answers another one.
 *
 * @param cache what keeps the bytes that it reads
 * @param context what executes its operations
 * @param chunkSize the most bytes that one read answers
 * @param hookFailures what becomes of a hook that fails
 * @param whenForgotten what is done when it becomes unreachable without having been closed
 */
public record CachedOptions(
        FileCache cache, Context context, int chunkSize, Hook.Failures hookFailures, WhenForgotten whenForgotten) {
    /** What is done with a stream that nobody has closed, when the garbage collector finds it. */
    public enum WhenForgotten {
        /** It is closed, and the log says so. */
        CLOSE_AND_LOG,
        /** It is closed. */
        CLOSE
    }

    private static final int CHUNK = 2 << 20;

    /** Checks the values. */
    public CachedOptions {
        Objects.requireNonNull(cache, "cache");
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(hookFailures, "hookFailures");
        Objects.requireNonNull(whenForgotten, "whenForgotten");
        if (chunkSize < 1) {
            throw new IllegalArgumentException("chunkSize must be 1 or more: " + chunkSize);
        }
    }

    /**
     * {@return the usual ones: the shared cache and the shared context, chunks of 2 MiB, failures of hooks in the log, a stream
     * that was forgotten is closed and logged}
     */
    public static CachedOptions standard() {
        return new CachedOptions(
                FileCache.shared(), Context.shared(), CHUNK, Hook.Failures.LOG, WhenForgotten.CLOSE_AND_LOG);
    }

    /**
     * {@return these options with another cache}
     *
     * @param other what keeps the bytes
     */
    public CachedOptions withCache(FileCache other) {
        return new CachedOptions(other, context, chunkSize, hookFailures, whenForgotten);
    }

    /**
     * {@return these options with another context}
     *
     * @param other what executes the operations
     */
    public CachedOptions withContext(Context other) {
        return new CachedOptions(cache, other, chunkSize, hookFailures, whenForgotten);
    }

    /**
     * {@return these options with another size of chunks}
     *
     * @param bytes the most bytes that one read answers
     */
    public CachedOptions withChunkSize(int bytes) {
        return new CachedOptions(cache, context, bytes, hookFailures, whenForgotten);
    }

    /**
     * {@return these options with another policy for hooks}
     *
     * @param policy what becomes of a hook that fails
     */
    public CachedOptions withHookFailures(Hook.Failures policy) {
        return new CachedOptions(cache, context, chunkSize, policy, whenForgotten);
    }

    /**
     * {@return these options with another policy for forgotten streams}
     *
     * @param policy what is done with a stream that nobody has closed
     */
    public CachedOptions withWhenForgotten(WhenForgotten policy) {
        return new CachedOptions(cache, context, chunkSize, hookFailures, policy);
    }
}
