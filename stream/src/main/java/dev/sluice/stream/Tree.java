package dev.sluice.stream;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Transfers;
import dev.sluice.stream.Gate.Ask;
import dev.sluice.stream.Gate.Phase;
import org.jspecify.annotations.Nullable;

/**
 * The files of a managed directory, and what can be done with them.
 *
 * <p>Names are texts with one char for each byte of the name, so that none is lost. Each operation answers, or throws
 * {@link Refusal}, or throws {@link Parked}: then its request waits, and whoever brought it calls again, with the same
 * arguments, when it has been resumed. Safe for use by many threads.
 */
@SuppressWarnings("exports") // users need not have JSpecify
public final class Tree {
    /**
     * The bytes that a request brings or takes: in memory, or on their way from file to file through the kernel. Owned by who
     * serves the request.
     */
    @FunctionalInterface
    public interface Payload {
        /**
         * {@return where in memory they are, or are to be put} What a request brings is there after this, wherever it was.
         */
        long address();

        /**
         * Takes all of its bytes from an ordinary file.
         *
         * @param fd the file
         * @param offset where
         * @param count how many
         * @return whether it could; otherwise they are to be put at {@link #address}
         */
        default boolean take(int fd, long offset, long count) {
            return false;
        }

        /**
         * Brings some of its bytes, each once and in their order, to an ordinary file.
         *
         * @param fd the file
         * @param offset where
         * @param from the place of the first one among its bytes
         * @param count how many, at most
         * @return how many it has brought, or a negated error number
         */
        default long give(int fd, long offset, long from, long count) {
            return Transfers.pwrite(fd, address() + from, count, offset);
        }
    }

    /**
     * Bytes that somebody may read from where they are.
     *
     * @param fd the ordinary file that has them at the same place, as long as the file is open here
     * @param inode that file's number, by which it is known again
     * @param length how many there are; 0 when there is to be room later, for who writes some more otherwise
     * @param isOnce whether each of them may be read once, in their order: who has read on {@linkplain #passed tells}
     * @param page by what one learns of more, or tells of it; null when the tree is to be asked
     */
    public record Loan(
            int fd,
            long inode,
            int length,
            boolean isOnce,
            @Nullable Page page) {}

    /**
     * The page of a {@linkplain Handle.Gauge gauge}.
     *
     * @param fd the ordinary file that has it
     * @param inode that file's number
     * @param to up to where one may go by it
     */
    public record Page(int fd, long inode, long to) {}

    private final Waiters waiters;
    private final Streams streams;
    private final Underlying underlying;
    private final Permissions permissions;
    private final Naming naming;
    private final Linking linking;
    private final Renaming renaming;
    private final Openings openings;
    private final Bytes bytes;
    private final Shown shown;
    private final Extended extended;
    private final Witness witness;
    private final Recorder recorder;

    Tree(
            Waiters waiters,
            Streams streams,
            Underlying underlying,
            Permissions permissions,
            Naming naming,
            Openings openings,
            Bytes bytes,
            Shown shown,
            Witness witness,
            Recorder recorder) {
        this.waiters = waiters;
        this.streams = streams;
        this.underlying = underlying;
        this.permissions = permissions;
        this.naming = naming;
        linking = new Linking(naming, underlying);
        renaming = new Renaming(naming, underlying, permissions);
        this.openings = openings;
        this.bytes = bytes;
        this.shown = shown;
        extended = new Extended(permissions, shown);
        this.witness = witness;
        this.recorder = recorder;
    }

    @FunctionalInterface
    private interface Work<T extends @Nullable Object, E extends Exception> {
        T run() throws Refusal, E;
    }

    /** Does some work with the lock held; it throws what that throws. */
    private <T extends @Nullable Object, E extends Exception> T locked(Work<T, E> work) throws Refusal, E {
        waiters.enter();
        try {
            return work.run();
        } finally {
            waiters.leave();
        }
    }

    private <N extends Node> N made(Request request, Node parent, String name, N node) {
        witness.made(request, parent, name, node);
        return node;
    }

    private Handle opened(Request request, Handle handle) {
        recorder.opened(handle);
        return witness.opened(request, handle);
    }

    static @Nullable Stream stream(Node node) {
        return switch (node) {
            case RegularFile file -> file.stream;
            case Directory directory -> directory.stream;
            case OtherFile _ -> null;
        };
    }

    private void fill(Node node, @Nullable Session session, Attributes into) throws Refusal {
        shown.fill(node, session, into);
        into.settled &= !witness.isThere();
        into.named &= !witness.isThere();
    }

