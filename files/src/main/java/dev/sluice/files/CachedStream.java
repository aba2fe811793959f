package dev.sluice.files;

import dev.sluice.aio.AsyncFileStream.Whence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over a file whose bytes are cached: each call reads or writes where the one before ended, whether the bytes come
 * from the cache or from the file.
 *
 * {@snippet class="dev.sluice.files.CachedGuideTest" region="stream"}
 *
 * <p>On threads that complete asynchronous operations, which must not wait, its calls are refused with a {@link
 * dev.sluice.aio.BlockingCallException}, even if the cache could answer them: {@link #toAsync} is the way out.
 *
 * <p>A stream that was forgotten open is closed when the garbage collector finds it. Safe for use by many threads, whose calls
 * run one after the other.
 */
public final class CachedStream extends CachedFile {
    /** Nothing when it became an asynchronous stream. */
    private volatile @Nullable CachedCursor cursor;

    private final CachedCursor origin;

    private CachedStream(CachedCursor cursor) {
        this.cursor = cursor;
        this.origin = cursor;
    }

    /**
     * Opens a file with the usual options.
     *
     * @param path the file
     * @param how {@link java.nio.file.StandardOpenOption}s; reading when none asks for more
     * @return a stream at the file's beginning, or at its end when it appends
     * @throws IOException when it cannot be opened
     */
    public static CachedStream open(Path path, OpenOption... how) throws IOException {
        return open(path, CachedOptions.standard(), how);
    }

    /**
     * Opens a file.
     *
     * @param path the file
     * @param options how the stream behaves
     * @param how as for {@link #open(Path, OpenOption...)}
     * @return a stream at the file's beginning, or at its end when it appends
     * @throws IOException when it cannot be opened
     */
    public static CachedStream open(Path path, CachedOptions options, OpenOption... how) throws IOException {
        CachedStream stream = of(path, options, how);
        stream.open();
        return stream;
    }

    /**
     * Makes a stream that is opened later, by {@link #open()}.
     *
     * @param path the file
     * @param options how the stream behaves
     * @param how as for {@link #open(Path, OpenOption...)}
     * @return the stream
     */
    public static CachedStream of(Path path, CachedOptions options, OpenOption... how) {
        return new CachedStream(new CachedCursor(path, options, how));
    }

    @Override
    CachedCursor cursor() {
        return origin;
    }

    private CachedCursor use(String what) {
        CachedCursor mine = cursor;
        if (mine == null) {
            throw new IllegalStateException(
                    path() + " was handed over to an asynchronous stream: use that one, or open another");
        }
        mine.options.context().refuseOnCompletionThread(what, mine.path);
        return mine;
    }

    /**
     * Opens the file; nothing happens when it is open.
     *
     * @throws IOException when it cannot be opened, or the stream was closed
     */
    public void open() throws IOException {
        use("open").open();
    }

    /**
     * Reads bytes.
     *
     * @param count how many
     * @return so many bytes, but at most a chunk; fewer when the file ends first, none at its end
     * @throws IOException when reading fails
     */
    public byte[] read(int count) throws IOException {
        CachedCursor mine = use("read");
        byte[] bytes = mine.read(count);
        if (!mine.hooks.isEmpty(Hook.Event.ON_READ)) {
            mine.hooks.run(Hook.Event.ON_READ, this, ByteBuffer.wrap(bytes), false);
        }
        return bytes;
    }

    /**
     * Reads the next chunk.
     *
     * @return as many bytes as a chunk has; fewer when the file ends first, none at its end
     * @throws IOException when reading fails
     */
    public byte[] readChunk() throws IOException {
        return read(options().chunkSize());
    }

    /**
     * Reads into a buffer.
     *
     * @param target filled with at most a chunk; its position moves
     * @return how many bytes were read, fewer when the file ends first; -1 at its end
     * @throws IOException when reading fails
     */
    public int read(ByteBuffer target) throws IOException {
        CachedCursor mine = use("read");
        int start = target.position();
        int count = mine.read(target);
        if (!mine.hooks.isEmpty(Hook.Event.ON_READ)) {
            mine.hooks.run(Hook.Event.ON_READ, this, target.duplicate().flip().position(start), false);
        }
        return count;
    }

    /**
     * Reads up to the end of the file, chunk by chunk.
     *
     * @return the bytes
     * @throws IOException when reading fails, or there are more than an array can have; the cursor stays then
     */
    public byte[] readAll() throws IOException {
        CachedCursor mine = use("read");
        byte[] bytes = mine.readAll();
        if (!mine.hooks.isEmpty(Hook.Event.ON_READ)) {
            mine.hooks.run(Hook.Event.ON_READ, this, ByteBuffer.wrap(bytes), false);
        }
        return bytes;
    }

    /**
     * Writes all bytes.
     *
     * @param source the bytes
     * @return the position at which they begin
     * @throws IOException when not all could be written; the cursor stays then
     */
    public long write(byte[] source) throws IOException {
        return write(ByteBuffer.wrap(source));
    }

    /**
     * Writes all of a buffer's remaining bytes.
     *
     * @param source where they come from; its position moves
     * @return the position at which they begin
     * @throws IOException when not all could be written; the cursor stays then
     */
    public long write(ByteBuffer source) throws IOException {
        CachedCursor mine = use("write");
        ByteBuffer told = source.duplicate();
        long landed = mine.write(source);
        if (!mine.hooks.isEmpty(Hook.Event.ON_WRITE)) {
            mine.hooks.run(Hook.Event.ON_WRITE, this, told, false);
        }
        return landed;
    }

    /**
     * Moves the cursor. It may go behind the end: there is nothing to read there, and writing leaves a hole before it.
     *
     * @param offset how far, in bytes
     * @param whence from where
     * @return the new position
     * @throws IOException when the size cannot be had
     * @throws IllegalArgumentException when the new position would be before the file's beginning
     */
    public long seek(long offset, Whence whence) throws IOException {
        return use("seek in").seek(offset, whence);
    }

    /**
     * Asks for the file's size.
     *
     * @return the size in bytes
     * @throws IOException when it cannot be had
     */
    public long size() throws IOException {
        return use("ask for the size of").size();
    }

    /**
     * Cuts the file, or grows it by a hole, to a size. A cursor behind the new end moves there.
     *
     * @param size the new size
     * @throws IOException when that fails
     */
    public void truncate(long size) throws IOException {
        use("set the size of").truncate(size);
    }

    /**
     * Brings to the disk what was written.
     *
     * @param metadata whether all metadata too, not only what reading the bytes needs
     * @throws IOException when the disk reports an error
     */
    public void force(boolean metadata) throws IOException {
        use("force").force(metadata);
    }

    /**
     * This stream for those who know channels: the JDK's own streams and readers ({@link java.nio.channels.Channels}), and
     * libraries. It has the same cursor and the same hooks; closing it closes the stream.
     *
     * @return the channel; one read gives a chunk at most, and {@code truncate} never makes the file longer
     */
    public SeekableByteChannel channel() {
        return new CachedChannel(this);
    }

    /**
     * Hands over to an asynchronous stream: the open file, the position, what {@link #isModified} compares with, the count of
     * bytes and the hooks. This stream cannot be used any more; closing it does nothing.
     *
     * @return the asynchronous stream
     */
    public AsyncCachedStream toAsync() {
        CachedCursor mine = use("hand over");
        cursor = null;
        return new AsyncCachedStream(mine);
    }

    @Override
    public boolean isOpen() {
        return cursor != null && super.isOpen();
    }

    /**
     * Closes the stream. Closing again does nothing.
     *
     * @throws IOException when the system reports an error; the file is closed all the same
     */
    @Override
    public void close() throws IOException {
        if (cursor != null) {
            use("close").close();
        }
    }
}
