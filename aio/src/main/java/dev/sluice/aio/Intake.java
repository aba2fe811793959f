package dev.sluice.aio;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Writes what a publisher gives, one buffer after the other. Safe for use by many threads, as publishers may be. */
final class Intake implements Flow.Subscriber<ByteBuffer> {
    private final ChunkWriter writer;
    private final CompletableFuture<Long> result;
    private volatile Flow.@Nullable Subscription subscription;
    private final AtomicLong count = new AtomicLong();
    private volatile boolean ended;

    Intake(ChunkWriter writer, Context context) {
        this.writer = writer;
        this.result = new Result<>(context);
    }

    CompletableFuture<Long> result() {
        return result;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        Objects.requireNonNull(given, "subscription");
        if (subscription != null) {
            given.cancel(); // Reactive Streams, 2.5
            return;
        }
        subscription = given;
        var _ = result.whenComplete((bytes, e) -> {
            if (e != null && !ended) {
                given.cancel();
            }
        });
        given.request(1);
    }

    @Override
    public void onNext(ByteBuffer buffer) {
        int bytes = buffer.remaining();
        var _ = writer.writeAsync(buffer).whenComplete((done, e) -> {
            Flow.Subscription from = subscription;
            if (e != null) {
                result.completeExceptionally(e);
            } else if (from != null) {
                count.addAndGet(bytes);
                from.request(1);
            }
        });
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        ended = true;
        result.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        ended = true;
        var _ = writer.flushAsync().whenComplete((done, e) -> {
            if (e != null) {
                result.completeExceptionally(e);
            } else {
                result.complete(count.get());
            }
        });
    }
}
