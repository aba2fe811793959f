package dev.sluice.files;

import dev.sluice.linux.Attributes;
import dev.sluice.linux.Errno;
import dev.sluice.linux.Linux;
import dev.sluice.linux.OpenFlag;
import dev.sluice.linux.Stat;
import dev.sluice.linux.Transfers;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * An open regular file as the kernel has it, whose failures name the file. Who made it closes it; safe for use by many threads
 * until then.
 */
final class Descriptor implements AutoCloseable {
    static final int CREATED_MODE = 0666;

    final Path path;
    final int fd;

    /** How long it was when it was opened; 0 may be that of one of the kernel's own files, which do not say how long they are. */
    final long sizeAtOpening;

    private Descriptor(Path path, int fd, long sizeAtOpening) {
        this.path = path;
        this.fd = fd;
        this.sizeAtOpening = sizeAtOpening;
    }

    /** Takes over a descriptor of a regular file that was made just now. */
    static Descriptor of(Path path, int fd) {
        return new Descriptor(path, fd, 0);
    }

    static Descriptor open(Path path, int mode, OpenFlag... flags) throws IOException {
        int bits = OpenFlag.CLOSE_ON_EXEC.bits() | OpenFlag.NON_BLOCKING.bits(); // a pipe is refused, not waited for
        for (OpenFlag flag : flags) {
            bits |= flag.bits();
        }
        int fd = Linux.open(path, bits, mode);
        if (fd < 0) {
            throw Errno.exception(fd, path.toString(), "opening");
        }
        try {
            Stat stat = Linux.stat(fd, path.toString());
            if (!stat.isRegular()) {
                throw new FileSystemException(
                        path.toString(), null, "is no regular file, and no other can be mapped, copied or summed up");
            }
            return new Descriptor(path, fd, stat.size());
        } catch (IOException | RuntimeException | Error e) {
            Linux.close(fd);
            throw e;
        }
    }

    static Descriptor forReading(Path path) throws IOException {
        return open(path, 0, OpenFlag.READ_ONLY);
    }

    /** As {@link #forReading}, of a file that is to be mapped: not one of the kernel's own, which say that they are empty. */
    static Descriptor forMapping(Path path) throws IOException {
        Descriptor file = forReading(path);
        try (Pieces pieces = new Pieces()) {
            if (file.sizeAtOpening == 0 && file.read(pieces.memory(1), 0) > 0 && file.size() == 0) {
                throw new FileSystemException(
                        path.toString(),
                        null,
                        "is made by the kernel when it is read, so it cannot be mapped: read it");
            }
            return file;
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    static Descriptor forWriting(Path path) throws IOException {
        return open(path, 0, OpenFlag.READ_WRITE);
    }

    Stat stat() throws IOException {
        return Linux.stat(fd, path.toString());
    }

    Attributes attributes() throws IOException {
        Attributes attributes = new Attributes();
        check(attributes.ask(fd), "asking for its attributes");
        return attributes;
    }

    long size() throws IOException {
        return stat().size();
    }

    /** Reads as much as fits, or there is; answers how much. */
    long read(MemorySegment target, long position) throws IOException {
        long length = target.byteSize();
        long done = 0;
        while (done < length) {
            long read = Transfers.pread(fd, target.address() + done, length - done, position + done);
            check(read, "reading " + length + " bytes at " + position);
            if (read == 0) {
                break;
            }
            done += read;
        }
        return done;
    }

    void write(MemorySegment source, long position) throws IOException {
        long length = source.byteSize();
        for (long done = 0; done < length; ) {
            done += check(
                    Transfers.pwrite(fd, source.address() + done, length - done, position + done),
                    "writing " + length + " bytes at " + position + " (" + done + " were written)");
        }
    }

    void resize(long size) throws IOException {
        check(Linux.ftruncate(fd, size), "setting the size to " + size);
    }

    void force() throws IOException {
        check(Linux.fsync(fd), "bringing it to the disk");
    }

    long check(long result, String action) throws IOException {
        if (result < 0) {
            throw Errno.exception(result, path.toString(), action);
        }
        return result;
    }

    @Override
    public void close() {
        Linux.close(fd);
    }
}