    /** {@return the managed directory itself} */
    public Node root() {
        return naming.root;
    }

    /**
     * Finds what a name leads to. Never waits: for who may wait for a file that is not there, there is a node that stands for
     * it.
     *
     * @param request who asks
     * @param parent the directory
     * @param name the name
     * @return the node, or null when there is none
     * @throws Refusal when it cannot be looked up
     */
    public @Nullable Node lookup(Request request, Node parent, String name) throws Refusal {
        waiters.enter();
        try {
            Node found = naming.lookup(request, parent, name);
            witness.looked(request, parent, name, found);
            return found;
        } finally {
            waiters.leave();
        }
    }

    /**
     * Does who has opened a file get its bytes while others still write it?
     *
     * @param handle the open file
     * @return whether he may have to wait for what he reads next
     */
    public boolean isFollowing(Handle handle) {
        if (!handle.streams) {
            return false;
        }
        waiters.enter();
        try {
            Stream stream = handle.file.stream;
            return stream != null && !stream.isSettled();
        } finally {
            waiters.leave();
        }
    }

    /**
     * Tells what a file is like, without waiting, for the answer to a lookup.
     *
     * @param request who asks
     * @param node the file
     * @param into what is filled
     * @throws Refusal when it is not there any more
     */
    public void peek(Request request, Node node, Attributes into) throws Refusal {
        locked(() -> {
            fill(node, request.session(), into);
            return null;
        });
    }

    /**
     * Tells what a file is like. A consumer waits until it is complete, unless it has the file open.
     *
     * @param request who asks
     * @param node the file
     * @param isOpen whether it asks by a descriptor, not by a name
     * @param into what is filled
     * @throws Refusal when it is not there
     * @throws Parked when it waits
     */
    public void attributes(Request request, Node node, boolean isOpen, Attributes into) throws Refusal, Parked {
        waiters.enter();
        try {
            // A directory's attributes are no promise.
            boolean isAsked = !(node instanceof Directory directory) || !Naming.isThere(directory);
            if (isAsked) {
                boolean isByName =
                        !isOpen || (node instanceof RegularFile file && !file.mayBeOpenIn(request.session()));
                streams.pass(request, stream(node), isByName ? Ask.STAT : Ask.STAT_OPEN, false, 0);
            }
            fill(node, request.session(), into);
        } finally {
            waiters.leave();
        }
    }

    /**
     * Tells what an open file is like, such as where it ends, when nothing more of it is to come, or when something is there behind a
     * place.
     *
     * @param request who asks
     * @param handle the open file
     * @param behind the place, or -1
     * @param into what is filled
     * @throws Refusal when it will not be
     * @throws Parked when it waits
     */
    public void attributes(Request request, Handle handle, long behind, Attributes into) throws Refusal, Parked {
        locked(() -> {
            bytes.require(request, handle, behind);
            fill(handle.file, request.session(), into);
            return null;
        });
    }

    /**
     * May a file be used so? A consumer waits until it is there.
     *
     * @param request who asks
     * @param node the file
     * @param wanted permission bits: 4 read, 2 write, 1 execute; 0 is whether it is there
     * @throws Refusal when it may not
     * @throws Parked when it waits
     */
    public void access(Request request, Node node, int wanted) throws Refusal, Parked {
        locked(() -> {
            Stream stream = stream(node);
            if (stream != null && (stream.phase == Phase.EXPECTED || stream.phase == Phase.MISSING)) {
                streams.pass(request, stream, Ask.OPEN, false, 0);
            }
            request.awaited = null;
            permissions.require(request, node, wanted);
            return null;
        });
    }

    /**
     * Waits until there is what a consumer's name leads to, whatever it is; what that is he learns when he looks the name up again.
     *
     * @param request who asks
     * @param node what stands for it
     * @throws Refusal when it will not come
     * @throws Parked when it waits
     */
    public void await(Request request, Node node) throws Refusal, Parked {
        boolean _ = locked(() -> streams.comesAsSupposed(request, stream(node)));
    }

    /**
     * Changes attributes.
     *
     * @param request who asks
     * @param node the file
     * @param handle the open file by which it is asked for, or null
     * @param change what changes
     * @param into what it is like then
     * @throws Refusal when it cannot be
     * @throws Parked when it waits
     */
    public void change(Request request, Node node, @Nullable Handle handle, Change change, Attributes into)
            throws Refusal, Parked {
        locked(() -> {
            streams.pass(request, stream(node), Ask.WRITE, false, 0);
            shown.change(request, node, handle, change);
            if (node instanceof RegularFile file) {
                Openings.release(file);
            }
            witness.changed(request, node, change);
            fill(node, null, into);
            return null;
        });
    }

