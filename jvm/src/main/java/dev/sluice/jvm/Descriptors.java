package dev.sluice.jvm;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.OpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Files and directories of a managed directory by numbers, for those who build their own files on top. Errors are exceptions, as
 * those of {@code java.nio.file}; numbers are never negative, and not used again. What is open stays so until it is closed, or its
 * scope is. Safe for use by many threads.
 *
 * {@snippet class="dev.sluice.jvm.ScopeTest" region="descriptors"}
 */
public final class Descriptors {
    private final Door door;
    private final Map<Integer, Closeable> open = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();

    Descriptors(Door door) {
        this.door = door;
    }

    /**
     * Opens a file.
     *
     * @param path its path in the managed directory
     * @param options as for {@link java.nio.channels.FileChannel}
     * @return its number
     * @throws IOException when it cannot be opened
     */
    public int open(String path, OpenOption... options) throws IOException {
        return add(StreamChannel.open(door, path, Set.of(options)));
    }

    /**
     * Opens a directory, to list it.
     *
     * @param path its path in the managed directory
     * @return its number
     * @throws IOException when it cannot be opened
     */
    public int openDirectory(String path) throws IOException {
        return add(door.list(path));
    }

    /**
     * Makes a directory.
     *
     * @param path its path in the managed directory
     * @param mode its permission bits, less those of the process's umask
     * @throws IOException when it cannot be made, also since it is there
     */
    public void makeDirectory(String path, int mode) throws IOException {
        door.makeDirectory(path, mode);
    }

    /**
     * Reads where the file is at, waiting where nothing is yet.
     *
     * @param file its number
     * @param into where the bytes go to
     * @return how many, or -1 at the end
     * @throws IOException when it cannot be read
     */
    public int read(int file, ByteBuffer into) throws IOException {
        return file(file).read(into);
    }

    /**
     * Writes all of a buffer where the file is at.
     *
     * @param file its number
     * @param from where the bytes come from
     * @return how many
     * @throws IOException when it cannot be written
     */
    public int write(int file, ByteBuffer from) throws IOException {
        return file(file).write(from);
    }

    /**
     * Tells where the file is at.
     *
     * @param file its number
     * @return how many bytes are before
     * @throws IOException when it is closed
     */
    public long position(int file) throws IOException {
        return file(file).position();
    }

    /**
     * Goes to a place.
     *
     * @param file its number
     * @param position how many bytes are before
     * @throws IOException when it is closed
     */
    public void position(int file, long position) throws IOException {
        file(file).position(position);
    }

    /**
     * Tells the next entry of a directory, waiting while it grows.
     *
     * @param directory its number
     * @return the entry's name; empty at the end
     * @throws IOException when it cannot be listed
     */
    public Optional<String> next(int directory) throws IOException {
        return Optional.ofNullable(find(directory, Door.Listing.class).next());
    }

    /**
     * Closes a file or a directory.
     *
     * @param number its number
     * @throws IOException when it is closed already, or cannot be closed well
     */
    public void close(int number) throws IOException {
        Closeable one = open.remove(number);
        if (one == null) {
            throw new ClosedChannelException();
        }
        one.close();
    }

    private int add(Closeable one) {
        int number = next.getAndIncrement();
        open.put(number, one);
        return number;
    }

    private StreamChannel file(int number) throws ClosedChannelException {
        return find(number, StreamChannel.class);
    }

    private <T> T find(int number, Class<T> type) throws ClosedChannelException {
        Closeable one = open.get(number);
        if (!type.isInstance(one)) {
            throw new ClosedChannelException();
        }
        return type.cast(one);
    }
}
