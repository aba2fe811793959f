package dev.sluice.stream;

import static dev.sluice.stream.Underlying.bytes;
import static dev.sluice.stream.Underlying.check;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Linux;
import dev.sluice.linux.OpenFlag;
import dev.sluice.stream.Gate.Ask;
import dev.sluice.stream.Gate.Phase;
import dev.sluice.stream.Gate.Role;
import org.jspecify.annotations.Nullable;

/** Opens and closes regular files. What is known of them is owned by the workflow's lock. */
final class Openings {
    private static final int ACCESS = 3;
    private static final int KEPT_FLAGS = ACCESS
            | OpenFlag.TRUNCATE.bits()
            | OpenFlag.APPEND.bits()
            | OpenFlag.DATA_SYNC.bits()
            | OpenFlag.SYNC.bits();
    private static final int SIGNAL = 0x7F; // of a status, as for wait
    static final int NO_DESCRIPTOR = -1;
    private static final int EXECUTED = 0x20; // FMODE_EXEC, as the kernel hands it to a file system

    private final Waiters waiters;
    private final Streams streams;
    private final Underlying underlying;
    private final Permissions permissions;
    private final Store store;
    private final Room room;
    private final Bytes contents;
    private final Vitals vitals;

    Openings(
            Waiters waiters,
            Streams streams,
            Underlying underlying,
            Permissions permissions,
            Store store,
            Room room,
            Bytes contents,
            Vitals vitals) {
        this.vitals = vitals;
        this.room = room;
        this.waiters = waiters;
        this.streams = streams;
        this.underlying = underlying;
        this.permissions = permissions;
        this.store = store;
        this.contents = contents;
    }

    /** Opens a file that is there, or is expected. Called with the lock held. */
    Handle open(Request request, RegularFile file, int flags) throws Refusal, Parked {
        Stream stream = file.stream;
        Session session = request.session();
        boolean writes = (flags & ACCESS) != OpenFlag.READ_ONLY.bits();
        boolean reads = (flags & ACCESS) != OpenFlag.WRITE_ONLY.bits();
        boolean truncates = (flags & OpenFlag.TRUNCATE.bits()) != 0; // also of who only reads, if he may write
        // Who wants to read and write needs the whole of it.
        streams.pass(request, stream, !reads ? Ask.WRITE : writes ? Ask.STAT : Ask.OPEN, false, 0);
        permissions.require(
                request,
                file,
                ((flags & EXECUTED) != 0 ? Permissions.EXECUTE : reads ? Permissions.READ : 0)
                        | (writes ? Permissions.WRITE : 0));
        if (reads) {
            room.require(request, file, 0);
        }
        if (truncates) {
            permissions.require(request, file, Permissions.WRITE);
        }
        if (truncates && stream != null && file.content == null && file.handles.isEmpty()) {
            toMemory(request, file); // so that what is there now stays whole until the new one is
        }
        if (truncates && file.size > 0) {
            contents.changes().late(file, session, 0);
        }
        int fd = -1;
        Content content = file.content;
        if (content == null) {
            fd = openBelow(file, flags);
        } else if (truncates) {
            contents.truncate(file, 0);
        }
        if (fd >= 0 && truncates) {
            file.size = 0;
            if (stream != null) {
                stream.written.cut(0);
            }
        }
        boolean follows = stream != null && !stream.isSettled() && stream.role(session) == Role.CONSUMER && !writes;
        Handle handle = new Handle(file, flags, request, fd, follows);
        file.handles.add(handle);
        if (stream != null && !writes) {
            stream.takenBy(session);
        }
        if (writes && stream != null) {
            boolean mayChangeAll = stream.phase == Phase.PRIOR && !handle.appends();
            streams.grows(stream, session);
            if (mayChangeAll) {
                // What is from before the run is no result of it, until it is written or complete.
                stream.written.cut(0);
            }
        }
        return handle;
    }

    private int openBelow(RegularFile file, int flags) throws Refusal {
        if (file.links.isEmpty()) {
            return reopen(file, flags);
        }
        RegularFile.Link link = file.links.getFirst();
        return underlying.open(link.parent(), link.name(), flags & KEPT_FLAGS, 0);
    }

    /** Who has a file open that has no name any more may open it by that once more. */
    private static int reopen(RegularFile file, int flags) throws Refusal {
        int fd = descriptor(file, null);
        if (fd < 0) {
            throw Refusal.of(Errno.ESTALE);
        }
        int again = dev.sluice.linux.Names.reopen(fd, (flags & KEPT_FLAGS) | OpenFlag.CLOSE_ON_EXEC.bits());
        return check(Descriptors.OURS.take(again));
    }

