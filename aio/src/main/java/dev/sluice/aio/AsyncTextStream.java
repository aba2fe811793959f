package dev.sluice.aio;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A cursor over a file of text: each call reads or writes where the one before ended.
 *
 * {@snippet class="dev.sluice.aio.StreamsGuideTest" region="text"}
 *
 * <p>Lengths are characters, that is code points; positions are bytes, exact to the character. Neither a character nor, with
 * {@link TextOptions.Newlines#UNIVERSAL}, a line end of two characters is ever split. What is said of order, the end,
 * appending and reading ahead for {@link AsyncFileStream} holds here too.
 *
 * <p>A byte order mark is passed over at the file's beginning; {@code UTF-16} is written with one there, and nowhere else.
 * Charsets with a state, such as {@code ISO-2022-JP}, go on with it from call to call; a seek begins anew, and what a
 * call writes begins and ends in the first state.
 *
 * <p>Bytes that are no characters make {@code read} fail and leave the cursor where it was; a line with such bytes is passed
 * over when it has been reported, as one is that is too long.
 *
 * <p>Safe for use by many threads, whose calls run one after the other.
 */
public final class AsyncTextStream extends FileStream {
    private final TextOptions options;
    private final Codec codec;
    private final LineForm<String> form;

    AsyncTextStream(Cursor cursor, TextOptions options) {
        super(cursor);
        this.options = options;
        this.codec = new Codec(cursor.file.name(), options.charset(), options.malformed());
        this.form = LineForm.text(codec, options.lines());
    }

    /**
     * Opens a file of UTF-8 with the shared context.
     *
     * @param path the file
     * @param options as for {@link AsyncFile#open(Path, OpenOption...)}: reading when none asks for more
     * @return a stream at the file's beginning, or at its end when it appends
     * @throws IOException when it cannot be opened
     */
    public static AsyncTextStream open(Path path, OpenOption... options) throws IOException {
        return open(path, TextOptions.DEFAULT, Context.shared(), options);
    }

    /**
     * Opens a file.
     *
     * @param path the file
     * @param text how its bytes are text
     * @param context what executes the operations
     * @param options as for {@link #open(Path, OpenOption...)}
     * @return a stream at the file's beginning, or at its end when it appends
     * @throws IOException when it cannot be opened
     */
    public static AsyncTextStream open(Path path, TextOptions text, Context context, OpenOption... options)
            throws IOException {
        return new AsyncTextStream(Cursor.open(path, context, Opening.of(options), () -> false), text);
    }

    /**
     * Opens a file without waiting.
     *
     * @param path the file
     * @param text how its bytes are text
     * @param context what executes the operations
     * @param options as for {@link #open(Path, OpenOption...)}
     * @return the stream; when the future has been cancelled by then, it is closed again
     */
    public static CompletableFuture<AsyncTextStream> openAsync(
            Path path, TextOptions text, Context context, OpenOption... options) {
        Opening opening = Opening.of(options);
        return context.open(
                path,
                unwanted -> new AsyncTextStream(Cursor.open(path, context, opening, unwanted), text),
                AsyncTextStream::close);
    }

    /** {@return how the bytes are text} */
    public TextOptions options() {
        return options;
    }

    /**
     * Reads characters.
     *
     * @param count how many code points
     * @return so many, fewer only if the file ends first, none at its end; of a pipe what there is
     * @throws java.nio.charset.CharacterCodingException when bytes are no characters, and that is to be reported
     * @throws IOException when reading fails
     */
    public String read(int count) throws IOException {
        return cursor.call(ReadText.some(cursor, codec, options, count));
    }

    /**
     * Reads characters.
     *
     * @param count how many code points
     * @return as {@link #read} answers
     */
    public CompletableFuture<String> readAsync(int count) {
        return cursor.start(ReadText.some(cursor, codec, options, count));
    }

    /** As {@link #read}, but answers what is before malformed bytes, and fails when there is nothing. */
    String readUpToMalformed(int count) throws IOException {
        return cursor.call(ReadText.upToMalformed(cursor, codec, options, count));
    }

    /**
     * Reads all text up to the end of the file.
     *
     * @return the text
     * @throws java.nio.charset.CharacterCodingException when bytes are no characters, and that is to be reported; the
     *     cursor stays, of a pipe too, so that {@link #read} gives what is before them
     * @throws IOException when reading fails
     */
    public String readAll() throws IOException {
        return cursor.call(ReadText.all(cursor, codec, options));
    }

    /**
     * Reads all text up to the end of the file.
     *
     * @return the text
     */
    public CompletableFuture<String> readAllAsync() {
        return cursor.start(ReadText.all(cursor, codec, options));
    }

    /**
     * Writes text.
     *
     * @param text the characters, of which all are written or, when one is not in the charset and that is to be
     *     reported, none
     * @return how many bytes they became, a byte order mark included
     * @throws java.nio.charset.CharacterCodingException when a character is not in the charset
     * @throws IOException when not all could be written
     */
    public long write(CharSequence text) throws IOException {
        return cursor.call(new WriteText(cursor, codec, text.toString()));
    }

    /**
     * Writes text.
     *
     * @param text the characters, as for {@link #write}
     * @return how many bytes they became, a byte order mark included
     */
    public CompletableFuture<Long> writeAsync(CharSequence text) {
        return cursor.start(new WriteText(cursor, codec, text.toString()));
    }

    /**
     * Reads a line, without its separator.
     *
     * @return the line; nothing at the end of the file
     * @throws LineTooLongException when it is longer than the options say; the next call goes on behind it
     * @throws java.nio.charset.CharacterCodingException when bytes are no characters, and that is to be reported
     * @throws IOException when reading fails
     */
    public Optional<String> readLine() throws IOException {
        return cursor.call(AsyncFileStream.first(ReadLines.lines(cursor, form, 1)));
    }

    /**
     * Reads a line, without its separator.
     *
     * @return the line; nothing at the end of the file
     */
    public CompletableFuture<Optional<String>> readLineAsync() {
        return cursor.start(AsyncFileStream.first(ReadLines.lines(cursor, form, 1)));
    }

    /**
     * Reads a line with its separator, or as much of it as a limit allows: the next call goes on from there, so nothing is
     * lost.
     *
     * @param limit the most code points to answer, 1 or more
     * @return the line or the piece; nothing at the end of the file
     * @throws java.nio.charset.CharacterCodingException when bytes are no characters, and that is to be reported
     * @throws IOException when reading fails
     */
    public Optional<String> readLine(int limit) throws IOException {
        return cursor.call(piece(limit));
    }

    /**
     * Reads a line with its separator, or as much of it as a limit allows.
     *
     * @param limit the most code points to answer, 1 or more
     * @return as {@link #readLine(int)} answers
     */
    public CompletableFuture<Optional<String>> readLineAsync(int limit) {
        return cursor.start(piece(limit));
    }

    private Work<Optional<String>> piece(int limit) {
        return ReadText.ofLine(cursor, form, options, limit)
                .then(text -> text.isEmpty() ? Optional.empty() : Optional.of(text));
    }

    /**
     * Gives the lines from the cursor on; reading them moves it.
     *
     * @return the lines, without separators
     */
    public LineReader<String> lines() {
        return new LineReader<>(cursor, form, false);
    }

    /**
     * Gives a view for code that wants the JDK's type. Reading it moves the cursor; closing it closes the stream. It
     * answers what is before malformed bytes before it reports them, and then reports them each time. It cannot be marked:
     * wrap it in a {@link java.io.BufferedReader} for that.
     *
     * @return the characters from the cursor on
     */
    public Reader asReader() {
        return new TextInput(this);
    }

    /**
     * Gives a view for code that wants the JDK's type. It writes at the cursor, without gathering (wrap it in a
     * {@link java.io.BufferedWriter} for that), except that the first half of a surrogate pair waits for the second;
     * closing it closes the stream, and fails when that has not come.
     *
     * @return the writer
     */
    public Writer asWriter() {
        return new TextOutput(this);
    }

    /**
     * Makes another stream over the same file, which begins where this one is and then goes its own way. A file that was
     * opened for the first of them stays open until all are closed.
     *
     * @return the other stream
     * @throws IOException when this one is closed
     */
    public AsyncTextStream duplicate() throws IOException {
        return duplicateAt(position());
    }

    /**
     * Makes another stream over the same file, as {@link #duplicate} does.
     *
     * @param position where it begins, in bytes: there a character must begin
     * @return the other stream
     * @throws IOException when this one is closed
     */
    public AsyncTextStream duplicateAt(long position) throws IOException {
        return new AsyncTextStream(cursor.duplicate(position), options);
    }
}
