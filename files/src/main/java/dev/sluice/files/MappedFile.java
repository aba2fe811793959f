package dev.sluice.files;

import dev.sluice.linux.Ranges;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A file as memory: its bytes are read and written without asking the kernel each time, and it grows when it is written behind
 * its end.
 *
 * {@snippet class="dev.sluice.files.MappedGuideTest" region="mapped"}
 *
 * <p>Whoever opens the same file with the same {@link MappedFiles}, by whatever path, shares the mapping and sees each change
 * at once, its size too; others see it as the kernel has it. Changes are on the disk after {@link #force()}.
 *
 * <p>When somebody else cuts the file, calls that use it fail with an exception that says so, until {@link #refresh}.
 * Positions are counted from 0; those behind the end are an {@link IndexOutOfBoundsException} where nothing can be there.
 *
 * <p>Safe for use by many threads. Calls that change the size wait for all others; those that write do not exclude each
 * other.
 */
public final class MappedFile implements AutoCloseable {
    /** How a mapping is going to be used, for the kernel to read ahead accordingly. */
    public enum Advice {
        /** As the kernel thinks. */
        NORMAL(Ranges.NORMAL),
        /** Here and there: nothing is read ahead. */
        RANDOM(Ranges.RANDOM),
        /** From the beginning to the end: much is read ahead. */
        SEQUENTIAL(Ranges.SEQUENTIAL),
        /** Soon: the kernel begins to read it. */
        WILL_NEED(Ranges.WILL_NEED);

        private final int number;

        Advice(int number) {
            this.number = number;
        }
    }

    /**
     * A piece of a file, up to what it was looked for.
     *
     * @param bytes the bytes, with what was looked for if that is there
     * @param next where to go on
     */
    @SuppressWarnings("ArrayRecordComponent") // the bytes of a file, handed on and not compared
    public record Piece(byte[] bytes, long next) {}

    private final MappedFiles owner;
    private final Path path;
    private final Region region;
    private final boolean writable;
    private final AtomicBoolean closed = new AtomicBoolean();

    MappedFile(MappedFiles owner, Path path, Region region, boolean writable) {
        this.owner = owner;
        this.path = path;
        this.region = region;
        this.writable = writable;
    }

    private <T extends @Nullable Object> T use(Region.Use<T> use) throws IOException {
        checkOpen();
        return region.use(use);
    }

    private <T extends @Nullable Object> T change(Region.Use<T> use) throws IOException {
        checkWritable();
        return region.useAlone(use);
    }

    private void checkOpen() throws Closed {
        if (closed.get()) {
            throw new Closed(path + " was closed: open it again to go on");
        }
    }

    private void checkWritable() throws Closed {
        checkOpen();
        if (!writable) {
            throw new ReadOnly(path + " was opened for reading only");
        }
    }

    private static final class ReadOnly extends NonWritableChannelException {
        private static final long serialVersionUID = 1;
        private final String message;

        ReadOnly(String message) {
            this.message = message;
        }

        @Override
        public String getMessage() {
            return message;
        }
    }

    private long checkedPosition(long position) {
        if (position < 0) {
            throw new IndexOutOfBoundsException(path + ": the position must be 0 or more: " + position);
        }
        return position;
    }

    /** {@return the path, as it was given} */
    public Path path() {
        return path;
    }

    /** {@return whether it can be written} */
    public boolean isWritable() {
        return writable;
    }

    /** {@return false when it was closed} */
    public boolean isOpen() {
        return !closed.get();
    }

    /** {@return how many bytes are mapped: the file's size, as far as it was changed here} */
    public long size() {
        return region.mapped();
    }

    /**
     * Looks how long the file is now, since somebody else may have changed that, and maps it so.
     *
     * @return its size
     * @throws IOException when it cannot be mapped
     */
    public long refresh() throws IOException {
        checkOpen();
        return region.refresh();
    }

    /**
     * Reads.
     *
     * @param position where
     * @param count how many bytes
     * @return so many bytes; fewer when the file ends before, none behind its end
     * @throws IOException when it was cut by somebody else
     */
    public byte[] read(long position, int count) throws IOException {
        checkedPosition(position);
        if (count < 0) {
            throw new IllegalArgumentException(path + ": the number of bytes must be 0 or more: " + count);
        }
        return use(memory -> {
            byte[] bytes = new byte[Math.clamp(memory.byteSize() - position, 0, count)];
            MemorySegment.copy(
                    memory, ValueLayout.JAVA_BYTE, Math.min(position, memory.byteSize()), bytes, 0, bytes.length);
            return bytes;
        });
    }

    /**
     * Reads into a buffer.
     *
     * @param position where
     * @param target filled unless the file ends before; its position moves
     * @return how many bytes were read; -1 behind the end
     * @throws IOException when it was cut by somebody else
     */
    public int read(long position, ByteBuffer target) throws IOException {
        checkedPosition(position);
        int count = use(memory -> {
            int some = Math.clamp(memory.byteSize() - position, 0, target.remaining());
            MemorySegment.ofBuffer(target).asSlice(0, some).copyFrom(memory.asSlice(some == 0 ? 0 : position, some));
            return some;
        });
        target.position(target.position() + count);
        return count == 0 && target.hasRemaining() ? -1 : count;
    }

    /**
     * Reads all of it.
     *
     * @return the bytes
     * @throws IOException when there are more than an array can have, or it was cut by somebody else
     */
    public byte[] readAll() throws IOException {
        return use(memory -> {
            if (memory.byteSize() > Integer.MAX_VALUE - 8) {
                throw new IOException(path + ": " + memory.byteSize() + " bytes are more than an array can have");
            }
            return memory.toArray(ValueLayout.JAVA_BYTE);
        });
    }

    /**
     * Reads all of it as text.
     *
     * @param charset how its bytes are text
     * @return the text
     * @throws CharacterCodingException when they are not
     * @throws IOException when it cannot be read
     */
    public String readString(Charset charset) throws IOException {
        return charset.newDecoder().decode(ByteBuffer.wrap(readAll())).toString();
    }

    /**
     * Writes. Behind the end the file grows, with zeros in between.
     *
     * @param position where
     * @param bytes what
     * @throws IOException when it cannot grow, or was cut by somebody else
     */
    public void write(long position, byte[] bytes) throws IOException {
        write(position, ByteBuffer.wrap(bytes));
    }

    /**
     * Writes all of a buffer's remaining bytes. Behind the end the file grows, with zeros in between.
     *
     * @param position where
     * @param source what; its position moves
     * @throws IOException when it cannot grow, or was cut by somebody else
     */
    public void write(long position, ByteBuffer source) throws IOException {
        checkWritable();
        MemorySegment bytes = MemorySegment.ofBuffer(source);
        long end = Math.addExact(checkedPosition(position), bytes.byteSize());
        boolean fits = region.use(memory -> {
            boolean isThere = end <= memory.byteSize();
            if (isThere && bytes.byteSize() > 0) {
                memory.asSlice(position, bytes.byteSize()).copyFrom(bytes);
            }
            return isThere;
        });
        if (!fits && bytes.byteSize() > 0) {
            region.useAlone(memory -> {
                MemorySegment grown = end > memory.byteSize() ? region.resizeAlone(end) : memory;
                return grown.asSlice(position, bytes.byteSize()).copyFrom(bytes);
            });
        }
        source.position(source.limit());
    }

    /**
     * Writes text.
     *
     * @param position where
     * @param text what
     * @param charset how text becomes bytes
     * @return how many bytes that were
     * @throws CharacterCodingException when the charset cannot say it
     * @throws IOException when it cannot be written
     */
    public int writeString(long position, String text, Charset charset) throws IOException {
        ByteBuffer bytes = charset.newEncoder().encode(java.nio.CharBuffer.wrap(text));
        int count = bytes.remaining();
        write(position, bytes);
        return count;
    }

    /**
     * Writes lines, one after the other, each with the separator behind it.
     *
     * @param position where the first begins
     * @param lines what
     * @param separator what follows each of them; may be empty
     * @return where the last one ends
     * @throws IOException when it cannot be written
     */
    public long writeLines(long position, Iterable<byte[]> lines, byte[] separator) throws IOException {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        for (byte[] line : lines) {
            all.writeBytes(line);
            all.writeBytes(separator);
        }
        write(position, all.toByteArray());
        return position + all.size();
    }

    /**
     * Sets the size. What is behind a new end is gone; new bytes are zeros.
     *
     * @param size the new size
     * @throws IOException when the system refuses
     */
    public void resize(long size) throws IOException {
        checkWritable();
        region.resize(checkedPosition(size));
    }

    /**
     * Takes the zeros at the end away.
     *
     * @return how many there were
     * @throws IOException when the system refuses
     */
    public long compact() throws IOException {
        return change(memory -> {
            long end = Bits.withoutZeros(memory);
            long zeros = memory.byteSize() - end;
            if (zeros > 0) {
                region.resizeAlone(end);
            }
            return zeros;
        });
    }

    /**
     * Copies bytes within the file, also to where they overlap.
     *
     * @param to where they go; the file grows if they end behind its end
     * @param from where they are
     * @param count how many; all of them must be there
     * @throws IOException when it cannot grow, or was cut by somebody else
     */
    public void move(long to, long from, long count) throws IOException {
        Boolean _ = change(memory -> {
            Objects.checkFromIndexSize(from, count, memory.byteSize());
            if (count == 0) {
                return true;
            }
            long end = Math.addExact(checkedPosition(to), count);
            MemorySegment all = end > memory.byteSize() ? region.resizeAlone(end) : memory;
            MemorySegment.copy(all, from, all, to, count);
            return true;
        });
    }

    /**
     * Writes the same bytes again and again. Behind the end the file grows.
     *
     * @param position where
     * @param pattern the bytes, at least one
     * @param times how often
     * @throws IOException when it cannot grow, or was cut by somebody else
     */
    public void fill(long position, byte[] pattern, long times) throws IOException {
        if (pattern.length == 0 || times < 0) {
            throw new IllegalArgumentException(path + ": filling takes at least one byte, 0 times or more: "
                    + pattern.length + " bytes, " + times + " times");
        }
        long length = Math.multiplyExact(times, (long) pattern.length);
        long end = Math.addExact(checkedPosition(position), length);
        Boolean _ = change(memory -> {
            MemorySegment all = length > 0 && end > memory.byteSize() ? region.resizeAlone(end) : memory;
            for (long at = position; at < end; at += pattern.length) {
                MemorySegment.copy(pattern, 0, all, ValueLayout.JAVA_BYTE, at, pattern.length);
            }
            return true;
        });
    }

    /**
     * Puts bytes in; what is behind them moves up.
     *
     * @param position where; behind the end there are zeros in between
     * @param bytes what
     * @throws IOException when it cannot grow, or was cut by somebody else
     */
    public void insert(long position, byte[] bytes) throws IOException {
        checkedPosition(position);
        Boolean _ = change(memory -> {
            long size = memory.byteSize();
            MemorySegment all = region.resizeAlone(Math.addExact(Math.max(size, position), bytes.length));
            if (position < size) {
                MemorySegment.copy(all, position, all, position + bytes.length, size - position);
            }
            MemorySegment.copy(bytes, 0, all, ValueLayout.JAVA_BYTE, position, bytes.length);
            return true;
        });
    }

    /**
     * Takes bytes out; what is behind them moves down.
     *
     * @param position where
     * @param count how many, at most; those up to the end when there are fewer
     * @return how many bytes were taken out
     * @throws IOException when the system refuses, or it was cut by somebody else
     */
    public long delete(long position, long count) throws IOException {
        if (checkedPosition(position) >= 0 && count < 0) {
            throw new IllegalArgumentException(path + ": the number of bytes must be 0 or more: " + count);
        }
        return change(memory -> {
            long size = memory.byteSize();
            long taken = Math.clamp(size - position, 0, count);
            if (taken > 0) {
                MemorySegment.copy(memory, position + taken, memory, position, size - position - taken);
                region.resizeAlone(size - taken);
            }
            return taken;
        });
    }

    /**
     * Replaces bytes by others, which may be more or fewer.
     *
     * @param search what is looked for; overlapping places count once
     * @param position from where on
     * @param replacement what comes there
     * @return how often that was done
     * @throws IOException when the system refuses, or it was cut by somebody else
     */
    public long replace(Search search, long position, byte[] replacement) throws IOException {
        checkedPosition(position);
        return change(memory -> Replacing.in(region, memory, search, position, replacement));
    }

    /**
     * Finds bytes.
     *
     * @param search what is looked for
     * @param position from where on
     * @return where they begin, in order
     * @throws IOException when it was cut by somebody else
     */
    public long[] find(Search search, long position) throws IOException {
        checkedPosition(position);
        return use(memory -> {
            Scan scan = new Scan(search, position);
            Pieces.through(scan, memory, position, memory.byteSize(), 0);
            return scan.found();
        });
    }

    /**
     * Finds bytes from the end.
     *
     * @param bytes what is looked for, at least one byte
     * @param before they begin before this position
     * @return the last place where they are; nothing when they are nowhere
     * @throws IOException when it was cut by somebody else
     */
    public Optional<Long> findLast(byte[] bytes, long before) throws IOException {
        Search search = Search.of(bytes).overlapping();
        return use(memory -> {
            long end = Math.min(before, memory.byteSize() - bytes.length + 1);
            while (end > 0) {
                long from = Math.max(0, end - Pieces.SIZE);
                Scan scan = new Scan(search, from);
                Pieces.through(scan, memory, from, end + bytes.length - 1, 0);
                long[] found = scan.found();
                if (found.length > 0) {
                    return Optional.of(found[found.length - 1]);
                }
                end = from;
            }
            return Optional.empty();
        });
    }

    /**
     * Reads up to some bytes, or to the end.
     *
     * @param delimiter what is looked for, at least one byte
     * @param position from where on
     * @param most how many bytes to answer, at most
     * @return the bytes, the delimiter included where it is; none behind the end
     * @throws IOException when it was cut by somebody else
     */
    public Piece readUntil(byte[] delimiter, long position, int most) throws IOException {
        Search search = Search.of(delimiter).limit(1);
        checkedPosition(position);
        return use(memory -> {
            long end = Math.min(memory.byteSize(), Math.addExact(position, most));
            if (position >= end) {
                return new Piece(new byte[0], position);
            }
            Scan scan = new Scan(search, position);
            Pieces.through(scan, memory, position, end, 0);
            long[] found = scan.found();
            long next = found.length == 0 ? end : found[0] + delimiter.length;
            return new Piece(memory.asSlice(position, next - position).toArray(ValueLayout.JAVA_BYTE), next);
        });
    }

    /**
     * Gives the lines, without the {@code \n} at their ends.
     *
     * @param position where the first one begins
     * @return the lines, each of which is read when it is asked for
     */
    public Iterable<byte[]> lines(long position) {
        return () -> new Iterator<>() {
            private static final byte[] NEWLINE = {'\n'};
            private long next = position;

            @Override
            public boolean hasNext() {
                return next < size();
            }

            @Override
            public byte[] next() {
                if (!hasNext()) {
                    throw new NoSuchElementException(path + " has no more lines from " + next + " on");
                }
                try {
                    Piece line = readUntil(NEWLINE, next, Integer.MAX_VALUE - 8);
                    next = line.next();
                    int length = line.bytes().length;
                    boolean ends = length > 0 && line.bytes()[length - 1] == '\n';
                    return ends ? java.util.Arrays.copyOf(line.bytes(), length - 1) : line.bytes();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        };
    }

    /**
     * Compares with another file.
     *
     * @param other the other one
     * @return the first place at which they differ, the shorter one's size if that is the other's beginning; nothing when
     *     they are equal
     * @throws IOException when one was cut by somebody else
     */
    public Optional<Long> mismatch(MappedFile other) throws IOException {
        return together(other, (mine, theirs) -> {
            long length = Math.min(mine.byteSize(), theirs.byteSize());
            long place = Bits.mismatch(mine, theirs, length);
            boolean isEqual = place == length && mine.byteSize() == theirs.byteSize();
            return isEqual ? Optional.<Long>empty() : Optional.of(place);
        });
    }

    /**
     * Counts the bits in which it differs from a file of the same size.
     *
     * @param other the other one
     * @return how many bits differ
     * @throws IllegalArgumentException when the sizes differ
     * @throws IOException when one was cut by somebody else
     */
    public long bitDistance(MappedFile other) throws IOException {
        return together(other, (mine, theirs) -> Bits.bitDistance(mine, theirs, common(mine, theirs, other)));
    }

    /**
     * Counts the bytes in which it differs from a file of the same size.
     *
     * @param other the other one
     * @return how many bytes differ
     * @throws IllegalArgumentException when the sizes differ
     * @throws IOException when one was cut by somebody else
     */
    public long byteDistance(MappedFile other) throws IOException {
        return together(other, (mine, theirs) -> Bits.byteDistance(mine, theirs, common(mine, theirs, other)));
    }

    private long common(MemorySegment mine, MemorySegment theirs, MappedFile other) {
        if (mine.byteSize() != theirs.byteSize()) {
            throw new IllegalArgumentException("only files of one size have a distance: " + path + " has "
                    + mine.byteSize() + " bytes, " + other.path + " has " + theirs.byteSize());
        }
        return mine.byteSize();
    }

    private interface Comparison<T> {
        T of(MemorySegment mine, MemorySegment theirs);
    }

    private <T> T together(MappedFile other, Comparison<T> comparison) throws IOException {
        return use(mine -> other.use(theirs -> comparison.of(mine, theirs)));
    }

    /**
     * Gives the memory itself, for what is not here. It is good until the size changes or the file is closed; using it later is
     * an {@link IllegalStateException}. When somebody else cuts the file, using what was cut off is an {@link InternalError},
     * and some methods of the JDK, {@link MemorySegment#mismatch} among them, may end the JVM then, as may loops that are compiled
     * into vector instructions: copy what others may cut, and look at the copy.
     *
     * @return the file's bytes
     * @throws IOException when it is closed
     */
    public MemorySegment segment() throws IOException {
        checkOpen();
        MemorySegment memory = region.memory();
        return writable ? memory : memory.asReadOnly();
    }

    /**
     * Tells the kernel how it is going to be used.
     *
     * @param advice how
     * @throws IOException when the kernel refuses
     */
    public void advise(Advice advice) throws IOException {
        checkOpen();
        region.advise(advice.number);
    }

    /** {@return how many of its bytes are in memory, rounded to pages} */
    public long resident() {
        return region.resident();
    }

    /**
     * Brings all changes to the disk.
     *
     * @throws IOException when the disk reports an error
     */
    public void force() throws IOException {
        force(0, Long.MAX_VALUE);
    }

    /**
     * Brings changes of a range to the disk.
     *
     * @param position where it begins
     * @param count its length; up to the end when it is shorter
     * @throws IOException when the disk reports an error
     */
    public void force(long position, long count) throws IOException {
        checkOpen();
        region.force(checkedPosition(position), Math.min(count, Long.MAX_VALUE - position));
    }

    /** Closes it; it is unmapped when nobody else has it open. Closing again does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            owner.release(this, region);
        }
    }

    @Override
    public String toString() {
        return path + (isOpen() ? " (mapped, " + size() + " bytes)" : " (closed)");
    }

    Region region() {
        return region;
    }
}
