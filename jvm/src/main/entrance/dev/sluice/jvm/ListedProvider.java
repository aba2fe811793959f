package dev.sluice.jvm;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Set;

/**
 * What the JDK finds of {@link SluiceFileSystemProvider} where our jar is on the class path, as it is in each program that has the
 * agent. It is compiled for old releases, since a JDK makes all providers that are there when a program opens its first zip file
 * system, and an old one breaks off at a class that is too new. The file systems and paths that come from here are those of the other
 * one, so it is never asked about a path. Safe for use by many threads.
 */
public final class ListedProvider extends FileSystemProvider {
    private static final String SCHEME = "sluice";

    /** For the JDK. */
    public ListedProvider() {}

    private static FileSystemProvider provider() {
        if (Entrance.release() < Entrance.RELEASE) {
            throw new UnsupportedOperationException("file systems of sluice are there from JDK " + Entrance.RELEASE
                    + " on, and this is " + System.getProperty("java.version") + "; take the mount's path instead");
        }
        try {
            return (FileSystemProvider) Class.forName("dev.sluice.jvm.SluiceFileSystemProvider")
                    .getDeclaredMethod("installed")
                    .invoke(null);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("file systems of sluice cannot be had", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a part of sluice-jvm's jar is missing", e);
        }
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) throws IOException {
        return provider().newFileSystem(uri, env);
    }

    /** The JDK asks all providers in turn, so the other one is asked only by who means it. */
    @Override
    public FileSystem newFileSystem(Path path, Map<String, ?> env) throws IOException {
        if (!(env.get("step") instanceof String)) {
            throw new UnsupportedOperationException("a managed directory is opened with its step");
        }
        return provider().newFileSystem(path, env);
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return provider().getFileSystem(uri);
    }

    @Override
    public Path getPath(URI uri) {
        return provider().getPath(uri);
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) {
        throw new ProviderMismatchException();
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter) {
        throw new ProviderMismatchException();
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) {
        throw new ProviderMismatchException();
    }

    @Override
    public void delete(Path path) {
        throw new ProviderMismatchException();
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new ProviderMismatchException();
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) {
        throw new ProviderMismatchException();
    }

    @Override
    public boolean isSameFile(Path path, Path other) {
        throw new ProviderMismatchException();
    }

    @Override
    public boolean isHidden(Path path) {
        throw new ProviderMismatchException();
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw new ProviderMismatchException();
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) {
        throw new ProviderMismatchException();
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        throw new ProviderMismatchException();
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options) {
        throw new ProviderMismatchException();
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) {
        throw new ProviderMismatchException();
    }

    @Override
    public void setAttribute(Path path, String name, Object value, LinkOption... options) {
        throw new ProviderMismatchException();
    }
}
