package dev.sluice.files;

import dev.sluice.aio.AsyncFileStream;
import dev.sluice.aio.AsyncTextStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.Buffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A reader and a writer as one file whose calls do not wait.
 *
 * {@snippet class="dev.sluice.files.CoupleGuideTest" region="couple"}
 *
 * <p>Reads run one after the other in the order in which they were issued, writes too; a read and a write may overlap. They
 * run on virtual threads, or on an executor of one's own, which stays open. A read that is cancelled, or times out, ends at
 * once; what it had got by then is the next one's. A write that is cancelled may have written some.
 *
 * <p>The units are bytes or characters, as the reader and the writer have them. Safe for use by many threads.
 *
 * @param <R> what is read: {@code byte[]} or {@code String}
 * @param <W> what is written: {@code byte[]} or {@code String}
 */
@SuppressWarnings("exports") // @Nullable: who uses this need not have its jar
public final class Couple<R, W> implements AutoCloseable {
    private final Intake<R> intake;
    private final Outlet<W> outlet;
    private final Executor executor;
    private final boolean closable;
    private final Sequence reads;
    private final Sequence writes;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private volatile boolean readerClosed;
    private volatile boolean writerClosed;

    Couple(Intake<R> intake, Outlet<W> outlet, Executor executor, boolean closable) {
        if (!intake.isOpen()) {
            throw new IllegalArgumentException("the reader cannot be read: " + intake.source());
        }
        if (!outlet.isOpen()) {
            throw new IllegalArgumentException("the writer cannot be written: " + outlet.target());
        }
        this.intake = intake;
        this.outlet = outlet;
        this.executor = executor;
        this.closable = closable;
        this.reads = new Sequence(executor, true);
        this.writes = new Sequence(executor, true);
    }

    /**
     * What a couple reads.
     *
     * @param <T> {@code byte[]} or {@code String}
     */
    public static final class Source<T> {
        private final Intake<T> intake;

        private Source(Intake<T> intake) {
            this.intake = intake;
        }

        /**
         * {@return the bytes of a stream}
         *
         * @param stream the stream
         */
        public static Source<byte[]> of(InputStream stream) {
            return new Source<>(Intake.of(Objects.requireNonNull(stream, "stream")));
        }

        /**
         * {@return the bytes of a channel}
         *
         * @param channel the channel, which waits for bytes
         */
        public static Source<byte[]> of(ReadableByteChannel channel) {
            return new Source<>(Intake.of(Objects.requireNonNull(channel, "channel")));
        }

        /**
         * {@return the bytes of a file from a cursor on}
         *
         * @param stream the cursor
         */
        public static Source<byte[]> of(AsyncFileStream stream) {
            return new Source<>(Intake.of(Objects.requireNonNull(stream, "stream")));
        }

        /**
         * {@return the characters of a reader}
         *
         * @param reader the reader
         */
        public static Source<String> of(Reader reader) {
            return new Source<>(Intake.of(Objects.requireNonNull(reader, "reader")));
        }

        /**
         * {@return the characters of a file from a cursor on}
         *
         * @param stream the cursor
         */
        public static Source<String> of(AsyncTextStream stream) {
            return new Source<>(Intake.of(Objects.requireNonNull(stream, "stream")));
        }
    }

    /**
     * What a couple writes.
     *
     * @param <T> {@code byte[]} or {@code String}
     */
    public static final class Sink<T> {
        private final Outlet<T> outlet;

        private Sink(Outlet<T> outlet) {
            this.outlet = outlet;
        }

        /**
         * {@return a stream, for bytes}
         *
         * @param stream the stream
         */
        public static Sink<byte[]> of(OutputStream stream) {
            return new Sink<>(Outlet.of(Objects.requireNonNull(stream, "stream")));
        }

        /**
         * {@return a channel, for bytes}
         *
         * @param channel the channel, which waits until it can take them
         */
        public static Sink<byte[]> of(WritableByteChannel channel) {
            return new Sink<>(Outlet.of(Objects.requireNonNull(channel, "channel")));
        }

        /**
         * {@return a file from a cursor on, for bytes}
         *
         * @param stream the cursor
         */
        public static Sink<byte[]> of(AsyncFileStream stream) {
            return new Sink<>(Outlet.of(Objects.requireNonNull(stream, "stream")));
        }

