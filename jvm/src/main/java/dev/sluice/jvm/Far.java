package dev.sluice.jvm;

import java.io.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Hook} asks for, and cannot do from inside the JDK: all of it on the provider that stands in front of the JDK's own.
 * Owns what is known of descriptors of managed files. Safe for use by many threads.
 */
final class Far implements BiFunction<String, Object[], @Nullable Object> {
    private static final int WRITES = 2; // of the modes of a random access file
    private static final int SYNCS = 4;
    private static final int SYNCS_DATA = 8;
    private static final int DELETES = 16;
    private static final int EXISTS = 1; // of what a File is
    private static final int REGULAR = 2;
    private static final int DIRECTORY = 4;
    private static final int EXECUTE = 1;
    private static final int WRITE = 2;
    private static final int READ = 4;
    private static final LinkOption[] FOLLOWS = {};
    private static final LinkOption[] NO_FOLLOW = {LinkOption.NOFOLLOW_LINKS};
    private static final int DEEP = 16; // the JDK's frames and ours, and some

    private final SluiceFileSystemProvider provider;
    private final Territory territory;
    private final RemoteDoor door;
    private final BiPredicate<WatchService, @Nullable WatchKey> watches;

    /** The JDK's watch services to which directories of ours belong; those that are closed are left out. */
    private final Map<WatchService, Lodging> lodgings = new ConcurrentHashMap<>();

    /** Whose descriptors these are: streams may be made of others' descriptors, which have none of the kernel's here. */
    private final Map<FileDescriptor, FileChannel> channels = new WeakHashMap<>();

    private final AtomicBoolean isLossTold = new AtomicBoolean();

    Far(
            SluiceFileSystemProvider provider,
            Territory territory,
            RemoteDoor door,
            BiPredicate<WatchService, @Nullable WatchKey> watches) {
        this.provider = provider;
        this.territory = territory;
        this.door = door;
        this.watches = watches;
    }

    @Override
    public @Nullable Object apply(String operation, Object[] arguments) {
        try {
            return answer(operation, arguments);
        } catch (IOException | RuntimeException | Error e) {
            if (!operation.equals("ended")) {
                tellLoss();
            } else if (isLossTold.get()) {
                return null; // so that the end cannot be told is no news
            }
            return e;
        }
    }

    /** Where a file that is not there, and no exception, is the answer, nobody would know why. */
    private void tellLoss() {
        String loss = door.loss();
        if (loss != null && !isLossTold.getAndSet(true)) {
            System.err.println("sluice: " + loss);
        }
    }

