package dev.sluice.stream;

import dev.sluice.language.FireRule;
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

    /** The span that it is a part of; null when nobody looks. */
    Spans.@Nullable Span span;

    Wait(Request request, Stream stream, @Nullable Ask ask, long offset) {
        this.request = request;
        this.stream = stream;
        this.ask = ask;
        this.offset = offset;
    }

    Waiting.Reason reason() {
        if (ask == null) {
            return Waiting.Reason.ROOM;
        }
        return stream.fire() == FireRule.NO_UPDATE && ask != Ask.STAT ? Waiting.Reason.BYTES : Waiting.Reason.COMMIT;
    }
}
