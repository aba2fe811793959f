package dev.sluice.jvm;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The files of managed directories for {@code java.nio.file}. As a service it has the scheme {@code sluice}, with URIs like
 * {@code sluice://STEP/DIRECTORY/FILE}. Given to {@code -Djava.nio.file.spi.DefaultFileSystemProvider=}, it stands in front of the
 * JDK's own: paths inside a managed directory go to the workflow, all others are the JDK's. Safe for use by many threads.
 */
@SuppressWarnings("exports") // users need not have JSpecify
public final class SluiceFileSystemProvider extends FileSystemProvider {
    static final String SCHEME = "sluice";

    private static final LinkOption[] THE_LINK = {LinkOption.NOFOLLOW_LINKS};

    /** In front of the JDK's; null in the one of the scheme. */
    private final @Nullable StreamFileSystem front;

    /** For the JDK, which finds it as a service. */
    public SluiceFileSystemProvider() {
        front = null;
    }

    /**
     * For the JDK, which makes it of its own one when the JVM is told so.
     *
     * @param machine the JDK's own
     */
    public SluiceFileSystemProvider(FileSystemProvider machine) {
        front = new StreamFileSystem(this, machine.getFileSystem(URI.create("file:///")));
    }

    /** {@return the one of the scheme: that which the JDK has found, or our own} */
    static SluiceFileSystemProvider installed() {
        for (FileSystemProvider provider : installedProviders()) {
            if (provider instanceof SluiceFileSystemProvider ours && ours.front == null) {
                return ours;
            }
        }
        return Own.PROVIDER;
    }

    /** Where the JDK has found another one, since this class is on the class path, or none. */
    private static final class Own {
        static final SluiceFileSystemProvider PROVIDER = new SluiceFileSystemProvider();
    }

    /** {@return one of the JDK's paths as one of the file system that stands in front of it} */
    StreamPath inFront(Path plain) {
        return java.util.Objects.requireNonNull(front, "front").wrap(plain);
    }

    private static StreamPath ours(Path path) {
        if (path instanceof StreamPath stream) {
            return stream;
        }
        if (StreamFileSystem.front() instanceof StreamFileSystem files && files.accepts(path)) {
            return files.wrap(path);
        }
        throw new ProviderMismatchException();
    }

    @Override
    public String getScheme() {
        return front == null ? SCHEME : "file";
    }

    /**
     * Begins to take part in a workflow, as {@link Sluice#scope} does; closing the file system ends it.
     *
     * @param uri {@code sluice://STEP/DIRECTORY}
     * @param env {@code flow}: the flow's file, a {@link Path} or a text, for a server that is to be started
     */
    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) throws IOException {
        if (front != null) {
            return front.behind().provider().newFileSystem(uri, env);
        }
        return Connections.open(uri, env);
    }

    /**
     * The same with {@code step} in the environment.
     *
     * @throws UnsupportedOperationException when no step is named there
     */
    @Override
    public FileSystem newFileSystem(Path path, Map<String, ?> env) throws IOException {
        if (front != null || !(env.get("step") instanceof String step)) {
            throw new UnsupportedOperationException(
                    "a managed directory is opened with its step: Map.of(\"step\", NAME)");
        }
        return Connections.open(step, path, env);
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        if (front != null) {
            FileSystem _ = front.behind().provider().getFileSystem(uri); // which refuses what is not its own
            return front;
        }
        StreamFileSystem files = Connections.find(uri);
        if (files == null) {
            throw new FileSystemNotFoundException("nobody in this JVM takes part as " + uri);
        }
        return files;
    }

    @Override
    public Path getPath(URI uri) {
        if (front != null) {
            return front.wrap(front.behind().provider().getPath(uri));
        }
        return ((StreamFileSystem) getFileSystem(uri)).getPath(uri.getPath());
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs)
            throws IOException {
        return Crossing.at(
                ours(path),
                (door, inside) -> StreamChannel.open(door, inside, options, attrs),
                (machine, outside) -> machine.newFileChannel(outside, options, attrs));
    }

    @Override
    public SeekableByteChannel newByteChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs)
            throws IOException {
        return newFileChannel(path, options, attrs);
    }

    @Override
    public AsynchronousFileChannel newAsynchronousFileChannel(
            Path path, Set<? extends OpenOption> options, @Nullable ExecutorService executor, FileAttribute<?>... attrs)
            throws IOException {
        return Crossing.at(
                ours(path),
                (door, inside) -> {
                    Opening opening = Opening.ofAsynchronous(options);
                    int mode = Modes.initial(Modes.FILE, attrs);
                    return new StreamAsync(opening.open(door, inside, mode), executor);
                },
                (machine, outside) -> machine.newAsynchronousFileChannel(outside, options, executor, attrs));
    }

    @Override
    public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
        Set<OpenOption> all = new LinkedHashSet<>(List.of(options));
        for (OpenOption option : all) {
            if (option == StandardOpenOption.APPEND || option == StandardOpenOption.WRITE) {
                throw new UnsupportedOperationException("'" + option + "' not allowed");
            }
        }
        return Crossing.at(
                ours(path),
                (door, inside) -> new StreamInput(StreamChannel.open(door, inside, all)),
                (machine, outside) -> machine.newInputStream(outside, options));
    }

    @Override
    public OutputStream newOutputStream(Path path, OpenOption... options) throws IOException {
        Set<OpenOption> all = new LinkedHashSet<>(List.of(options));
        if (all.contains(StandardOpenOption.READ)) {
            throw new IllegalArgumentException("READ not allowed");
        }
        if (all.isEmpty()) {
            all.add(StandardOpenOption.CREATE);
            all.add(StandardOpenOption.TRUNCATE_EXISTING);
        }
        all.add(StandardOpenOption.WRITE);
        return Crossing.at(
                ours(path),
                (door, inside) -> Channels.newOutputStream(
                        StreamChannel.open(door, inside, all).uninterruptible()),
                (machine, outside) -> machine.newOutputStream(outside, options));
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path path, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        StreamPath directory = ours(path);
        Objects.requireNonNull(filter);
        DirectoryStream<Path> entries = Crossing.<@Nullable DirectoryStream<Path>>at(
                directory,
                (door, inside) -> {
                    try {
                        return new StreamDirectory(directory, door.list(inside), filter);
                    } catch (NotDirectoryException e) {
                        return null; // told below, by this name
                    }
                },
                (machine, outside) -> new OtherEntries(
                        machine.newDirectoryStream(outside, entry -> filter.accept(OtherEntries.in(directory, entry))),
                        entry -> OtherEntries.in(directory, entry)));
        if (entries == null) {
            throw new NotDirectoryException(path.toString());
        }
        return entries;
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... attrs) throws IOException {
        Crossing.<@Nullable Void>at(
                ours(path),
                (door, inside) -> {
                    door.makeDirectory(inside, Modes.initial(Modes.DIRECTORY, attrs));
                    return null;
                },
                (machine, outside) -> {
                    machine.createDirectory(outside, attrs);
                    return null;
                });
    }

    @Override
    public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attrs) throws IOException {
        if (attrs.length > 0) {
            throw new UnsupportedOperationException(
                    "Initial file attributes not supported when creating symbolic link");
        }
        Links.makeSymbolic(ours(link), StreamPath.plain(target));
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
        Links.make(ours(link), ours(existing));
    }

    @Override
    public Path readSymbolicLink(Path link) throws IOException {
        return Links.target(ours(link));
    }

    @Override
    public void delete(Path path) throws IOException {
        Crossing.<@Nullable Void>at(
                ours(path),
                (door, inside) -> {
                    Moving.remove(door, inside);
                    return null;
                },
                (machine, outside) -> {
                    machine.delete(outside);
                    return null;
                });
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        StreamPath from = ours(source);
        StreamPath to = ours(target);
        if (isPlain(from) && isPlain(to)) {
            StreamFileSystem.machine().provider().copy(from.absolute(), to.absolute(), options);
            return;
        }
        Copying.copy(this, options).copy(from, to);
    }

    private static boolean isPlain(StreamPath path) {
        return path.getFileSystem().route(path.absolute()) == null;
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        Copying.move(this, ours(source), ours(target), options);
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        StreamPath one = ours(path);
        if (one.equals(other)) {
            return true;
        }
        if (!(Objects.requireNonNull(other) instanceof StreamPath two)) {
            return false;
        }
        if (isPlain(one) && isPlain(two)) {
            return StreamFileSystem.machine().provider().isSameFile(one.absolute(), two.absolute());
        }
        return key(one).equals(key(two));
    }

    private static Object key(StreamPath path) throws IOException {
        return Objects.requireNonNull(Crossing.<@Nullable Object>at(
                path,
                (door, inside) -> StreamAttributes.of(door.directory(), door.status(inside, true))
                        .fileKey(),
                (machine, outside) -> machine.readAttributes(outside, BasicFileAttributes.class)
                        .fileKey()));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        return StreamFileSystem.machine().provider().isHidden(ours(path).plain());
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        return Crossing.at(
                ours(path),
                (door, inside) -> {
                    if (!door.allows(inside, 0)) {
                        throw new NoSuchFileException(inside);
                    }
                    Path directory = StreamPath.plain(door.directory());
                    return new StreamStore(
                            directory, StreamFileSystem.machine().provider().getFileStore(directory));
                },
                FileSystemProvider::getFileStore);
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        int wanted = 0;
        for (AccessMode mode : modes) {
            wanted |= switch (mode) {
                case READ -> 4;
                case WRITE -> 2;
                case EXECUTE -> 1;
            };
        }
        int all = wanted;
        Crossing.<@Nullable Void>at(
                ours(path),
                (door, inside) -> {
                    if (!door.allows(inside, all)) {
                        throw all == 0 || !door.allows(inside, 0)
                                ? new NoSuchFileException(inside)
                                : new AccessDeniedException(inside);
                    }
                    return null;
                },
                (machine, outside) -> {
                    machine.checkAccess(outside, modes);
                    return null;
                });
    }

    @Override
    public boolean exists(Path path, LinkOption... options) {
        try {
            return Crossing.at(
                    ours(path),
                    (door, inside) -> (options.length > 0 && Links.isOne(door, inside)) || door.allows(inside, 0),
                    (machine, outside) -> machine.exists(outside, options));
        } catch (IOException e) {
            return false; // so says the Javadoc
        }
    }

    @Override
    @SuppressWarnings("unchecked") // as the JDK itself: the class is checked by its name
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        StreamPath file = ours(path);
        if (type.equals(UserDefinedFileAttributeView.class)) {
            return (V) new UserView(file, options.length == 0);
        }
        String name = type.equals(BasicFileAttributeView.class)
                ? "basic"
                : type.equals(PosixFileAttributeView.class)
                        ? "posix"
                        : type.equals(FileOwnerAttributeView.class) ? "owner" : null;
        return name == null ? null : (V) new StreamView(file, name, options.length == 0);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        if (!type.equals(BasicFileAttributes.class) && !type.equals(PosixFileAttributes.class)) {
            throw new UnsupportedOperationException("there are no attributes of type " + type.getName());
        }
        return Crossing.at(
                ours(path),
                (door, inside) -> (A) StreamAttributes.of(door, inside, options.length == 0),
                (machine, outside) -> machine.readAttributes(outside, type, options));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return Attributed.read(ours(path), attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        Attributed.set(ours(path), attribute, value, options);
    }

    /** {@return the path without links and dots} */
    Path real(StreamPath path, LinkOption... options) throws IOException {
        StreamFileSystem files = path.getFileSystem();
        return files.wrap(Crossing.at(
                path,
                (door, inside) -> {
                    if (options.length == 0) {
                        return StreamPath.plain(door.directory()).resolve(door.real(inside));
                    }
                    if (!exists(path, THE_LINK)) {
                        throw new NoSuchFileException(path.toString());
                    }
                    return path.absolute().normalize();
                },
                (machine, outside) -> outside.toRealPath(options)));
    }
}
