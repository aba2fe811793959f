package dev.sluice.fuse;

import dev.sluice.linux.Events;
import dev.sluice.linux.Transfers;

/**
 * A descriptor of {@code /dev/fuse}. What was read from one is answered through the same.
 *
 * @param fd the descriptor
 */
record Device(int fd) {
    long read(Events.Sleeper reader, long address, long length) {
        return reader.read(fd, address, length);
    }

    long write(long address, long length) {
        return Transfers.write(fd, address, length);
    }
}
