package dev.sluice.fuse;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Events;
import dev.sluice.linux.Transfers.Siphon;
import org.jspecify.annotations.Nullable;

/**
 * The way by which many bytes go between the device and a file without having been in this process's memory: each is copied
 * once instead of twice. Where the kernel gives no pipe that is large enough, it is closed. Owned by the thread that serves.
 */
final class Duct {
    /** Fewer bytes are copied faster than sent. */
    static final int LEAST = 1 << 16;

    private static final int PAGE = 4096;

    /** A request's or answer's own head, and bytes that do not begin at a page. */
    private static final int MORE_PAGES = 3;

    /** So many requests without a long write, and they are received into memory again. */
    private static final int PATIENCE = 16;

    private final long memory;
    private final long memoryBytes;

    private @Nullable Siphon siphon;

    /** How many more requests are received here, unless one of them is a long write. */
    private int expected;

    /** What is in it: of a request that was received the rest, or an answer. */
    private long holds;

    /** Makes one whose bytes can be let out into some memory. */
    Duct(long memory, long memoryBytes) {
        this.memory = memory;
        this.memoryBytes = memoryBytes;
    }

    /** A long write has come; more of them are likely. */
    void expectMore() {
        expected = PATIENCE;
    }

    boolean expects() {
        return expected > 0 && holdsPages(memoryBytes / PAGE);
    }

    private boolean holdsPages(long pages) {
        Siphon has = siphon;
        if (has == null) {
            has = Siphon.open((int) Long.highestOneBit(memoryBytes) << 1);
            siphon = has;
        }
        return pages + MORE_PAGES <= has.room() / PAGE;
    }

    private Siphon siphon() {
        return java.util.Objects.requireNonNull(siphon);
    }

    /** Waits for a request; answers its length or a negated error number. */
    long receive(Device device, Events.Sleeper reader) {
        long length = reader.fill(siphon(), device.fd(), memoryBytes);
        holds = Math.max(0, length);
        expected--;
        return length;
    }

    /** Brings so many of its bytes into memory. */
    void bring(long address, long count) {
        long done = 0;
        while (done < count) {
            long result = siphon().read(address + done, count - done);
            if (result <= 0) {
                throw new IllegalStateException("a pipe of our own gives no bytes: " + Errno.describe(result));
            }
            done += result;
            holds -= result;
        }
    }

    /** Moves so many of its bytes to a file; answers how many, or a negated error number. */
    long give(int fd, long offset, long count) {
        long result = siphon().empty(fd, offset, count);
        holds -= Math.max(0, result);
        return result;
    }

    long holds() {
        return holds;
    }

    /** Puts a head and a file's bytes in; false when it could not, and it is empty then. */
    boolean take(long head, int headBytes, int fd, long offset, long count) {
        if (count < LEAST || !holdsPages(count / PAGE)) {
            return false;
        }
        holds = Math.max(0, siphon().write(head, headBytes));
        long done = 0;
        long result = holds;
        while (result > 0 && done < count) {
            result = siphon().fill(fd, offset + done, count - done);
            done += Math.max(0, result);
        }
        holds += done;
        if (done < count) {
            clear();
            return false;
        }
        return true;
    }

    /** Answers with all that is in it; the kernel's result. */
    long answer(Device device) {
        long result = siphon().empty(device.fd(), -1, holds);
        if (result == holds) {
            holds = 0;
        } else {
            close(); // what is left of it is not worth asking
        }
        return result;
    }

    /** Lets out what nobody has taken. */
    void clear() {
        while (holds > 0) {
            bring(memory, Math.min(holds, memoryBytes));
        }
    }

    void close() {
        if (siphon != null) {
            siphon.close();
            siphon = null;
        }
        holds = 0;
    }
}
