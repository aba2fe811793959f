package dev.sluice.jvm;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The part of a file that the server lets this process read from where it is: the same file in memory, reached by the server's
 * descriptor. Who reads on and on is lent more and more at once. Safe for use by many threads: the loan is replaced as a whole,
 * and what is guessed of the next read may be wrong.
 */
final class Borrowing implements Closeable {
    private static final int LARGE = 64 << 10;
    private static final int FIRST = 32 << 10;
    private static final int MOST = 4 << 20;

    private record Loan(FileChannel channel, long inode, long from, long to) {}

    private volatile @Nullable Loan loan;
    private volatile boolean isRefused;
    private volatile boolean isClosed;

    /** Where the next read begins, if they come in order, and how much was asked for at once. */
    private volatile long next;

    private volatile int last;

    /** {@return how many bytes were read, 0 when the server has to be asked} */
    int read(ByteBuffer into, long position) throws IOException {
        Loan now = loan;
        if (now == null || position < now.from || position >= now.to) {
            return 0;
        }
        int length = (int) Math.min(into.remaining(), now.to - position);
        ByteBuffer part = into.duplicate().limit(into.position() + length);
        int count;
        try {
            count = now.channel.read(part, position);
        } catch (
                ClosedChannelException
                        e) { // by an interrupt, which only a wait is ended by, or by who has closed the file
            count = 0;
        }
        if (count <= 0) { // or it has been cut
            forget();
            return 0;
        }
        into.position(into.position() + count);
        next = position + count;
        return count;
    }

    /** {@return whether something is lent now} */
    boolean isLent() {
        return loan != null;
    }

    private void forget() throws IOException {
        Loan now = loan;
        loan = null;
        next = -1;
        if (now != null) {
            now.channel.close();
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
    }

    /** Takes what the server lends. {@return whether it can be used} */
    synchronized boolean take(Parcel answer, long position) throws IOException {
        int length = answer.getInt();
        long inode = answer.getLong();
        int fd = answer.getInt();
        long server = answer.getLong();
        Loan before = loan;
        FileChannel channel;
        if (before != null && before.inode == inode && before.channel.isOpen()) {
            channel = before.channel;
        } else {
            channel = open(server, fd, inode, StandardOpenOption.READ);
            if (before != null) {
                before.channel.close();
            }
        }
        if (channel == null) {
            isRefused = true;
            loan = null;
            return false;
        }
        loan = new Loan(channel, inode, position, position + length);
        if (isClosed) {
            channel.close();
        }
        return true;
    }

    /** The number may be another file's by now; then it is asked after opening what it is. */
    static @Nullable FileChannel open(long server, int fd, long inode, StandardOpenOption how) throws IOException {
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
        Loan now = loan;
        if (now != null) {
            now.channel.close();
        }
    }
}
