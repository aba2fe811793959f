package dev.sluice.jvm;

import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.jspecify.annotations.Nullable;

/**
 * A path whose file may be behind a door. Its names are those of one of the JDK's own paths, so its rules are, too; only what
 * looks at files is different. Immutable.
 */
final class StreamPath implements Path {
    private final StreamFileSystem files;
    private final Path plain;

    StreamPath(StreamFileSystem files, Path plain) {
        this.files = files;
        this.plain = plain;
    }

    /** {@return the JDK's own path with the same names} */
    Path plain() {
        return plain;
    }

    /** {@return the JDK's own path with the same names as any one} */
    static Path plain(Path path) {
        return path instanceof StreamPath stream ? stream.plain : path;
    }

    /** {@return the JDK's own path, absolute: relative ones are seen from the file system's directory} */
    Path absolute() {
        return files.base().resolve(plain);
    }

    private StreamPath with(Path other) {
        return new StreamPath(files, other);
    }

    private @Nullable StreamPath withNullable(@Nullable Path other) {
        return other == null ? null : with(other);
    }

    /** The JDK's path of another one, which must be of this file system. */
    private Path same(Path other) {
        if (other instanceof StreamPath stream && stream.files.equals(files)) {
            return stream.plain;
        }
        if (files.accepts(other)) {
            return other;
        }
        throw new ProviderMismatchException();
    }

    @Override
    public StreamFileSystem getFileSystem() {
        return files;
    }

    @Override
    public boolean isAbsolute() {
        return plain.isAbsolute();
    }

    @Override
    public @Nullable Path getRoot() {
        return withNullable(plain.getRoot());
    }

    @Override
    public @Nullable Path getFileName() {
        return withNullable(plain.getFileName());
    }

    @Override
    public @Nullable Path getParent() {
        return withNullable(plain.getParent());
    }

    @Override
    public int getNameCount() {
        return plain.getNameCount();
    }

    @Override
    public Path getName(int index) {
        return with(plain.getName(index));
    }

    @Override
    public Path subpath(int beginIndex, int endIndex) {
        return with(plain.subpath(beginIndex, endIndex));
    }

    @Override
    public boolean startsWith(Path other) {
        return other.getFileSystem().equals(files) && plain.startsWith(same(other));
    }

    @Override
    public boolean startsWith(String other) {
        return plain.startsWith(other);
    }

    @Override
    public boolean endsWith(Path other) {
        return other.getFileSystem().equals(files) && plain.endsWith(same(other));
    }

    @Override
    public boolean endsWith(String other) {
        return plain.endsWith(other);
    }

    @Override
    public Path normalize() {
        return with(plain.normalize());
    }

    @Override
    public Path resolve(Path other) {
        return with(plain.resolve(same(other)));
    }

    @Override
    public Path resolve(String other) {
        return with(plain.resolve(other));
    }

    @Override
    public Path relativize(Path other) {
        return with(plain.relativize(same(other)));
    }

    @Override
    public URI toUri() {
        return files.uri(this);
    }

    @Override
    public Path toAbsolutePath() {
        return plain.isAbsolute() ? this : with(absolute());
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
        return files.provider().real(this, options);
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
            throws IOException {
        if (!(watcher instanceof Watching watching)) {
            throw new ProviderMismatchException();
        }
        return watching.register(this, events, modifiers);
    }

    @Override
    public int compareTo(Path other) {
        return plain.compareTo(((StreamPath) other).plain);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StreamPath path && path.files.equals(files) && path.plain.equals(plain);
    }

    @Override
    public int hashCode() {
        return plain.hashCode();
    }

    @Override
    public String toString() {
        return plain.toString();
    }

    /** {@return the path of a name that a door tells, behind this one} */
    Path entry(String name) {
        try {
            return resolve(name);
        } catch (InvalidPathException e) {
            throw new InvalidPathException(
                    e.getInput(),
                    "this JVM's locale (sun.jnu.encoding) has no such name: start it with LC_ALL=C.UTF-8",
                    -1);
        }
    }
}
