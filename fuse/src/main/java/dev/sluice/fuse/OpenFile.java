package dev.sluice.fuse;

import dev.sluice.stream.Handle;

/**
 * An open file, and how the kernel was told to serve it.
 *
 * @param known the file
 * @param handle what the tree calls it
 * @param flags flags of the protocol
 * @param backing the number of the backing file, or 0
 */
record OpenFile(Known known, Handle handle, int flags, int backing) {
    boolean passes() {
        return (flags & Known.PASSTHROUGH) != 0;
    }
}
