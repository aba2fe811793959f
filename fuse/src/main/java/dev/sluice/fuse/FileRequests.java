package dev.sluice.fuse;

import static dev.sluice.fuse.Exchange.BODY;

import dev.sluice.linux.Errno;
import dev.sluice.linux.OpenFlag;
import dev.sluice.stream.Handle;
import dev.sluice.stream.Parked;
import dev.sluice.stream.Refusal;
import dev.sluice.stream.Tree;
import org.jspecify.annotations.Nullable;

/** The requests about open files and their bytes. Called by many threads. */
final class FileRequests {
    /** The length of what an open answers. */
    static final int OPENED = 16;

    private static final int ACCESS = 3;

    /** Has it the number of an owner of locks? So it has when a program reads, and the kernel does not read for itself. */
    private static final int READ_FOR_PROGRAM = 1 << 1;

    private static final int WRITE_CACHE = 1; // pages of a mapping go back: we do not ask for a cache of writes
    private static final int WRITE_KILLS_SET_ID = 1 << 2;
    private static final int APPENDS = OpenFlag.APPEND.bits();
    private static final int OPEN_KILLS_SET_ID = 1;
    private static final long MOST_COPIED = 1 << 30;
    private static final int SMALL = 1 << 17; // more than a small file has

    private final Tree tree;
    private final Slots<OpenFile> open = new Slots<>();
    private volatile Device device = new Device(-1);
    private volatile boolean passes;

    /** Who was told last to look the name up again. */
    private final Lookups sentBack = new Lookups();

    FileRequests(Tree tree) {
        this.tree = tree;
    }

    void agreed(Device first, boolean maySkipUs) {
        device = first;
        passes = maySkipUs;
    }

    @Nullable
    OpenFile find(long number) {
        return open.find(number);
    }

    void open(Exchange exchange, Known known) throws Refusal, Parked {
        int flags = exchange.intAt(BODY);
        Handle handle = tree.open(exchange.request(), known.node(), flags);
        if ((exchange.intAt(BODY + 4) & OPEN_KILLS_SET_ID) != 0) {
            tree.killSetId(known.node()); // since it is cut
        }
        if (tree.isFollowing(handle) && mustLookUp(exchange, known)) {
            tree.close(handle);
            exchange.refuse(Errno.ESTALE);
            return;
        }
        long number = opened(exchange, known, handle, flags, 0);
        if (!exchange.answer(OPENED)) {
            release(number);
        }
    }

    /**
     * Who follows a growing file must not have it by the number that its writers have. The kernel may have kept that for its name,
     * from when the file was complete or none of the flow's; it looks up again, by itself, when it is told that this is over. Once:
     * who has no name for it, as by a descriptor's, goes on with what he has.
     */
    private boolean mustLookUp(Exchange exchange, Known known) {
        int task = exchange.request().task();
        long node = known.node().id();
        boolean must = !Nodes.isFollowed(known.number()) && !sentBack.isLast(task, node);
        if (must) {
            sentBack.remember(task, node);
        } else {
            sentBack.forget(task);
        }
        return must;
    }

    /** Puts an open file into an answer, and answers its number. */
    long opened(Exchange exchange, Known known, Handle handle, int flags, int at) {
        boolean writes = (flags & ACCESS) != OpenFlag.READ_ONLY.bits();
        OpenFile file = known.open(handle, writes, device, passes, () -> bring(exchange, known, handle));
        if (writes && file.passes() && exchange.request().user() != 0) {
            tree.killSetId(known.node()); // nobody says when he writes
        }
        long number = open.add(file);
        exchange.put(at, number);
        exchange.put(at + 8, file.flags());
        exchange.put(at + 12, file.backing());
        return number;
    }

    /** Most who open a small file read it all: then it need not be asked for. */
    private boolean bring(Exchange exchange, Known known, Handle handle) {
        try {
            int count = tree.read(exchange.request(), handle, 0, SMALL, exchange::stored);
            return exchange.store(device, known.number(), count);
        } catch (Refusal e) {
            return false; // who reads it will be told
        } catch (Parked e) {
            tree.cancel(exchange.request());
            return false;
        }
    }

    void read(Exchange exchange, OpenFile file) throws Refusal, Parked {
        boolean isForProgram = (exchange.intAt(BODY + 20) & READ_FOR_PROGRAM) != 0;
        if (!isForProgram && tree.isFollowing(file.handle())) {
            // For pages of its own it takes a part for the end, and says nothing. Refused so, programs read instead.
            exchange.refuse(Errno.EINVAL);
            return;
        }
        long place = exchange.longAt(BODY + 8);
        int count = tree.read(exchange.request(), file.handle(), place, exchange.intAt(BODY + 16), exchange);
        file.readTo(place + count);
        exchange.answerBody(count);
    }

    void write(Exchange exchange, OpenFile file) throws Refusal, Parked {
        if ((exchange.intAt(BODY + 20) & WRITE_KILLS_SET_ID) != 0) {
            tree.killSetId(file.known().node());
        }
        long place = exchange.longAt(BODY + 8);
        int length = exchange.intAt(BODY + 16);
        boolean isMapped = (exchange.intAt(BODY + 20) & WRITE_CACHE) != 0;
        boolean appends = (exchange.intAt(BODY + 32) & APPENDS) != 0; // now, however it was opened
        int count = isMapped
                ? tree.writeMapped(exchange.request(), file.handle(), place, length, exchange)
                : tree.write(exchange.request(), file.handle(), place, length, exchange, appends);
        exchange.put(0, count);
        exchange.put(4, 0);
        exchange.answer(8);
    }

    void closing(Exchange exchange, OpenFile file) {
        tree.closing(exchange.request(), file.handle());
        exchange.answer();
    }

    void release(Exchange exchange) {
        release(exchange.longAt(BODY));
        exchange.answer();
    }

    void release(long number) {
        OpenFile file = open.remove(number);
        if (file != null) {
            file.known().close(file, device);
            tree.close(file.handle());
        }
    }

    void closeAll() {
        open.removeAll().forEach(file -> tree.close(file.handle()));
    }

    void sync(Exchange exchange, OpenFile file) throws Refusal {
        tree.sync(file.handle(), (exchange.intAt(BODY + 8) & 1) != 0);
        exchange.answer();
    }

    void allocate(Exchange exchange, OpenFile file) throws Refusal {
        if (exchange.request().user() != 0) {
            tree.killSetId(file.known().node()); // the kernel does not say whether he may leave it that
        }
        tree.allocate(file.handle(), exchange.intAt(BODY + 24), exchange.longAt(BODY + 8), exchange.longAt(BODY + 16));
        exchange.answer();
    }

    void seek(Exchange exchange, OpenFile file) throws Refusal, Parked {
        long place = tree.seek(exchange.request(), file.handle(), exchange.longAt(BODY + 8), exchange.intAt(BODY + 16));
        exchange.put(0, place);
        exchange.answer(8);
    }

    void copy(Exchange exchange, OpenFile file) throws Refusal {
        OpenFile to = open.find(exchange.longAt(BODY + 24));
        if (to == null) {
            exchange.refuse(Errno.EBADF);
            return;
        }
        long count = tree.copy(
                file.handle(),
                exchange.longAt(BODY + 8),
                to.handle(),
                exchange.longAt(BODY + 32),
                Math.min(exchange.longAt(BODY + 40), MOST_COPIED));
        exchange.put(0, (int) count);
        exchange.put(4, 0);
        exchange.answer(8);
    }
}