    @SuppressWarnings("unchecked")
    private @Nullable Object answer(String operation, Object[] given) throws IOException {
        if (operation.equals("ended")) {
            door.endProcess((Integer) given[0]);
            return null;
        }
        Object first = given[0];
        return switch (operation) {
            case "openForReading" -> opened(given, StandardOpenOption.READ);
            case "openForWriting" ->
                opened(
                        given,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING);
            case "openForAppending" -> opened(given, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            case "openAnywhere" -> opened(given, options((Integer) given[2]));
            case "calm" -> ((StreamChannel) first).uninterruptible();
            case "channelOf" -> channelOf((FileDescriptor) first);
            case "setLength" -> setLength((FileChannel) first, (Long) given[1]);
            case "newFileChannel", "newByteChannel" ->
                provider.newFileChannel(
                        path(first), (Set<? extends OpenOption>) given[1], (FileAttribute<?>[]) given[2]);
            case "newAsynchronousFileChannel" ->
                provider.newAsynchronousFileChannel(
                        path(first), (Set<? extends OpenOption>) given[1], (ExecutorService) given[2], (FileAttribute<?>
                                        [])
                                given[3]);
            case "newDirectoryStream" -> directory((Path) first, (DirectoryStream.Filter<? super Path>) given[1]);
            case "readSymbolicLink" -> StreamPath.plain(provider.readSymbolicLink(path(first)));
            case "isSameFile" -> provider.isSameFile(path(first), path(given[1]));
            case "deleteIfExists" -> provider.deleteIfExists(path(first));
            case "getFileStore" -> provider.getFileStore(path(first));
            case "existsPath" -> provider.exists(path(first), (LinkOption[]) given[1]);
            case "getFileAttributeView" ->
                provider.getFileAttributeView(
                        path(first), (Class<? extends FileAttributeView>) given[1], (LinkOption[]) given[2]);
            case "readAttributes" ->
                provider.readAttributes(
                        path(first), (Class<? extends BasicFileAttributes>) given[1], (LinkOption[]) given[2]);
            case "readNamed" -> provider.readAttributes(path(first), (String) given[1], (LinkOption[]) given[2]);
            case "toRealPath" -> StreamPath.plain(path(first).toRealPath((LinkOption[]) given[1]));
            case "isRegularFile" -> kind(path(first), ((LinkOption[]) given[1]).length == 0) == REGULAR;
            case "isDirectory" -> kind(path(first), ((LinkOption[]) given[1]).length == 0) == DIRECTORY;
            case "attributes" -> attributes(path(first), (Integer) given[1]);
            case "checkAccess" -> mayBeUsed(path(first), given);
            case "modified" -> Files.getLastModifiedTime(path(first)).toMillis();
            case "length" ->
                provider.readAttributes(path(first), BasicFileAttributes.class).size();
            case "list" -> list(path(first));
            case "canonicalize" -> canonical(path(first));
            case "step" -> step(given);
            case "space" -> space(path(first), (Integer) given[1]);
            case "register" ->
                register(path(first), (WatchService) given[1], (WatchEvent.Kind<?>[]) given[2], (WatchEvent.Modifier[])
                        given[3]);
            case "rename" -> rename(path(first), path(given[1]));
            default -> done(operation, first, given);
        };
    }

    /** The result takes the first argument's place, since an answer that is an exception would be thrown. */
    @SuppressWarnings("unchecked")
    private @Nullable Object step(Object[] given) throws IOException {
        String directory = (String) given[1];
        Path where = directory.isEmpty() ? territory.directory() : Path.of(directory);
        try {
            @Nullable Object[] results = given;
            results[0] = StepMethods.call(
                    new Scope.Builder(where).step((String) given[0]), (Class<?>) given[2], (Callable<@Nullable Object>)
                            given[3]);
            return null;
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e); // the hook knows what its method has thrown
        }
    }