    /**
     * Takes from a regular file the right to run as its owner or group, for who writes it and may not leave it that.
     *
     * @param node the file
     */
    public void killSetId(Node node) {
        waiters.enter();
        try {
            if (node instanceof RegularFile file) {
                shown.killSetId(file);
            }
        } catch (Refusal e) {
            // Who serves may not: then it is a stranger's for him as well, and nothing runs with other rights from a
            // mount anyhow.
        } finally {
            waiters.leave();
        }
    }

    /**
     * Reads a symbolic link.
     *
     * @param node the link
     * @return where it leads
     * @throws Refusal when it is none
     */
    public byte[] target(Node node) throws Refusal {
        return locked(() -> shown.target(node));
    }

    /**
     * Makes a directory.
     *
     * @param request who asks
     * @param parent where
     * @param name its name
     * @param mode its permission bits
     * @return what was made
     * @throws Refusal when it cannot be
     * @throws Parked when it waits
     */
    public Node makeDirectory(Request request, Node parent, String name, int mode) throws Refusal, Parked {
        return locked(() -> made(request, parent, name, naming.makeDirectory(request, parent, name, mode)));
    }

    /**
     * Makes a file of any kind but a directory or symbolic link.
     *
     * @param request who asks
     * @param parent where
     * @param name its name
     * @param mode its type and permission bits
     * @param device of a device file, the device
     * @return what was made
     * @throws Refusal when it cannot be
     * @throws Parked when it waits
     */
    public Node makeOther(Request request, Node parent, String name, int mode, int device) throws Refusal, Parked {
        int type = mode & Attributes.TYPE;
        if (type != Attributes.REGULAR && type != 0) {
            return locked(() -> made(request, parent, name, naming.makeOther(request, parent, name, mode, device)));
        }
        Handle handle = create(request, parent, name, dev.sluice.linux.OpenFlag.READ_ONLY.bits(), mode);
        close(handle);
        return handle.node();
    }

    /**
     * Makes a symbolic link.
     *
     * @param request who asks
     * @param parent where
     * @param name its name
     * @param target where it leads
     * @return what was made
     * @throws Refusal when it cannot be
     * @throws Parked when it waits
     */
    public Node makeSymbolicLink(Request request, Node parent, String name, byte[] target) throws Refusal, Parked {
        return locked(() -> made(request, parent, name, naming.makeSymbolicLink(request, parent, name, target)));
    }

    /**
     * Gives a regular file one more name.
     *
     * @param request who asks
     * @param node the file
     * @param parent where
     * @param name the name
     * @throws Refusal when it cannot be
     * @throws Parked when it waits
     */
    public void link(Request request, Node node, Node parent, String name) throws Refusal, Parked {
        locked(() -> {
            linking.link(request, node, parent, name);
            witness.made(request, parent, name, node);
            return null;
        });
    }

    /**
     * Removes a name that is not a directory's.
     *
     * @param request who asks
     * @param parent where
     * @param name the name
     * @throws Refusal when it cannot be
     * @throws Parked when it waits
     */
    public void remove(Request request, Node parent, String name) throws Refusal, Parked {
        locked(() -> {
            Node named = Naming.known(parent, name);
            Openings.releaseLost(naming.remove(request, parent, name));
            witness.removed(request, parent, name);
            witness.described(request, named);
            return null;
        });
    }

    /**
     * Removes an empty directory.
     *
     * @param request who asks
     * @param parent where
     * @param name its name
     * @throws Refusal when it cannot be
     * @throws Parked when it waits
     */
    public void removeDirectory(Request request, Node parent, String name) throws Refusal, Parked {
        locked(() -> {
            naming.removeDirectory(request, parent, name);
            witness.removed(request, parent, name);
            return null;
        });
    }

