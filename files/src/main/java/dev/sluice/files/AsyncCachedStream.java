package dev.sluice.files;

import dev.sluice.aio.AsyncFileStream.Whence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over a file whose bytes are cached, whose calls do not wait.
 *
 * {@snippet class="dev.sluice.files.CachedGuideTest" region="async"}
 *
 * <p>It opens its file when it is used first. Calls run one after the other in the order in which they were issued; they need
 * not be waited for in between. What the cache has is answered at once. A future that is cancelled, or times out, asks its
 * call to stop: one that has not begun never does, one at work is interrupted; the cursor stays then.
 *
 * <p>Futures complete on virtual threads, where what is chained to them may wait. Hooks are waited for before the future of
 * their call completes. Safe for use by many threads.
 */
@SuppressWarnings("exports") // @Nullable: who uses this need not have its jar
public final class AsyncCachedStream extends CachedFile {
    private final CachedCursor cursor;
    private final Sequence calls = new Sequence(Sequence::onVirtualThread, false);

    AsyncCachedStream(CachedCursor cursor) {
        this.cursor = cursor;
    }

    /**
     * Makes a stream with the usual options.
     *
     * @param path the file
     * @param how {@link java.nio.file.StandardOpenOption}s; reading when none asks for more
     * @return the stream, which opens the file when it is used first
     */
    public static AsyncCachedStream of(Path path, OpenOption... how) {
        return of(path, CachedOptions.standard(), how);
    }

    /**
     * Makes a stream.
     *
     * @param path the file
     * @param options how the stream behaves
     * @param how as for {@link #of(Path, OpenOption...)}
     * @return the stream, which opens the file when it is used first
     */
    public static AsyncCachedStream of(Path path, CachedOptions options, OpenOption... how) {
        return new AsyncCachedStream(new CachedCursor(path, options, how));
    }

    @Override
    CachedCursor cursor() {
        return cursor;
    }

    private <T extends @Nullable Object> CompletableFuture<T> call(Callable<T> work, Sequence.After<T> after) {
        return calls.submit(
                point -> {
                    cursor.open();
                    return work.call();
                },
                after);
    }

    private <T extends @Nullable Object> CompletableFuture<T> call(Callable<T> work) {
        return call(work, value -> {});
    }

    private void tell(Hook.Event event, ByteBuffer bytes) throws Hook.FailedException {
        if (!cursor.hooks.isEmpty(event)) {
            cursor.hooks.run(event, this, bytes, true);
        }
    }

    /**
     * Opens the file, if it is not open.
     *
     * @return this stream, when it is open
     */
    public CompletableFuture<AsyncCachedStream> openAsync() {
        return call(() -> this);
    }

    /**
     * Reads bytes.
     *
     * @param count how many
     * @return so many bytes, but at most a chunk; fewer when the file ends first, none at its end
     */
    public CompletableFuture<byte[]> readAsync(int count) {
        byte[] bytes = cursor.hooks.isEmpty(Hook.Event.ON_READ) ? readHere(count) : null;
        return bytes != null
                ? CompletableFuture.completedFuture(bytes)
                : call(() -> cursor.read(count), read -> tell(Hook.Event.ON_READ, ByteBuffer.wrap(read)));
    }

    /** What the cache has, if nothing has to be waited for. */
    private byte @Nullable [] readHere(int count) {
        if (!cursor.isOpen() || !calls.enter()) {
            return null;
        }
        try {
            return cursor.readCached(count);
        } catch (IOException e) {
            return null; // the call that is made instead says so
        } finally {
            calls.leave();
        }
    }

    /**
     * Reads the next chunk.
     *
     * @return as many bytes as a chunk has; fewer when the file ends first, none at its end
     */
    public CompletableFuture<byte[]> readChunkAsync() {
        return readAsync(options().chunkSize());
    }

    /**
     * Reads into a buffer, which the stream owns until the future has completed.
     *
     * @param target filled with at most a chunk; its position moves
     * @return how many bytes were read, fewer when the file ends first; -1 at its end
     */
    public CompletableFuture<Integer> readAsync(ByteBuffer target) {
        int start = target.position();
        return call(
                () -> cursor.read(target),
                count -> tell(Hook.Event.ON_READ, target.duplicate().flip().position(start)));
    }

    /**
     * Reads up to the end of the file, chunk by chunk.
     *
     * @return the bytes
     */
    public CompletableFuture<byte[]> readAllAsync() {
        return call(cursor::readAll, bytes -> tell(Hook.Event.ON_READ, ByteBuffer.wrap(bytes)));
    }

    /**
     * The chunks from the cursor on, for subscribers who say how many they want: each is what {@link #readChunkAsync} answers,
     * and none is read before it is asked for. Subscribers share the cursor, so each chunk goes to one of them; the stream stays
     * open.
     *
     * @return the chunks up to the end of the file
     */
    public Flow.Publisher<byte[]> publisher() {
        return new Chunks(this);
    }

    /**
     * Writes all bytes.
     *
     * @param source the bytes; to be left alone until the future has completed
     * @return the position at which they begin
     */
    public CompletableFuture<Long> writeAsync(byte[] source) {
        return writeAsync(ByteBuffer.wrap(source));
    }

    /**
     * Writes all of a buffer's remaining bytes.
     *
     * @param source where they come from; the stream owns it until the future has completed
     * @return the position at which they begin
     */
    public CompletableFuture<Long> writeAsync(ByteBuffer source) {
        ByteBuffer told = source.duplicate();
        return call(() -> cursor.write(source), landed -> tell(Hook.Event.ON_WRITE, told));
    }

    /**
     * Moves the cursor. It may go behind the end: there is nothing to read there, and writing leaves a hole before it.
     *
     * @param offset how far, in bytes
     * @param whence from where
     * @return the new position; fails with an {@link IllegalArgumentException} when that would be before the beginning
     */
    public CompletableFuture<Long> seekAsync(long offset, Whence whence) {
        return call(() -> cursor.seek(offset, whence));
    }

    /**
     * Asks for the file's size.
     *
     * @return the size in bytes
     */
    public CompletableFuture<Long> sizeAsync() {
        return call(cursor::size);
    }

    /**
     * Cuts the file, or grows it by a hole, to a size. A cursor behind the new end moves there.
     *
     * @param size the new size
     * @return completes when it has that size
     */
    public CompletableFuture<@Nullable Void> truncateAsync(long size) {
        return this.<@Nullable Void>call(() -> {
            cursor.truncate(size);
            return null;
        });
    }

    /**
     * Brings to the disk what was written by the calls issued before.
     *
     * @param metadata whether all metadata too, not only what reading the bytes needs
     * @return completes when it is there
     */
    public CompletableFuture<@Nullable Void> forceAsync(boolean metadata) {
        return this.<@Nullable Void>call(() -> {
            cursor.force(metadata);
            return null;
        });
    }

    /**
     * Closes the stream after the calls issued before. Closing again does nothing.
     *
     * @return completes when it is closed
     */
    public CompletableFuture<@Nullable Void> closeAsync() {
        return calls.<@Nullable Void>submit(point -> {
            cursor.close();
            return null;
        });
    }

    /**
     * Closes the stream, as {@link #closeAsync} does, and waits for it.
     *
     * @throws IOException when the system reports an error; the file is closed all the same
     */
    @Override
    public void close() throws IOException {
        options().context().refuseOnCompletionThread("close " + path());
        try {
            closeAsync().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
