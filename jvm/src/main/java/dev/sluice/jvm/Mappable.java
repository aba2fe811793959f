package dev.sluice.jvm;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An ordinary file with the bytes of one behind a door, to be mapped: the file in memory itself, or, since small files have none
 * for themselves, a copy. Whether a mapping shows later changes is left open by its Javadoc. Used once, by one thread.
 *
 * @param channel the file
 * @param place where the bytes are in it
 */
record Mappable(FileChannel channel, long place) implements AutoCloseable {
    static void check(long place, long size) {
        if (place < 0) {
            throw new IllegalArgumentException("Negative position");
        }
        if (size < 0) {
            throw new IllegalArgumentException("Negative size");
        }
        if (place + size < 0) {
            throw new IllegalArgumentException("Position + size overflow");
        }
    }

    static Mappable of(StreamChannel channel, Door.OpenFile file, MapMode mode, long place, long size)
            throws IOException {
        if (!mode.equals(MapMode.READ_ONLY) && !mode.equals(MapMode.PRIVATE)) {
            throw new UnsupportedOperationException(
                    channel.named() + " is of a managed directory, so it is mapped READ_ONLY or PRIVATE, not " + mode
                            + ": write it instead");
        }
        Path backing = mode.equals(MapMode.READ_ONLY) ? file.backing() : null;
        if (backing != null) {
            return new Mappable(FileChannel.open(backing, StandardOpenOption.READ), place);
        }
        long known = channel.size();
        if (place + size > known) {
            if (known > 0) {
                throw new IOException(channel.named() + " has only " + known + " bytes to be mapped, not "
                        + (place + size) + "; it cannot be made longer by that");
            }
            throw new UnsupportedOperationException(
                    channel.named() + " is not complete, so it cannot be mapped: read it instead");
        }
        FileChannel copy = FileChannel.open(
                Files.createTempFile("sluice-mapped-", ""),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
        for (long moved = 0, more = 1; moved < size && more > 0; moved += more) {
            more = channel.transferTo(place + moved, size - moved, copy);
        }
        return new Mappable(copy, 0);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
