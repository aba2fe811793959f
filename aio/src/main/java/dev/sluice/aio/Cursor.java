package dev.sluice.aio;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A place in a file, from which calls go on one after the other.
 *
 * <p>{@code position} is written, and the rest used, only by who has the turn. Safe for use by many threads.
 */
final class Cursor {
    /** Who uses a file by cursors; the last one closes it, if it is theirs. */
    private record Holders(AsyncFile file, boolean owning, AtomicInteger count) {
        boolean join() {
            return count.getAndUpdate(now -> now == 0 ? 0 : now + 1) != 0;
        }

        boolean isLastToLeave() {
            return count.decrementAndGet() == 0 && owning;
        }
    }

    final AsyncFile file;
    final ReadAhead ahead;
    private final Turns turns;
    private final Holders holders;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<@Nullable Void> closing;
    volatile long position;

    /** Where the next search for a line begins with passing over the rest of one that was too long. */
    long tooLongAt = -1;

    private Cursor(Holders holders, long position) {
        this.holders = holders;
        this.file = holders.file;
        this.turns = new Turns(file);
        this.ahead = new ReadAhead(file);
        this.closing = new Result<>(file.context());
        this.position = position;
    }

    /** Opens a file, which is closed when the last cursor over it is. */
    static Cursor open(Path path, Context context, Opening opening, BooleanSupplier unwanted) throws IOException {
        AsyncFile file = AsyncFile.open(path, context, opening, unwanted);
        try {
            return new Cursor(new Holders(file, true, new AtomicInteger(1)), beginning(file));
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** Where a file's first cursor is: at the end of one that is appended to, else where one that was wrapped stood. */
    static long beginning(AsyncFile file) throws IOException {
        return file.isAppending() && file.isPositional()
                ? file.size()
                : file.shared().open.origin();
    }

    /** Makes a cursor that does not own its file. */
    static Cursor at(AsyncFile file, long position) {
        return new Cursor(new Holders(file, false, new AtomicInteger(1)), checked(file, position));
    }

    static long checked(AsyncFile file, long position) {
        if (position < 0) {
            throw new IllegalArgumentException(file.name() + ": the position must be 0 or more: " + position);
        }
        return position;
    }

    Cursor duplicate(long at) throws Failures.Closed {
        checked(file, at);
        if (closed.get() || !holders.join()) {
            throw closedException();
        }
        return new Cursor(holders, at);
    }

    <T extends @Nullable Object> T call(Work<T> work) throws IOException {
        if (closed.get()) {
            throw closedException();
        }
        return turns.call(work);
    }

    <T extends @Nullable Object> CompletableFuture<T> start(Work<T> work) {
        if (closed.get()) {
            Result<T> refused = new Result<>(file.context());
            refused.completeExceptionally(closedException());
            return refused;
        }
        return turns.start(work);
    }

    int read(ByteBuffer target) throws IOException {
        if (!isForOneThread(target)) {
            return call(new ReadInto(this, target));
        }
        byte[] bytes = call(ReadBytes.some(this, target.remaining()));
        int count = bytes.length == 0 && target.hasRemaining() ? -1 : bytes.length;
        target.put(bytes);
        return count;
    }

    long write(ByteBuffer source) throws IOException {
        if (!isForOneThread(source)) {
            return call(WriteBytes.of(this, source));
        }
        byte[] bytes = new byte[source.remaining()];
        source.get(source.position(), bytes);
        long landed = call(WriteBytes.of(this, bytes));
        source.position(source.limit());
        return landed;
    }

    /** True for memory that only the caller may touch, where another thread will do the work. */
    private boolean isForOneThread(ByteBuffer buffer) {
        return !file.isPositional() && Memory.isConfined(MemorySegment.ofBuffer(buffer));
    }

    boolean isOpen() {
        return !closed.get() && file.isOpen();
    }

    private Failures.Closed closedException() {
        return new Failures.Closed("the stream over " + file.name() + " is closed: open another to go on");
    }

    /** Lets the calls end that were issued before, and then the file go; reads that could wait for ever are stopped. */
    CompletableFuture<@Nullable Void> close() {
        if (closed.compareAndSet(false, true)) {
            if (!file.isPositional()) {
                AsynchronousCloseException reason =
                        new Failures.ClosedInUse("the stream over " + file.name() + " was closed while it was read");
                turns.stopReading(reason);
            }
            var _ = turns.start(new Closing()).whenComplete((done, e) -> {
                if (e == null) {
                    closing.complete(null);
                } else {
                    closing.completeExceptionally(e);
                }
            });
        }
        return closing.copy();
    }

    private final class Closing extends Work<@Nullable Void> {
        private boolean begun;

        @Override
        @Nullable
        Step next(long answer) {
            if (begun || !holders.isLastToLeave()) {
                return null;
            }
            begun = true;
            return new Step.Close();
        }

        @Override
        @Nullable
        Void result() {
            return null;
        }
    }

    /** Moves to a position; what was read ahead is forgotten. */
    Work<Long> seek(long offset, AsyncFileStream.Whence whence) {
        return new Work<>() {
            private boolean begun;
            private long target;

            @Override
            @Nullable
            Step next(long answer) throws IOException {
                if (!file.isPositional()) {
                    throw new FileSystemException(
                            file.name(), null, "has no positions, as a pipe or a terminal: it is read as it comes");
                }
                if (!begun && whence == AsyncFileStream.Whence.END) {
                    begun = true;
                    return new Step.Size();
                }
                long origin = switch (whence) {
                    case START -> 0;
                    case CURRENT -> position;
                    case END -> answer;
                };
                target = origin + offset;
                if (target < 0) {
                    throw new IllegalArgumentException(file.name() + ": cannot seek to " + offset + " from " + whence
                            + " (" + origin + "): the position must be from 0 to " + Long.MAX_VALUE);
                }
                moveTo(target);
                return null;
            }

            @Override
            Long result() {
                return target;
            }
        };
    }

    /** Goes on by some bytes. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // only who has the turn writes it
    void advance(long count) {
        position = count + position;
    }

    private void moveTo(long target) {
        position = target;
        tooLongAt = -1;
        ahead.drop();
    }

    /** Sets the size; a cursor behind the new end moves to it. */
    Work<@Nullable Void> truncate(long size) {
        checked(file, size);
        return Work.of(new Step.Truncate(size), answer -> {
            if (position > size) {
                moveTo(size);
            }
            return null;
        });
    }
}
