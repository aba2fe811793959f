package dev.sluice.files;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.sluice.linux.Ranges;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A file that is mapped whole, shared by all who have it open here.
 *
 * <p>Who uses the memory holds the lock for reading, who replaces the mapping holds it for writing; so nobody's memory goes
 * away under him. Safe for use by many threads.
 *
 * <p>When somebody else cuts the file, the memory behind the new end is gone: using it makes the JVM throw an {@link
 * InternalError}, some time before the method returns in which that happened. So after each use it is asked whether the file
 * is still as long as the mapping: if not, whatever was read there counts for nothing, and the failure says so.
 */
final class Region {
    /** What is done with the memory. */
    @FunctionalInterface
    interface Use<T extends @Nullable Object> {
        T of(MemorySegment memory) throws IOException;
    }

    /** No processor of ours has larger ones; what is a multiple of it begins a page. */
    private static final long LARGEST_PAGE = 64 << 10;

    private final Path path;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    @GuardedBy("lock")
    private Descriptor file;

    @GuardedBy("lock")
    private boolean writable;

    @GuardedBy("lock")
    private Arena arena = Arena.ofShared();

    @GuardedBy("lock")
    private MemorySegment memory = MemorySegment.NULL;

    @GuardedBy("lock")
    private boolean closed;

    /** How many have it open; under the lock of {@link MappedFiles}. */
    int holders = 1;

    @SuppressWarnings("GuardedBy") // nobody else has it yet
    Region(Descriptor file, boolean writable) throws IOException {
        this.path = file.path;
        this.file = file;
        this.writable = writable;
        try {
            map(file.size());
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /** Replaces the mapping by one of a size; nobody may be using it. */
    @GuardedBy("lock")
    private void map(long size) throws IOException {
        Arena fresh = Arena.ofShared();
        try {
            memory = size == 0 ? MemorySegment.NULL : Ranges.map(file.fd, size, writable, fresh, path.toString());
        } catch (IOException | RuntimeException | Error e) {
            fresh.close();
            throw e;
        }
        Arena old = arena;
        arena = fresh;
        old.close();
    }

    /** Goes on with a descriptor that can be written, too. */
    void becomeWritable(Descriptor better) throws IOException {
        lock.writeLock().lock();
        try {
            Descriptor old = file;
            file = better;
            writable = true;
            try {
                map(better.size());
            } catch (IOException | RuntimeException | Error e) {
                file = old;
                writable = false;
                better.close();
                throw e;
            }
            old.close();
        } finally {
            lock.writeLock().unlock();
        }
    }

    boolean isWritable() {
        lock.readLock().lock();
        try {
            return writable;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Uses the memory, while others do so too. */
    <T extends @Nullable Object> T use(Use<T> use) throws IOException {
        return use(lock.readLock(), use);
    }

    /** Uses the memory alone. */
    <T extends @Nullable Object> T useAlone(Use<T> use) throws IOException {
        return use(lock.writeLock(), memory -> {
            checkWhole(); // or growing it would bring zeros where bytes were
            return use.of(memory);
        });
    }

    private <T extends @Nullable Object> T use(Lock held, Use<T> use) throws IOException {
        held.lock();
        try {
            checkOpen();
            T value = use.of(memory);
            checkWhole();
            return value;
        } catch (InternalError e) {
            if (isFault(e)) {
                checkWhole();
                throw new Fault(path, e);
            }
            throw e;
        } catch (Fault e) {
            checkWhole(); // it was used together with another one
            throw e;
        } finally {
            held.unlock();
        }
    }

    /** A file is as long as its mapping, and still a part of it could not be used. */
    private static final class Fault extends FileSystemException {
        private static final long serialVersionUID = 1;

        Fault(Path path, InternalError cause) {
            super(
                    path.toString(),
                    null,
                    "has no memory for a part of what is mapped: its file system is full, so that a hole cannot be"
                        + " filled, or could not read it, or somebody cut it for a moment, or another file that it is"
                        + " used together with");
            initCause(cause);
        }
    }

    /** Whether memory was used that a cut file has no more. */
    static boolean isFault(InternalError e) {
        return String.valueOf(e.getMessage()).contains("unsafe memory access");
    }

    @SuppressWarnings("GuardedBy") // under either lock
    private void checkOpen() throws Closed {
        if (closed) {
            throw new Closed(path + " is not mapped any more: it was closed");
        }
    }

    @SuppressWarnings("GuardedBy") // under either lock
    private void checkWhole() throws IOException {
        long size = file.size();
        if (size < memory.byteSize()) {
            throw new FileSystemException(
                    path.toString(),
                    null,
                    "was cut to " + size + " bytes by somebody else while " + memory.byteSize()
                            + " were mapped: call refresh() to go on with what is left");
        }
    }

    /** Maps the file as long as it is now; answers its size. */
    long refresh() throws IOException {
        lock.writeLock().lock();
        try {
            checkOpen();
            long size = file.size();
            if (size != memory.byteSize()) {
                map(size);
            }
            return size;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Sets the file's size, and maps it anew. */
    void resize(long size) throws IOException {
        lock.writeLock().lock();
        try {
            checkOpen();
            resizeAlone(size);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** As {@link #resize}, while the memory is used alone; answers the memory that is mapped then. */
    @SuppressWarnings("GuardedBy") // under the lock for writing
    MemorySegment resizeAlone(long size) throws IOException {
        if (size != file.size()) {
            file.resize(size);
        }
        map(size);
        return memory;
    }

    /** {@return how long the mapping is} */
    long mapped() {
        lock.readLock().lock();
        try {
            return memory.byteSize();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** {@return how much of it is in memory; 0 when it cannot be asked, as when it was closed just now} */
    long resident() {
        lock.readLock().lock();
        try {
            return memory.byteSize() == 0 ? 0 : Math.max(0, Ranges.resident(memory.address(), memory.byteSize()));
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Brings changes to the disk; the size too. */
    void force(long offset, long length) throws IOException {
        lock.readLock().lock();
        try {
            checkOpen();
            long from = offset / LARGEST_PAGE * LARGEST_PAGE;
            long end = Math.min(offset + length, memory.byteSize());
            if (from < end) {
                file.check(
                        Ranges.synchronize(memory.address() + from, end - from),
                        "bringing " + length + " bytes at " + offset + " to the disk");
            }
            file.force();
        } finally {
            lock.readLock().unlock();
        }
    }

    void advise(int advice) throws IOException {
        lock.readLock().lock();
        try {
            checkOpen();
            if (memory.byteSize() > 0) {
                file.check(Ranges.advise(memory.address(), memory.byteSize(), advice), "telling how it will be used");
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The memory itself, until it is resized or closed. */
    MemorySegment memory() throws IOException {
        lock.readLock().lock();
        try {
            checkOpen();
            return memory;
        } finally {
            lock.readLock().unlock();
        }
    }

    void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                memory = MemorySegment.NULL;
                arena.close();
                file.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
