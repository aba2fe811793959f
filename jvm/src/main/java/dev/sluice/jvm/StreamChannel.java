package dev.sluice.jvm;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file of a managed directory as a {@link FileChannel}. It does what the JDK's does; reads wait as the flow's rules say. A close
 * or an interrupt ends a wait. The position is owned by a lock, which who reads or writes there holds while he waits. Safe for
 * use by many threads.
 */
final class StreamChannel extends FileChannel {
    /** The most that one scattering read gets. */
    private static final int GATHERED = 1 << 20;

    private final Door.OpenFile file;
    private final Opening opening;
    private final Path directory;
    private final String path;
    private final Locks locks;
    private final ReentrantLock positionLock = new ReentrantLock();
    private long position;
    private volatile boolean isUninterruptible;

    /**
     * What is done with a file while somebody may close the channel.
     *
     * @param <T> what comes of it
     */
    @FunctionalInterface
    private interface Operation<T> {
        T run() throws IOException;
    }

    StreamChannel(Door.OpenFile file, Opening opening, Path directory, String path) {
        this.file = file;
        this.opening = opening;
        this.directory = directory;
        this.path = path;
        locks = new Locks(this, directory, file);
    }

    /**
     * Opens a file as {@link FileChannel#open(Path, Set, FileAttribute...)} does.
     *
     * @param door the managed directory
     * @param path the file's path in it
     * @param options how
     * @param attributes what a new file is like: its permissions
     */
    static StreamChannel open(Door door, String path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        return Opening.of(options).open(door, path, Modes.initial(Modes.FILE, attributes));
    }

    /** {@return its file, for who is told of it} */
    Path named() {
        return directory.resolve(path);
    }

    /** {@return whether it is a directory's, which only can be forced to the disk} */
    boolean isOfDirectory() {
        return file instanceof OpenDirectory;
    }

    /** Interrupts do not close this channel: it serves one of {@code java.io}'s streams. */
    StreamChannel uninterruptible() {
        isUninterruptible = true;
        return this;
    }

    /** {@return the locks of another channel on its file} */
    Locks locksOf(Channel other) {
        return new Locks(other, directory, file);
    }

    boolean reads() {
        return opening.reads();
    }

    boolean writes() {
        return opening.writes();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        mayRead();
        checkWritable(into);
        positionLock.lock();
        try {
            int bytes = readNow(into, position);
            position += Math.max(0, bytes);
            return bytes;
        } finally {
            positionLock.unlock();
        }
    }

    @Override
    public int read(ByteBuffer into, long place) throws IOException {
        Objects.requireNonNull(into);
        checkPlace(place);
        mayRead();
        checkWritable(into);
        return readNow(into, place);
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        mayRead();
        long room = 0;
        for (int i = offset; i < offset + length; i++) {
            checkWritable(into[i]);
            room += into[i].remaining();
        }
        // One read: after a first buffer that is full, a second read might wait although there are bytes to give.
        ByteBuffer all = ByteBuffer.allocate((int) Math.min(room, GATHERED));
        int bytes = read(all);
        all.flip();
        for (int i = offset; i < offset + length && all.hasRemaining(); i++) {
            int part = Math.min(all.remaining(), into[i].remaining());
            into[i].put(all.slice(all.position(), part));
            all.position(all.position() + part);
        }
        return bytes;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        mayWrite();
        positionLock.lock();
        try {
            int bytes = from.remaining();
            position = writeNow(from, position);
            return bytes;
        } finally {
            positionLock.unlock();
        }
    }

    @Override
    public int write(ByteBuffer from, long place) throws IOException {
        Objects.requireNonNull(from);
        checkPlace(place);
        mayWrite();
        int bytes = from.remaining();
        writeNow(from, place);
        return bytes;
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        mayWrite();
        long bytes = 0;
        positionLock.lock();
        try {
            for (int i = offset; i < offset + length; i++) {
                bytes += write(from[i]);
            }
        } finally {
            positionLock.unlock();
        }
        return bytes;
    }

    @Override
    public long position() throws IOException {
        ensureOpen();
        positionLock.lock();
        try {
            return opening.appends() ? size() : position;
        } finally {
            positionLock.unlock();
        }
    }

    @Override
    public FileChannel position(long newPosition) throws IOException {
        ensureOpen();
        checkPlace(newPosition);
        positionLock.lock();
        try {
            position = newPosition;
            return this;
        } finally {
            positionLock.unlock();
        }
    }

    /** {@return its size; 0 as long as it grows and is only read, since nobody knows what it will be} */
    @Override
    public long size() throws IOException {
        return status().size();
    }

    Door.Status status() throws IOException {
        ensureOpen();
        return guarded(file::status);
    }

    /** {@return what its file is like; waits for nothing} */
    StreamAttributes attributes() throws IOException {
        return StreamAttributes.of(directory, status());
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        ensureOpen();
        if (size < 0) {
            throw new IllegalArgumentException("Negative size");
        }
        mayWrite();
        positionLock.lock();
        try {
            if (size < size()) {
                guarded(() -> {
                    file.truncate(size);
                    return size;
                });
            }
            position = Math.min(position, size);
            return this;
        } finally {
            positionLock.unlock();
        }
    }