    /**
     * Gives a file another name, whose file is replaced.
     *
     * @param request who asks
     * @param parent where it is
     * @param name its name
     * @param newParent where it will be
     * @param newName its new name
     * @param flags 1: replace nothing; 2: exchange both
     * @throws Refusal when it cannot be
     * @throws Parked when it waits
     */
    public void rename(Request request, Node parent, String name, Node newParent, String newName, int flags)
            throws Refusal, Parked {
        locked(() -> {
            Node moved = Naming.known(parent, name);
            Node before = Naming.known(newParent, newName);
            Openings.releaseLost(renaming.rename(request, parent, name, newParent, newName, flags));
            witness.moved(request, parent, name, newParent, newName, (flags & Renaming.EXCHANGE) != 0);
            witness.described(request, moved, before);
            return null;
        });
    }

    /**
     * Makes a regular file that is not there, and opens it.
     *
     * @param request who asks
     * @param parent where
     * @param name its name
     * @param flags how it is opened, as in {@code open(2)}
     * @param mode its permission bits
     * @return the open file
     * @throws Refusal when it cannot be; {@code EEXIST} when it is there
     * @throws Parked when it waits
     */
    public Handle create(Request request, Node parent, String name, int flags, int mode) throws Refusal, Parked {
        return locked(() -> {
            RegularFile file = naming.makeRegular(request, parent, name, mode);
            try {
                Handle handle = openings.opened(request, file, flags);
                witness.made(request, parent, name, file);
                return opened(request, handle);
            } catch (Refusal e) {
                naming.unmake(file);
                throw e;
            }
        });
    }

    /**
     * Makes a regular file without a name, and opens it.
     *
     * @param request who asks
     * @param parent in which directory it may get a name later
     * @param flags how it is opened
     * @param mode its permission bits
     * @return the open file
     * @throws Refusal when it cannot be
     * @throws Parked when it waits
     */
    public Handle createUnnamed(Request request, Node parent, int flags, int mode) throws Refusal, Parked {
        return locked(() -> opened(
                request,
                openings.openedUnnamed(
                        request, naming.makeUnnamed(request, parent, mode), Naming.directory(parent), flags)));
    }

    /**
     * Opens a regular file. A consumer waits until it is there, and, unless it may read it while it grows, complete.
     *
     * @param request who asks
     * @param node the file
     * @param flags how, as in {@code open(2)}
     * @return the open file
     * @throws Refusal when it cannot be
     * @throws Parked when it waits
     */
    public Handle open(Request request, Node node, int flags) throws Refusal, Parked {
        return locked(() -> switch (node) {
            case RegularFile file -> opened(request, openings.open(request, file, flags));
            case Directory _ -> throw Refusal.of(Errno.EISDIR);
            case OtherFile _ -> throw Refusal.of(Errno.ELOOP);
        });
    }

    /**
     * Reads. A consumer gets what there is, and waits where nothing is yet.
     *
     * @param request who asks
     * @param handle the open file
     * @param offset where
     * @param length how much, at most
     * @param payload takes the bytes
     * @return how many there were; 0 at the end
     * @throws Refusal when it cannot be
     * @throws Parked when it waits
     */
    public int read(Request request, Handle handle, long offset, int length, Payload payload) throws Refusal, Parked {
        int count = bytes.read(request, handle, offset, length, payload);
        recorder.read(handle, offset, count);
        return witness.read(handle, offset, count);
    }

    /**
     * Lets somebody read bytes in place. They count as read; one waits for the first of them as in {@link #read}.
     *
     * @param request who asks
     * @param handle the open file
     * @param offset where
     * @param length how many, at most
     * @return where they are, or null when they have to be read by {@link #read}, as at the end
     * @throws Refusal when it cannot be
     * @throws Parked when it waits
     */
    public @Nullable Loan lend(Request request, Handle handle, long offset, int length) throws Refusal, Parked {
        return bytes.lending().lend(request, handle, offset, length);
    }

    /**
     * Somebody has read what he was lent {@linkplain Loan#isOnce once}, and does not come back to it: its room may be used again.
     *
     * @param handle the open file
     * @param from where he began
     * @param to where he is
     * @throws Refusal when that cannot be
     */
    public void passed(Handle handle, long from, long to) throws Refusal {
        bytes.lending().passed(handle, from, to);
    }

    /**
     * Lets somebody write in place, behind all that is written. What he has written he {@linkplain #wrote tells}.
     *
     * @param handle the open file
     * @param offset where
     * @param length how much
     * @return where, or null when that cannot be, and it has to be written by {@link #write}
     */
    public @Nullable Loan lendRoom(Handle handle, long offset, int length) {
        return bytes.lending().lendRoom(handle, offset, length);
    }

