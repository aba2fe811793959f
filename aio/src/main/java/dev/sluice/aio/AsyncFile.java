package dev.sluice.aio;

import dev.sluice.linux.Linux;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An open file, read and written at positions that each operation names. It has no position of its own.
 *
 * {@snippet :
 * try (AsyncFile file = AsyncFile.open(Path.of("numbers.bin"), StandardOpenOption.READ)) {
 *     ByteBuffer first = ByteBuffer.allocateDirect(4096);
 *     ByteBuffer second = ByteBuffer.allocateDirect(4096);
 *     file.readAsync(first, 0)
 *             .thenCombine(file.readAsync(second, 1 << 20), Long::sum)
 *             .thenAccept(bytes -> System.out.println(bytes + " bytes read"))
 *             .join();
 * }
 * }
 *
 * <p><b>Two forms.</b> {@code read} and its like wait for their result, and are cheap on virtual threads; those called
 * {@code ...Async} answer a future. Any number of operations may be under way at once, from any threads; they run in no
 * particular order.
 *
 * <p><b>Whole transfers.</b> A read of a regular file fills its buffer unless the file ends first, and answers -1 when
 * it starts at or behind the end. A write writes all, or fails. Pipes, terminals and other files without positions
 * ignore the position given; a read of one answers what there is, and -1 at its end; one read and one write at a time
 * keep their order.
 *
 * <p><b>Buffers.</b> Until its future has completed, an operation owns its buffer: leave it alone. A
 * {@code ByteBuffer}'s position moves when the transfer has succeeded. Direct buffers, and segments of automatic and
 * global arenas, go to the kernel as they are; others are copied.
 *
 * <p><b>Cancelling and deadlines.</b> {@code cancel} and {@code orTimeout} ask the operation to stop, and the future
 * completes when the kernel has let go of the buffer: at once for one that is queued or waits for a pipe, soon for one
 * that the disk is at work on, which may complete normally all the same. An interrupted blocking form stops likewise,
 * with an {@link java.io.InterruptedIOException}; the file stays open.
 *
 * <p><b>Closing</b> asks operations in flight to stop, and waits until each has ended. A file that was forgotten open is
 * closed when the garbage collector finds it, with a warning in the log.
 *
 * <p>Safe for use by many threads.
 */
@SuppressWarnings("exports") // @Nullable: who uses this need not have its jar
public final class AsyncFile implements AutoCloseable {
    private final SharedFile shared;
    private final boolean readable;
    private final boolean writable;
    private final Forgotten forgotten;

    private AsyncFile(OpenFile open, Context context, boolean readable, boolean writable) {
        this.shared = new SharedFile(open, context);
        this.readable = readable;
        this.writable = writable;
        this.forgotten = Forgotten.watch(this, shared);
    }

    /**
     * Opens a file with the shared context.
     *
     * @param path the file
     * @param options {@link StandardOpenOption}s, {@code NOFOLLOW_LINKS} and {@code ExtendedOpenOption.DIRECT}; reading
     *     when none asks for more
     * @return the file
     * @throws IOException when it cannot be opened: the JDK's own exceptions, as {@link FileChannel#open} has them
     */
    public static AsyncFile open(Path path, OpenOption... options) throws IOException {
        return open(path, Context.shared(), options);
    }

    /**
     * Opens a file. A named pipe is waited for until its other end is opened; an interrupt, and closing the context, end
     * that.
     *
     * @param path the file
     * @param context what executes its operations
     * @param options as for {@link #open(Path, OpenOption...)}
     * @return the file
     * @throws IOException when it cannot be opened
     */
    public static AsyncFile open(Path path, Context context, OpenOption... options) throws IOException {
        checkUsable(path, context);
        context.checkOpen();
        return open(path, context, Opening.of(options), () -> false);
    }

    private static void checkUsable(Path path, Context context) {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(context, "context");
    }

    static AsyncFile open(Path path, Context context, Opening opening, BooleanSupplier unwanted) throws IOException {
        OpenFile open = opening.open(path, () -> context.checkOpening(path, unwanted));
        return new AsyncFile(open, context, opening.readable(), opening.writable());
    }

