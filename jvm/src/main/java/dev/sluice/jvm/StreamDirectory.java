package dev.sluice.jvm;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a directory behind a door, as they come: who asks for the next one of a growing directory waits for it. A close
 * by another thread ends that wait; then there are no more. One thread at a time, but for that.
 */
final class StreamDirectory implements DirectoryStream<Path> {
    private final StreamPath directory;
    private final Door.Listing listing;
    private final Filter<? super Path> filter;
    private boolean isTaken;
    private volatile boolean isClosed;

    StreamDirectory(StreamPath directory, Door.Listing listing, Filter<? super Path> filter) {
        this.directory = directory;
        this.listing = listing;
        this.filter = filter;
    }

    @Override
    public Iterator<Path> iterator() {
        if (isClosed) {
            throw new IllegalStateException("Directory stream is closed");
        }
        if (isTaken) {
            throw new IllegalStateException("Iterator already obtained");
        }
        isTaken = true;
        return new Entries();
    }

    @Override
    public void close() throws IOException {
        isClosed = true;
        listing.close();
    }

    private final class Entries implements Iterator<Path> {
        private @Nullable Path next;
        private boolean isOver;

        @Override
        public boolean hasNext() {
            while (next == null && !isOver) {
                next = read();
            }
            return next != null;
        }

        private @Nullable Path read() {
            try {
                String name = isClosed ? null : listing.next();
                if (name == null) {
                    isOver = true;
                    return null;
                }
                Path entry = directory.entry(name);
                return filter.accept(entry) ? entry : null;
            } catch (IOException e) {
                if (isClosed) {
                    isOver = true; // a stream that is closed is at its end, says its Javadoc
                    return null;
                }
                throw new DirectoryIteratorException(e);
            }
        }

        @Override
        public Path next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Path entry = java.util.Objects.requireNonNull(next);
            next = null;
            return entry;
        }
    }
}
