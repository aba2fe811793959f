package dev.sluice.aio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Elements that are read one after the other until there is none. One thread at a time. */
final class Pulls<T> implements Iterator<T> {
    /** Reads the next element. */
    @FunctionalInterface
    interface Source<T> {
        Optional<T> next() throws IOException;
    }

    private final Source<T> source;
    private Optional<T> next = Optional.empty();

    Pulls(Source<T> source) {
        this.source = source;
    }

    @Override
    public boolean hasNext() {
        if (next.isEmpty()) {
            try {
                next = source.next();
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }
        return next.isPresent();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("there are no more; hasNext() says so");
        }
        T element = next.orElseThrow();
        next = Optional.empty();
        return element;
    }

    Stream<T> stream() {
        int is = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, is), false);
    }
}