        /**
         * {@return a writer, for characters}
         *
         * @param writer the writer
         */
        public static Sink<String> of(Writer writer) {
            return new Sink<>(Outlet.of(Objects.requireNonNull(writer, "writer")));
        }

        /**
         * {@return a file from a cursor on, for characters}
         *
         * @param stream the cursor
         */
        public static Sink<String> of(AsyncTextStream stream) {
            return new Sink<>(Outlet.of(Objects.requireNonNull(stream, "stream")));
        }
    }

    /**
     * Couples a reader and a writer, whose calls run on virtual threads.
     *
     * @param reader what is read
     * @param writer what is written
     * @param <R> what is read
     * @param <W> what is written
     * @return the couple, which closes both
     * @throws IllegalArgumentException when one of them is known to be closed, or to be open for the other direction only
     */
    public static <R, W> Couple<R, W> of(Source<R> reader, Sink<W> writer) {
        return of(reader, writer, Sequence::onVirtualThread);
    }

    /**
     * Couples a reader and a writer.
     *
     * @param reader what is read
     * @param writer what is written
     * @param executor where their calls run, which block there; it stays open
     * @param <R> what is read
     * @param <W> what is written
     * @return the couple, which closes both
     * @throws IllegalArgumentException when one of them is known to be closed, or to be open for the other direction only
     */
    public static <R, W> Couple<R, W> of(Source<R> reader, Sink<W> writer, Executor executor) {
        return new Couple<>(reader.intake, writer.outlet, Objects.requireNonNull(executor, "executor"), true);
    }

    /**
     * Couples two streams.
     *
     * @param reader what is read
     * @param writer what is written
     * @return the couple, which closes both
     */
    public static Couple<byte[], byte[]> of(InputStream reader, OutputStream writer) {
        return of(Source.of(reader), Sink.of(writer));
    }

    /**
     * Couples a reader and a writer of characters.
     *
     * @param reader what is read
     * @param writer what is written
     * @return the couple, which closes both
     */
    public static Couple<String, String> of(Reader reader, Writer writer) {
        return of(Source.of(reader), Sink.of(writer));
    }

    private <T extends @Nullable Object> CompletableFuture<T> reading(Sequence.Work<T> work) {
        return reads.submit(point -> {
            if (readerClosed) {
                throw new Closed("the couple's reader is closed: " + intake.source());
            }
            return work.call(point);
        });
    }

    private <T extends @Nullable Object> CompletableFuture<T> writing(Sequence.Work<T> work) {
        return writes.submit(point -> {
            if (writerClosed) {
                throw new Closed("the couple's writer is closed: " + outlet.target());
            }
            return work.call(point);
        });
    }

    /** Reads until so many units are there, or the end is. */
    private int await(int count) throws IOException {
        boolean goesOn = true;
        while (goesOn && intake.available() < count) {
            goesOn = intake.fill();
        }
        return Math.min(count, intake.available());
    }

