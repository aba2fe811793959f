package dev.sluice.aio;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The JDK's exceptions for closed files, with the message that theirs cannot have, and how failures are rethrown. */
final class Failures {
    private Failures() {}

    /** A file was used that had been closed. */
    static final class Closed extends ClosedChannelException {
        private static final long serialVersionUID = 1;
        private final String message;

        Closed(String message) {
            this.message = message;
        }

        @Override
        public String getMessage() {
            return message;
        }
    }

    /** A file was closed while it was used. */
    static final class ClosedInUse extends AsynchronousCloseException {
        private static final long serialVersionUID = 1;
        private final String message;

        ClosedInUse(String message) {
            this.message = message;
        }

        @Override
        public String getMessage() {
            return message;
        }
    }

    /** A file was read that had been opened for writing only. */
    static final class NotReadable extends NonReadableChannelException {
        private static final long serialVersionUID = 1;
        private final String message;

        NotReadable(String message) {
            this.message = message;
        }

        @Override
        public String getMessage() {
            return message;
        }
    }

    /** A file was written that had been opened for reading only. */
    static final class NotWritable extends NonWritableChannelException {
        private static final long serialVersionUID = 1;
        private final String message;

        NotWritable(String message) {
            this.message = message;
        }

        @Override
        public String getMessage() {
            return message;
        }
    }

    /** Waits for a future on behalf of a blocking form. */
    static <T extends @Nullable Object> T joined(CompletableFuture<T> future) throws IOException {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw rethrown(e);
        }
    }

    /**
     * Gives a blocking form what it throws. An I/O failure is shown with the stack of the thread that waited, since
     * that of the completion thread tells a user nothing.
     */
    static IOException rethrown(@Nullable Throwable failure) {
        return switch (failure) {
            case CompletionException e when e.getCause() != null -> rethrown(e.getCause());
            case IOException e -> {
                e.fillInStackTrace();
                yield e;
            }
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> throw new IllegalStateException("an operation failed for no known reason", failure);
        };
    }
}
