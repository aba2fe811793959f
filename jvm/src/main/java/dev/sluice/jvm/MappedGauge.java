package dev.sluice.jvm;

import dev.sluice.linux.Availability;
import dev.sluice.linux.Events;
import dev.sluice.stream.Handle;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file's gauge in the memory of this process: a writer's, to be moved, or a reader's, who cannot write it. After it is closed it
 * says nothing more. Safe for use by many threads.
 */
final class MappedGauge implements Closeable {
    /** So long a reader looks again and again, since the next bytes mostly come in a moment. */
    private static final long LOOKS_NANOS = 20_000;

    private static final int LOOKS = 32;

    /**
     * So long he sleeps without a word to the server, which then neither shows his wait nor limits it, nor has to be told of the
     * bytes at once: that would keep the processors busy which are to wake him.
     */
    private static final long NAPS_NANOS = 20_000_000;

    /** So late he sees an interrupt then. */
    private static final long NAP_NANOS = 5_000_000;

    final long inode;
    private final Handle.Gauge gauge;
    private final Arena arena;

    private MappedGauge(long inode, Handle.Gauge gauge, Arena arena) {
        this.inode = inode;
        this.gauge = gauge;
        this.arena = arena;
    }

    /** {@return the gauge that the server names, or null when this process cannot have it} */
    static @Nullable MappedGauge open(long server, int fd, long inode, boolean writes) throws IOException {
        Set<OpenOption> how =
                writes ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE) : Set.of(StandardOpenOption.READ);
        try (FileChannel channel = Borrowing.open(server, fd, inode, how)) {
            return channel == null ? null : map(channel, inode, writes ? MapMode.READ_WRITE : MapMode.READ_ONLY);
        }
    }

    private static @Nullable MappedGauge map(FileChannel channel, long inode, MapMode mode) {
        Arena arena = Arena.ofShared();
        try {
            if (channel.size() >= Handle.Gauge.BYTES) {
                MemorySegment page = channel.map(mode, 0, Handle.Gauge.BYTES, arena);
                return new MappedGauge(inode, new Handle.Gauge(page), arena);
            }
        } catch (IOException e) {
            // Then the server is asked: an interrupt may be the reason, which only a wait is ended by.
        }
        arena.close();
        return null;
    }

    /** {@return how far the file is, but nothing outside of what the server has said} */
    long level(long least, long most) {
        try {
            return Math.clamp(gauge.level(), least, most);
        } catch (IllegalStateException e) {
            return least; // closed
        }
    }

    /** Says that all up to a place is written. {@return whether the server is to be told at once} */
    boolean raise(long level) {
        try {
            gauge.raise(level);
            return gauge.isWanted() || gauge.isOver();
        } catch (IllegalStateException e) {
            return true; // closed
        }
    }

    /** {@return whether it tells nothing any more} */
    boolean isOver() {
        try {
            return gauge.isOver();
        } catch (IllegalStateException e) {
            return true; // closed
        }
    }

    /** {@return what changes when the bell is rung} */
    int bell() {
        try {
            return gauge.bell();
        } catch (IllegalStateException e) {
            return 0; // closed, which is found out by whoever looks on
        }
    }

    /** {@return whether the bell was rung, or never will be} */
    boolean hasRung(int before) {
        try {
            return gauge.bell() != before;
        } catch (IllegalStateException e) {
            return true; // closed
        }
    }

    long bellAddress() {
        return gauge.bellAddress();
    }

    /** Sleeps until the bell is rung, but not long, in a platform thread. {@return whether that can be done} */
    boolean naps(int before, long nanos) {
        boolean can = Availability.isGranted();
        if (can) {
            int _ = Events.awaitChange(bellAddress(), before, nanos);
        }
        return can;
    }

    /** Waits, for a moment only, until there is something behind a place. {@return whether there is} */
    boolean comes(long place, long least, long most) {
        long start = System.nanoTime();
        long now = start;
        while (now - start < LOOKS_NANOS) {
            for (int i = 0; i < LOOKS; i++) {
                if (level(least, most) > place) {
                    return true;
                }
                Thread.onSpinWait();
            }
            now = System.nanoTime();
        }
        Thread thread = Thread.currentThread();
        while (!thread.isVirtual() && Availability.isGranted() && now - start < NAPS_NANOS) {
            int before = bell();
            if (level(least, most) > place) {
                return true;
            }
            if (isOver() || thread.isInterrupted()) {
                return false;
            }
            int _ = Events.awaitChange(bellAddress(), before, Math.min(NAP_NANOS, NAPS_NANOS - (now - start)));
            now = System.nanoTime();
        }
        return level(least, most) > place;
    }

    @Override
    public void close() {
        try {
            arena.close();
        } catch (IllegalStateException e) {
            // It was closed before.
        }
    }
}
