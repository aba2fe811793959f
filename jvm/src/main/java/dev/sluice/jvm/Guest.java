package dev.sluice.jvm;

import dev.sluice.linux.Errno;
import dev.sluice.stream.Tree;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A JVM that has come in, at its server: what it has open, by the numbers that it knows them by. Safe for use by many threads,
 * as many as it has connections.
 */
final class Guest {
    private static final System.Logger LOG = System.getLogger(Guest.class.getName());
    private static final int MOST_OPEN = 1 << 16;
    private static final int MOST_ROOM = 16 << 20;
    private static final int MOST_NAMES = 32 << 10;

    private final TreeDoor door;
    private final Map<Long, Closeable> open = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final Set<SocketChannel> channels = ConcurrentHashMap.newKeySet();
    private volatile boolean isGone;

    Guest(TreeDoor door) {
        this.door = door;
    }

    /** One more connection. */
    void add(SocketChannel channel) throws IOException {
        channels.add(channel);
        if (isGone) {
            channel.close();
        }
    }

    void remove(SocketChannel channel) {
        channels.remove(channel);
    }

    /** It has said good-bye, or has ended without. */
    void leaves(boolean well) throws IOException {
        isGone = true;
        for (SocketChannel channel : channels) {
            channel.close();
        }
        if (well) {
            door.close();
        } else {
            door.abandon();
        }
    }

    /** Does what is asked. The answer may be what went wrong. */
    void serve(int what, Parcel request, Parcel answer) {
        try {
            answer.begin(Ask.DONE);
            switch (what) {
                case Ask.OPEN -> open(request.getText(), request, answer);
                case Ask.LIST -> list(request.getText(), answer);
                case Ask.CLOSE -> close(request.getLong());
                case Ask.READ,
                        Ask.WRITE,
                        Ask.STATUS_OPEN,
                        Ask.SIZE,
                        Ask.CHANGE_OPEN,
                        Ask.TRUNCATE,
                        Ask.SYNC,
                        Ask.BACKING,
                        Ask.LEND_ROOM,
                        Ask.WROTE,
                        Ask.PASSED -> ofFile(what, find(request.getLong(), TreeFile.class), request, answer);
                case Ask.NEXT -> next(find(request.getLong(), TreeListing.class), answer);
                default -> ofPath(what, request.getText(), request, answer);
            }
        } catch (IOException | IllegalArgumentException e) {
            Codec.put(answer, e);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a request of a JVM has met a mistake of ours", e);
            Codec.put(answer, new IOException("the server has made a mistake: " + e));
        }
    }

    private void open(String path, Parcel request, Parcel answer) throws IOException {
        answer.put(add(path, door.open(path, request.getInt(), request.getInt())));
    }

    private void list(String path, Parcel answer) throws IOException {
        answer.put(add(path, door.list(path)));
    }

    private long add(String path, Closeable one) throws IOException {
        if (open.size() >= MOST_OPEN) {
            one.close();
            throw Faults.of(Errno.EMFILE, path, null);
        }
        long number = numbers.incrementAndGet();
        open.put(number, one);
        return number;
    }

    private void close(long number) throws IOException {
        Closeable found = open.remove(number);
        if (found != null) {
            found.close();
        }
    }

    private <T extends Closeable> T find(long number, Class<T> type) throws IOException {
        Closeable found = open.get(number);
        if (!type.isInstance(found)) {
            throw new ClosedChannelException();
        }
        return type.cast(found);
    }

    private static void ofFile(int what, TreeFile file, Parcel request, Parcel answer) throws IOException {
        switch (what) {
            case Ask.READ -> {
                passed(file, request);
                read(file, request.getLong(), request.getInt(), request.getInt(), answer);
            }
            case Ask.PASSED -> passed(file, request);
            case Ask.WRITE -> {
                long position = request.getLong();
                answer.put(file.write(request.getPlace(), position));
            }
            case Ask.LEND_ROOM -> {
                boolean _ = Offer.put(answer, file.lendRoom(request.getLong(), room(request.getInt())));
            }
            case Ask.WROTE -> file.wrote(request.getLong(), request.getInt());
            case Ask.STATUS_OPEN -> Codec.put(answer, file.status());
            case Ask.SIZE -> answer.put(file.size());
            case Ask.CHANGE_OPEN -> file.change(Codec.wish(request));
            case Ask.TRUNCATE -> file.truncate(request.getLong());
            case Ask.SYNC -> file.sync(request.getTruth());
            default -> answer.put(text(file.backing()));
        }
    }

    private static void passed(TreeFile file, Parcel request) throws IOException {
        long from = request.getLong();
        long to = request.getLong();
        if (from != to) {
            file.passed(from, to);
        }
    }

    private static @Nullable String text(java.nio.file.@Nullable Path path) {
        return path == null ? null : path.toString();
    }

    /** The bytes, or, if more of them are wanted, where they are. The end is told by no bytes. */
    private static void read(TreeFile file, long position, int asked, int ahead, Parcel answer) throws IOException {
        if (asked < 1 || asked > Parcel.MOST_BYTES) {
            throw new IllegalArgumentException(
                    "from 1 to " + Parcel.MOST_BYTES + " bytes are read at once, not " + asked);
        }
        Tree.Loan loan = ahead > 0 ? file.lend(position, ahead) : null;
        if (Offer.put(answer, loan)) {
            return;
        }
        ByteBuffer place = answer.bytes(asked);
        int count = file.read(place, position);
        answer.shrink(asked, Math.max(count, 0));
    }

    private static int room(int length) {
        if (length < 1 || length > MOST_ROOM) {
            throw new IllegalArgumentException("room is made for 1 to " + MOST_ROOM + " bytes, not for " + length);
        }
        return length;
    }

    /** As many names as are there, but one at least; a missing one is the end. */
    private static void next(TreeListing listing, Parcel answer) throws IOException {
        int length = 0;
        do {
            String name = listing.next();
            answer.put(name != null);
            if (name == null) {
                return;
            }
            answer.put(name);
            length += name.length();
        } while (length < MOST_NAMES && listing.atHand() > 0);
    }

    private void ofPath(int what, String path, Parcel request, Parcel answer) throws IOException {
        switch (what) {
            case Ask.STATUS -> Codec.put(answer, door.status(path, request.getTruth()));
            case Ask.KIND -> answer.put(door.kind(path, request.getTruth()));
            case Ask.ALLOWS -> answer.put(door.allows(path, request.getInt()));
            case Ask.MAKE_DIRECTORY -> door.makeDirectory(path, request.getInt());
            case Ask.MAKE_LINK -> door.makeSymbolicLink(path, request.getText());
            case Ask.TARGET -> answer.put(door.target(path));
            case Ask.LINK -> door.link(path, request.getText());
            case Ask.REMOVE -> door.remove(path);
            case Ask.RENAME -> door.rename(path, request.getText(), request.getTruth());
            case Ask.CHANGE -> door.change(path, request.getTruth(), Codec.wish(request));
            case Ask.EXTENDED -> answer.put(door.extended(path, request.getText()));
            case Ask.EXTENDED_NAMES -> {
                for (String name : door.extendedNames(path)) {
                    answer.put(true).put(name);
                }
                answer.put(false);
            }
            case Ask.SET_EXTENDED -> door.setExtended(path, request.getText(), request.getBytes());
            case Ask.REAL -> answer.put(door.real(path));
            default -> throw new IllegalArgumentException("nothing is known that is asked for by " + what);
        }
    }
}
