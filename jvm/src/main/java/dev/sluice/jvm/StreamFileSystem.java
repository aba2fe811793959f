package dev.sluice.jvm;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The machine's files, those of a managed directory behind its door. There are two kinds: that of one door ({@code sluice:}),
 * whose relative paths are seen from the managed directory, and the one that stands in front of the JDK's default file system,
 * which asks {@link Routes}. Safe for use by many threads.
 */
final class StreamFileSystem extends FileSystem {
    private final SluiceFileSystemProvider provider;
    private final FileSystem machine;
    private final @Nullable Territory territory;
    private final Path base;
    private volatile boolean isClosed;

    /** Of who has opened it by its URI: it is closed with it; null when those who take part are scopes alone. */
    private final AtomicReference<@Nullable Scope> scope = new AtomicReference<>();

    /** The one in front of the JDK's. */
    StreamFileSystem(SluiceFileSystemProvider provider, FileSystem machine) {
        this.provider = provider;
        this.machine = machine;
        territory = null;
        base = machine.getPath("").toAbsolutePath();
    }

    /** That of one door. */
    StreamFileSystem(SluiceFileSystemProvider provider, Territory territory) {
        this.provider = provider;
        this.territory = territory;
        machine = machine();
        base = territory.directory();
    }

    /** {@return the one in front of the JDK's, or the JDK's} */
    static FileSystem front() {
        return FileSystems.getDefault();
    }

    /** {@return the JDK's own file system, whatever stands in front of it} */
    static FileSystem machine() {
        FileSystem now = FileSystems.getDefault();
        return now instanceof StreamFileSystem stream ? stream.machine : now;
    }

    @Override
    public SluiceFileSystemProvider provider() {
        return provider;
    }

    /** {@return the JDK's own, before which this one stands} */
    FileSystem behind() {
        return machine;
    }

    Path base() {
        return base;
    }

    /** {@return the managed directory and its door; null in front of the JDK's file system} */
    @Nullable
    Territory territory() {
        return territory;
    }

    /** {@return where a path of the machine leads; null when that is the machine itself} */
    @Nullable
    Route route(Path absolute) {
        return territory == null ? Routes.find(absolute) : territory.route(absolute);
    }

    /** Is it one of the JDK's paths, which somebody has made before there was this file system? */
    boolean accepts(Path path) {
        return territory == null && path.getFileSystem().equals(machine);
    }

    StreamPath wrap(Path plain) {
        return new StreamPath(this, plain);
    }

    URI uri(StreamPath path) {
        if (territory == null) {
            return path.plain().toUri();
        }
        try {
            URI uri = new URI(
                    SluiceFileSystemProvider.SCHEME,
                    territory.door().step(),
                    path.absolute().toString(),
                    null,
                    null);
            return URI.create(uri.toASCIIString());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("no URI can be made of " + path, e);
        }
    }

    /** {@return whether this scope ends when it is closed now; else it is somebody else's who does so} */
    boolean ends(Scope own) {
        return scope.compareAndSet(null, own);
    }

    /** Nobody takes part by it any more. */
    void ended() {
        isClosed = true;
        Connections.remove(this);
    }

    /** Who has opened it takes part no more; it stays open for scopes of the same step that do, and ends with the last of them. */
    @Override
    public void close() throws IOException {
        if (territory == null) {
            throw new UnsupportedOperationException("the default file system cannot be closed");
        }
        Scope own = scope.getAndSet(null);
        if (own != null) {
            own.close();
        }
    }

    @Override
    public boolean isOpen() {
        return !isClosed;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return machine.getSeparator();
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return wrapped(machine.getRootDirectories());
    }

    private List<Path> wrapped(Iterable<Path> paths) {
        return StreamSupport.stream(paths.spliterator(), false)
                .<Path>map(this::wrap)
                .toList();
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return machine.getFileStores();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Attributed.VIEWS;
    }

    @Override
    public StreamPath getPath(String first, String... more) {
        return wrap(machine.getPath(first, more));
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        PathMatcher matcher = machine.getPathMatcher(syntaxAndPattern);
        return path -> matcher.matches(StreamPath.plain(path));
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        return machine.getUserPrincipalLookupService();
    }

    @Override
    public WatchService newWatchService() throws IOException {
        return new Watching();
    }
}
