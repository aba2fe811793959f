package dev.sluice.jvm;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
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

    private static final int FIRST = 256 << 10;
    private static final int MOST = 4 << 20;

    private record Room(FileChannel channel, long inode, long to) {}

    private final RemoteDoor door;
    private final RemoteFile file;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // All of these are guarded by the lock.
    private @Nullable Room room;
    private boolean isRefused;
    private long next;
    private int last;

    /** What was written and not told of: from here, up to there. */
    private long from;

    private long to;

    /** How many bytes were written in all, and how many of them told of. */
    private long written;

    private long told;
    private @Nullable Thread teller;
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
            Room now = position == next ? room(position, source.remaining()) : null;
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
                room = null; // by an interrupt, which only a wait is ended by
                return 0;
            }
            source.position(source.position() + length);
            next = position + length;
            note(position, length);
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

    /** Some were sent instead, up to there. */
    void sent(long end) {
        lock.lock();
        try {
            next = end;
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
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Room room(long position, int length) throws IOException {
        Room now = room;
        if (isRefused || (now == null && (length < LARGE || position + length <= SMALL))) {
            return null;
        }
        if (now != null && position < now.to) {
            return now;
        }
        last = Math.clamp(2L * last, Math.max(FIRST, Math.min(length, MOST)), MOST);
        Room more = file.ask(Ask.LEND_ROOM, request -> request.put(position).put(last), answer -> {
            if (!answer.getTruth()) {
                return null;
            }
            int count = answer.getInt();
            long inode = answer.getLong();
            int fd = answer.getInt();
            long server = answer.getLong();
            FileChannel channel = now != null && now.inode == inode && now.channel.isOpen()
                    ? now.channel
                    : Borrowing.open(server, fd, inode, StandardOpenOption.WRITE);
            return channel == null ? null : new Room(channel, inode, position + count);
        });
        if (now != null && (more == null || more.inode != now.inode)) {
            now.channel.close();
        }
        room = more;
        isRefused = more == null;
        return more;
    }

    private void note(long position, int length) {
        if (from == to) {
            from = position;
        }
        written += length;
        to = position + length; // each begins where the one before ended, or that was told of before
        door.owes(this);
        if (teller == null) {
            teller = Thread.ofVirtual().name("teller").start(this::tell);
        }
        changed.signalAll();
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
                failure = failed == null ? failure : failed;
                if (from == to) {
                    door.owesNoMore(this);
                }
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all is told of that is written by now. */
    void settle() {
        lock.lock();
        try {
            long goal = written;
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
        if (now != null) {
            now.channel.close();
        }
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
