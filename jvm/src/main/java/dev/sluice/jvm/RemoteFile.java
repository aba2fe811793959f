package dev.sluice.jvm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** An open file of a tree in another process. Safe for use by many threads. */
final class RemoteFile implements Door.OpenFile {
    private static final int END = -1;

    /** So much is sent when there is no room to write in place: the server answers when there is again. */
    private static final int WHILE_WAITING = 64 << 10;

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
        boolean isCopied = false;
        while (true) {
            int lent = borrowing.read(into, position);
            if (lent > 0) {
                return lent;
            }
            if (borrowing.comes(position)) {
                continue;
            }
            MappedGauge gauge = borrowing.gauge(position);
            int ahead = isCopied ? 0 : borrowing.ahead(position, length);
            Answer answer = gauge == null
                    ? ask(position, length, ahead, into)
                    : Vigil.keep(gauge, () -> borrowing.has(position), () -> ask(position, length, ahead, null));
            if (answer != null && answer.offer != null) {
                isCopied = true; // if it cannot be read there
                boolean _ = borrowing.take(answer.offer, position);
            } else if (answer != null) {
                if (answer.bytes != null) {
                    into.put(answer.bytes);
                }
                borrowing.copied(position, answer.count);
                return answer.count == 0 ? END : answer.count;
            } else if (isClosing.get()) {
                throw new AsynchronousCloseException();
            }
        }
    }

    /**
     * What the server says to a read.
     *
     * @param offer what it lends; null when it gives bytes
     * @param bytes these; null when they are where they were wanted
     */
    private record Answer(@Nullable Offer offer, @Nullable ByteBuffer bytes, int count) {}

    private Answer ask(long position, int length, int ahead, @Nullable ByteBuffer into) throws IOException {
        return ask(
                Ask.READ, request -> passed(request).put(position).put(length).put(ahead), answer -> {
                    Offer offer = Offer.of(answer);
                    if (offer != null) {
                        return new Answer(offer, null, 0);
                    }
                    ByteBuffer place = answer.getPlace();
                    int count = place.remaining();
                    if (into != null) {
                        into.put(place);
                        return new Answer(null, null, count);
                    }
                    return new Answer(
                            null, ByteBuffer.allocate(count).put(place).flip(), count);
                });
    }

    private Parcel passed(Parcel request) {
        Borrowing.Passed passed = borrowing.passed();
        return request.put(passed.from()).put(passed.to());
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
        int length = Math.min(from.remaining(), depositing.isToComeSoon() ? WHILE_WAITING : Parcel.MOST_BYTES);
        long end = ask(Ask.WRITE, request -> request.put(position).put(from.duplicate(), length), Parcel::getLong);
        from.position(from.position() + length);
        depositing.sent(position, end);
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
            if (borrowing.isToTell()) {
                tell(Ask.PASSED, this::passed);
            }
        } finally {
            isClosed.set(true);
            door.closed(number);
        }
    }
}
