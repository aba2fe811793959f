package dev.sluice.aio;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over a file of bytes: each call reads or writes where the one before ended.
 *
 * {@snippet class="dev.sluice.aio.StreamsGuideTest" region="bytes"}
 *
 * <p><b>Order.</b> Calls run one after the other in the order in which they were issued, those called {@code ...Async}
 * as well, which need not be waited for in between. One that fails, is cancelled or times out leaves the cursor where it
 * was, and does not disturb those after it. A failed write may have written some of its bytes.
 *
 * <p><b>The end.</b> At the end of the file arrays are empty, a count is -1, an {@link Optional} is empty. That is not
 * remembered: when the file has grown, the next call reads on.
 *
 * <p><b>Appending.</b> A stream over a file opened with {@code APPEND} begins at its end; what it writes lands at the end
 * of that moment, and the cursor is then where those bytes ended, whoever else appends.
 *
 * <p><b>Reading ahead.</b> Only lines and text are looked for in bytes that were read ahead. Our own writes to the file
 * are seen all the same; those of other processes may be missed in what was read ahead, until {@link #seek}. Pipes and
 * terminals answer what there is.
 *
 * <p>Safe for use by many threads, whose calls run one after the other.
 */
public final class AsyncFileStream extends FileStream {
    /** From where an offset counts. */
    public enum Whence {
        /** From the file's beginning. */
        START,
        /** From where the cursor is. */
        CURRENT,
        /** From the file's end. */
        END
    }

    /** The lines as they were asked for last; mostly they are asked for in the same way again. */
    private volatile @Nullable LineForm<byte[]> lastForm;

    AsyncFileStream(Cursor cursor) {
        super(cursor);
    }

    /**
     * Opens a file with the shared context.
     *
     * @param path the file
     * @param options as for {@link AsyncFile#open(Path, OpenOption...)}: reading when none asks for more
     * @return a stream at the file's beginning, or at its end with {@link StandardOpenOption#APPEND}
     * @throws IOException when it cannot be opened
     */
    public static AsyncFileStream open(Path path, OpenOption... options) throws IOException {
        return open(path, Context.shared(), options);
    }

    /**
     * Opens a file.
     *
     * @param path the file
     * @param context what executes the operations
     * @param options as for {@link #open(Path, OpenOption...)}
     * @return a stream at the file's beginning, or at its end when it appends
     * @throws IOException when it cannot be opened
     */
    public static AsyncFileStream open(Path path, Context context, OpenOption... options) throws IOException {
        return new AsyncFileStream(Cursor.open(path, context, Opening.of(options), () -> false));
    }

    /**
     * Opens a file without waiting.
     *
     * @param path the file
     * @param context what executes the operations
     * @param options as for {@link #open(Path, OpenOption...)}
     * @return the stream; when the future has been cancelled by then, it is closed again
     */
    public static CompletableFuture<AsyncFileStream> openAsync(Path path, Context context, OpenOption... options) {
        Opening opening = Opening.of(options);
        return context.open(
                path,
                unwanted -> new AsyncFileStream(Cursor.open(path, context, opening, unwanted)),
                AsyncFileStream::close);
    }

    /**
     * Reads bytes.
     *
     * @param count how many
     * @return so many bytes, fewer only if the file ends first, none at its end; of a pipe what there is
     * @throws IOException when reading fails
     */
    public byte[] read(int count) throws IOException {
        return cursor.call(ReadBytes.some(cursor, count));
    }

    /**
     * Reads bytes.
     *
     * @param count how many
     * @return as {@link #read(int)} answers
     */
    public CompletableFuture<byte[]> readAsync(int count) {
        return cursor.start(ReadBytes.some(cursor, count));
    }

    /**
     * Reads into a buffer.
     *
     * @param target filled unless the file ends first, or it is a pipe; its position moves
     * @return how many bytes were read, -1 at the end of the file
     * @throws IOException when reading fails
     */
    public int read(ByteBuffer target) throws IOException {
        return cursor.read(target);
    }

    /**
     * Reads into a buffer, which the stream owns until the future has completed.
     *
     * @param target filled unless the file ends first, or it is a pipe; its position moves
     * @return how many bytes were read, -1 at the end of the file
     */
    public CompletableFuture<Integer> readAsync(ByteBuffer target) {
        return cursor.start(new ReadInto(cursor, target));
    }

    /**
     * Reads all bytes up to the end of the file, whatever size it says it has.
     *
     * @return the bytes
     * @throws IOException when reading fails, or there are more than an array can have
     */
    public byte[] readAll() throws IOException {
        return cursor.call(ReadBytes.all(cursor));
    }

    /**
     * Reads all bytes up to the end of the file, whatever size it says it has.
     *
     * @return the bytes
     */
    public CompletableFuture<byte[]> readAllAsync() {
        return cursor.start(ReadBytes.all(cursor));
    }

    /**
     * Writes all bytes.
     *
     * @param source the bytes
     * @return the position at which they begin
     * @throws IOException when not all could be written
     */
    public long write(byte[] source) throws IOException {
        return cursor.call(WriteBytes.of(cursor, source));
    }

    /**
     * Writes all bytes.
     *
     * @param source the bytes; to be left alone until the future has completed
     * @return the position at which they begin
     */
    public CompletableFuture<Long> writeAsync(byte[] source) {
        return cursor.start(WriteBytes.of(cursor, source));
    }

    /**
     * Writes all of a buffer's remaining bytes.
     *
     * @param source where they come from; its position moves
     * @return the position at which they begin
     * @throws IOException when not all could be written
     */
    public long write(ByteBuffer source) throws IOException {
        return cursor.write(source);
    }

    /**
     * Writes all of a buffer's remaining bytes.
     *
     * @param source where they come from; the stream owns it until the future has completed
     * @return the position at which they begin
     */
    public CompletableFuture<Long> writeAsync(ByteBuffer source) {
        return cursor.start(WriteBytes.of(cursor, source));
    }

    /**
     * Reads a line, without its separator.
     *
     * @return the line; nothing at the end of the file
     * @throws IOException when reading fails
     */
    public Optional<byte[]> readLine() throws IOException {
        return readLine(LineOptions.DEFAULT);
    }

    /**
     * Reads a line.
     *
     * @param options what a line is
     * @return the line; nothing at the end of the file
     * @throws LineTooLongException when it is longer than the options say; the next call goes on behind it
     * @throws IOException when reading fails
     */
    public Optional<byte[]> readLine(LineOptions options) throws IOException {
        return cursor.call(first(ReadLines.lines(cursor, form(options), 1)));
    }

    /**
     * Reads a line.
     *
     * @param options what a line is
     * @return the line; nothing at the end of the file
     */
    public CompletableFuture<Optional<byte[]>> readLineAsync(LineOptions options) {
        return cursor.start(first(ReadLines.lines(cursor, form(options), 1)));
    }

    /**
     * Reads a line with its separator, or as much of it as a limit allows: the next call goes on from there, so nothing is
     * lost. A separator is not cut, unless it alone is longer than the limit.
     *
     * @param limit the most bytes to answer, 1 or more
     * @param options what a line is
     * @return the line or the piece; nothing at the end of the file
     * @throws IOException when reading fails
     */
    public Optional<byte[]> readLine(int limit, LineOptions options) throws IOException {
        return cursor.call(first(ReadLines.piece(cursor, form(options), limit)));
    }

    /**
     * Reads a line with its separator, or as much of it as a limit allows.
     *
     * @param limit the most bytes to answer, 1 or more
     * @param options what a line is
     * @return as {@link #readLine(int, LineOptions)} answers
     */
    public CompletableFuture<Optional<byte[]>> readLineAsync(int limit, LineOptions options) {
        return cursor.start(first(ReadLines.piece(cursor, form(options), limit)));
    }

    private LineForm<byte[]> form(LineOptions options) {
        LineForm<byte[]> form = lastForm;
        if (form == null || !form.options().equals(options)) {
            form = LineForm.bytes(new Codec(cursor.file.name(), options.charset(), options.malformed()), options);
            lastForm = form;
        }
        return form;
    }

    static <T> Work<Optional<T>> first(ReadLines<T> reading) {
        return reading.then(found -> found.lines().stream().findFirst());
    }

    /**
     * Gives the lines from the cursor on, as bytes; reading them moves it.
     *
     * @param options what a line is
     * @return the lines
     */
    public LineReader<byte[]> lines(LineOptions options) {
        return new LineReader<>(cursor, form(options), false);
    }

    /**
     * Gives the lines from the cursor on, as text; reading them moves it.
     *
     * @param options what a line is
     * @return the lines
     */
    public LineReader<String> textLines(LineOptions options) {
        Codec codec = new Codec(cursor.file.name(), options.charset(), options.malformed());
        return new LineReader<>(cursor, LineForm.text(codec, options), false);
    }

    /**
     * Gives the bytes from the cursor on in chunks; reading them moves it.
     *
     * @param size how many bytes each chunk has, the last one excepted
     * @return the chunks
     */
    public ChunkReader chunks(int size) {
        return new ChunkReader(cursor, size, false);
    }

    /**
     * Makes a writer that gathers small pieces into chunks, and writes those at the cursor.
     *
     * @param size how many bytes a chunk has
     * @return the writer
     */
    public ChunkWriter writer(int size) {
        return new ChunkWriter(cursor, size);
    }

    /**
     * Gives the same cursor as one over text; whichever of both is closed, both are.
     *
     * @param options how the bytes are text
     * @return the text from the cursor on
     */
    public AsyncTextStream text(TextOptions options) {
        return new AsyncTextStream(cursor, options);
    }

    /**
     * Makes another stream over the same file, which begins where this one is and then goes its own way. A file that was
     * opened for the first of them stays open until all are closed.
     *
     * @return the other stream
     * @throws IOException when this one is closed
     */
    public AsyncFileStream duplicate() throws IOException {
        return duplicateAt(position());
    }

    /**
     * Makes another stream over the same file, as {@link #duplicate} does.
     *
     * @param position where it begins
     * @return the other stream
     * @throws IOException when this one is closed
     */
    public AsyncFileStream duplicateAt(long position) throws IOException {
        return new AsyncFileStream(cursor.duplicate(position));
    }

    /** {@return a view whose reading moves the cursor; closing it closes the stream} */
    public InputStream inputStream() {
        return new StreamInput(this);
    }

    /** {@return a view which writes at the cursor, without gathering; closing it closes the stream} */
    public OutputStream outputStream() {
        return new StreamOutput(this);
    }
}