    /**
     * Somebody has written in place.
     *
     * @param request who
     * @param handle the open file
     * @param offset where
     * @param length how much
     * @throws Refusal when no room was lent to him there
     */
    public void wrote(Request request, Handle handle, long offset, int length) throws Refusal {
        int more = bytes.wrote(request, handle, offset, length);
        int _ = written(handle, offset + length - more, more);
    }

    /**
     * Writes.
     *
     * @param request who asks
     * @param handle the open file
     * @param offset where; who appends has no say in it
     * @param length how much
     * @param payload brings the bytes
     * @param appends whether to the end, as one may say anew of an open file at any time
     * @return how many were written
     * @throws Refusal when it cannot be
     * @throws Parked when it waits
     */
    public int write(Request request, Handle handle, long offset, int length, Payload payload, boolean appends)
            throws Refusal, Parked {
        return written(handle, offset, bytes.write(request, handle, offset, length, payload, appends));
    }

    /**
     * Writes what was changed in a file's mapping, or what somebody writes who appends no more: where it belongs, in an appending
     * file too.
     *
     * @param request who asks
     * @param handle the open file, or another one of the same file that may write
     * @param offset where
     * @param length how much
     * @param payload brings the bytes
     * @return how many were written
     * @throws Refusal when it cannot be
     * @throws Parked when it waits
     */
    public int writeMapped(Request request, Handle handle, long offset, int length, Payload payload)
            throws Refusal, Parked {
        return written(handle, offset, bytes.writeMapped(request, handle, offset, length, payload));
    }

    private int written(Handle handle, long offset, int count) {
        recorder.written(handle, offset, count);
        return witness.written(handle, offset, count);
    }

    /**
     * A descriptor of an open file has been closed; asked for where it {@linkplain Handle#isWatched is watched}. A program that
     * ends because it has failed has not completed what it had open for writing.
     *
     * @param request who has closed it
     * @param handle the open file
     */
    public void closing(Request request, Handle handle) {
        openings.closing(request, handle);
    }

    /**
     * Who has a file open has ended before he could close it: what he has written to it is not complete. To be followed by
     * {@link #close(Handle)}.
     *
     * @param handle the open file
     */
    public void abandon(Handle handle) {
        openings.abandon(handle);
    }

    /**
     * The last descriptor of an open file has been closed.
     *
     * @param handle the open file
     */
    public void close(Handle handle) {
        waiters.enter();
        try {
            recorder.closed(handle);
            openings.close(handle);
            witness.closed(handle);
        } finally {
            waiters.leave();
        }
    }

    /**
     * Brings an open file to the disk, if that is where its bytes live.
     *
     * @param handle the open file
     * @param dataOnly whether its data are enough
     * @throws Refusal when it cannot be
     */
    public void sync(Handle handle, boolean dataOnly) throws Refusal {
        bytes.sync(handle, dataOnly);
    }

    /**
     * Does what {@code fallocate(2)} does.
     *
     * @param handle the open file
     * @param mode how
     * @param offset where
     * @param length how much
     * @throws Refusal when it cannot be
     */
    public void allocate(Handle handle, int mode, long offset, long length) throws Refusal {
        bytes.allocate(handle, mode, offset, length);
        witness.allocated(handle);
    }

    /**
     * Finds data or a hole.
     *
     * @param request who asks
     * @param handle the open file
     * @param offset from where on
     * @param whence 3: data; 4: a hole
     * @return where it is
     * @throws Refusal when there is none
     * @throws Parked when it waits
     */
    public long seek(Request request, Handle handle, long offset, int whence) throws Refusal, Parked {
        return bytes.seek(request, handle, offset, whence);
    }

    /**
     * Copies from file to file without reading and writing, where that can be done.
     *
     * @param from the open file that is read
     * @param offset where
     * @param to the open file that is written
     * @param toOffset where
     * @param length how much
     * @return how much was copied
     * @throws Refusal when it cannot be; {@code EOPNOTSUPP} when it has to be read and written
     */
    public long copy(Handle from, long offset, Handle to, long toOffset, long length) throws Refusal {
        if (witness.isThere()) {
            throw Refusal.of(Errno.EOPNOTSUPP); // so that it is seen who reads and writes what
        }
        return bytes.copy(from, offset, to, toOffset, length);
    }

    /**
     * Begins to list a directory. A consumer waits until it is there, and, unless it may list it while it grows, complete.
     *
     * @param request who asks
     * @param node the directory
     * @return the listing
     * @throws Refusal when it cannot be
     * @throws Parked when it waits
     */
    public Listing openDirectory(Request request, Node node) throws Refusal, Parked {
        return openDirectory(request, node, false, Ask.OPEN);
    }