    /**
     * Opens a file without waiting, which for a named pipe may take until its other end is opened. Cancelling the
     * future, a deadline on it and closing the context end that.
     *
     * @param path the file
     * @param context what executes its operations
     * @param options as for {@link #open(Path, OpenOption...)}
     * @return the file; when the future has been cancelled by then, the file is closed again
     */
    public static CompletableFuture<AsyncFile> openAsync(Path path, Context context, OpenOption... options) {
        checkUsable(path, context);
        Opening opening = Opening.of(options);
        return context.open(path, unwanted -> open(path, context, opening, unwanted), AsyncFile::close);
    }

    /**
     * Wraps a channel that is open already. Its operations run on threads, whatever the context.
     *
     * <p>Of a pipe, a terminal or the like: an operation that is stopped ends, but the channel goes on waiting. What it
     * then reads (no more than was asked for, nor than 64 KiB) is the next read's of this file; it is lost when there is
     * none. Of a write that was stopped, up to 64 KiB may still be written. A channel reads or writes, not both at once.
     *
     * @param channel the channel, which stays open when this file is closed
     * @param context what executes the operations
     * @return the file; whether it can be read and written is the channel's
     */
    public static AsyncFile of(FileChannel channel, Context context) {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(context, "context");
        return new AsyncFile(
                new ChannelFile("a FileChannel that was open already", channel, false, false, 1), context, true, true);
    }

    /**
     * Wraps a descriptor that is open already in this process; 0, 1 and 2 are the standard streams. On Linux only.
     *
     * @param descriptor its number; it stays open when this file is closed
     * @param context what executes the operations
     * @return the file
     * @throws IOException when there is no such descriptor, or it is a directory's
     * @throws UnsupportedOperationException when this is not Linux; says so
     */
    public static AsyncFile ofDescriptor(int descriptor, Context context) throws IOException {
        Objects.requireNonNull(context, "context");
        context.checkOpen();
        if (!Linux.availability().available()) {
            throw new UnsupportedOperationException(Linux.availability().reason());
        }
        DescriptorFile open = DescriptorFile.of(descriptor, "descriptor " + descriptor, false);
        return new AsyncFile(open, context, open.isReadable(), open.isWritable());
    }

