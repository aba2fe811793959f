package dev.sluice.jvm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** An open file of a tree in another process. Safe for use by many threads. */
final class RemoteFile implements Door.OpenFile {
    private static final int END = -1;

    /** Bytes are not answered, but lent. */
    private static final int LENT = -2;

    private final RemoteDoor door;
    private final long number;
    private final Depositing depositing;
    private final Borrowing borrowing = new Borrowing();
    private final AtomicBoolean isClosing = new AtomicBoolean();
    private final AtomicBoolean isClosed = new AtomicBoolean();

    RemoteFile(RemoteDoor door, long number) {
        this.door = door;
        depositing = new Depositing(door, this);
        this.number = number;
    }

    void tell(int what, RemoteDoor.Words words) throws IOException {
        Object _ = ask(what, words, _ -> this);
    }

    <T extends @Nullable Object> T ask(int what, RemoteDoor.Words words, RemoteDoor.Reading<T> reading)
            throws IOException {
        if (isClosed.get()) {
            throw new ClosedChannelException();
        }
        return door.ask(
                what,
                request -> {
                    request.put(number);
                    words.into(request);
                },
                reading);
    }

    private static void requirePlace(long position) {
        if (position < 0) {
            throw new IllegalArgumentException("a place in a file is not negative: " + position);
        }
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        requirePlace(position);
        int length = Math.min(into.remaining(), Parcel.MOST_BYTES);
        if (length == 0) {
            return 0;
        }
        if (isClosed.get()) {
            throw new ClosedChannelException();
        }
        int lent = borrowing.read(into, position);
        if (lent > 0) {
            return lent;
        }
        int ahead = borrowing.ahead(position, length);
        int count = read(into, position, length, ahead);
        if (count == LENT) {
            lent = borrowing.read(into, position);
            return lent > 0 ? lent : read(into, position, length, 0);
        }
        return count;
    }

    private int read(ByteBuffer into, long position, int length, int ahead) throws IOException {
        return ask(Ask.READ, request -> request.put(position).put(length).put(ahead), answer -> {
            if (answer.getTruth()) {
                boolean _ = borrowing.take(answer, position);
                return LENT;
            }
            ByteBuffer bytes = answer.getPlace();
            int count = bytes.remaining();
            into.put(bytes);
            borrowing.copied(position, count);
            return count == 0 ? END : count;
        });
    }

    /** {@return whether it writes in place now} */
    boolean deposits() {
        return depositing.hasRoom();
    }

    /** {@return whether it reads in place now} */
    boolean borrows() {
        return borrowing.isLent();
    }

    @Override
    public long write(ByteBuffer from, long position) throws IOException {
        requirePlace(position);
        long end = position;
        do {
            int count = isClosed.get() ? 0 : depositing.write(from, end);
            end = count == 0 ? send(from, end) : end + count;
        } while (from.hasRemaining());
        return end;
    }

    private long send(ByteBuffer from, long position) throws IOException {
        depositing.settleWell();
        int length = Math.min(from.remaining(), Parcel.MOST_BYTES);
        long end = ask(Ask.WRITE, request -> request.put(position).put(from.duplicate(), length), Parcel::getLong);
        from.position(from.position() + length);
        depositing.sent(end);
        return end;
    }

    @Override
    public Door.Status status() throws IOException {
        return ask(Ask.STATUS_OPEN, _ -> {}, Codec::status);
    }

    @Override
    public long size() throws IOException {
        return ask(Ask.SIZE, _ -> {}, Parcel::getLong);
    }

    @Override
    public void change(Door.Wish wish) throws IOException {
        tell(Ask.CHANGE_OPEN, request -> Codec.put(request, wish));
    }

    @Override
    public void truncate(long size) throws IOException {
        requirePlace(size);
        depositing.settleWell();
        tell(Ask.TRUNCATE, request -> request.put(size));
        depositing.cut();
    }

    @Override
    public void sync(boolean dataOnly) throws IOException {
        depositing.settleWell();
        tell(Ask.SYNC, request -> request.put(dataOnly));
    }

    @Override
    public @Nullable Path backing() throws IOException {
        String path = ask(Ask.BACKING, _ -> {}, Parcel::getTextOrNull);
        return path == null ? null : Path.of(path);
    }

    @Override
    public void close() throws IOException {
        if (isClosing.getAndSet(true)) {
            return;
        }
        try (borrowing) {
            depositing.close();
        } finally {
            isClosed.set(true);
            door.closed(number);
        }
    }
}
