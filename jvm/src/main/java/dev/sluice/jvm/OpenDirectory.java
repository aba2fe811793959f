package dev.sluice.jvm;

import dev.sluice.linux.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A directory that was opened as a file: programs do so to have its names brought to the disk. There is nothing to be read. Safe
 * for use by many threads.
 *
 * @param door the managed directory
 * @param path the directory's path in it
 */
record OpenDirectory(Door door, String path) implements Door.OpenFile {
    private FileSystemException isDirectory() {
        return new FileSystemException(
                door.directory().resolve(path).toString(),
                null,
                Errno.EISDIR.name() + " (" + Errno.EISDIR.text()
                        + "): it has no bytes; Files.list tells the names in it");
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        throw isDirectory();
    }

    @Override
    public long write(ByteBuffer from, long position) throws IOException {
        throw isDirectory();
    }

    @Override
    public Door.Status status() throws IOException {
        return door.status(path, true);
    }

    @Override
    public long size() throws IOException {
        return status().size();
    }

    @Override
    public void change(Door.Wish wish) throws IOException {
        door.change(path, true, wish);
    }

    @Override
    public void truncate(long size) throws IOException {
        throw isDirectory();
    }

    /** Names are brought to the disk with the files that they are of. */
    @Override
    public void sync(boolean dataOnly) {
        // There is nothing to do.
    }

    @Override
    public @Nullable Path backing() {
        return null;
    }

    @Override
    public void close() {
        // There is nothing open.
    }
}
