package dev.sluice.jvm;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes to where the server has made room: into the file in memory itself. What was written is told by a thread of its own, which
 * tells of much at once when much comes; until then nobody sees it. Safe for use by many threads, who take turns.
 */
final class Depositing implements Closeable {
    private static final int LARGE = 32 << 10;

    /** What has no more than this shares a file in memory with others of its kind. */
    private static final int SMALL = 64 << 10;

    /** Who has written so much one after the other gets room for whatever comes next. */
    private static final int LONG = 128 << 10;

    private static final int FIRST = 256 << 10;
    private static final int MOST = 16 << 20;

    /** The server is told so much later, when readers see by the gauge what is written, and nobody waits at the server. */
    private static final long LATER_NANOS = 20_000_000;

    private record Room(
            FileChannel channel,
            long inode,
            long to,
            @Nullable MappedGauge gauge) {}

    private final RemoteDoor door;
    private final RemoteFile file;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // All of these are guarded by the lock.
    private @Nullable Room room;
    private boolean isRefused;

    /** Has the server said that there is to be room, but not now? */
    private boolean isLater;

    private long next;
    private int last;

    /** Where all ends that was written; there is no gap before it as long as there is room. */
    private long front;

    /** What was written and not told of: from here, up to there. */
    private long from;

    private long to;

    /** How many bytes were written in all, and how many of them told of. */
    private long written;

    private long told;

    /** Is what is written to be told of at once? */
    private boolean isUrgent;

    private boolean isTelling;
    private @Nullable IOException failure;
    private boolean isClosed;

    Depositing(RemoteDoor door, RemoteFile file) {
        this.door = door;
        this.file = file;
    }

    /** {@return how many bytes were written, 0 when they have to be sent} */
    int write(ByteBuffer source, long position) throws IOException {
        lock.lock();
        try {
            throwFailure();
            Room now = goesOn(position) ? room(position, source.remaining()) : null;
            if (now == null) {
                return 0;
            }
            int length = (int) Math.min(source.remaining(), now.to - position);
            ByteBuffer part = source.duplicate().limit(source.position() + length);
            try {
                while (part.hasRemaining()) {
                    int _ = now.channel.write(part, position + length - part.remaining());
                }
            } catch (ClosedChannelException e) {
                forget(); // by an interrupt, which only a wait is ended by
                return 0;
            }
            source.position(source.position() + length);
            next = position + length;
            front = next;
            note(position, length);
            if (now.gauge == null || now.gauge.raise(next)) {
                hurry();
            }
            return length;
        } finally {
            lock.unlock();
        }
    }

    /** {@return whether there is room now} */
    boolean hasRoom() {
        lock.lock();
        try {
            return room != null;
        } finally {
            lock.unlock();
        }
    }

    /** {@return whether there is to be room when the server has written a little} */
    boolean isToComeSoon() {
        lock.lock();
        try {
            return isLater;
        } finally {
            lock.unlock();
        }
    }

    /** Somebody who has gone back to change what is there, or left a gap, does not write in place; the gauge would tell of the gap. */
    private boolean goesOn(long position) {
        return position == front || (room == null && position == next);
    }

    /** Some were sent instead, from one place to another. */
    void sent(long start, long end) throws IOException {
        lock.lock();
        try {
            next = end;
            if (end > front) {
                if (start > front || from < to) {
                    forget(); // there is a gap, or somebody writes in place meanwhile
                }
                front = end;
            }
        } finally {
            lock.unlock();
        }
    }

