package dev.sluice.fuse;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.sluice.linux.Mounts;
import dev.sluice.stream.Handle;
import dev.sluice.stream.Node;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A file that the kernel knows, and who moves its bytes while it is open. Safe for use by many threads.
 *
 * <p>The kernel takes care of one way at a time: while it reads and writes the backing file by itself, it keeps no bytes, and
 * every other open has to name the same backing file; while it keeps bytes, no open may name one. It begins to keep some when a
 * file is mapped of which it had none, and refuses that while it passes through for another open.
 */
final class Known {
    static final int DIRECT = 1;
    static final int KEEP = 1 << 1;
    static final int NO_FLUSH = 1 << 5;
    static final int PARALLEL_WRITES = 1 << 6;
    static final int PASSTHROUGH = 1 << 7;

    private final Node node;
    private final long number;

    /** How often the kernel has been told of it, less what it has forgotten; owned by {@link Nodes}. */
    long told;

    @GuardedBy("this")
    private int opens;

    @GuardedBy("this")
    private int passing;

    @GuardedBy("this")
    private int backing;

    /** Whose backing that is. */
    @GuardedBy("this")
    private @Nullable Handle backer;

    /** Are the bytes that the kernel may have kept still the file's? */
    @GuardedBy("this")
    private boolean isKept;

    /** The name by which it is supposed to come; empty when it is there. */
    private final String supposedName;

    Known(Node node, long number) {
        this(node, number, "");
    }

    Known(Node node, long number, String supposedName) {
        this.node = node;
        this.number = number;
        this.supposedName = supposedName;
    }

    Node node() {
        return node;
    }

    /** {@return the number by which the kernel knows it} */
    long number() {
        return number;
    }

    /**
     * Is it one of which nobody knows whether a file or a directory will come? To the kernel it is a symbolic link to its own name
     * then: whether he opens it or goes through it, whoever follows that asks where it leads, and can wait there. As a file he could not
     * go through it, and as a directory not execute it.
     */
    boolean isSupposed() {
        return !supposedName.isEmpty();
    }

    String supposedName() {
        return supposedName;
    }

    synchronized boolean isOpen() {
        return opens > 0;
    }

    /** Does the kernel read and write it by itself now? */
    synchronized boolean passes() {
        return passing > 0;
    }

    /**
     * Finds how an open file is served.
     *
     * @param bring gives the kernel all bytes of a small file before it asks for them; false when it cannot. Only for when nobody
     *     has the file open: else the kernel may have a page locked until it is read
     */
    synchronized OpenFile open(Handle handle, boolean writes, Device device, boolean passes, BooleanSupplier bring) {
        boolean hasOtherBytes = passing > 0 && backer != null && !handle.hasTheBytesOf(backer);
        boolean isDirect = handle.isDirect() || hasOtherBytes;
        int flags = (isDirect ? DIRECT | PARALLEL_WRITES : 0) | (handle.isWatched() ? 0 : NO_FLUSH);
        boolean mayPass = passing > 0 || (passes && !isDirect && opens == 0 && handle.backing() >= 0);
        if (mayPass && passing == 0) {
            backing = Mounts.openBacking(device.fd(), handle.backing());
            mayPass = backing > 0;
            backer = handle;
        }
        if (mayPass) {
            passing++;
            flags |= PASSTHROUGH;
        } else if (!isDirect) {
            isKept = isKept || (handle.isSmall() && opens == 0 && bring.getAsBoolean());
            flags |= isKept ? KEEP : 0;
        }
        boolean isCached = (flags & (DIRECT | PASSTHROUGH)) == 0;
        isKept = isCached || (isKept && !writes);
        opens++;
        return new OpenFile(this, handle, flags, mayPass ? backing : 0);
    }

    synchronized void close(OpenFile file, Device device) {
        opens--;
        if (file.passes() && --passing == 0) {
            int ignored = Mounts.closeBacking(device.fd(), backing);
            backer = null;
        }
    }
}
