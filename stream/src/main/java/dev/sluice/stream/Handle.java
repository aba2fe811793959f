package dev.sluice.stream;

import dev.sluice.language.CommitRule;
import dev.sluice.linux.OpenFlag;
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

    /** Does it read what is not complete yet, as its consumer? */
    final boolean streams;

    /** Where its file's bytes were in memory when it was opened; null when they were below. */
    private final @Nullable Content content;

    /** The process that has written last; 0 when none has. */
    volatile int writer;

    /** Did who has written last fail before closing it? */
    boolean isAbandoned;

    /** What has been read by it, where room is used again; null when nothing. */
    @Nullable
    Extents read;

    /** Where it may be written in place: from here, up to there. */
    long lentFrom;

    long lentTo;

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

    Handle(RegularFile file, int flags, @Nullable Session session, int fd, boolean streams) {
        this.file = file;
        this.flags = flags;
        this.session = session;
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
}
