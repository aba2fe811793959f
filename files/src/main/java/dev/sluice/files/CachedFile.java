package dev.sluice.files;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What cached streams have in common, whether their calls wait or not: a file, a cursor, and hooks.
 *
 * <p>Safe for use by many threads, whose calls run one after the other.
 */
public abstract sealed class CachedFile implements AutoCloseable permits CachedStream, AsyncCachedStream {
    CachedFile() {}

    abstract CachedCursor cursor();

    /** {@return the file, as it was given} */
    public final Path path() {
        return cursor().path;
    }

    /** {@return how the stream behaves} */
    public final CachedOptions options() {
        return cursor().options;
    }

    /** {@return the cursor's position in bytes, after the calls that have ended} */
    public final long position() {
        return cursor().position();
    }

    /** {@return how many bytes were read through this stream, from the cache and from the file} */
    public final long bytesRead() {
        return cursor().bytesRead();
    }

    /** {@return true from the opening of the file to the closing of the stream} */
    public boolean isOpen() {
        return cursor().isOpen();
    }

    /**
     * {@return whether the file at the path is not what this stream has read or written last: it has been changed or replaced
     * since, or is gone; false when nothing was read or written yet} It can be asked of a closed stream, too.
     */
    public final boolean isModified() {
        return cursor().isModified();
    }

    /**
     * Adds a hook.
     *
     * @param event what it is told of
     * @param hook the hook; one that was added twice is called twice
     * @return removes it
     */
    public final Hook.Registration hook(Hook.Event event, Hook hook) {
        return cursor().hooks.add(event, hook);
    }

    /**
     * Adds a hook that does its work elsewhere.
     *
     * @param event what it is told of
     * @param hook the hook; one that was added twice is called twice
     * @return removes it
     */
    public final Hook.Registration hookAsync(Hook.Event event, Hook.Async hook) {
        return cursor().hooks.addAsync(event, hook);
    }

    /**
     * Closes the stream. Closing again does nothing.
     *
     * @throws IOException when the system reports an error; the file is closed all the same
     */
    @Override
    public abstract void close() throws IOException;

    @Override
    public String toString() {
        return path() + " from " + position() + (isOpen() ? " (open)" : " (not open)");
    }
}
