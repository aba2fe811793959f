package dev.sluice.jvm;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Where the server of a managed directory is met: by a socket in a folder that is the user's alone.
 *
 * @param directory the managed directory, without links
 * @param folder the folder
 */
@SuppressWarnings("exports") // users need not have JSpecify
public record MeetingPoint(Path directory, Path folder) {
    private static final String NAME = "sluice";

    /** What fits into the address of a socket. */
    private static final int LONGEST_ADDRESS = 107;

    private static final int NAME_DIGITS = 32;
    private static final Path USUAL = Path.of("/tmp");

    /** As it was when this process began, if that is known: programs change the property. */
    private static volatile String temporary = System.getProperty("java.io.tmpdir");

    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    /** {@return the folder of temporary files in which servers are met} */
    static String temporary() {
        return temporary;
    }

    /** Says which it is, for one who is loaded later. */
    static void temporary(String folder) {
        temporary = folder;
    }

    /**
     * Lists where a server of a directory may be: those who start it may have different environments.
     *
     * @param directory the managed directory
     * @return the places, that where one of this process would be first
     * @throws IOException when there is no such directory
     */
    public static List<MeetingPoint> all(Path directory) throws IOException {
        Path identity = identity(directory);
        List<MeetingPoint> all = new ArrayList<>(2);
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null && runtime.startsWith("/") && isPrivate(Path.of(runtime))) {
            MeetingPoint point = new MeetingPoint(identity, Path.of(runtime, NAME));
            if (point.socket().toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_ADDRESS) {
                all.add(point);
            }
        }
        Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        all.add(new MeetingPoint(identity, Path.of(temporary, NAME + "-" + user)));
        return all;
    }

    /**
     * The same for who looks for one: also where the JDK has its temporary files by itself, as another one may be said for this
     * process alone.
     */
    static List<MeetingPoint> known(Path directory) throws IOException {
        List<MeetingPoint> places = new ArrayList<>(all(directory));
        MeetingPoint last = places.getLast();
        places.add(new MeetingPoint(last.directory, USUAL.resolve(String.valueOf(last.folder.getFileName()))));
        return places.stream().distinct().toList();
    }

    /**
     * Finds the path by which a directory is known. The directory itself may belong to a server that is dead, and cannot be asked
     * then.
     *
     * @param directory the directory
     * @return its path without links
     * @throws IOException when there is no such directory
     */
    public static Path identity(Path directory) throws IOException {
        try {
            return directory.toRealPath();
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            Path absolute = directory.toAbsolutePath().normalize();
            Path parent = absolute.getParent();
            Path name = absolute.getFileName();
            return parent == null || name == null
                    ? absolute
                    : parent.toRealPath().resolve(name);
        }
    }

    /**
     * Is it a folder, no link, of this user, in which nobody else may do anything?
     *
     * @param folder the folder
     * @return whether it is
     * @throws IOException when that cannot be asked
     */
    public static boolean isPrivate(Path folder) throws IOException {
        try {
            PosixFileAttributes found =
                    Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return found.isDirectory()
                    && found.owner().equals(Files.getOwner(Path.of("/proc/self")))
                    && found.permissions().equals(PRIVATE);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * Is the process at the other end of the user who runs this one? The kernel says so, not the process.
     *
     * @param channel a connection by a socket of files
     * @return whether it is
     * @throws IOException when that cannot be asked
     */
    public static boolean isOfSameUser(SocketChannel channel) throws IOException {
        return channel.getOption(ExtendedSocketOptions.SO_PEERCRED)
                .user()
                .equals(Files.getOwner(Path.of("/proc/self")));
    }

    /**
     * Connects with the server of a directory.
     *
     * @param directory the managed directory
     * @return the connection, or null when nobody serves it who is this user
     * @throws IOException when there is no such directory
     */
    public static @Nullable SocketChannel connect(Path directory) throws IOException {
        return connect(known(directory));
    }

    /** The same by the places where it may be, for who goes there again: the directory may be asked of that server by now. */
    static @Nullable SocketChannel connect(List<MeetingPoint> places) throws IOException {
        for (MeetingPoint point : places) {
            SocketChannel channel = isPrivate(point.folder) ? point.connect() : null;
            if (channel != null) {
                // A program that the agent has come into may have been started without that module: then the folder has
                // to do.
                boolean canAsk = ModuleLayer.boot().findModule("jdk.net").isPresent();
                if (!canAsk || isOfSameUser(channel)) {
                    return channel;
                }
                channel.close();
            }
        }
        return null;
    }

    private @Nullable SocketChannel connect() throws IOException {
        SocketChannel channel = null;
        boolean isConnected = false;
        try {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            isConnected = channel.connect(UnixDomainSocketAddress.of(socket()));
            return channel;
        } catch (IllegalArgumentException e) { // by UnixDomainSocketAddress, and it does not say why
            throw new IOException(
                    "a JVM whose default file system was replaced (java.nio.file.spi.DefaultFileSystemProvider) has no"
                            + " sockets of files, says the JDK, so it cannot talk to a server; leave that option out",
                    e);
        } catch (IOException e) {
            return null; // no socket, or that of a server that was killed
        } finally {
            if (channel != null && !isConnected) {
                channel.close();
            }
        }
    }

    /**
     * Finds a file that belongs to the directory's server.
     *
     * @param kind what it is
     * @return the file
     */
    public Path file(String kind) {
        return folder.resolve(hash().substring(0, NAME_DIGITS) + "." + kind);
    }

    /** {@return the socket} */
    public Path socket() {
        return file("socket");
    }

    /** {@return what stands for the directory: the SHA-256 of its path, in hexadecimal} */
    public String hash() {
        return digest(directory.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Computes a SHA-256.
     *
     * @param bytes of these bytes
     * @return it, in hexadecimal
     */
    public static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has it", e);
        }
    }
}
