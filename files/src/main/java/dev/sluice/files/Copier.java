package dev.sluice.files;

import dev.sluice.linux.Attributes;
import dev.sluice.linux.Errno;
import dev.sluice.linux.Metadata;
import dev.sluice.linux.Ranges;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * Copies files inside the kernel: by sharing their space where the file system can, else piece by piece, without their holes.
 *
 * <p>Stateless but for what it learns of file systems; safe for use by many threads.
 */
final class Copier {
    /** After so many bytes it is asked whether to go on. */
    private static final long STEP = 64 << 20;

    private static final int PERMISSIONS = 0777;

    /** File systems that cannot share space. */
    private static final Map<Long, Boolean> UNSHARED = new ConcurrentHashMap<>();

    private Copier() {}

    /** Copies a file, whole or not at all. */
    static void copy(Path from, Path to, Set<MappedFiles.Copying> how, BooleanSupplier unwanted) throws IOException {
        boolean replaces = how.contains(MappedFiles.Copying.REPLACE);
        if (!replaces && Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(to.toString(), null, "is there already: copy with REPLACE");
        }
        try (Descriptor source = Descriptor.forReading(from)) {
            Attributes attributes = source.attributes();
            try (WholeFile whole = WholeFile.begin(to, attributes.mode() & PERMISSIONS)) {
                Descriptor target = whole.descriptor();
                if (!isShared(source, target, attributes.fileSystem())) {
                    copyBytes(source, target, attributes, unwanted);
                }
                if (how.contains(MappedFiles.Copying.ATTRIBUTES)) {
                    copyAttributes(target, attributes);
                }
                if (how.contains(MappedFiles.Copying.FORCE)) {
                    target.force();
                }
                whole.complete(replaces);
            }
        }
    }

    private static boolean isShared(Descriptor source, Descriptor target, long fileSystem) {
        if (UNSHARED.containsKey(fileSystem)) {
            return false;
        }
        int result = Ranges.share(source.fd, target.fd);
        if (result == Errno.EOPNOTSUPP.negated() || result == Errno.ENOTTY.negated()) {
            UNSHARED.put(fileSystem, true);
        }
        return result == 0;
    }

    private static void copyBytes(Descriptor source, Descriptor target, Attributes attributes, BooleanSupplier unwanted)
            throws IOException {
        long size = attributes.size();
        if (size == 0) { // or one of the kernel's own, which do not say how long they are
            copyByMemory(source, target, 0, Long.MAX_VALUE);
            return;
        }
        boolean hasHoles = attributes.blocks() * 512 < size;
        long at = 0;
        while (hasHoles && at < size) {
            long data = Ranges.seek(source.fd, at, Ranges.DATA);
            if (data == Errno.ENXIO.negated()) {
                at = size; // only a hole is left
                break;
            }
            long end = data < 0 ? data : Ranges.seek(source.fd, data, Ranges.HOLE);
            if (end < 0) {
                break; // it cannot tell its holes
            }
            at = copyRange(source, target, data, Math.min(end, size), unwanted);
            if (at < Math.min(end, size)) {
                break;
            }
        }
        if (at < size) {
            copyRange(source, target, at, size, unwanted);
        }
        if (hasHoles && target.size() < size) {
            target.resize(size);
        }
    }

    /** Copies a range, or up to the end if the file has become shorter; answers where it ended. */
    private static long copyRange(Descriptor source, Descriptor target, long from, long end, BooleanSupplier unwanted)
            throws IOException {
        long at = from;
        while (at < end) {
            if (unwanted.getAsBoolean()) {
                throw new InterruptedIOException(source.path + ": copying to " + target.path
                        + " was stopped; there is no such file, or it is as it was");
            }
            long copied = Ranges.copy(source.fd, at, target.fd, at, Math.min(STEP, end - at));
            if (isElsewhere(copied)) {
                copied = copyByMemory(source, target, at, Math.min(STEP, end - at));
            }
            source.check(copied, "copying to " + target.path);
            if (copied == 0) {
                break;
            }
            at += copied;
        }
        return at;
    }

    private static boolean isElsewhere(long result) {
        return result == Errno.EXDEV.negated()
                || result == Errno.EINVAL.negated()
                || result == Errno.EOPNOTSUPP.negated()
                || result == Errno.ENOSYS.negated();
    }

    /** Between file systems of different kinds. */
    private static long copyByMemory(Descriptor source, Descriptor target, long at, long length) throws IOException {
        try (Pieces pieces = new Pieces()) {
            long done = 0;
            while (done < length) {
                long read = source.read(pieces.memory(length - done), at + done);
                if (read == 0) {
                    break;
                }
                target.write(pieces.memory(read), at + done);
                done += read;
            }
            return done;
        }
    }

    private static void copyAttributes(Descriptor target, Attributes attributes) throws IOException {
        target.check(Metadata.setMode(target.fd, attributes.mode() & 07777), "setting its permissions");
        target.check(
                Metadata.setTimes(
                        target.fd,
                        attributes.accessSeconds(),
                        attributes.accessNanos(),
                        attributes.modificationSeconds(),
                        attributes.modificationNanos()),
                "setting its times");
    }
}
