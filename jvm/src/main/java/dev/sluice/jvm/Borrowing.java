package dev.sluice.jvm;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of a file that the server lets this process read from where it is: the same file in memory, reached by the server's
 * descriptor. Who reads on and on is lent more and more at once; who has come to the end of a file that grows is lent what comes,
 * too, and a gauge says how much that is by now. Safe for use by many threads: the loan is replaced as a whole, and what is
 * guessed of the next read may be wrong.
 */
final class Borrowing implements Closeable {
    private static final int LARGE = 64 << 10;
    private static final int FIRST = 32 << 10;
    private static final int MOST = 16 << 20;

    /** So long one reads what is lent once without telling: somebody may wait for its room. */
    private static final long TELLS_NANOS = 100_000_000;

    /**
     * What is lent: all that is there, from one place to another, and what comes after that, up to a third.
     */
    private record Loan(
            FileChannel channel,
            long inode,
            long from,
            long sure,
            long to,
            @Nullable MappedGauge gauge,
            boolean isOnce,
            long since) {

        /** {@return up to where it can be read now} */
        long end() {
            return gauge == null ? sure : gauge.level(sure, to);
        }
    }

    private volatile @Nullable Loan loan;
    private volatile boolean isRefused;
    private volatile boolean isClosed;

    /** Where the next read begins, if they come in order, and how much was asked for at once. */
    private volatile long next;

    private volatile int last;

    /** What was read of what is lent once: it is never read again, since its room may be used for other bytes. */
    private volatile Passed passed = new Passed(0, 0);

    /** Up to where the server was told that it is read; nothing below is read in place any more. */
    private long reported;

    /** Was anything lent once? */
    private volatile boolean isEverOnce;

    private volatile boolean isToTell;

    /**
     * What is behind a reader.
     *
     * @param from where he began
     * @param to where he is
     */
    record Passed(long from, long to) {}

    /** {@return what was read of what is lent once; it is told to the server} */
    synchronized Passed passed() {
        isToTell = false;
        reported = Math.max(reported, passed.to);
        return passed;
    }

    /** {@return whether there is something of it that the server does not know} */
    boolean isToTell() {
        return isToTell;
    }

    private boolean reaches(Loan loan, long position) {
        boolean isNext = !loan.isOnce || position == passed.to;
        return isNext && position >= loan.from && position < loan.to;
    }

    /** {@return how many bytes were read, 0 when there are none, or the server has to be asked} */
    int read(ByteBuffer into, long position) throws IOException {
        Loan now = loan;
        if (now == null || !reaches(now, position)) {
            return 0;
        }
        return now.isOnce ? readOnce(into, position) : read(now, into, position);
    }

    /** One at a time: what was said to be read nobody reads any more. */
    private synchronized int readOnce(ByteBuffer into, long position) throws IOException {
        Loan now = loan;
        if (now == null || !now.isOnce || !reaches(now, position)) {
            return 0;
        }
        if (System.nanoTime() - now.since > TELLS_NANOS) {
            loan = new Loan(
                    now.channel, now.inode, position, position, position, now.gauge, true, now.since); // none, but kept
            return 0;
        }
        int count = read(now, into, position);
        if (count > 0) {
            passed = new Passed(passed.from, position + count);
            isToTell = true;
        }
        return count;
    }

    private int read(Loan now, ByteBuffer into, long position) throws IOException {
        long end = now.end();
        if (position >= end) {
            return 0;
        }
        int length = (int) Math.min(into.remaining(), end - position);
        ByteBuffer part = into.duplicate().limit(into.position() + length);
        int count;
        try {
            count = now.channel.read(part, position);
        } catch (
                ClosedChannelException
                        e) { // by an interrupt, which only a wait is ended by, or by who has closed the file
            count = 0;
        }
        if (count <= 0) { // or it has been cut, or goes on elsewhere
            forget();
            return 0;
        }
        into.position(into.position() + count);
        next = position + count;
        return count;
    }