    /**
     * Begins to list a directory that is complete: a consumer waits here for that, and nowhere when he lists on. For doors behind
     * which nothing can be made in a directory while somebody waits in it.
     *
     * @param request who asks
     * @param node the directory
     * @return the listing
     * @throws Refusal when it cannot be
     * @throws Parked when it waits
     */
    public Listing openWholeDirectory(Request request, Node node) throws Refusal, Parked {
        return openDirectory(request, node, true, Ask.OPEN, Ask.STAT);
    }

    /**
     * Opens a directory for who will come back to it, and not list it: he waits for nothing.
     *
     * @param request who asks
     * @param node the directory
     * @return what shows of it what there is
     * @throws Refusal when it cannot be
     * @throws Parked never
     */
    public Listing openDirectoryAsItIs(Request request, Node node) throws Refusal, Parked {
        return openDirectory(request, node, true);
    }

    private Listing openDirectory(Request request, Node node, boolean isWhole, Ask... asks) throws Refusal, Parked {
        return locked(() -> {
            Directory directory = Naming.directory(node);
            if (directory.parent != null) { // else it is empty, and whoever is in it still may know that
                for (Ask ask : asks) {
                    streams.pass(request, directory.stream, ask, false, 0);
                }
                permissions.require(request, directory, Permissions.READ);
                underlying.load(directory);
            }
            directory.listings++;
            return new Listing(directory, request.session(), isWhole);
        });
    }

    /**
     * Lists on.
     *
     * @param request who asks
     * @param listing the listing
     * @param cookie where: 0 at the beginning, else what the visitor was told last
     * @param visitor gets the entries; not called at all at the end
     * @throws Refusal when it cannot be
     * @throws Parked when it waits for the next entry
     */
    public void list(Request request, Listing listing, long cookie, Listing.Visitor visitor) throws Refusal, Parked {
        locked(() -> {
            if (cookie == 0) { // who opens a directory may want no more than to bring it to the disk
                witness.listed(request, listing.directory);
            }
            if (!listing.tell(cookie, visitor) && !listing.isWhole) {
                streams.pass(request, listing.directory.stream, Ask.READ, false, cookie);
            }
            return null;
        });
    }

    /**
     * Ends a listing.
     *
     * @param listing the listing
     */
    public void close(Listing listing) {
        waiters.enter();
        try {
            listing.directory.listings--;
        } finally {
            waiters.leave();
        }
    }

    /**
     * Reads an extended attribute.
     *
     * @param node the file
     * @param name the attribute's name
     * @return its value
     * @throws Refusal when there is none
     */
    public byte[] attribute(Node node, String name) throws Refusal {
        return locked(() -> extended.value(node, name));
    }

    /**
     * Lists extended attributes.
     *
     * @param node the file
     * @return their names, each with a zero byte behind it
     * @throws Refusal when it cannot be
     */
    public byte[] attributeNames(Node node) throws Refusal {
        return locked(() -> extended.names(node));
    }

    /**
     * Sets an extended attribute.
     *
     * @param request who asks
     * @param node the file
     * @param name the attribute's name
     * @param value its value
     * @param flags 1: only if there is none; 2: only if there is one
     * @throws Refusal when it cannot be
     */
    public void setAttribute(Request request, Node node, String name, byte[] value, int flags) throws Refusal {
        locked(() -> {
            extended.set(request, node, name, value, flags);
            witness.described(request, node);
            return null;
        });
    }

    /**
     * Removes an extended attribute.
     *
     * @param request who asks
     * @param node the file
     * @param name the attribute's name
     * @throws Refusal when there is none
     */
    public void removeAttribute(Request request, Node node, String name) throws Refusal {
        locked(() -> {
            extended.remove(request, node, name);
            witness.described(request, node);
            return null;
        });
    }

    /**
     * {@return a descriptor of the underlying directory, which stays the tree's; for what is asked of the file system as a
     * whole}
     *
     * @throws Refusal when it cannot be
     */
    public int descriptor() throws Refusal {
        return locked(() -> underlying.folder(naming.root));
    }

    /**
     * Gives a waiting request up.
     *
     * @param request the request
     * @return whether it waited; then it does not any more, and will not be resumed
     */
    public boolean cancel(Request request) {
        waiters.enter();
        try {
            return waiters.cancel(request);
        } finally {
            waiters.leave();
        }
    }
}
