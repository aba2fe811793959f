package dev.sluice.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the server of a managed directory is found: a lock, a socket and a log in a folder that is the user's alone.
 *
 * @param directory the managed directory, without links
 * @param folder the folder
 */
record Station(Path directory, Path folder) {
    private static final String NAME = "sluice";

    /** What fits into the address of a socket. */
    private static final int LONGEST_ADDRESS = 107;

    private static final int NAME_DIGITS = 32;
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** The station that a server of a directory takes; its folder is made. */
    static Station of(Path directory) throws IOException {
        Station first = all(directory).getFirst();
        Path folder = first.folder;
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
        } catch (FileAlreadyExistsException e) {
            // Perhaps not made by us: that is looked at now.
        }
        if (!isPrivate(folder)) {
            throw Refusal.failed(
                    folder + " must be a folder that is yours alone, with mode 700, and is not; remove it, or"
                            + " name another one's parent in XDG_RUNTIME_DIR");
        }
        return first;
    }

    /** Where a server of a directory may be: those who start it may have different environments. */
    static List<Station> all(Path directory) throws IOException {
        Path identity = identity(directory);
        List<Station> all = new ArrayList<>(2);
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null && runtime.startsWith("/") && isPrivate(Path.of(runtime))) {
            Station station = new Station(identity, Path.of(runtime, NAME));
            if (station.socket().toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_ADDRESS) {
                all.add(station);
            }
        }
        Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        all.add(new Station(identity, Path.of(System.getProperty("java.io.tmpdir"), NAME + "-" + user)));
        return all;
    }

    /** The directory itself may belong to a server that is dead, and cannot be asked then. */
    static Path identity(Path directory) throws IOException {
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

    /** A folder, no link, of this user, in which nobody else may do anything. */
    static boolean isPrivate(Path folder) throws IOException {
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

    private Path file(String kind) {
        return folder.resolve(hash().substring(0, NAME_DIGITS) + "." + kind);
    }

    /** {@return the SHA-256 of bytes, in hexadecimal} */
    static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has it", e);
        }
    }

    private String hash() {
        return digest(directory.toString().getBytes(StandardCharsets.UTF_8));
    }

    Path socket() {
        return file("socket");
    }

    /** What a server in the background prints. */
    Path log() {
        return file("log");
    }

    /** The right to be the server; it ends with the process, however that ends. Null when another one has it. */
    @Nullable
    Claim claim() throws IOException {
        return claim(0);
    }

    /** What is told when another one has the right. */
    Refusal taken() {
        return Refusal.failed(directory + " is served already, by sluice run or sluice serve; sluice status --dir "
                + directory + " tells how far that is, and sluice stop ends it");
    }

    /** The right to start a server in the background. Null when another one has it. */
    @Nullable
    Claim claimStart() throws IOException {
        return claim(1);
    }

    /** One file has the locks of all directories, each a byte of its own, so it is never removed. */
    private @Nullable Claim claim(int which) throws IOException {
        long place = HexFormat.fromHexDigitsToLong(hash(), 0, 16) >>> 2 << 1;
        FileChannel channel = FileChannel.open(
                folder.resolve("locks"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PRIVATE_FILE);
        FileLock lock = null;
        try {
            lock = channel.tryLock(place + which, 1, false);
        } catch (OverlappingFileLockException e) {
            // Another thread of this process has it.
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        return lock == null ? null : new Claim(channel);
    }

    /** A lock that is held. */
    record Claim(FileChannel channel) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
