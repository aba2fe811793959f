package dev.sluice.jvm;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the patched classes of the JDK call. The agent moves its compiled form into {@code java.base}, under the name
 * {@link Moved#NAME}, because only what is in there can be called from in there; so nothing but the JDK may be used here, no
 * lambda and no string is put together by {@code +} (both cost a start milliseconds), and there are no nested classes.
 *
 * <p>A method is either a question whether a path is managed, which must cost next to nothing, or it does what the patched
 * method of the same name would have done. What needs more than the JDK is asked of {@link #far}, by the name of the operation.
 *
 * <p>{@link PathHook} is its other half, for {@code java.nio.file}; {@link EndHook} is about the end of the program.
 *
 * <p>Its static fields are set once, before anything is managed; safe for use by many threads.
 */
@SuppressWarnings({"unused", "UnusedMethod"}) // its callers are patched into the JDK
final class Hook implements Callable<@Nullable Object> {
    /**
     * What the managed directory is called: its name as it was said, and without links; the second may be the first. Before it is
     * known, what no path begins with.
     */
    private static String root = "\0";

    private static String real = "\0";

    /** The two names as seen from the current directory; empty if they do not lie below it. */
    private static String below = "";

    private static String realBelow = "";

    /** Does the current directory lie in the managed one? */
    private static boolean isAtHome;

    private static String current = "";

    /** Answers with what came out, or with what is to be thrown. */
    private static @Nullable BiFunction<String, Object[], @Nullable Object> far;

    /** The threads for which nothing is managed: they are in {@link #far}, or were started there, and may use files itself. */
    private static final ThreadLocal<Boolean> NATIVE = new InheritableThreadLocal<>();

    /** The method of whose body it is the turn in this thread, which has begun as a step. */
    private static final ThreadLocal<String> BODY = new ThreadLocal<>();

    // Of a call that is a step; an instance is one, and belongs to its thread.
    private final String method;
    private final MethodHandle body;
    private final Object[] arguments;
    private final @Nullable Boolean before;
    private @Nullable Throwable thrown;

    private Hook(String method, MethodHandle body, Object[] arguments) {
        this.method = method;
        this.body = body;
        this.arguments = arguments;
        before = NATIVE.get();
    }

    @SuppressWarnings("unchecked")
    public static void install(Object[] given) {
        far = (BiFunction<String, Object[], @Nullable Object>) given[3]; // before anything is managed
        EndHook.begin((Thread) given[4]);
        root = (String) given[0];
        real = (String) given[1];
        current = (String) given[2];
        isAtHome = startsWith(current, root) || startsWith(current, real);
        below = seenFrom(current, root);
        realBelow = seenFrom(current, real);
    }

    /** {@return whether somebody is there to be asked} */
    public static boolean isInstalled() {
        return far != null;
    }

    private static String seenFrom(String directory, String path) {
        String start = directory.equals("/") ? directory : directory.concat("/");
        return path.startsWith(start) ? path.substring(start.length()) : "";
    }

    // Which paths are managed.

    public static boolean isManaged(@Nullable String path) {
        return path != null && lies(path) && NATIVE.get() == null;
    }

    public static boolean isManaged(@Nullable File file) {
        return file != null && isManaged(file.getPath());
    }

    public static boolean isManaged(@Nullable Path path) {
        return path != null && isManaged(path.toString());
    }

    public static boolean isManaged(@Nullable File one, @Nullable File other) {
        return isManaged(one) || isManaged(other);
    }

    public static boolean isManaged(@Nullable Path one, @Nullable Path other) {
        return isManaged(one) || isManaged(other);
    }

    private static boolean lies(String path) {
        if (path.isEmpty()) {
            return isAtHome;
        }
        if (path.indexOf("./") >= 0 || path.charAt(path.length() - 1) == '.') { // perhaps `.` or `..`
            String whole = withoutDots(
                    path.charAt(0) == '/' ? path : current.concat("/").concat(path));
            return startsWith(whole, root) || startsWith(whole, real);
        }
        if (path.charAt(0) == '/') {
            return startsWith(path, root) || startsWith(path, real);
        }
        return isAtHome
                || (!below.isEmpty() && startsWith(path, below))
                || (!realBelow.isEmpty() && startsWith(path, realBelow));
    }

    private static boolean startsWith(String path, String start) {
        int length = start.length();
        return path.startsWith(start) && (path.length() == length || path.charAt(length) == '/');
    }

    private static String withoutDots(String path) {
        StringBuilder whole = new StringBuilder(path.length());
        int end;
        for (int from = 0; from < path.length(); from = end + 1) {
            end = path.indexOf('/', from);
            end = end < 0 ? path.length() : end;
            int length = end - from;
            if (length == 2 && path.startsWith("..", from)) {
                whole.setLength(Math.max(whole.lastIndexOf("/"), 0));
            } else if (length > 1 || (length == 1 && path.charAt(from) != '.')) {
                whole.append('/').append(path, from, end);
            }
        }
        return whole.toString();
    }

    /** Is this a stream's channel, and one of ours? The JDK puts nothing but its own class there. */
    public static boolean isOurs(@Nullable FileChannel channel) {
        return channel != null && !channel.getClass().getName().equals("sun.nio.ch.FileChannelImpl");
    }

    static @Nullable Object ask(String operation, @Nullable Object... arguments) throws IOException {
        BiFunction<String, Object[], @Nullable Object> there = far;
        if (there == null) {
            throw new IllegalStateException("the agent of Sluice is not there yet");
        }
        Object answer;
        Boolean before = NATIVE.get();
        NATIVE.set(Boolean.TRUE);
        try {
            answer = there.apply(operation, arguments);
        } finally {
            NATIVE.set(before); // some threads are there for good
        }
        return thrown(answer);
    }

    private static @Nullable Object thrown(@Nullable Object answer) throws IOException {
        if (answer instanceof IOException e) {
            throw e;
        }
        if (answer instanceof RuntimeException e) {
            throw e;
        }
        if (answer instanceof Error e) {
            throw e;
        }
        return answer;
    }

    /** For methods that tell of errors by a value. */
    static @Nullable Object tryTo(String operation, @Nullable Object other, @Nullable Object... arguments) {
        try {
            return ask(operation, arguments);
        } catch (IOException e) {
            return other; // as the JDK's own method does
        }
    }

    // Methods that are steps.

    /** {@return whether this call of a method is to be a run of its step; else it is the turn of its body} */
    public static boolean isStep(String method) {
        if (method.equals(BODY.get())) {
            BODY.remove();
            return false;
        }
        return far != null;
    }

    /** Calls a method once more, as a run of a step. */
    public static @Nullable Object step(
            String method, String step, String directory, boolean tellsAll, MethodHandle body, Object[] arguments)
            throws Throwable {
        Hook call = new Hook(method, body, arguments);
        Object[] asked = {step, directory, body.type().returnType(), call};
        try {
            ask("step", asked);
            return asked[0];
        } catch (IOException | RuntimeException | Error e) {
            if (call.thrown != null) {
                throw call.thrown;
            }
            throw e instanceof IOException told && !tellsAll ? new java.io.UncheckedIOException(told) : e;
        }
    }

    /** The body's turn: with files as they were before the step was asked for. */
    @Override
    public @Nullable Object call() throws Exception {
        NATIVE.set(before);
        BODY.set(method);
        try {
            return body.invokeWithArguments(arguments);
        } catch (Throwable e) {
            thrown = e;
            throw e instanceof Exception plain ? plain : new IllegalStateException(e);
        } finally {
            BODY.remove();
            NATIVE.set(Boolean.TRUE);
        }
    }

    // FileInputStream, FileOutputStream, RandomAccessFile.

    /** {@return the channel of a managed file, or null when the JDK is to open it} */
    public static @Nullable FileChannel open(FileDescriptor descriptor, String path) throws FileNotFoundException {
        return isManaged(path) ? opened("openForReading", descriptor, path) : null;
    }

    /** The same for who writes. */
    public static @Nullable FileChannel open(FileDescriptor descriptor, String path, boolean isAppending)
            throws FileNotFoundException {
        return isManaged(path) ? opened(isAppending ? "openForAppending" : "openForWriting", descriptor, path) : null;
    }

    /** The same for who does both. */
    public static @Nullable FileChannel open(FileDescriptor descriptor, String path, int mode)
            throws FileNotFoundException {
        return isManaged(path) ? opened("openAnywhere", descriptor, path, mode) : null;
    }

    private static @Nullable FileChannel opened(String operation, Object... arguments) throws FileNotFoundException {
        try {
            return (FileChannel) ask(operation, arguments);
        } catch (FileNotFoundException e) {
            throw e;
        } catch (IOException e) {
            FileNotFoundException told = new FileNotFoundException(e.getMessage());
            told.initCause(e);
            throw told;
        }
    }

    /** {@return the channel of the stream from which another one takes its descriptor, if it is ours} */
    public static @Nullable FileChannel channelOf(@Nullable FileDescriptor descriptor) {
        return descriptor == null || descriptor.valid() ? null : (FileChannel) tryTo("channelOf", null, descriptor);
    }

    private static IOException closed(FileChannel channel, IOException e) {
        boolean isPlain = e.getClass().getName().equals("java.nio.channels.ClosedChannelException");
        return isPlain && !channel.isOpen() ? new IOException("Stream Closed", e) : e;
    }

    public static int read(FileChannel channel) throws IOException {
        byte[] one = new byte[1];
        return read(channel, one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    public static int read(FileChannel channel, byte[] into) throws IOException {
        return read(channel, into, 0, into.length);
    }

    public static int read(FileChannel channel, byte[] into, int from, int length) throws IOException {
        java.util.Objects.checkFromIndexSize(from, length, into.length);
        if (length == 0) {
            return 0;
        }
        try {
            return channel.read(ByteBuffer.wrap(into, from, length));
        } catch (IOException e) {
            throw closed(channel, e);
        }
    }

    public static int readBytes(FileChannel channel, byte[] into, int from, int length) throws IOException {
        return read(channel, into, from, length);
    }

    public static void write(FileChannel channel, int value) throws IOException {
        write(channel, new byte[] {(byte) value}, 0, 1);
    }

    public static void write(FileChannel channel, byte[] bytes) throws IOException {
        write(channel, bytes, 0, bytes.length);
    }

    public static void write(FileChannel channel, byte[] bytes, int from, int length) throws IOException {
        java.util.Objects.checkFromIndexSize(from, length, bytes.length);
        try {
            ByteBuffer left = ByteBuffer.wrap(bytes, from, length);
            while (left.hasRemaining()) {
                channel.write(left);
            }
        } catch (java.nio.channels.NonWritableChannelException e) {
            throw new IOException("Bad file descriptor", e);
        } catch (IOException e) {
            throw closed(channel, e);
        }
    }

    public static void writeBytes(FileChannel channel, byte[] bytes, int from, int length) throws IOException {
        write(channel, bytes, from, length);
    }

    /** A managed file may grow while it is read, so nobody is to rely on its size. */
    public static boolean isRegularFile(FileChannel channel) {
        return false;
    }

    public static long skip(FileChannel channel, long count) throws IOException {
        try {
            long position = channel.position();
            if (position + count < 0) {
                throw new IOException("Invalid argument");
            }
            channel.position(position + count);
            return count;
        } catch (IOException e) {
            throw closed(channel, e);
        }
    }

    public static int available(FileChannel channel) throws IOException {
        return Math.clamp(length(channel) - getFilePointer(channel), 0, Integer.MAX_VALUE);
    }

    public static long length(FileChannel channel) throws IOException {
        try {
            return channel.size();
        } catch (IOException e) {
            throw closed(channel, e);
        }
    }

    private static long getFilePointer(FileChannel channel) throws IOException {
        try {
            return channel.position();
        } catch (IOException e) {
            throw closed(channel, e);
        }
    }

    /** Instead of {@code RandomAccessFile.getFilePointer}, which is native, so that its callers are patched. */
    public static long getFilePointer(RandomAccessFile file) throws IOException {
        return isManagedFile(file) ? getFilePointer(file.getChannel()) : file.getFilePointer();
    }

    /** Is it a file, and one of ours? A managed file has no descriptor of the kernel's. */
    public static boolean isManagedFile(@Nullable Object object) throws IOException {
        return object instanceof RandomAccessFile file && channelOf(file.getFD()) != null;
    }

    public static void seek(FileChannel channel, long position) throws IOException {
        if (position < 0) {
            throw new IOException("Negative seek offset");
        }
        try {
            channel.position(position);
        } catch (IOException e) {
            throw closed(channel, e);
        }
    }

    public static int skipBytes(FileChannel channel, int count) throws IOException {
        if (count <= 0) {
            return 0;
        }
        seek(channel, getFilePointer(channel)); // which tells of a closed one as java.io does
        return (int) PathHook.skip(channel, count);
    }

    public static void setLength(FileChannel channel, long length) throws IOException {
        ask("setLength", channel, length);
    }

    public static @Nullable String implReadLine(FileChannel channel) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int next = read(channel);
            if (next < 0) {
                return line.isEmpty() ? null : line.toString();
            }
            if (next == '\r') {
                long behind = getFilePointer(channel);
                if (read(channel) != '\n') {
                    seek(channel, behind);
                }
            }
            if (next == '\n' || next == '\r') {
                return line.toString();
            }
            line.append((char) next);
        }
    }

    // FileDescriptor.

    /** {@return whether it was one of ours, and is on safe ground now} */
    public static boolean sync(FileDescriptor descriptor) throws java.io.SyncFailedException {
        FileChannel channel = channelOf(descriptor);
        if (channel == null) {
            return false;
        }
        try {
            channel.force(true);
            return true;
        } catch (IOException e) {
            java.io.SyncFailedException told = new java.io.SyncFailedException("sync failed");
            told.initCause(e);
            throw told;
        }
    }

    // java.io.UnixFileSystem.

    public static String canonicalize(String path) throws IOException {
        return (String) java.util.Objects.requireNonNull(ask("canonicalize", path));
    }

    public static int getBooleanAttributes(File file) {
        return attributes(file, -1);
    }

    public static boolean hasBooleanAttributes(File file, int wanted) {
        return (attributes(file, wanted) & wanted) == wanted;
    }

    private static int attributes(File file, int wanted) {
        int hidden = 8;
        int found =
                (Integer) java.util.Objects.requireNonNull(tryTo("attributes", 0, file.getPath(), wanted & ~hidden));
        return file.getName().startsWith(".") ? found | hidden : found;
    }

    public static boolean checkAccess(File file, int wanted) {
        return Boolean.TRUE.equals(tryTo("checkAccess", false, file.getPath(), wanted));
    }

    public static long getLastModifiedTime(File file) {
        return (Long) java.util.Objects.requireNonNull(tryTo("modified", 0L, file.getPath()));
    }

    public static long getLength(File file) {
        return (Long) java.util.Objects.requireNonNull(tryTo("length", 0L, file.getPath()));
    }

    public static boolean setPermission(File file, int which, boolean isEnabled, boolean isForOwnerOnly) {
        int bits = which * (isForOwnerOnly ? 0100 : 0111);
        return Boolean.TRUE.equals(tryTo("setPermission", false, file.getPath(), bits, isEnabled));
    }

    public static boolean setReadOnly(File file) {
        return Boolean.TRUE.equals(tryTo("setPermission", false, file.getPath(), 0222, false));
    }

    public static boolean createFileExclusively(String path) throws IOException {
        return Boolean.TRUE.equals(ask("createExclusively", path));
    }

    public static boolean delete(File file) {
        return Boolean.TRUE.equals(tryTo("remove", false, file.getPath()));
    }

    public static String @Nullable [] list(File file) {
        return (String[]) tryTo("list", null, file.getPath());
    }

    public static boolean createDirectory(File file) {
        return Boolean.TRUE.equals(tryTo("makeDirectory", false, file.getPath()));
    }

    public static boolean rename(File from, File to) {
        return Boolean.TRUE.equals(tryTo("rename", false, from.getPath(), to.getPath()));
    }

    public static boolean setLastModifiedTime(File file, long millis) {
        return Boolean.TRUE.equals(tryTo("setModified", false, file.getPath(), millis));
    }

    public static long getSpace(File file, int kind) {
        return (Long) java.util.Objects.requireNonNull(tryTo("space", 0L, file.getPath(), kind));
    }
}