    @Override
    public void force(boolean metaData) throws IOException {
        ensureOpen();
        guarded(() -> {
            file.sync(!metaData);
            return metaData;
        });
    }

    @Override
    public long transferTo(long place, long count, WritableByteChannel target) throws IOException {
        ensureOpen();
        ensureOpen(target);
        mayRead();
        if (target instanceof StreamChannel other && !other.writes()) {
            throw new NonWritableChannelException();
        }
        checkTransfer(place, count);
        Path backing = count > Transfer.PIECE ? file.backing() : null;
        if (backing != null) {
            try (FileChannel whole = FileChannel.open(backing, StandardOpenOption.READ)) {
                return whole.transferTo(place, count, target);
            }
        }
        return new Transfer(this, target)
                .move(count, (piece, moved) -> read(piece, place + moved), (piece, _) -> target.write(piece));
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long place, long count) throws IOException {
        ensureOpen();
        ensureOpen(source);
        if (source instanceof StreamChannel other && !other.reads()) {
            throw new NonReadableChannelException();
        }
        mayWrite();
        checkTransfer(place, count);
        return new Transfer(this, source)
                .move(count, (piece, _) -> source.read(piece), (piece, moved) -> write(piece, place + moved));
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long place, long size) throws IOException {
        checkMap(mode, place, size);
        if (size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("Size exceeds Integer.MAX_VALUE");
        }
        try (Mappable whole = Mappable.of(this, file, mode, place, size)) {
            return whole.channel().map(mode, whole.place(), size);
        }
    }

    @Override
    public MemorySegment map(MapMode mode, long place, long size, Arena arena) throws IOException {
        Objects.requireNonNull(arena);
        checkMap(mode, place, size);
        try (Mappable whole = Mappable.of(this, file, mode, place, size)) {
            return whole.channel().map(mode, whole.place(), size, arena);
        }
    }

    @Override
    public FileLock lock(long place, long size, boolean isShared) throws IOException {
        ensureOpen();
        if (isShared) {
            mayRead();
        } else {
            mayWrite();
        }
        FileLock lock = locks.take(place, size, isShared);
        if (!isOpen()) {
            locks.releaseAll();
            throw new AsynchronousCloseException();
        }
        return lock;
    }

    @Override
    public @Nullable FileLock tryLock(long place, long size, boolean isShared) throws IOException {
        return lock(place, size, isShared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        locks.releaseAll();
        file.close();
    }

    private int readNow(ByteBuffer into, long place) throws IOException {
        if (!into.hasRemaining()) {
            return 0;
        }
        if (isUninterruptible) {
            return file.read(into, place);
        }
        boolean isDone = false;
        begin();
        try {
            int bytes = file.read(into, place);
            isDone = true;
            return bytes;
        } catch (InterruptedIOException e) {
            isDone = true;
            throw closedByInterrupt(e);
        } finally {
            end(isDone);
        }
    }

    private long writeNow(ByteBuffer from, long place) throws IOException {
        if (isUninterruptible) {
            return file.write(from, place);
        }
        boolean isDone = false;
        begin();
        try {
            long next = file.write(from, place);
            isDone = true;
            return next;
        } catch (InterruptedIOException e) {
            isDone = true;
            throw closedByInterrupt(e);
        } finally {
            end(isDone);
        }
    }

    private <T> T guarded(Operation<T> operation) throws IOException {
        if (isUninterruptible) {
            return operation.run();
        }
        boolean isDone = false;
        begin();
        try {
            T result = operation.run();
            isDone = true;
            return result;
        } catch (InterruptedIOException e) {
            isDone = true;
            throw closedByInterrupt(e);
        } finally {
            end(isDone);
        }
    }

    /** The door may see an interrupt before the one who interrupts has closed the channel. */
    private ClosedByInterruptException closedByInterrupt(InterruptedIOException e) throws IOException {
        Thread.currentThread().interrupt(); // who is told of an interrupt finds it set, as with the JDK's channels
        close();
        ClosedByInterruptException closed = new ClosedByInterruptException();
        closed.initCause(e);
        return closed;
    }

    private void checkMap(MapMode mode, long place, long size) throws IOException {
        ensureOpen();
        Objects.requireNonNull(mode, "Mode is null");
        if (!mode.equals(MapMode.READ_ONLY)) {
            mayWrite();
        }
        mayRead();
        Mappable.check(place, size);
    }

    private void mayRead() throws ClosedChannelException {
        ensureOpen();
        if (!opening.reads()) {
            throw new NonReadableChannelException();
        }
    }

    private void mayWrite() throws ClosedChannelException {
        ensureOpen();
        if (!opening.writes()) {
            throw new NonWritableChannelException();
        }
    }

    private void ensureOpen() throws ClosedChannelException {
        ensureOpen(this);
    }

    private static void ensureOpen(Channel channel) throws ClosedChannelException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
    }

    private static void checkWritable(ByteBuffer buffer) {
        if (buffer.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
    }

    private static void checkPlace(long place) {
        if (place < 0) {
            throw new IllegalArgumentException("Negative position");
        }
    }

    private static void checkTransfer(long place, long count) {
        if (place < 0 || count < 0) {
            throw new IllegalArgumentException("Negative position or count");
        }
    }
}