    /** Waits for a moment, where bytes come by the gauge. {@return whether there are some} */
    boolean comes(long position) {
        Loan now = loan;
        return now != null
                && now.gauge != null
                && reaches(now, position)
                && now.gauge.comes(position, now.sure, now.to);
    }

    /** {@return the gauge by which bytes come at a place, if they do} */
    @Nullable
    MappedGauge gauge(long position) {
        Loan now = loan;
        return now == null || now.gauge == null || !reaches(now, position) || now.gauge.isOver() ? null : now.gauge;
    }

    /** {@return whether something is there to be read at a place now} */
    boolean has(long position) {
        Loan now = loan;
        return now != null && reaches(now, position) && now.end() > position;
    }

    /** {@return whether something is lent now} */
    boolean isLent() {
        return loan != null;
    }

    private synchronized void forget() throws IOException {
        Loan now = loan;
        loan = null;
        next = -1;
        release(now);
    }

    private static void release(@Nullable Loan loan) throws IOException {
        if (loan != null) {
            loan.channel.close();
            if (loan.gauge != null) {
                loan.gauge.close();
            }
        }
    }

    /** {@return how many bytes are to be lent, beginning with a read of so many; 0 when these are to be copied} */
    int ahead(long position, int length) {
        if (isRefused) {
            return 0;
        }
        if (position != next) {
            last = 0;
            return length < LARGE ? 0 : length;
        }
        int before = last;
        last = Math.clamp(2L * before, Math.max(length, FIRST), MOST);
        return before == 0 && length < LARGE ? 0 : last;
    }

    /** So many bytes were copied instead. */
    void copied(long position, int count) {
        next = position + count;
        if (isEverOnce) {
            goesOn(position, count);
        }
    }

    private synchronized void goesOn(long position, int count) {
        if (position >= passed.to) {
            passed = new Passed(position == passed.to ? passed.from : position, position + count);
        }
    }

    /**
     * Takes what the server lends.
     *
     * @return whether it can be used
     */
    synchronized boolean take(Offer offer, long position) throws IOException {
        isEverOnce |= offer.isOnce();
        if (offer.isOnce() && position < reported) {
            return false; // another thread has read on meanwhile
        }
        Loan before = loan;
        loan = null;
        FileChannel channel;
        if (before != null && before.inode == offer.inode() && before.channel.isOpen()) {
            channel = before.channel;
        } else {
            channel = open(offer.server(), offer.fd(), offer.inode(), Set.of(StandardOpenOption.READ));
            if (before != null) {
                before.channel.close();
            }
        }
        MappedGauge gauge = null;
        Offer.Page page = channel == null ? null : offer.page();
        MappedGauge old = before == null ? null : before.gauge;
        if (page != null) {
            gauge = old != null && old.inode == page.inode()
                    ? old
                    : MappedGauge.open(offer.server(), page.fd(), page.inode(), false);
        }
        if (old != null && old != gauge) {
            old.close();
        }
        if (channel == null) {
            isRefused = true;
            return false;
        }
        long sure = position + offer.length();
        long to = page == null || gauge == null ? sure : Math.max(sure, page.to());
        if (offer.isOnce() && passed.to != position) {
            passed = new Passed(position, position);
        }
        Loan now = new Loan(channel, offer.inode(), position, sure, to, gauge, offer.isOnce(), System.nanoTime());
        loan = now;
        if (isClosed) {
            release(now);
        }
        return true;
    }

    /** The number may be another file's by now; then it is asked after opening what it is. */
    static @Nullable FileChannel open(long server, int fd, long inode, Set<OpenOption> how) throws IOException {
        Path path = Path.of("/proc/" + server + "/fd/" + fd);
        FileChannel channel = null;
        boolean isIt = false;
        try {
            channel = FileChannel.open(path, how);
            isIt = Files.getAttribute(path, "unix:ino").equals(inode);
        } catch (IOException e) {
            // The server is in another container, or lets nobody look at it: then the bytes are copied.
        } finally {
            if (channel != null && !isIt) {
                channel.close();
            }
        }
        return isIt ? channel : null;
    }

    @Override
    public synchronized void close() throws IOException {
        isClosed = true;
        release(loan);
    }
}