    private static int checkedCount(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("the number to read must be 0 or more: " + count);
        }
        return count;
    }

    /**
     * Reads.
     *
     * @param count how many units
     * @return so many units; fewer only when the end comes first, none at the end
     */
    public CompletableFuture<R> read(int count) {
        checkedCount(count);
        return reading(point -> {
            int there = await(count);
            point.pass();
            return intake.take(there);
        });
    }

    /**
     * Reads what there is, waiting for it when there is nothing: at most once is the reader asked.
     *
     * @param most how many units, at most
     * @return the units; none at the end
     */
    public CompletableFuture<R> readSome(int most) {
        checkedCount(most);
        return reading(point -> {
            int there = await(Math.min(1, most));
            point.pass();
            return intake.take(there == 0 ? 0 : Math.min(most, intake.available()));
        });
    }

    /**
     * Reads up to the end.
     *
     * @return the units; none at the end
     */
    public CompletableFuture<R> readAll() {
        return read(Integer.MAX_VALUE);
    }

    /**
     * Reads into a buffer, which is left alone until all is there.
     *
     * @param target a {@code ByteBuffer} or a {@code CharBuffer}, as the reader's units are
     * @return how many units were read: as many as fit, fewer only when the end comes first; -1 at the end
     * @throws java.nio.ReadOnlyBufferException when the buffer cannot be written
     */
    public CompletableFuture<Integer> read(Buffer target) {
        return into(target, target.remaining());
    }

    /**
     * Reads what there is into a buffer, as {@link #readSome} does.
     *
     * @param target a {@code ByteBuffer} or a {@code CharBuffer}, as the reader's units are
     * @return how many units were read; -1 at the end
     * @throws java.nio.ReadOnlyBufferException when the buffer cannot be written
     */
    public CompletableFuture<Integer> readSome(Buffer target) {
        return into(target, Math.min(1, target.remaining()));
    }

    private CompletableFuture<Integer> into(Buffer target, int wanted) {
        Intake.check(intake, target);
        return reading(point -> {
            int there = await(wanted);
            point.pass();
            int count = Math.min(target.remaining(), intake.available());
            intake.take(target, count);
            return there == 0 && wanted > 0 ? -1 : count;
        });
    }

    /**
     * Reads a line.
     *
     * @return the line with the {@code \n} at its end, which only the last one may lack; nothing at the end
     */
    public CompletableFuture<R> readLine() {
        return readLine(Integer.MAX_VALUE);
    }

    /**
     * Reads a line, or as much of it as a limit allows.
     *
     * @param limit how many units, at most
     * @return the line with the {@code \n} at its end, or the piece; nothing at the end
     */
    public CompletableFuture<R> readLine(int limit) {
        checkedCount(limit);
        return reading(point -> line(point, limit));
    }

    private R line(Sequence.PointOfNoReturn point, int limit) throws Exception {
        int length = awaitLine(limit);
        point.pass();
        return intake.take(length);
    }

    private int awaitLine(int limit) throws IOException {
        int looked = 0;
        while (true) {
            int length = intake.lineLength(looked);
            if (length >= 0 || intake.available() >= limit) {
                return Math.min(limit, length >= 0 ? length : limit);
            }
            looked = intake.available();
            if (!intake.fill()) {
                return intake.available();
            }
        }
    }

    /**
     * Reads whole lines until there are enough units, or the end.
     *
     * @param hint how many units are enough; 0 or less for all lines up to the end
     * @return the lines, each with the {@code \n} at its end
     */
    public CompletableFuture<List<R>> readLines(int hint) {
        return reading(point -> {
            List<Integer> lengths = new ArrayList<>();
            int all = 0;
            while (hint <= 0 || all < hint) {
                int length = awaitLineFrom(all);
                if (length == 0) {
                    break;
                }
                lengths.add(length);
                all += length;
            }
            point.pass();
            List<R> lines = new ArrayList<>();
            lengths.forEach(length -> lines.add(intake.take(length)));
            return lines;
        });
    }

    /** How long the line is that begins behind some units. */
    private int awaitLineFrom(int from) throws IOException {
        int looked = from;
        while (true) {
            int end = intake.lineLength(looked);
            if (end >= 0) {
                return end - from;
            }
            looked = intake.available();
            if (!intake.fill()) {
                return intake.available() - from;
            }
        }
    }

    /**
     * Writes all of it.
     *
     * @param units bytes or text
     * @return how many units that were
     */
    public CompletableFuture<Integer> write(W units) {
        return writing(point -> outlet.write(units));
    }

    /**
     * Writes lines one after the other, and nothing in between.
     *
     * @param lines the lines, each with what ends it
     * @return completes when all are written
     */
    public CompletableFuture<@Nullable Void> writeLines(Iterable<? extends W> lines) {
        return this.<@Nullable Void>writing(point -> {
            for (W line : lines) {
                int _ = outlet.write(line);
            }
            return null;
        });
    }

    /**
     * Hands on what the writer has gathered.
     *
     * @return completes when that is done
     */
    public CompletableFuture<@Nullable Void> flush() {
        return this.<@Nullable Void>writing(point -> {
            outlet.flush();
            return null;
        });
    }

    /**
     * Sets the size of what is written.
     *
     * @param size the new size
     * @return the size; fails with an {@link UnsupportedOperationException} when it has none
     */
    public CompletableFuture<Long> truncate(long size) {
        return writing(point -> outlet.truncate(size));
    }

    /**
     * Sets the size of what is written to where the writer is.
     *
     * @return the size; fails with an {@link UnsupportedOperationException} when it has none
     */
    public CompletableFuture<Long> truncate() {
        return writing(point -> outlet.truncate(null));
    }

    /**
     * Never answers: a couple has two places.
     *
     * @return nothing
     * @throws UnsupportedOperationException always; says whom to ask instead
     */
    @SuppressWarnings("DoNotCallSuggester") // who is handed a couple may not know that it is one
    public long position() {
        throw cannot("has no position (ESPIPE)");
    }

    /**
     * Never does anything: a couple has two places.
     *
     * @param position where to go
     * @throws UnsupportedOperationException always; says whom to ask instead
     */
    @SuppressWarnings("DoNotCallSuggester") // who is handed a couple may not know that it is one
    public void seek(long position) {
        throw cannot("cannot go to " + position + " (ESPIPE)");
    }

    /**
     * Never answers: a couple has two descriptors, or none.
     *
     * @return nothing
     * @throws UnsupportedOperationException always; says whom to ask instead
     */
    @SuppressWarnings("DoNotCallSuggester") // who is handed a couple may not know that it is one
    public int descriptor() {
        throw cannot("has no descriptor of its own (EBADF)");
    }

    /**
     * Never answers: one may be a terminal and the other not.
     *
     * @return nothing
     * @throws UnsupportedOperationException always; says whom to ask instead
     */
    @SuppressWarnings("DoNotCallSuggester") // who is handed a couple may not know that it is one
    public boolean isTerminal() {
        throw cannot("is no one terminal (ENOTSUP)");
    }

    private UnsupportedOperationException cannot(String what) {
        return new UnsupportedOperationException(
                "a couple " + what + ": ask its reader, " + intake.source() + ", or its writer, " + outlet.target());
    }

    /** {@return what is read, as it was given; for what a couple does not have} */
    public Object reader() {
        return intake.source();
    }

    /** {@return what is written, as it was given; for what a couple does not have} */
    public Object writer() {
        return outlet.target();
    }

    /**
     * Finds the end that is of some type: the reader if it is, else the writer.
     *
     * @param type the type
     * @param <T> the type
     * @return that end
     * @throws ClassCastException when neither is; says what they are
     */
    public <T> T end(Class<T> type) {
        return end(type, false);
    }

    /**
     * Finds the end that is of some type.
     *
     * @param type the type
     * @param writerFirst whether the writer is looked at first
     * @param <T> the type
     * @return that end
     * @throws ClassCastException when neither is; says what they are
     */
    public <T> T end(Class<T> type, boolean writerFirst) {
        List<Object> ends = writerFirst ? List.of(writer(), reader()) : List.of(reader(), writer());
        return ends.stream()
                .filter(type::isInstance)
                .findFirst()
                .map(type::cast)
                .orElseThrow(() -> new ClassCastException("neither the reader, " + reader() + ", nor the writer, "
                        + writer() + ", is a " + type.getSimpleName()));
    }

    /** {@return where the calls run} */
    public Executor executor() {
        return executor;
    }

    /** {@return true when both the reader and the writer have been closed through the couple} */
    public boolean isClosed() {
        return readerClosed && writerClosed;
    }

    /**
     * Closes the writer after the writes issued before, and the reader at once, which ends a read that waits. Both are closed
     * even if one fails. Closing again does nothing.
     *
     * @return completes when both are closed
     */
    public CompletableFuture<@Nullable Void> closeAsync() {
        if (!closable) {
            throw new UnsupportedOperationException("the standard streams are the process's, and stay open");
        }
        if (closing.compareAndSet(false, true)) {
            CompletableFuture<@Nullable Void> writer = writes.<@Nullable Void>submit(point -> {
                writerClosed = true;
                outlet.close();
                return null;
            });
            CompletableFuture<@Nullable Void> reader = new CompletableFuture<>();
            Sequence.onVirtualThread(() -> {
                try {
                    readerClosed = true;
                    intake.close();
                    reader.complete(null);
                } catch (Throwable e) {
                    reader.completeExceptionally(e);
                }
            });
            var _ = writer.whenComplete((_, first) -> {
                var _ = reader.whenComplete((_, second) -> end(first, second));
            });
        }
        return ended.copy();
    }

    private void end(@Nullable Throwable first, @Nullable Throwable second) {
        Throwable failure = first == null ? second : first;
        if (first != null && second != null) {
            first.addSuppressed(second);
        }
        if (failure == null) {
            ended.complete(null);
        } else {
            ended.completeExceptionally(failure);
        }
    }

    /**
     * Closes both, as {@link #closeAsync} does, and waits for it.
     *
     * @throws IOException when one of them could not be closed
     */
    @Override
    public void close() throws IOException {
        try {
            closeAsync().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw e;
        }
    }

    @Override
    public String toString() {
        return "couple of " + intake.source() + " and " + outlet.target() + (closing.get() ? " (closed)" : "");
    }
}
