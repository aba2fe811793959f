package dev.sluice.jvm;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * What the patched classes behind {@code java.nio.file} call: the provider of the JDK's own file system, and its paths. What holds
 * for {@link Hook} holds here. Stateless; safe for use by many threads.
 */
@SuppressWarnings({"unused", "UnusedMethod"}) // its callers are patched into the JDK
final class PathHook {
    /** What is moved at once. */
    private static final int PIECE = 1 << 16;

    private PathHook() {}

    public static FileChannel newFileChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>[] attributes) throws IOException {
        return (FileChannel) java.util.Objects.requireNonNull(Hook.ask("newFileChannel", path, options, attributes));
    }

    public static SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>[] attributes) throws IOException {
        return (SeekableByteChannel)
                java.util.Objects.requireNonNull(Hook.ask("newByteChannel", path, options, attributes));
    }

    public static AsynchronousFileChannel newAsynchronousFileChannel(
            Path path,
            Set<? extends OpenOption> options,
            @Nullable ExecutorService executor,
            FileAttribute<?>[] attributes)
            throws IOException {
        return (AsynchronousFileChannel) java.util.Objects.requireNonNull(
                Hook.ask("newAsynchronousFileChannel", path, options, executor, attributes));
    }

    @SuppressWarnings("unchecked")
    public static DirectoryStream<Path> newDirectoryStream(Path path, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        return (DirectoryStream<Path>) java.util.Objects.requireNonNull(Hook.ask("newDirectoryStream", path, filter));
    }

    public static void createDirectory(Path path, FileAttribute<?>[] attributes) throws IOException {
        Hook.ask("createDirectory", path, attributes);
    }

    public static void createSymbolicLink(Path path, Path target, FileAttribute<?>[] attributes) throws IOException {
        Hook.ask("createSymbolicLink", path, target, attributes);
    }

    public static void createLink(Path path, Path existing) throws IOException {
        Hook.ask("createLink", path, existing);
    }

    public static Path readSymbolicLink(Path path) throws IOException {
        return (Path) java.util.Objects.requireNonNull(Hook.ask("readSymbolicLink", path));
    }

    public static void delete(Path path) throws IOException {
        Hook.ask("delete", path);
    }

    public static boolean deleteIfExists(Path path) throws IOException {
        return (Boolean) java.util.Objects.requireNonNull(Hook.ask("deleteIfExists", path));
    }

    public static void copy(Path path, Path target, CopyOption[] options) throws IOException {
        Hook.ask("copy", path, target, options);
    }

    public static void move(Path path, Path target, CopyOption[] options) throws IOException {
        Hook.ask("move", path, target, options);
    }

    public static boolean isSameFile(Path path, Path other) throws IOException {
        return (Boolean) java.util.Objects.requireNonNull(Hook.ask("isSameFile", path, other));
    }

    public static boolean isHidden(Path path) {
        Path name = path.getFileName();
        return name != null && name.toString().startsWith(".");
    }

    public static FileStore getFileStore(Path path) throws IOException {
        return (FileStore) java.util.Objects.requireNonNull(Hook.ask("getFileStore", path));
    }

    public static void checkAccess(Path path, AccessMode[] modes) throws IOException {
        Hook.ask("checkAccess", path, modes);
    }

    public static boolean isReadable(Path path) {
        return allows(path, AccessMode.READ);
    }

    public static boolean isWritable(Path path) {
        return allows(path, AccessMode.WRITE);
    }

    public static boolean isExecutable(Path path) {
        return allows(path, AccessMode.EXECUTE);
    }

    private static boolean allows(Path path, AccessMode mode) {
        try {
            checkAccess(path, new AccessMode[] {mode});
            return true;
        } catch (IOException e) {
            return false; // that is the answer
        }
    }

    /** Is it a path of the JDK's own file system, and managed? */
    public static boolean isManaged(@Nullable Path path) {
        return Hook.isManaged(path)
                && java.util.Objects.requireNonNull(path)
                        .getFileSystem()
                        .equals(java.nio.file.FileSystems.getDefault());
    }

    public static boolean isRegularFile(Path path, LinkOption[] options) {
        return Boolean.TRUE.equals(Hook.tryTo("isRegularFile", false, path, options));
    }

    public static boolean isDirectory(Path path, LinkOption[] options) {
        return Boolean.TRUE.equals(Hook.tryTo("isDirectory", false, path, options));
    }

    public static boolean exists(Path path, LinkOption[] options) {
        return Boolean.TRUE.equals(Hook.tryTo("existsPath", false, path, options));
    }

    @SuppressWarnings("unchecked")
    public static <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption[] options) {
        return (V) Hook.tryTo("getFileAttributeView", null, path, type, options);
    }

    @SuppressWarnings("unchecked")
    public static <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption[] options)
            throws IOException {
        return (A) java.util.Objects.requireNonNull(Hook.ask("readAttributes", path, type, options));
    }

    public static <A extends BasicFileAttributes> @Nullable A readAttributesIfExists(
            Path path, Class<A> type, LinkOption[] options) throws IOException {
        try {
            return readAttributes(path, type, options);
        } catch (java.nio.file.NoSuchFileException e) {
            return null; // so says the Javadoc
        }
    }

    @SuppressWarnings("unchecked")
    public static Map<String, Object> readAttributes(Path path, String attributes, LinkOption[] options)
            throws IOException {
        return (Map<String, Object>) java.util.Objects.requireNonNull(Hook.ask("readNamed", path, attributes, options));
    }

    public static void setAttribute(Path path, String attribute, Object value, LinkOption[] options)
            throws IOException {
        Hook.ask("setAttribute", path, attribute, value, options);
    }

    public static WatchKey register(
            Path path, WatchService service, WatchEvent.Kind<?>[] kinds, WatchEvent.Modifier[] modifiers)
            throws IOException {
        return (WatchKey) java.util.Objects.requireNonNull(
                Hook.ask("register", path, java.util.Objects.requireNonNull(service), kinds, modifiers));
    }

    public static Path toRealPath(Path path, LinkOption[] options) throws IOException {
        return (Path) java.util.Objects.requireNonNull(Hook.ask("toRealPath", path, options));
    }

    // Channels that are streams.

    /** Is it a channel of ours? */
    public static boolean isOurs(@Nullable Channel channel) {
        return channel != null && channel.getClass().getName().equals("dev.sluice.jvm.StreamChannel");
    }

    /** Where the JDK makes its own channel one that interrupts do not close. */
    public static void calm(@Nullable Channel channel) throws IOException {
        if (isOurs(channel)) {
            Hook.ask("calm", channel);
        }
    }

    /** As the Javadoc has it; the JDK's own goes by the channel's size, which is not known as long as the file grows. */
    public static long skip(ReadableByteChannel given, long count) throws IOException {
        FileChannel channel = (FileChannel) given;
        long start = channel.position();
        if (count <= 0 || count <= channel.size() - start) {
            channel.position(Math.max(0, start + count));
            return channel.position() - start;
        }
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(count, PIECE));
        long left = count;
        while (left > 0) {
            int read = channel.read(piece.clear().limit((int) Math.min(left, PIECE)));
            if (read < 0) {
                break;
            }
            left -= read;
        }
        return count - left;
    }

    /** The same, to the end. */
    public static long transferTo(ReadableByteChannel channel, OutputStream out) throws IOException {
        java.util.Objects.requireNonNull(out, "out");
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        long moved = 0;
        while (true) {
            int read = channel.read(piece.clear());
            if (read < 0) {
                return moved;
            }
            out.write(piece.array(), 0, read);
            moved += read;
        }
    }
}