    /**
     * Its bytes are in memory from now on, and there are none; if in the end it can take its own place. It cannot when another name
     * leads to what is below, of which nobody has asked here, or when it could not be given to its owner.
     */
    private void toMemory(Request request, RegularFile file) throws Refusal {
        dev.sluice.linux.Attributes seen = new dev.sluice.linux.Attributes();
        if (file.links.isEmpty()) {
            return;
        }
        RegularFile.Link link = file.links.getFirst();
        check(seen.ask(underlying.folder(link.parent()), bytes(link.name())));
        if (seen.links() > file.links.size() || !permissions.mayReplace(request, link.parent(), seen)) {
            return;
        }
        file.attributes = underlying.extended(link.parent(), link.name());
        file.mode = seen.mode();
        file.user = seen.user();
        file.group = seen.group();
        file.times.all(Times.now());
        file.times.accessed = Times.of(seen.accessSeconds(), seen.accessNanos());
        file.size = 0;
        file.content = store.content();
        Stream stream = file.stream;
        if (stream != null) {
            stream.written.cut(0);
        }
    }

    /** Gives a new file its bytes, and opens it. Called with the lock held. */
    Handle opened(Request request, RegularFile file, int flags) throws Refusal {
        int fd = -1;
        if (file.stream != null) {
            file.content = store.content();
        } else {
            RegularFile.Link link = file.links.getFirst();
            fd = underlying.open(
                    link.parent(),
                    link.name(),
                    (flags & KEPT_FLAGS) | OpenFlag.CREATE.bits() | OpenFlag.EXCLUSIVE.bits(),
                    0);
            Entry entry = link.parent().entry(link.name());
            if (entry != null) {
                entry.isBelow = true;
            }
            own(fd, file, request);
        }
        return add(new Handle(file, flags, request, fd, false));
    }

    private static void own(int fd, RegularFile file, Request request) throws Refusal {
        if (!Permissions.isOurs(request)) {
            check(dev.sluice.linux.Metadata.setOwner(fd, request.user(), file.group));
        }
        check(dev.sluice.linux.Metadata.setMode(fd, file.mode & ~dev.sluice.linux.Attributes.TYPE));
    }

    /** Opens a new file without a name, which is below. Called with the lock held. */
    Handle openedUnnamed(Request request, RegularFile file, Directory parent, int flags) throws Refusal {
        int fd = check(Descriptors.OURS.take(dev.sluice.linux.Names.open(
                underlying.folder(parent),
                bytes("."),
                (flags & KEPT_FLAGS) | OpenFlag.UNNAMED.bits() | OpenFlag.CLOSE_ON_EXEC.bits(),
                0)));
        own(fd, file, request);
        return add(new Handle(file, flags, request, fd, false));
    }

    private static Handle add(Handle handle) {
        handle.file.handles.add(handle);
        return handle;
    }

    /** A descriptor of an open file has been closed: by a program that fails, and has written last? */
    void closing(Request request, Handle handle) {
        int failure = handle.isWatched() ? vitals.failure(request.task()) : 0;
        if (failure == 0) {
            return;
        }
        int writer = handle.writer;
        boolean isKilled = (failure & SIGNAL) != 0;
        boolean isOwners = writer == 0 || handle.isOf(request.task()); // such as a shell's, whose commands write
        boolean isAbandoned = (isOwners && isKilled) || (writer != 0 && writer == Proc.process(request.task()));
        boolean isForNothing = writer == 0; // what its readers wait for is no empty file, unless its step ends well
        waiters.enter();
        try {
            handle.isAbandoned |= isAbandoned || (isForNothing && handle.file.size == 0);
        } finally {
            waiters.leave();
        }
    }

    /** Who has it open has failed. */
    void abandon(Handle handle) {
        waiters.enter();
        try {
            handle.isAbandoned |= handle.writes();
        } finally {
            waiters.leave();
        }
    }

    /** The last descriptor of an open file has been closed. Called with the lock held. */
    void close(Handle handle) {
        RegularFile file = handle.file;
        if (!file.handles.contains(handle)) {
            return;
        }
        contents.lending().closing(handle);
        file.handles.remove(handle);
        if (handle.fd >= 0) {
            Linux.close(handle.fd);
        }
        handle.giveBack();
        Content content = file.content;
        if (content != null && handle.lentTo > file.size && file.writers() == 0) {
            long _ = content.truncate(file.size); // nobody has said what is behind it, if anything
        }
        Stream stream = file.stream;
        if (handle.writes()) {
            file.closed(handle);
            if (stream != null) {
                streams.consider(stream, file.closes(), file.writers(), 0);
            }
            streams.stray(file);
        }
        release(file);
    }

    /** Gives memory back that nobody can reach any more. */
    static void release(RegularFile file) {
        Content content = file.content;
        if (content != null && file.handles.isEmpty() && !file.links.isEmpty() && file.pins == 0) {
            content.fold(file.size);
        }
        if (content != null && file.handles.isEmpty() && file.links.isEmpty() && file.pins == 0) {
            file.content = null;
            content.close();
        }
    }

    /** The same of a file that has lost its last name; null when it has others. */
    static void releaseLost(@Nullable RegularFile lost) {
        if (lost != null) {
            release(lost);
        }
    }

    /** {@return an open file's descriptor, for a file that has no name any more; or -1} */
    static int descriptor(RegularFile file, @Nullable Handle handle) {
        if (handle != null) {
            return handle.fd;
        }
        return file.handles.isEmpty() ? -1 : file.handles.getFirst().fd;
    }
}
