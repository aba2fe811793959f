package dev.sluice.jvm;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the files of a managed directory are: in memory and, what stays, in the store of the directory, whose room is told.
 */
final class StreamStore extends FileStore {
    private static final Set<Class<? extends FileAttributeView>> VIEWS = Set.of(
            BasicFileAttributeView.class,
            FileOwnerAttributeView.class,
            PosixFileAttributeView.class,
            UserDefinedFileAttributeView.class);

    private final Path directory;
    private final FileStore below;

    StreamStore(Path directory, FileStore below) {
        this.directory = directory;
        this.below = below;
    }

    @Override
    public String name() {
        return directory.toString();
    }

    @Override
    public String type() {
        return SluiceFileSystemProvider.SCHEME;
    }

    @Override
    public boolean isReadOnly() {
        return below.isReadOnly();
    }

    @Override
    public long getTotalSpace() throws IOException {
        return below.getTotalSpace();
    }

    @Override
    public long getUsableSpace() throws IOException {
        return below.getUsableSpace();
    }

    @Override
    public long getUnallocatedSpace() throws IOException {
        return below.getUnallocatedSpace();
    }

    @Override
    public long getBlockSize() throws IOException {
        return below.getBlockSize();
    }

    @Override
    public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
        return VIEWS.contains(type);
    }

    @Override
    public boolean supportsFileAttributeView(String name) {
        return Attributed.VIEWS.contains(name);
    }

    @Override
    public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> type) {
        return null;
    }

    @Override
    public Object getAttribute(String attribute) throws IOException {
        return below.getAttribute(attribute);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StreamStore store && store.directory.equals(directory);
    }

    @Override
    public int hashCode() {
        return directory.hashCode();
    }

    @Override
    public String toString() {
        return directory + " (" + type() + ")";
    }
}
