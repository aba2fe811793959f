package dev.sluice.aio;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What streams of bytes and of text have in common: a cursor, moved and asked, and the file behind it.
 *
 * <p>Safe for use by many threads, whose calls run one after the other.
 */
abstract sealed class FileStream implements AutoCloseable permits AsyncFileStream, AsyncTextStream {
    final Cursor cursor;

    FileStream(Cursor cursor) {
        this.cursor = cursor;
    }

    /**
     * Moves the cursor. It may go behind the end: there is nothing to read there, and writing leaves a hole before it.
     * What was read ahead is forgotten.
     *
     * @param offset how far, in bytes
     * @param whence from where
     * @return the new position
     * @throws IOException when the file has no positions, or its size cannot be had
     * @throws IllegalArgumentException when the new position would be before the file's beginning
     */
    public long seek(long offset, AsyncFileStream.Whence whence) throws IOException {
        return cursor.call(cursor.seek(offset, whence));
    }

    /**
     * Moves the cursor, as {@link #seek} does, after the calls issued before.
     *
     * @param offset how far, in bytes
     * @param whence from where
     * @return the new position
     */
    public CompletableFuture<Long> seekAsync(long offset, AsyncFileStream.Whence whence) {
        return cursor.start(cursor.seek(offset, whence));
    }

    /**
     * {@return the cursor's position in bytes, after the calls that have ended; on a pipe the bytes that went through
     * the stream}
     */
    public long position() {
        return cursor.position;
    }

    /**
     * Cuts the file, or grows it by a hole, to a size. A cursor behind the new end moves there; else it stays.
     *
     * @param size the new size
     * @throws IOException when that fails
     */
    public void truncate(long size) throws IOException {
        cursor.call(cursor.truncate(size));
    }

    /**
     * Cuts or grows the file, as {@link #truncate} does, after the calls issued before.
     *
     * @param size the new size
     * @return completes when it has that size
     */
    public CompletableFuture<@Nullable Void> truncateAsync(long size) {
        return cursor.start(cursor.truncate(size));
    }

    /**
     * Brings to the disk what was written before.
     *
     * @param metadata whether all metadata too, not only what reading the bytes needs
     * @throws IOException when the disk reports an error
     */
    public void force(boolean metadata) throws IOException {
        cursor.call(Work.of(new Step.Force(metadata), answer -> null));
    }

    /**
     * Brings to the disk what was written by the calls issued before.
     *
     * @param metadata whether all metadata too, not only what reading the bytes needs
     * @return completes when it is there
     */
    public CompletableFuture<@Nullable Void> forceAsync(boolean metadata) {
        return cursor.start(Work.<@Nullable Void>of(new Step.Force(metadata), answer -> null));
    }

    /**
     * Asks for the file's size.
     *
     * @return the size in bytes; 0 for most special files
     * @throws IOException when it cannot be had
     */
    public long size() throws IOException {
        return cursor.call(Work.<Long>of(new Step.Size(), answer -> answer));
    }

    /**
     * Asks for the file's size, after the calls issued before.
     *
     * @return the size in bytes; 0 for most special files
     */
    public CompletableFuture<Long> sizeAsync() {
        return cursor.start(Work.<Long>of(new Step.Size(), answer -> answer));
    }

    /** {@return the file behind the cursor; closing it ends the stream} */
    public AsyncFile file() {
        return cursor.file;
    }

    /** {@return false when the stream or its file has been closed} */
    public boolean isOpen() {
        return cursor.isOpen();
    }

    /**
     * Closes the stream, after the calls issued before; reads of a pipe, which could wait for ever, are stopped. The file
     * is closed when it was opened for the stream, and the last of its duplicates is closed. Closing again does nothing.
     * On a completion thread it does not wait.
     *
     * @throws IOException when the system reports an error; the file is closed all the same
     */
    @Override
    public void close() throws IOException {
        CompletableFuture<@Nullable Void> closed = cursor.close();
        if (!cursor.file.context().isCompletionThread()) {
            Call.await(closed, () -> "closing the stream over " + cursor.file.name());
        }
    }

    /**
     * Closes the stream, as {@link #close} does, without waiting.
     *
     * @return completes when it is closed
     */
    public CompletableFuture<@Nullable Void> closeAsync() {
        return cursor.close();
    }

    @Override
    public String toString() {
        return cursor.file.name() + " from " + position() + (isOpen() ? " (open)" : " (closed)");
    }
}
