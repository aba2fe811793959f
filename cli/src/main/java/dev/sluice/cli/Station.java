package dev.sluice.cli;

import dev.sluice.jvm.MeetingPoint;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The place of a managed directory's server: a lock, a socket and a log in a folder that is the user's alone.
 *
 * @param point where it is met
 */
record Station(MeetingPoint point) {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** The station that a server of a directory takes; its folder is made. */
    static Station of(Path directory) throws IOException {
        MeetingPoint first = MeetingPoint.all(directory).getFirst();
        Path folder = first.folder();
        if (!isMade(folder)) {
            throw Refusal.failed(
                    folder + " must be a folder that is yours alone, with mode 700, and is not; remove it, or"
                            + " name another one's parent in XDG_RUNTIME_DIR");
        }
        return new Station(first);
    }

    /** {@return whether there is this folder now, and it is the user's alone} */
    static boolean isMade(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
        } catch (FileAlreadyExistsException e) {
            // Perhaps not made by us: that is looked at now.
        }
        return MeetingPoint.isPrivate(folder);
    }

    Path directory() {
        return point.directory();
    }

    Path socket() {
        return point.socket();
    }

    /** What a server in the background prints. */
    Path log() {
        return point.file("log");
    }

    /** The right to be the server; it ends with the process, however that ends. Null when another one has it. */
    @Nullable
    Claim claim() throws IOException {
        return claim(0);
    }

    /** What is told when another one has the right. */
    Refusal taken() {
        return Refusal.failed(directory() + " is served already, by sluice run or sluice serve; sluice status --dir "
                + directory() + " tells how far that is, and sluice stop ends it");
    }

    /** The right to start a server in the background. Null when another one has it. */
    @Nullable
    Claim claimStart() throws IOException {
        return claim(1);
    }

    /** One file has the locks of all directories, each a byte of its own, so it is never removed. */
    private @Nullable Claim claim(int which) throws IOException {
        long place = HexFormat.fromHexDigitsToLong(point.hash(), 0, 16) >>> 2 << 1;
        FileChannel channel = FileChannel.open(
                point.folder().resolve("locks"),
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
