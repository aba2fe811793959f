package dev.sluice.stream;

import dev.sluice.stream.Gate.Ask;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A request that waits. Owned by the workflow's lock. */
final class Wait {
    final Request request;
    final Stream stream;

    /** What was asked; null when it waits not at the gate, but for {@link Room}. */
    @Nullable
    final Ask ask;

    /** Where it wants to read, or after which entry it wants to list on. */
    final long offset;

    final long since = System.nanoTime();

    /** Rings when it has lasted too long; null when it may last for ever. */
    @Nullable
    Future<?> alarm;

    Wait(Request request, Stream stream, @Nullable Ask ask, long offset) {
        this.request = request;
        this.stream = stream;
        this.ask = ask;
        this.offset = offset;
    }
}
