package dev.sluice.fuse;

import dev.sluice.stream.Handle;
import org.jspecify.annotations.Nullable;

/** An open file, and how the kernel was told to serve it. Its fields that change are set by whichever thread serves it. */
final class OpenFile {
    private final Known known;
    private final Handle handle;
    private final int flags;
    private final int backing;

    /** Up to where it was read last. */
    private volatile long place;

    /** Is it a JVM's? Null as long as nobody wants to know. */
    private volatile @Nullable Boolean isJvms;

    /**
     * Says how the kernel was told.
     *
     * @param known the file
     * @param handle what the tree calls it
     * @param flags flags of the protocol
     * @param backing the number of the backing file, or 0
     */
    OpenFile(Known known, Handle handle, int flags, int backing) {
        this.known = known;
        this.handle = handle;
        this.flags = flags;
        this.backing = backing;
    }

    Known known() {
        return known;
    }

    Handle handle() {
        return handle;
    }

    int flags() {
        return flags;
    }

    int backing() {
        return backing;
    }

    boolean passes() {
        return (flags & Known.PASSTHROUGH) != 0;
    }

    void readTo(long end) {
        place = end;
    }

    /** {@return the place behind which a thread that asks for the end wants to know of something; -1 if of all} */
    long behind(int task) {
        Boolean known = isJvms;
        if (known == null) {
            known = Jvms.isOne(task);
            isJvms = known;
        }
        return known ? place : -1;
    }
}