    /** What there is was cut: what there was room for is no more. */
    void cut() throws IOException {
        lock.lock();
        try {
            forget();
            next = -1;
            front = -1;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Room room(long position, int length) throws IOException {
        Room now = room;
        boolean isMuch = length >= LARGE || position >= LONG;
        if (isRefused || (now == null && (!isMuch || position + length <= SMALL))) {
            return null;
        }
        if (now != null && position < now.to) {
            return now;
        }
        front = position;
        last = Math.clamp(2L * last, Math.max(FIRST, Math.min(length, MOST)), MOST);
        isLater = false;
        Room more = file.ask(Ask.LEND_ROOM, request -> request.put(position).put(last), answer -> {
            Offer offer = Offer.of(answer);
            if (offer == null) {
                return null;
            }
            if (offer.length() == 0) {
                isLater = true;
                return now;
            }
            FileChannel channel = now != null && now.inode == offer.inode() && now.channel.isOpen()
                    ? now.channel
                    : Borrowing.open(offer.server(), offer.fd(), offer.inode(), Set.of(StandardOpenOption.WRITE));
            return channel == null
                    ? null
                    : new Room(channel, offer.inode(), position + offer.length(), gauge(now, offer));
        });
        if (isLater) {
            return null;
        }
        release(now, more);
        room = more;
        isRefused = more == null;
        return more;
    }

    private static @Nullable MappedGauge gauge(@Nullable Room before, Offer offer) throws IOException {
        Offer.Page page = offer.page();
        if (page == null) {
            return null;
        }
        MappedGauge known = before == null ? null : before.gauge;
        return known != null && known.inode == page.inode()
                ? known
                : MappedGauge.open(offer.server(), page.fd(), page.inode(), true);
    }

    /** Lets go what is not needed for other room. */
    private static void release(@Nullable Room room, @Nullable Room other) throws IOException {
        if (room == null) {
            return;
        }
        if (other == null || other.inode != room.inode || !room.channel.isOpen()) {
            room.channel.close();
        }
        MappedGauge gauge = room.gauge;
        if (gauge != null && (other == null || other.gauge == null || other.gauge.inode != gauge.inode)) {
            gauge.close();
        }
    }

    private void note(long position, int length) {
        boolean isFirst = from == to;
        if (isFirst) {
            from = position;
            door.owes(this);
        }
        written += length;
        to = position + length; // each begins where the one before ended, or that was told of before
        if (!isTelling) {
            isTelling = true;
            Hands.take(this::tell);
        }
        if (isFirst) {
            changed.signalAll();
        }
    }

    private void hurry() {
        if (!isUrgent) {
            isUrgent = true;
            changed.signalAll();
        }
    }

    private void tell() {
        lock.lock();
        try {
            while (true) {
                while (from == to && !isClosed) {
                    changed.awaitUninterruptibly();
                }
                if (from == to) {
                    return;
                }
                waitALittle();
                long start = from;
                int length = (int) Math.min(to - from, Integer.MAX_VALUE);
                from += length;
                lock.unlock();
                IOException failed = null;
                try {
                    file.tell(Ask.WROTE, request -> request.put(start).put(length));
                } catch (IOException | RuntimeException e) {
                    failed = e instanceof IOException known ? known : new IOException(e);
                } finally {
                    lock.lock();
                }
                told += length;
                if (failed != null) {
                    fail(failed);
                }
                if (from == to) {
                    isUrgent = false;
                    door.owesNoMore(this);
                }
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What is there may lack a piece, or have no server any more; so the next write asks anew. */
    private void fail(IOException failed) {
        failure = failed;
        try {
            forget();
        } catch (IOException e) {
            failed.addSuppressed(e);
        }
    }

    /** Much is told of together, if nobody waits for it. */
    private void waitALittle() {
        long left = LATER_NANOS;
        try {
            while (!isUrgent && !isClosed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody interrupts it; then it is told at once
        }
    }

    /** Waits until all is told of that is written by now. */
    void settle() {
        lock.lock();
        try {
            long goal = written;
            if (told < goal) {
                hurry();
            }
            while (told < goal) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all is told, and fails when that could not be. */
    void settleWell() throws IOException {
        lock.lock();
        try {
            settle();
            throwFailure();
        } finally {
            lock.unlock();
        }
    }

    private void throwFailure() throws IOException {
        IOException failed = failure;
        if (failed != null) {
            failure = null;
            throw failed;
        }
    }

    private void forget() throws IOException {
        Room now = room;
        room = null;
        release(now, null);
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            settle();
            isClosed = true;
            changed.signalAll();
            forget();
            throwFailure();
        } finally {
            lock.unlock();
        }
    }
}
