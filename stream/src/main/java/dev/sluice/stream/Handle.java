package dev.sluice.stream;

import dev.sluice.language.CommitRule;
import dev.sluice.linux.Availability;
import dev.sluice.linux.Events;
import dev.sluice.linux.OpenFlag;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A file that is open: what one {@code open} has made, shared by all descriptors that come from it. Owned by the workflow's
 * lock but for what never changes.
 */
public final class Handle {
    private static final int ACCESS = 3;

    final RegularFile file;
    final int flags;
    final @Nullable Session session;

    /** The underlying file, if its bytes are there; else -1. */
    final int fd;

    /** Was it opened by who keeps what it is told? */
    final boolean isOfKeeper;

    /** Does it read what is not complete yet, as its consumer? */
    final boolean streams;

    /** Where its file's bytes were in memory when it was opened; null when they were below. */
    private final @Nullable Content content;

    /** The process that has written last; 0 when none has. */
    volatile int writer;

    /** The thread that has opened it; 0 when it is not known. */
    private final int opener;

    /** Did who has written last, or who has opened it, fail before closing it? */
    boolean isAbandoned;

    /** What has been read by it, where room is used again; null when nothing. */
    @Nullable
    Extents read;

    /** Where it may be written in place: from here, up to there. */
    long lentFrom;

    long lentTo;

    /** From where on it may read in place what is read once, whatever has been read beyond; -1 when it was not let. */
    long place = -1;

    /** Was there no room for it to write in place? Then who writes by it waits for enough of it. */
    boolean wantsRoom;

    /** Where it reads in place by the file's gauge, as bytes come: from here, up to there. */
    long aheadFrom;

    long aheadTo;

    /** Does somebody want to see every read and write? Set before any comes. */
    volatile boolean isObserved;

    /** Where its bytes are counted; null when they are not. */
    @Nullable
    Traffic traffic;

    /** When it was opened, and how large its file was then: for {@link Recorder}. */
    long opened;

    long sizeThen;

    /** About how many bytes were seen to be moved: threads may overtake each other. */
    long seen;

    private final boolean isDirect;
    private final int backing;
    private final boolean isWatched;
    private final boolean isSmall;

    Handle(RegularFile file, int flags, Request request, int fd, boolean streams) {
        this.file = file;
        this.flags = flags;
        session = request.session();
        opener = request.task();
        isOfKeeper = request.isOfKeeper();
        this.fd = fd;
        this.streams = streams;
        content = file.content;
        Stream stream = file.stream;
        boolean isSettled = stream == null || stream.isSettled(); // what may grow is known here alone
        isWatched = writes() && stream != null && !isSettled && stream.contract.commit() instanceof CommitRule.OnClose;
        isDirect = streams || (content != null && (!isSettled || writes()));
        isSmall = content != null && isSettled && !writes() && content.isSmall();
        backing = content == null ? fd : isDirect ? -1 : content.lendWhole();
    }

    /** What it was lent goes back, since it is closed. */
    void giveBack() {
        if (content != null && backing >= 0) {
            content.takeBack();
        }
    }

    /** {@return whether each close of a descriptor is to be told, not only the last one} */
    public boolean isWatched() {
        return isWatched;
    }

    /** {@return whether a thread, or a program of a single one, has opened it} */
    boolean isOf(int task) {
        return opener != 0 && opener == task;
    }

    /** {@return whether who has opened it was to get its bytes while others write it} */
    public boolean follows() {
        return streams;
    }

    /** {@return what is open} */
    public Node node() {
        return file;
    }

    /** {@return whether it may write} */
    boolean writes() {
        return (flags & ACCESS) != OpenFlag.READ_ONLY.bits();
    }

    boolean appends() {
        return (flags & OpenFlag.APPEND.bits()) != 0;
    }

    /** {@return whether it was complete when it was opened, and has so few bytes that all are read at once} */
    public boolean isSmall() {
        return isSmall;
    }

    /** {@return whether every read and write must come here: the kernel may keep nothing of its bytes} */
    public boolean isDirect() {
        return isDirect || isObserved;
    }

    /** {@return the descriptor of an ordinary file that has the same bytes, to which the kernel may turn by itself; or -1} */
    public int backing() {
        return backing;
    }

    /**
     * Tells whether another open file of the same node has the same bytes: those of one that was written anew are elsewhere.
     *
     * @param other the other one
     * @return whether what is read by one's {@link #backing} is what the other one reads
     */
    public boolean hasTheBytesOf(Handle other) {
        return content == other.content;
    }

    /**
     * How far a growing file is: a page of memory that processes have mapped. One of them writes the level, either the server or
     * the one process to which room in the file is lent; others read it, and sleep until the bell is rung. Whoever writes the page
     * can write anything, so what is read of it is believed only within what the server has promised. Safe for use by many
     * threads and processes.
     */
    public static final class Gauge {
        /** How large the page is. */
        public static final int BYTES = 4096;

        private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
        private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
        private static final long LEVEL = 0;

        // The next are apart from each other, since different processors write and read them.
        private static final long BELL = 64;
        private static final long OVER = 128;
        private static final long WANTED = 132;

        private final MemorySegment page;

        /**
         * For who has it mapped.
         *
         * @param page the mapping
         */
        public Gauge(MemorySegment page) {
            this.page = page;
        }

        /** {@return up to where the file is written; all bytes below are there} */
        public long level() {
            return (long) LONG.getAcquire(page, LEVEL);
        }

        /**
         * More is written. Wakes who sleeps.
         *
         * @param level up to where
         */
        public void raise(long level) {
            LONG.setRelease(page, LEVEL, level);
            ring();
        }

        /** As {@link #raise} by two at once: it never goes back. */
        void raiseTogether(long level) {
            long now = level();
            while (now < level && !LONG.compareAndSet(page, LEVEL, now, level)) {
                now = level();
            }
            ring();
        }

        /** Wakes who sleeps, if this process may. */
        public void ring() {
            int _ = (int) INT.getAndAdd(page, BELL, 1);
            if (Availability.isGranted()) {
                int _ = Events.wake(bellAddress());
            }
        }

        /** {@return what changes whenever the bell is rung} */
        public int bell() {
            return (int) INT.getAcquire(page, BELL);
        }

        /** {@return where in memory the bell is, for who sleeps} */
        public long bellAddress() {
            return page.address() + BELL;
        }

        /** {@return whether it tells nothing any more, and the server has to be asked} */
        public boolean isOver() {
            return (int) INT.getAcquire(page, OVER) != 0;
        }

        /** It tells nothing any more. */
        void end() {
            INT.setRelease(page, OVER, 1);
            ring();
        }

        /** {@return whether somebody waits at the server, who is to be told at once} */
        public boolean isWanted() {
            return (int) INT.getVolatile(page, WANTED) != 0;
        }

        void want(boolean isWanted) {
            INT.setVolatile(page, WANTED, isWanted ? 1 : 0);
        }
    }
}
