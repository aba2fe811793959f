package dev.sluice.aio;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

/** Gives elements that are read in batches to subscribers, to each from the beginning. Safe for use by many threads. */
final class Publication<T> implements Flow.Publisher<T> {
    /** Reads the next batch; an empty one is the end. */
    @FunctionalInterface
    interface Source<T> {
        CompletableFuture<List<T>> next();
    }

    private final AsyncFile file;
    private final Supplier<Source<T>> sources;

    Publication(AsyncFile file, Supplier<Source<T>> sources) {
        this.file = file;
        this.sources = sources;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        new Delivery<T>(file, sources.get(), subscriber).begin();
    }
}
