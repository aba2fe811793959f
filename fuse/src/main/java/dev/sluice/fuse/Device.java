package dev.sluice.fuse;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.sluice.linux.Events;
import dev.sluice.linux.Transfers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * A descriptor of {@code /dev/fuse}. What was read from one is answered through the same.
 *
 * @param fd the descriptor
 */
record Device(int fd) {
    /** Where no bytes are to be forgotten, but attributes. */
    static final long NO_BYTES = -1;

    private static final int INVALIDATE_FILE = 2;
    private static final int INVALIDATE_NAME = 3;

    long read(Events.Sleeper reader, long address, long length) {
        return reader.read(fd, address, length);
    }

    long write(long address, long length) {
        return Transfers.write(fd, address, length);
    }

    /** The kernel is to forget the attributes of a file that it keeps, and its bytes from a place on; false when it does not know it. */
    boolean forget(long node, long from) {
        try (Arena own = Arena.ofConfined()) {
            MemorySegment said = own.allocate(40, 8);
            said.set(JAVA_LONG, 16, node);
            said.set(JAVA_LONG, 24, from);
            said.set(JAVA_LONG, 32, 0); // to the end
            return notify(said, INVALIDATE_FILE);
        }
    }

    /** The kernel is to forget where a name leads; false when it does not know it. */
    boolean forget(long parent, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        try (Arena own = Arena.ofConfined()) {
            MemorySegment said = own.allocate(32 + bytes.length + 1L, 8);
            said.set(JAVA_LONG, 16, parent);
            said.set(JAVA_INT, 24, bytes.length);
            MemorySegment.copy(bytes, 0, said, JAVA_BYTE, 32, bytes.length);
            return notify(said, INVALIDATE_NAME);
        }
    }

    private boolean notify(MemorySegment said, int what) {
        said.set(JAVA_INT, 0, (int) said.byteSize());
        said.set(JAVA_INT, 4, what);
        return write(said.address(), said.byteSize()) >= 0;
    }
}