    /**
     * Reads at a position.
     *
     * @param target where the bytes go; filled unless the file ends first
     * @param position the first byte's place in the file
     * @return how many bytes were read; -1 when there are none at or after the position
     * @throws IOException when reading fails
     */
    public long read(MemorySegment target, long position) throws IOException {
        Objects.requireNonNull(target, "target");
        checkReadable(position);
        checkTarget(target.isReadOnly(), target);
        try {
            long result = shared.isCallableHere(target)
                    ? shared.readHere(target.address(), target.byteSize(), position)
                    : OpenFile.WOULD_WAIT;
            return result == OpenFile.WOULD_WAIT
                    ? shared.await(Operation.of(this, Operation.Kind.READ, target, position, true))
                    : result;
        } finally {
            Reference.reachabilityFence(target);
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Reads at a position.
     *
     * @param target where the bytes go; filled unless the file ends first
     * @param position the first byte's place in the file
     * @return how many bytes were read; -1 when there are none at or after the position
     * @throws IOException when reading fails
     */
    public int read(ByteBuffer target, long position) throws IOException {
        Objects.requireNonNull(target, "target");
        checkReadable(position);
        checkTarget(target.isReadOnly(), target);
        try {
            MemorySegment memory = MemorySegment.ofBuffer(target);
            long result = shared.isCallableHere(memory)
                    ? shared.readHere(memory.address(), memory.byteSize(), position)
                    : OpenFile.WOULD_WAIT;
            if (result == OpenFile.WOULD_WAIT) {
                return (int) shared.await(Operation.of(this, Operation.Kind.READ, target, position, true));
            }
            target.position(target.position() + (int) Math.max(0, result));
            return (int) result;
        } finally {
            Reference.reachabilityFence(target);
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Reads into several buffers, one after the other.
     *
     * @param targets where the bytes go; filled unless the file ends first
     * @param position the first byte's place in the file
     * @return how many bytes were read; -1 when there are none at or after the position
     * @throws IOException when reading fails
     */
    public long read(ByteBuffer[] targets, long position) throws IOException {
        Objects.requireNonNull(targets, "targets");
        checkReadable(position);
        return shared.await(Operation.of(this, Operation.Kind.READ, targets, position, true));
    }

    /**
     * Reads at a position.
     *
     * @param target where the bytes go; filled unless the file ends first
     * @param position the first byte's place in the file
     * @return how many bytes were read; -1 when there are none at or after the position
     */
    public CompletableFuture<Long> readAsync(MemorySegment target, long position) {
        return shared.context().start(operation(Operation.Kind.READ, target, position));
    }

    /**
     * Reads at a position.
     *
     * @param target where the bytes go; filled unless the file ends first
     * @param position the first byte's place in the file
     * @return the number of bytes read; -1 when there are none at or after the position
     */
    public CompletableFuture<Long> readAsync(ByteBuffer target, long position) {
        return shared.context().start(operation(Operation.Kind.READ, target, position));
    }

    /**
     * Reads into several buffers, one after the other.
     *
     * @param targets where the bytes go; filled unless the file ends first
     * @param position the first byte's place in the file
     * @return the number of bytes read; -1 when there are none at or after the position
     */
    public CompletableFuture<Long> readAsync(ByteBuffer[] targets, long position) {
        return shared.context().start(operation(Operation.Kind.READ, targets, position));
    }

    /**
     * Writes all bytes at a position.
     *
     * @param source where the bytes come from
     * @param position the first byte's place in the file
     * @throws IOException when not all bytes could be written
     */
    public void write(MemorySegment source, long position) throws IOException {
        Objects.requireNonNull(source, "source");
        checkWritable(position);
        try {
            if (!shared.isCallableHere(source) || !shared.wroteHere(source.address(), source.byteSize(), position)) {
                shared.await(Operation.of(this, Operation.Kind.WRITE, source, position, true));
            }
        } finally {
            Reference.reachabilityFence(source);
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Writes all of a buffer's remaining bytes at a position.
     *
     * @param source where the bytes come from
     * @param position the first byte's place in the file
     * @throws IOException when not all bytes could be written
     */
    public void write(ByteBuffer source, long position) throws IOException {
        Objects.requireNonNull(source, "source");
        checkWritable(position);
        try {
            MemorySegment memory = MemorySegment.ofBuffer(source);
            if (shared.isCallableHere(memory) && shared.wroteHere(memory.address(), memory.byteSize(), position)) {
                source.position(source.limit());
            } else {
                shared.await(Operation.of(this, Operation.Kind.WRITE, source, position, true));
            }
        } finally {
            Reference.reachabilityFence(source);
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Writes all bytes of several buffers, one after the other.
     *
     * @param sources where the bytes come from
     * @param position the first byte's place in the file
     * @throws IOException when not all bytes could be written
     */
    public void write(ByteBuffer[] sources, long position) throws IOException {
        Objects.requireNonNull(sources, "sources");
        checkWritable(position);
        shared.await(Operation.of(this, Operation.Kind.WRITE, sources, position, true));
    }

    /**
     * Writes all bytes at a position.
     *
     * @param source where the bytes come from
     * @param position the first byte's place in the file
     * @return the number of bytes written: all of them
     */
    public CompletableFuture<Long> writeAsync(MemorySegment source, long position) {
        return shared.context().start(operation(Operation.Kind.WRITE, source, position));
    }

    /**
     * Writes all of a buffer's remaining bytes at a position.
     *
     * @param source where the bytes come from
     * @param position the first byte's place in the file
     * @return the number of bytes written: all of them
     */
    public CompletableFuture<Long> writeAsync(ByteBuffer source, long position) {
        return shared.context().start(operation(Operation.Kind.WRITE, source, position));
    }

    /**
     * Writes all bytes of several buffers, one after the other.
     *
     * @param sources where the bytes come from
     * @param position the first byte's place in the file
     * @return the number of bytes written: all of them
     */
    public CompletableFuture<Long> writeAsync(ByteBuffer[] sources, long position) {
        return shared.context().start(operation(Operation.Kind.WRITE, sources, position));
    }

    /**
     * Appends all of a buffer's remaining bytes to a file opened with {@code APPEND}.
     *
     * @param source where the bytes come from
     * @return the position at which they landed, whoever else appends; -1 for a file without positions
     * @throws IOException when not all bytes could be appended
     */
    public long append(ByteBuffer source) throws IOException {
        Objects.requireNonNull(source, "source");
        checkAppending();
        shared.context().refuseOnCompletionThread("append to " + name());
        try {
            long landed = shared.append(MemorySegment.ofBuffer(source));
            source.position(source.limit());
            return landed;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Appends all of a buffer's remaining bytes to a file opened with {@code APPEND}.
     *
     * @param source where the bytes come from
     * @return the position at which they landed, whoever else appends; -1 for a file without positions
     */
    public CompletableFuture<Long> appendAsync(ByteBuffer source) {
        Objects.requireNonNull(source, "source");
        checkAppending();
        return shared.appendAsync(MemorySegment.ofBuffer(source)).map(landed -> {
            try {
                source.position(source.limit());
                return landed;
            } finally {
                Reference.reachabilityFence(this); // not forgotten while it is used
            }
        });
    }

    /**
     * Brings what was written to the disk.
     *
     * @param metadata whether all metadata too, not only what reading the bytes needs
     * @throws IOException when the disk reports an error
     */
    public void force(boolean metadata) throws IOException {
        shared.await(Operation.force(this, metadata));
    }

    /**
     * Brings what was written to the disk.
     *
     * @param metadata whether all metadata too, not only what reading the bytes needs
     * @return completes when it is there
     */
    public CompletableFuture<@Nullable Void> forceAsync(boolean metadata) {
        return startForce(metadata).map(bytes -> null);
    }

    /**
     * Cuts the file, or grows it by a hole, to a size.
     *
     * @param size the new size
     * @throws IOException when that fails
     */
    public void truncate(long size) throws IOException {
        context().refuseOnCompletionThread("set the size of " + name());
        Failures.joined(truncateAsync(size));
    }

    /**
     * Cuts the file, or grows it by a hole, to a size.
     *
     * @param size the new size
     * @return completes when it has that size
     */
    public CompletableFuture<@Nullable Void> truncateAsync(long size) {
        checkWritable(size);
        return callAsync(shared.changing(open -> {
            open.truncate(size);
            return null;
        }));
    }

    /**
     * Reserves disk space for a range, so that writing there does not run out of it, and grows the file when it ends before
     * the range does. Where the system cannot reserve, it only grows the file.
     *
     * @param position start of the range
     * @param length its length, 1 or more
     * @throws IOException when there is not enough space
     */
    public void allocate(long position, long length) throws IOException {
        context().refuseOnCompletionThread("allocate space of " + name());
        Failures.joined(allocateAsync(position, length));
    }

    /**
     * Reserves disk space, as {@link #allocate} does.
     *
     * @param position start of the range
     * @param length its length, 1 or more
     * @return completes when it is reserved
     */
    public CompletableFuture<@Nullable Void> allocateAsync(long position, long length) {
        checkWritable(position);
        if (length < 1) {
            throw new IllegalArgumentException(name() + ": the length to allocate must be 1 or more: " + length);
        }
        return callAsync(shared.changing(open -> {
            open.allocate(position, length);
            return null;
        }));
    }

    /**
     * Asks for the size.
     *
     * @return the size in bytes; 0 for most special files
     * @throws IOException when it cannot be had
     */
    public long size() throws IOException {
        if (shared.isCalledElsewhere()) {
            context().refuseOnCompletionThread("ask for the size of " + name());
            return Failures.joined(sizeAsync());
        }
        return shared.call(OpenFile::size);
    }

    /**
     * Asks for the size.
     *
     * @return the size in bytes; 0 for most special files
     */
    public CompletableFuture<Long> sizeAsync() {
        return callAsync(OpenFile::size);
    }

    /**
     * Makes a stream over this file, which leaves it open when it is closed.
     *
     * @return a stream at the beginning; at the end when the file was opened with {@code APPEND}; where a wrapped
     *     descriptor or channel stood when it was wrapped (its own position does not move with the stream's)
     * @throws IOException when the size cannot be had
     */
    public AsyncFileStream stream() throws IOException {
        if (!isOpen()) {
            throw shared.closedException();
        }
        return stream(Cursor.beginning(this));
    }

    /**
     * Makes a stream over this file, which leaves it open when it is closed.
     *
     * @param position where it begins
     * @return the stream
     */
    public AsyncFileStream stream(long position) {
        return new AsyncFileStream(Cursor.at(this, position));
    }

    /** {@return the path, as it was given; for a wrapped descriptor or channel what it is} */
    public String name() {
        return shared.name();
    }

    /** {@return what executes the operations} */
    public Context context() {
        return shared.context();
    }

    /** {@return false when the file has been closed} */
    public boolean isOpen() {
        return !shared.isClosed();
    }

    /** {@return true for files with positions: regular files and block devices, not pipes and terminals} */
    public boolean isPositional() {
        return shared.isPositional();
    }

    /** {@return true when the file was opened with {@code APPEND}} */
    public boolean isAppending() {
        return shared.open.isAppending();
    }

    /**
     * {@return what positions, lengths and addresses must be multiples of: 1 unless the file was opened with
     * {@code ExtendedOpenOption.DIRECT}}
     */
    public int alignment() {
        return shared.open.alignment();
    }

    /**
     * Closes the file, and waits until operations in flight have ended; on a completion thread without waiting. Closing
     * again does nothing.
     *
     * @throws IOException when the system reports an error; the file is closed all the same
     */
    @Override
    public void close() throws IOException {
        CompletableFuture<@Nullable Void> closed = closeAsync();
        if (!context().isCompletionThread()) {
            Failures.joined(closed);
        }
    }

    /**
     * Closes the file without waiting.
     *
     * @return completes when it is closed
     */
    public CompletableFuture<@Nullable Void> closeAsync() {
        CompletableFuture<@Nullable Void> closed = shared.close();
        forgotten.isNot();
        return closed;
    }

    @Override
    public String toString() {
        return name() + (isOpen() ? " (open, " : " (closed, ") + context() + ")";
    }

    SharedFile shared() {
        return shared;
    }

    /** {@return whether it was opened to be read} */
    public boolean isReadable() {
        return readable;
    }

    /** {@return whether it was opened to be written} */
    public boolean isWritable() {
        return writable;
    }

    /**
     * {@return the number of its descriptor in this process, for system calls of one's own, as long as the file is open;
     * nothing where it has none}
     */
    public OptionalInt descriptor() {
        return shared.open instanceof DescriptorFile file ? OptionalInt.of(file.fd) : OptionalInt.empty();
    }

    Operation operation(Operation.Kind kind, MemorySegment memory, long position) {
        check(kind, memory, position);
        return Operation.of(this, kind, memory, position, false);
    }

    private Operation operation(Operation.Kind kind, ByteBuffer buffer, long position) {
        check(kind, buffer, position);
        return Operation.of(this, kind, buffer, position, false);
    }

    private Operation operation(Operation.Kind kind, ByteBuffer[] buffers, long position) {
        check(kind, buffers, position);
        return Operation.of(this, kind, buffers, position, false);
    }

    /** As {@link #forceAsync}, with a number that means nothing. */
    Operation startForce(boolean metadata) {
        return shared.context().start(Operation.force(this, metadata));
    }

    private void check(Operation.Kind kind, Object buffer, long position) {
        Objects.requireNonNull(buffer, kind == Operation.Kind.READ ? "target" : "source");
        if (kind == Operation.Kind.READ) {
            checkReadable(position);
        } else {
            checkWritable(position);
        }
    }

    private void checkReadable(long position) {
        if (position < 0) {
            throw new IllegalArgumentException(name() + ": the position must be 0 or more: " + position);
        }
        if (!readable) {
            throw new Failures.NotReadable(name() + " was opened for writing only: open it with READ too");
        }
    }

    private void checkWritable(long position) {
        if (position < 0) {
            throw new IllegalArgumentException(name() + ": the position must be 0 or more: " + position);
        }
        if (!writable) {
            throw new Failures.NotWritable(name() + " was opened for reading only: open it with WRITE too");
        }
    }

    private void checkAppending() {
        checkWritable(0);
        if (!isAppending()) {
            throw new IllegalStateException(
                    name() + " was not opened with APPEND: name the position with write, or open it so");
        }
    }

    private static void checkTarget(boolean readOnly, Object target) {
        if (readOnly) {
            throw new IllegalArgumentException("cannot read into a read-only buffer: " + target);
        }
    }

    /** Makes a call elsewhere, and holds this file so that it is not taken for forgotten meanwhile. */
    private <T extends @Nullable Object> CompletableFuture<T> callAsync(SharedFile.Call<T> call) {
        return shared.callAsync(open -> {
            try {
                return call.on(open);
            } finally {
                Reference.reachabilityFence(this);
            }
        });
    }
}
