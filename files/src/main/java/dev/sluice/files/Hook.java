package dev.sluice.files;

import java.io.IOException;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/**
 * Is told what a cached stream has read or written.
 *
 * <p>Hooks run in the order in which they were added, when the operation itself is done and the stream is free again: a hook
 * may use the stream. What a hook does, or fails to do, changes nothing about the stream. Of operations that were issued
 * without waiting for each other, hooks may overlap.
 */
@FunctionalInterface
public interface Hook {
    /**
     * Is told.
     *
     * @param stream the stream
     * @param bytes what was read or written, read-only; valid during the call
     * @param count how many bytes; 0 at the end of the file
     * @throws Exception is dealt with as the stream's options say
     */
    void on(CachedFile stream, ByteBuffer bytes, int count) throws Exception;

    /** A hook that does its work elsewhere. An asynchronous stream waits for it, a synchronous one only starts it. */
    @FunctionalInterface
    interface Async {
        /**
         * Is told.
         *
         * @param stream the stream
         * @param bytes what was read or written, read-only; valid until the stage has completed
         * @param count how many bytes; 0 at the end of the file
         * @return completes when the hook has done its work
         * @throws Exception is dealt with as the stream's options say
         */
        CompletionStage<?> on(CachedFile stream, ByteBuffer bytes, int count) throws Exception;
    }

    /** What hooks are told of. */
    enum Event {
        /** Bytes were read, from the cache or from the file. */
        ON_READ,
        /** Bytes were written. */
        ON_WRITE
    }

    /** What becomes of a hook that fails. In each case the hooks behind it run, and the stream is as if it had not failed. */
    enum Failures {
        /** It is told to the log, and the operation ends as it would have. */
        LOG,
        /** The operation ends with a {@link FailedException}, which has what it would have answered. */
        THROW,
        /** As {@link #LOG}, and the hook is removed. */
        REMOVE
    }

    /** Removes a hook that was added; doing it again does nothing. */
    @FunctionalInterface
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /** A hook failed. The operation itself was done: the position has moved, the bytes were read or written. */
    final class FailedException extends IOException {
        @Serial
        private static final long serialVersionUID = 1;

        private final transient ByteBuffer bytes;

        FailedException(String message, Throwable cause, ByteBuffer bytes) {
            super(message, cause);
            this.bytes = bytes;
        }

        /** {@return what was read or written} */
        public ByteBuffer bytes() {
            return bytes.asReadOnlyBuffer();
        }
    }
}
