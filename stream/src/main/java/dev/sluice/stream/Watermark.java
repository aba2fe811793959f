package dev.sluice.stream;

import static dev.sluice.stream.Underlying.bytes;

import dev.sluice.linux.Linux;
import dev.sluice.linux.Ranges;
import java.lang.foreign.Arena;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * The gauge of one file, at its server. As long as room is lent to a writer, that one moves it, and the server follows; otherwise
 * the server does. Owned by the workflow's lock.
 */
final class Watermark {
    final Handle.Gauge gauge;

    /** The page, as a file that others open. */
    final int fd;

    final long inode;

    /** Who moves it; null when the server does. */
    final @Nullable Handle tenant;

    /** Up to where the server knows of. */
    private long known;

    private final Arena arena;

    private Watermark(int fd, long inode, Arena arena, Handle.Gauge gauge, @Nullable Handle tenant, long level) {
        this.fd = fd;
        this.inode = inode;
        this.arena = arena;
        this.gauge = gauge;
        this.tenant = tenant;
        known = level;
    }

    /** {@return a new one, or null when there cannot be one} */
    static @Nullable Watermark open(@Nullable Handle tenant, long level) {
        int fd = Descriptors.OURS.takeSpare(Ranges.memoryFile(bytes("sluice-gauge")));
        if (fd < 0) {
            return null;
        }
        Arena arena = Arena.ofShared();
        dev.sluice.linux.Attributes found = new dev.sluice.linux.Attributes();
        try {
            if (Linux.ftruncate(fd, Handle.Gauge.BYTES) == 0 && found.ask(fd) == 0) {
                Handle.Gauge gauge =
                        new Handle.Gauge(Ranges.map(fd, Handle.Gauge.BYTES, true, arena, "the page of a file's gauge"));
                gauge.raise(level);
                return new Watermark(fd, found.inode(), arena, gauge, tenant, level);
            }
        } catch (FileSystemException e) {
            // Without one, everybody asks the server.
        }
        arena.close();
        Linux.close(fd);
        return null;
    }

    long known() {
        return known;
    }

    /** {@return how far the tenant says it is, as far as that can be} */
    long told() {
        return tenant == null ? known : Math.max(known, Math.min(gauge.level(), tenant.lentTo));
    }

    /** The server has taken over what the tenant has said. */
    void follow(long level) {
        known = level;
    }

    /** The server has written. */
    void raise(long level) {
        known = level;
        if (tenant == null) {
            gauge.raise(level);
        } else {
            gauge.raiseTogether(level); // for the tenant, who has let the server write
        }
    }

    /** It tells nothing any more: who reads by it asks the server. */
    void retire() {
        gauge.end();
        arena.close();
        Linux.close(fd);
    }
}
