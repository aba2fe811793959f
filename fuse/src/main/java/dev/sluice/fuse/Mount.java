package dev.sluice.fuse;

import dev.sluice.linux.Availability;
import dev.sluice.linux.Errno;
import dev.sluice.linux.Linux;
import dev.sluice.linux.Mounts;
import dev.sluice.linux.OpenFlag;
import dev.sluice.stream.Node;
import dev.sluice.stream.Session;
import dev.sluice.stream.Workflow;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A directory whose files this process serves to all others, over {@code /dev/fuse}. What was in the directory is hidden
 * until it is unmounted. Safe for use by many threads.
 */
public final class Mount implements AutoCloseable {
    /** Tells to which step a thread belongs. */
    @FunctionalInterface
    @SuppressWarnings("exports") // @Nullable: who uses this need not have its jar
    public interface Callers {
        /**
         * Tells to which step a thread belongs. Asked often, so it should know most threads already.
         *
         * @param task the thread's number, as the kernel gives it
         * @return the step's session, or null when it belongs to none
         */
        @Nullable
        Session session(int task);
    }

    static final String NAME = "sluice";
    private static final System.Logger LOG = System.getLogger(Mount.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String KERNEL_OPTIONS = "max_read=" + Exchange.MOST;
    private static final Path SETTINGS = Path.of("/etc/fuse.conf");

    private final Path directory;
    private final String device;
    private final Connection connection;
    private final @Nullable Watchdog watchdog;
    private final List<String> notes;

    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final ReentrantLock closing = new ReentrantLock();

    private Mount(
            Path directory, String device, Connection connection, @Nullable Watchdog watchdog, List<String> notes) {
        this.directory = directory;
        this.device = device;
        this.connection = connection;
        this.watchdog = watchdog;
        this.notes = List.copyOf(notes);
    }

    /** {@return whether directories can be mounted here, and if not, why} */
    public static Availability availability() {
        return Mounts.availability();
    }

    /**
     * Removes the mount of a server that was killed, if there is one. Such a directory cannot be entered or listed, so this
     * comes before anything else is done with it; {@link #over} does it too.
     *
     * @param directory the directory
     * @return whether there was one
     * @throws IOException when it cannot be unmounted
     */
    public static boolean cleanUp(Path directory) throws IOException {
        Path place = place(directory);
        boolean found = false;
        while (Mounts.typeOf(place).equals("fuse." + NAME) && isDead(place)) {
            Mounts.detach(place);
            found = true;
        }
        return found;
    }

    private static boolean isDead(Path place) {
        int fd = Linux.open(place, OpenFlag.READ_ONLY.bits() | OpenFlag.CLOSE_ON_EXEC.bits(), 0);
        if (fd >= 0) {
            Linux.close(fd);
        }
        return fd == Errno.ENOTCONN.negated() || fd == Errno.ECONNABORTED.negated();
    }

    /** A path without links as far as that can be asked: not of the directory itself, whose server may be dead. */
    private static Path place(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        Path name = absolute.getFileName();
        return parent == null || name == null ? absolute : parent.toRealPath().resolve(name);
    }

    /**
     * Mounts a workflow's files over its managed directory.
     *
     * @param workflow the workflow, opened before
     * @param callers tells to which step a thread belongs
     * @param options how
     * @return the mount
     * @throws IOException when it cannot be mounted
     */
    public static Mount over(Workflow workflow, Callers callers, MountOptions options) throws IOException {
        return over(workflow.directory(), new Door(workflow.tree(), callers, options.tier()), options);
    }

    static Mount over(Path where, Service service, MountOptions options) throws IOException {
        Availability availability = availability();
        if (!availability.available()) {
            throw new FileSystemException(where.toString(), null, availability.reason());
        }
        List<String> notes = new ArrayList<>();
        if (cleanUp(where)) {
            notes.add("The mount of a server that was killed was found on " + where + " and removed.");
        }
        if (!Files.isDirectory(where)) {
            throw new NotDirectoryException(where.toString());
        }
        Path directory = where.toRealPath();
        Wakefulness wakefulness = Wakefulness.of(options.awake());
        Watchdog watchdog = options.watchdog() ? Watchdog.over(directory) : null;
        int fd;
        try {
            fd = mount(directory);
        } catch (IOException | RuntimeException | Error e) {
            wakefulness.close();
            if (watchdog != null) {
                watchdog.close();
            }
            throw e;
        }
        Connection connection = new Connection(fd, service, options.threads(), wakefulness);
        String device = "";
        boolean isMounted = false;
        try {
            connection.start();
            if (connection.agreement(PATIENCE) == null) {
                throw new FileSystemException(
                        directory.toString(), null, "mounting failed: the kernel did not say what it can do in time");
            }
            service.checkTier(directory);
            device = Mounts.deviceOf(directory);
            if (watchdog != null) {
                watchdog.watches(device);
            } else if (options.watchdog()) {
                notes.add("No watchdog could be started: if this process is killed, unmount " + directory
                        + " with: umount -l " + directory);
            }
            Mount mount = new Mount(directory, device, connection, watchdog, notes);
            isMounted = true;
            return mount;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FileSystemException(directory.toString(), null, "mounting was interrupted");
        } finally {
            if (!isMounted) {
                unmount(directory, device, connection);
                wakefulness.close(); // also when no thread could be started, whose it would be
                if (watchdog != null) {
                    watchdog.close();
                }
            }
        }
    }

    /**
     * Has the watchdog end processes when this one is killed, before it unmounts: without the mount they would go on in the
     * directory below, where what they leave half done would be taken for a result.
     *
     * @param mark how a variable in their environment begins, with its name
     */
    public void endWithUs(String mark) {
        if (watchdog != null) {
            watchdog.ends(mark);
        }
    }

    /** By the kernel's own call, or else by fusermount3. */
    private static int mount(Path directory) throws IOException {
        int fd = Mounts.openDevice();
        if (fd < 0) {
            throw Errno.exception(fd, "/dev/fuse", "opening");
        }
        int result = Mounts.mount(fd, directory, NAME, KERNEL_OPTIONS + ",allow_other");
        if (result >= 0) {
            return fd;
        }
        Linux.close(fd);
        if (result == Errno.EINVAL.negated()) {
            throw new FileSystemException(
                    directory.toString(),
                    null,
                    "the kernel lets nothing be mounted over this directory (EINVAL); take another one as managed"
                            + " directory");
        }
        if (result != Errno.EPERM.negated()) {
            throw Errno.exception(result, directory.toString(), "mounting");
        }
        return Mounts.mountAsUser(directory, NAME, KERNEL_OPTIONS + (maySayAllowOther() ? ",allow_other" : ""));
    }

    private static boolean maySayAllowOther() {
        try {
            return Files.readAllLines(SETTINGS).stream()
                    .anyMatch(line -> line.strip().equals("user_allow_other"));
        } catch (IOException e) {
            return false;
        }
    }

    /** {@return the directory, without links} */
    public Path directory() {
        return directory;
    }

    /** {@return what was found and done when it was mounted that a user wants to know, as sentences} */
    public List<String> notes() {
        return notes;
    }

    /** {@return the number of the mount's device, as the kernel's table has it: {@code 0:57}} */
    public String device() {
        return device;
    }

    /** {@return how many requests wait for a file} */
    public int waiting() {
        return connection.waiting();
    }

    /**
     * Makes the kernel forget what it keeps of a file, because it has changed by another way than this mount. It keeps only
     * what is {@linkplain dev.sluice.stream.Attributes#isSettled settled}.
     *
     * @param file the file
     * @return whether the kernel knew it
     */
    public boolean forget(Node file) {
        return connection.forget(file);
    }

    /**
     * Makes the kernel forget where a name leads, because it has changed by another way than this mount.
     *
     * @param directory the directory
     * @param name the name, one char for each byte
     * @return whether the kernel knew it
     */
    public boolean forget(Node directory, String name) {
        return connection.forget(directory.id(), name);
    }

    /** {@return who keeps, in the kernel, what a workflow has told it by this mount} */
    public Workflow.Keeper keeper() {
        return new Workflow.Keeper() {
            @Override
            public void described(Node node) {
                connection.forget(node, Device.NO_BYTES);
            }

            @Override
            public void written(Node node) {
                connection.forget(node, 0);
            }

            @Override
            public void moved(Node directory, String name) {
                boolean _ = connection.forget(directory.id(), name);
            }
        };
    }

    /** {@return whether it has been unmounted, by {@link #close} or by somebody else} */
    public boolean hasEnded() {
        return connection.crew().hasEnded();
    }

    @Nullable
    Watchdog watchdog() {
        return watchdog;
    }

    /**
     * Unmounts. Requests that wait are ended with EINTR, and who still has files open in it gets ENOTCONN from now on.
     *
     * @throws IOException when it cannot be unmounted
     */
    @Override
    public void close() throws IOException {
        closing.lock(); // who comes second waits until all is over: a process that ends meanwhile could not be ended
        try {
            if (isClosed.getAndSet(true)) {
                return;
            }
            try {
                unmount(directory, device, connection);
            } finally {
                if (watchdog != null) {
                    watchdog.close();
                }
            }
        } finally {
            closing.unlock();
        }
    }

    /** A directory above may have got another name meanwhile; that of the mount itself keeps its own. */
    private static void unmount(Path directory, String device, Connection connection) throws IOException {
        try {
            if (!connection.crew().hasEnded()) {
                Mounts.detach(Mounts.placeOf(device).orElse(directory));
            }
        } finally {
            connection.end();
            stop(connection);
        }
    }

    /**
     * Nothing here may ask the mount itself for anything: a process that is killed while one of its threads waits for
     * another one's answer never ends, since the kernel keeps the device open until all of its threads are gone.
     */
    private static void stop(Connection connection) {
        try {
            if (!connection.crew().awaitClosed(PATIENCE)) {
                LOG.log(System.Logger.Level.WARNING, "a thread of the mount is busy and could not be ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
