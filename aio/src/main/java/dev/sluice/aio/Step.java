package dev.sluice.aio;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;

/** One thing that a stream asks of its file, waited for or not; the answer is a number. Immutable. */
sealed interface Step {
    /** Does it and waits for it. */
    long make(AsyncFile file) throws IOException;

    /** Starts it. */
    CompletableFuture<Long> start(AsyncFile file);

    /** Answers how many bytes were read, -1 at the end. */
    record Read(MemorySegment target, long position) implements Step {
        @Override
        public long make(AsyncFile file) throws IOException {
            return file.read(target, position);
        }

        @Override
        public CompletableFuture<Long> start(AsyncFile file) {
            return file.readAsync(target, position);
        }
    }

    /** Answers how many bytes were written: all. */
    record Write(MemorySegment source, long position) implements Step {
        @Override
        public long make(AsyncFile file) throws IOException {
            file.write(source, position);
            return source.byteSize();
        }

        @Override
        public CompletableFuture<Long> start(AsyncFile file) {
            return file.writeAsync(source, position);
        }
    }

    /** Answers where the bytes landed. */
    record Append(MemorySegment source) implements Step {
        @Override
        public long make(AsyncFile file) throws IOException {
            return file.append(source.asByteBuffer());
        }

        @Override
        public CompletableFuture<Long> start(AsyncFile file) {
            return file.appendAsync(source.asByteBuffer());
        }
    }

    /** Answers the file's size. */
    record Size() implements Step {
        @Override
        public long make(AsyncFile file) throws IOException {
            return file.size();
        }

        @Override
        public CompletableFuture<Long> start(AsyncFile file) {
            return file.sizeAsync();
        }
    }

    /** Answers the new size. */
    record Truncate(long size) implements Step {
        @Override
        public long make(AsyncFile file) throws IOException {
            file.truncate(size);
            return size;
        }

        @Override
        public CompletableFuture<Long> start(AsyncFile file) {
            return file.truncateAsync(size).thenApply(done -> size);
        }
    }

    /** Answers 0 when what was written is on the disk. */
    record Force(boolean metadata) implements Step {
        @Override
        public long make(AsyncFile file) throws IOException {
            file.force(metadata);
            return 0;
        }

        @Override
        public CompletableFuture<Long> start(AsyncFile file) {
            return file.startForce(metadata);
        }
    }

    /** Answers 0 when the file is closed. */
    record Close() implements Step {
        @Override
        public long make(AsyncFile file) throws IOException {
            file.close();
            return 0;
        }

        @Override
        public CompletableFuture<Long> start(AsyncFile file) {
            return file.closeAsync().thenApply(done -> 0L);
        }
    }

    /** Answers what an operation answers that was started before. */
    record Arrival(CompletableFuture<Long> operation) implements Step {
        @Override
        public long make(AsyncFile file) throws IOException {
            return Call.await(operation, () -> "reading ahead in " + file.name());
        }

        @Override
        public CompletableFuture<Long> start(AsyncFile file) {
            return operation;
        }
    }
}
