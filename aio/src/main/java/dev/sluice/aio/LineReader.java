package dev.sluice.aio;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file from a position on, one by one or as many at once as a chunk has.
 *
 * {@snippet class="dev.sluice.aio.StreamsGuideTest" region="lines"}
 *
 * <p>A line that is too long or malformed is reported once, and then passed over. The end of the file is not remembered:
 * when the file has grown, the next call reads on; the last line, which may be unfinished, is then given in two. With
 * {@code keepSeparator} that can be told.
 *
 * <p>A reader made by a stream shares its cursor and moves it line by line; any other has a cursor of its own, which is
 * faster, and does not own its file.
 *
 * <p>Safe for use by many threads, whose calls run one after the other in the order in which they were issued; an
 * iterator is for one thread at a time.
 *
 * @param <T> what a line is: {@code String}, or {@code byte[]}
 */
public final class LineReader<T> implements Iterable<T> {
    private final Cursor cursor;
    private final LineForm<T> form;
    private final boolean alone;

    /** Lines that were found and not yet given out; of a reader with a cursor of its own. */
    private ReadLines.Lines<T> ready = new ReadLines.Lines<>(List.of(), new long[1]);

    private volatile int given;
    private volatile long position;
    private long changes;

    LineReader(Cursor cursor, LineForm<T> form, boolean alone) {
        this.cursor = cursor;
        this.form = form;
        this.alone = alone;
        this.position = cursor.position;
    }

    /**
     * Makes a reader of lines of text.
     *
     * @param file the file
     * @param position where its first line begins
     * @param options what a line is
     * @return the reader
     */
    public static LineReader<String> text(AsyncFile file, long position, LineOptions options) {
        return new LineReader<>(Cursor.at(file, position), LineForm.text(codec(file, options), options), true);
    }

    /**
     * Makes a reader of lines of bytes.
     *
     * @param file the file
     * @param position where its first line begins
     * @param options what a line is
     * @return the reader
     */
    public static LineReader<byte[]> bytes(AsyncFile file, long position, LineOptions options) {
        return new LineReader<>(Cursor.at(file, position), LineForm.bytes(codec(file, options), options), true);
    }

    private static Codec codec(AsyncFile file, LineOptions options) {
        return new Codec(file.name(), options.charset(), options.malformed());
    }

    /**
     * Reads a line.
     *
     * @return the line; nothing at the end of the file
     * @throws LineTooLongException when it is longer than the options say
     * @throws java.nio.charset.CharacterCodingException when bytes are no characters, and that is to be reported
     * @throws IOException when reading fails
     */
    public Optional<T> next() throws IOException {
        return cursor.call(one());
    }

    /**
     * Reads a line.
     *
     * @return the line; nothing at the end of the file
     */
    public CompletableFuture<Optional<T>> nextAsync() {
        return cursor.start(one());
    }

    /**
     * Reads the lines that the next chunk ends, at least one.
     *
     * @return the lines, not modifiable; none at the end of the file
     * @throws LineTooLongException when the first is longer than the options say
     * @throws java.nio.charset.CharacterCodingException when bytes of the first are no characters, and that is to be
     *     reported
     * @throws IOException when reading fails
     */
    public List<T> nextBatch() throws IOException {
        return cursor.call(batch());
    }

    /**
     * Reads the lines that the next chunk ends, at least one.
     *
     * @return the lines, not modifiable; none at the end of the file
     */
    public CompletableFuture<List<T>> nextBatchAsync() {
        return cursor.start(batch());
    }

    /** {@return where in the file the next line begins, after the calls that have ended} */
    public long position() {
        return alone ? position : cursor.position;
    }

    /**
     * {@return the lines from here on, for one thread at a time; {@code hasNext} reads, and I/O errors are thrown as
     * {@link java.io.UncheckedIOException}}
     */
    @Override
    public Iterator<T> iterator() {
        return new Pulls<>(this::next);
    }

    /** {@return the lines from here on, as {@link #iterator} gives them} */
    public Stream<T> stream() {
        return new Pulls<>(this::next).stream();
    }

    /**
     * Gives the lines to subscribers, each of which gets all from here on, with a cursor of its own; this reader stays
     * where it is. Signals come on the completion threads of the file's context, so a subscriber must not wait.
     *
     * @return the publisher
     */
    public Flow.Publisher<T> publisher() {
        long start = position();
        AsyncFile file = cursor.file;
        return new Publication<>(file, () -> {
            LineForm<T> fresh = form.again(codec(file, form.options()));
            LineReader<T> reader = new LineReader<>(Cursor.at(file, start), fresh, true);
            return reader::nextBatchAsync;
        });
    }

    private Work<Optional<T>> one() {
        return alone ? new Next() : AsyncFileStream.first(ReadLines.lines(cursor, form, 1));
    }

    private Work<List<T>> batch() {
        return alone
                ? new Next().then(first -> rest(first))
                : ReadLines.lines(cursor, form, Integer.MAX_VALUE).then(found -> List.copyOf(found.lines()));
    }

    private List<T> rest(Optional<T> first) {
        if (first.isEmpty()) {
            return List.of();
        }
        int begin = given - 1;
        int end = ready.lines().size();
        given = end;
        position = ready.ends()[end - 1];
        return List.copyOf(ready.lines().subList(begin, end));
    }

    /** Gives the next line out of those that were found together, and looks for more when there is none. */
    private final class Next extends Work<Optional<T>> {
        private @Nullable ReadLines<T> reading;

        @Override
        boolean isReading() {
            return true;
        }

        @Override
        @Nullable
        Step next(long answer) throws IOException {
            ReadLines<T> lines = reading;
            if (lines == null) {
                if (isReady()) {
                    return null;
                }
                changes = cursor.file.shared().changes();
                lines = ReadLines.lines(cursor, form, Integer.MAX_VALUE);
                reading = lines;
            }
            try {
                Step step = lines.next(answer);
                if (step == null) {
                    ready = lines.result();
                    given = 0;
                }
                return step;
            } finally {
                position = given < ready.lines().size() ? position : cursor.position;
            }
        }

        private boolean isReady() {
            boolean stale = cursor.file.isPositional()
                    && changes != cursor.file.shared().changes();
            if (stale && given < ready.lines().size()) {
                cursor.position = position;
                given = ready.lines().size();
            }
            return given < ready.lines().size();
        }

        @Override
        Optional<T> result() {
            int index = given;
            if (index == ready.lines().size()) {
                return Optional.empty();
            }
            given = index + 1;
            position = ready.ends()[index];
            return Optional.of(ready.lines().get(index));
        }
    }
}