    /** What answers with nothing, or with whether it was done. */
    private Object done(String operation, Object first, Object[] given) throws IOException {
        StreamPath path = path(first);
        switch (operation) {
            case "createDirectory" -> provider.createDirectory(path, (FileAttribute<?>[]) given[1]);
            case "createSymbolicLink" ->
                provider.createSymbolicLink(path, path(given[1]), (FileAttribute<?>[]) given[2]);
            case "createLink" -> provider.createLink(path, path(given[1]));
            case "delete", "remove" -> provider.delete(path);
            case "copy" -> provider.copy(path, path(given[1]), (CopyOption[]) given[2]);
            case "move" -> provider.move(path, path(given[1]), (CopyOption[]) given[2]);
            case "setAttribute" -> provider.setAttribute(path, (String) given[1], given[2], (LinkOption[]) given[3]);
            case "makeDirectory" -> provider.createDirectory(path);
            case "createExclusively" -> {
                try (FileChannel _ = provider.newFileChannel(
                        path, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW))) {
                    return true;
                } catch (FileAlreadyExistsException e) {
                    return false; // that is the answer
                } catch (FileSystemException e) {
                    throw new IOException(reason(e), e); // java.io names no file here
                }
            }
            case "setModified" -> Files.setLastModifiedTime(path, FileTime.fromMillis((Long) given[1]));
            case "setPermission" -> {
                int bits = (Integer) given[1];
                int mode = (Integer) Files.getAttribute(path, "unix:mode") & 07777;
                boolean isEnabled = (Boolean) given[2];
                Files.setAttribute(path, "unix:mode", isEnabled ? mode | bits : mode & ~bits);
            }
            default -> throw new IllegalArgumentException(operation);
        }
        return true;
    }

    private StreamPath path(Object given) {
        return provider.inFront(given instanceof Path plain ? plain : Path.of((String) given));
    }

    private static OpenOption[] options(int mode) {
        List<OpenOption> options = new ArrayList<>(List.of(StandardOpenOption.READ));
        if ((mode & WRITES) != 0) {
            options.addAll(List.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE));
        }
        if ((mode & SYNCS) != 0) {
            options.add(StandardOpenOption.SYNC);
        }
        if ((mode & SYNCS_DATA) != 0) {
            options.add(StandardOpenOption.DSYNC);
        }
        if ((mode & DELETES) != 0) {
            options.add(StandardOpenOption.DELETE_ON_CLOSE);
        }
        return options.toArray(OpenOption[]::new);
    }

    /** A channel of ours, or null when the path leads out: then the JDK opens it. */
    private @Nullable FileChannel opened(Object[] given, OpenOption... options) throws IOException {
        FileDescriptor descriptor = (FileDescriptor) given[0];
        StreamPath path = path(given[1]);
        if (isForAnotherProcess()) {
            return throughTheMount(path);
        }
        FileChannel channel;
        try {
            channel = provider.newFileChannel(path, new HashSet<>(List.of(options)));
        } catch (FileSystemException e) {
            throw notFound(path, reason(e), e);
        }
        if (!(channel instanceof StreamChannel ours)) {
            channel.close();
            return null;
        }
        if (ours.isOfDirectory()) {
            ours.close();
            throw notFound(path, "Is a directory", new FileSystemException(path.toString()));
        }
        StreamChannel stream = ours.uninterruptible();
        synchronized (channels) {
            channels.put(descriptor, stream);
        }
        return stream;
    }

    /** Is it a redirection, for which a process that is started gets the kernel's descriptor? */
    private static boolean isForAnotherProcess() {
        return StackWalker.getInstance()
                .walk(frames -> frames.limit(DEEP)
                        .anyMatch(frame -> frame.getClassName().equals("java.lang.ProcessImpl")));
    }

    private static @Nullable FileChannel throughTheMount(StreamPath path) throws IOException {
        Path directory = Objects.requireNonNull(path.absolute().getParent());
        if (Files.getFileStore(directory).type().equals("fuse.sluice")) {
            return null; // the JDK opens it there
        }
        throw new FileNotFoundException(
                path + " (a process can be redirected to or from a managed file only where there is"
                        + " a mount: serve the directory without --no-mount, or copy its output in the program)");
    }

    private static @Nullable String reason(FileSystemException e) {
        return switch (e) {
            case NoSuchFileException _ -> "No such file or directory";
            case java.nio.file.AccessDeniedException _ -> "Permission denied";
            default -> Crossing.plain(String.valueOf(e.getReason()));
        };
    }

    private static FileNotFoundException notFound(Path path, @Nullable String reason, IOException cause) {
        FileNotFoundException told = new FileNotFoundException(path + " (" + reason + ")");
        told.initCause(cause);
        return told;
    }

    private @Nullable FileChannel channelOf(FileDescriptor descriptor) {
        synchronized (channels) {
            return channels.get(descriptor);
        }
    }

    private static boolean setLength(FileChannel channel, long length) throws IOException {
        if (!channel.isOpen()) {
            throw new IOException("Stream Closed");
        }
        if (length < 0 || !((StreamChannel) channel).writes()) {
            throw new IOException("Invalid argument");
        }
        if (length < channel.size()) {
            channel.truncate(length);
        } else if (length > channel.size()) {
            channel.write(ByteBuffer.allocate(1), length - 1);
        }
        return true;
    }

    private DirectoryStream<Path> directory(Path plain, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        DirectoryStream<Path> entries =
                provider.newDirectoryStream(path(plain), entry -> filter.accept(StreamPath.plain(entry)));
        return new OtherEntries(entries, StreamPath::plain);
    }

    private int attributes(StreamPath path, int wanted) throws IOException {
        if (wanted == EXISTS) {
            return provider.exists(path) ? EXISTS : 0;
        }
        try {
            return EXISTS | kind(path, true);
        } catch (NoSuchFileException e) {
            return 0; // that is the answer
        }
    }

    /** What does not change when a file grows; so who asks for this alone does not wait until it is complete. */
    private static int kind(StreamPath path, boolean followsLinks) throws IOException {
        return Crossing.at(
                path,
                (door, inside) -> switch (door.kind(inside, followsLinks)) {
                    case Door.Status.REGULAR -> REGULAR;
                    case Door.Status.DIRECTORY -> DIRECTORY;
                    default -> 0;
                },
                (machine, outside) -> {
                    BasicFileAttributes found = machine.readAttributes(
                            outside, BasicFileAttributes.class, followsLinks ? FOLLOWS : NO_FOLLOW);
                    return found.isRegularFile() ? REGULAR : found.isDirectory() ? DIRECTORY : 0;
                });
    }

    /** Asked by modes, or by the bits that {@code java.io} has for them; an exception is the answer no. */
    private boolean mayBeUsed(StreamPath path, Object[] given) throws IOException {
        if (given[1] instanceof AccessMode[] modes) {
            provider.checkAccess(path, modes);
            return true;
        }
        int wanted = (Integer) given[1];
        List<AccessMode> modes = new ArrayList<>(3);
        if ((wanted & READ) != 0) {
            modes.add(AccessMode.READ);
        }
        if ((wanted & WRITE) != 0) {
            modes.add(AccessMode.WRITE);
        }
        if ((wanted & EXECUTE) != 0) {
            modes.add(AccessMode.EXECUTE);
        }
        provider.checkAccess(path, modes.toArray(AccessMode[]::new));
        return true;
    }

    private String[] list(StreamPath path) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = provider.newDirectoryStream(path, _ -> true)) {
            for (Path entry : entries) {
                names.add(String.valueOf(entry.getFileName()));
            }
        }
        return names.toArray(String[]::new);
    }

    /** Without links and dots, whether the file is there or not. */
    private static String canonical(StreamPath path) throws IOException {
        StreamPath whole = (StreamPath) path.toAbsolutePath().normalize();
        Path rest = null;
        for (Path there = whole; there != null; there = there.getParent()) {
            try {
                Path real = there.toRealPath();
                return (rest == null ? real : real.resolve(rest)).toString();
            } catch (FileSystemException e) {
                boolean isNotThere = e instanceof NoSuchFileException
                        || e.getCause() instanceof NotDirectoryException
                        || (rest == null && e.getCause() instanceof FileSystemLoopException);
                if (!isNotThere) {
                    throw e;
                }
                Path name = Objects.requireNonNull(there.getFileName());
                rest = rest == null ? name : name.resolve(rest); // and one up
            }
        }
        return whole.toString();
    }

    private long space(StreamPath path, int kind) throws IOException {
        return switch (kind) {
            case 0 -> provider.getFileStore(path).getTotalSpace();
            case 1 -> provider.getFileStore(path).getUnallocatedSpace();
            default -> provider.getFileStore(path).getUsableSpace();
        };
    }

    private WatchKey register(
            StreamPath directory, WatchService service, WatchEvent.Kind<?>[] kinds, WatchEvent.Modifier[] modifiers)
            throws IOException {
        lodgings.values().removeIf(lodging -> !lodging.isOpen());
        return lodgings.computeIfAbsent(service, made -> new Lodging(made, watches))
                .register(directory, kinds, modifiers);
    }

    /** As {@code rename(2)} does, which replaces what is there. */
    private boolean rename(StreamPath from, StreamPath to) throws IOException {
        try {
            provider.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false; // that is the answer
        }
    }
}
