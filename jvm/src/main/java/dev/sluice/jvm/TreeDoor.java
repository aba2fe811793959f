package dev.sluice.jvm;

import dev.sluice.linux.Errno;
import dev.sluice.linux.OpenFlag;
import dev.sluice.stream.Attributes;
import dev.sluice.stream.Change;
import dev.sluice.stream.Handle;
import dev.sluice.stream.Node;
import dev.sluice.stream.Refusal;
import dev.sluice.stream.Tree;
import dev.sluice.stream.Workflow;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A door in the process that has the tree. What is open is owned by the door until it is closed. Safe for use by many
 * threads.
 */
final class TreeDoor implements Door {
    /** Names lead elsewhere by the time they are used, at most so often in a row. */
    private static final int MOST_TRIES = 40;

    private static final int REPLACES_NOTHING = 1;
    private static final int READ = 4;

    private final Tree tree;
    private final Path directory;
    private final Caller caller;
    private final Set<TreeFile> files = ConcurrentHashMap.newKeySet();
    private final Set<TreeListing> listings = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosed;
    private volatile boolean isAbandoned;

    TreeDoor(Workflow workflow, Caller caller) {
        tree = workflow.tree();
        directory = workflow.directory();
        this.caller = caller;
    }

    /** What is done with a tree, and may have to be done again from the start. */
    @FunctionalInterface
    private interface Work<T extends @Nullable Object> {
        T with(Call call) throws Refusal, IOException;
    }

    /** Something else is there than before. */
    private static final class Again extends IOException {
        private static final long serialVersionUID = 1L;

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    private <T extends @Nullable Object> T ask(String path, Work<T> work) throws IOException {
        return ask(path, null, work);
    }

    private <T extends @Nullable Object> T ask(String path, @Nullable String other, Work<T> work) throws IOException {
        if (isClosed) {
            throw new ClosedChannelException();
        }
        Call call = new Call(tree, caller, path);
        int tries = 1;
        while (true) {
            try {
                return work.with(call);
            } catch (Refusal e) {
                if (e.errno() != Errno.ESTALE || tries == MOST_TRIES) {
                    throw Faults.of(e.errno(), path, other);
                }
            } catch (Again e) {
                if (tries == MOST_TRIES) {
                    throw Faults.of(Errno.ESTALE, path, other);
                }
            }
            tries++; // the name leads to something else now
        }
    }

    private Walk.Place walk(Call call, String path, boolean followsLast) throws Refusal, IOException {
        return new Walk(tree, call, directory, path).go(followsLast);
    }

    /** What has a name, as soon as it is known what that is: a file, a directory or a link. */
    private Walk.Place known(Call call, String path, boolean followsLast) throws Refusal, IOException {
        while (true) {
            Walk.Place place = walk(call, path, followsLast);
            Node node = place.there(path);
            if (!Walk.isUnknown(tree, call, node)) {
                return place;
            }
            Walk.await(tree, call, node);
        }
    }

    private Node find(Call call, String path, boolean followsLast) throws Refusal, IOException {
        return walk(call, path, followsLast).there(path);
    }

    @Override
    public Path directory() {
        return directory;
    }

    @Override
    public String step() {
        return caller.session().step();
    }

    @Override
    public TreeFile open(String path, int flags, int mode) throws IOException {
        boolean creates = (flags & OpenFlag.CREATE.bits()) != 0;
        boolean isNew = creates && (flags & OpenFlag.EXCLUSIVE.bits()) != 0;
        boolean follows = !isNew && (flags & OpenFlag.NO_FOLLOW.bits()) == 0;
        Handle handle = ask(path, call -> {
            Walk.Place place = walk(call, path, follows);
            Node node = place.node();
            if (isNew && place.name().isEmpty()) {
                throw Faults.of(Errno.EEXIST, path, null);
            }
            if (isNew || (node == null && creates)) {
                return create(call, place, flags, mode, !isNew);
            }
            Node there = place.there(path);
            requireOpenable(path, there);
            try {
                return call.patiently(() -> tree.open(call, there, flags & ~OpenFlag.CREATE.bits()));
            } catch (Refusal e) {
                if (e.errno() != Errno.ENOENT || !creates) {
                    throw e;
                }
                return create(call, place, flags, mode, true); // it was only expected
            }
        });
        TreeFile file = new TreeFile(tree, caller, path, handle, flags, files::remove);
        files.add(file);
        if (isAbandoned) {
            file.abandon();
        }
        requireOpen(file);
        return file;
    }

    private Handle create(Call call, Walk.Place place, int flags, int mode, boolean mayBeThere)
            throws Refusal, IOException {
        try {
            return call.patiently(
                    () -> tree.create(call, place.parent(), place.name(), flags & ~OpenFlag.CREATE.bits(), mode));
        } catch (Refusal e) {
            if (e.errno() == Errno.EEXIST && mayBeThere) {
                throw new Again(); // somebody else has been quicker
            }
            throw e;
        }
    }

    private void requireOpenable(String path, Node node) throws IOException, Refusal {
        if (node.isDirectory() || node.isRegular()) {
            return;
        }
        boolean isLink;
        try {
            isLink = tree.target(node).length > 0;
        } catch (Refusal e) {
            isLink = false;
        }
        if (!isLink) {
            throw new FileSystemException(
                    path, null, "it is a pipe, a socket or a device, which is not opened by way of the workflow");
        }
    }

    private void requireOpen(Closeable one) throws IOException {
        if (isClosed) {
            one.close();
            throw new ClosedChannelException();
        }
    }

    @Override
    public Status status(String path, boolean followsLinks) throws IOException {
        return ask(path, call -> {
            Node node = find(call, path, followsLinks);
            Attributes attributes = new Attributes();
            call.patiently(() -> {
                tree.attributes(call, node, false, attributes);
                return null;
            });
            return status(attributes);
        });
    }

    @Override
    public int kind(String path, boolean followsLinks) throws IOException {
        return ask(path, call -> {
            Node node = find(call, path, followsLinks);
            Attributes attributes = new Attributes();
            call.patiently(() -> {
                tree.access(call, node, 0);
                tree.peek(call, node, attributes);
                return null;
            });
            return attributes.mode() & Status.TYPE;
        });
    }

    static Status status(Attributes attributes) {
        return new Status(
                attributes.inode(),
                attributes.mode(),
                attributes.size(),
                attributes.links(),
                attributes.user(),
                attributes.group(),
                attributes.device(),
                Instant.ofEpochSecond(attributes.accessedSeconds(), attributes.accessedNanos()),
                Instant.ofEpochSecond(attributes.modifiedSeconds(), attributes.modifiedNanos()),
                Instant.ofEpochSecond(attributes.changedSeconds(), attributes.changedNanos()));
    }

    @Override
    public boolean allows(String path, int wanted) throws IOException {
        return ask(path, call -> {
            try {
                Node node =
                        new Walk(tree, call, directory, path).atOnce().go(true).node();
                return node != null
                        && call.now(
                                () -> {
                                    tree.access(call, node, wanted);
                                    return true;
                                },
                                false);
            } catch (Refusal e) {
                return switch (e.errno()) {
                    case ENOENT, EACCES, EPERM, EROFS, ENOTDIR -> false;
                    default -> throw e;
                };
            } catch (java.nio.file.NoSuchFileException | java.nio.file.NotDirectoryException e) {
                return false;
            }
        });
    }

    @Override
    public void makeDirectory(String path, int mode) throws IOException {
        ask(path, call -> {
            Walk.Place place = free(call, path);
            return call.patiently(() -> tree.makeDirectory(call, place.parent(), place.name(), mode));
        });
    }

    /** Where something new is to come; the tree says whether the name is free. */
    private Walk.Place free(Call call, String path) throws Refusal, IOException {
        Walk.Place place = walk(call, path, false);
        if (place.name().isEmpty()) {
            throw Faults.of(Errno.EEXIST, path, null);
        }
        return place;
    }

    @Override
    public void makeSymbolicLink(String path, String target) throws IOException {
        ask(path, call -> {
            Walk.Place place = free(call, path);
            byte[] bytes = Names.bytes(target);
            return call.patiently(() -> tree.makeSymbolicLink(call, place.parent(), place.name(), bytes));
        });
    }

    @Override
    public String target(String path) throws IOException {
        return ask(path, call -> {
            Node node = known(call, path, false).there(path);
            try {
                return Names.text(tree.target(node));
            } catch (Refusal e) {
                if (e.errno() == Errno.EINVAL) {
                    throw new NotLinkException(path);
                }
                throw e;
            }
        });
    }

    @Override
    public void link(String path, String existing) throws IOException {
        ask(existing, path, call -> {
            Node node = find(call, existing, false);
            Walk.Place place = free(call, path);
            return call.patiently(() -> {
                tree.link(call, node, place.parent(), place.name());
                return null;
            });
        });
    }

    @Override
    public void remove(String path) throws IOException {
        ask(path, call -> {
            Walk.Place place = named(call, path);
            boolean isDirectory = place.there(path).isDirectory();
            return call.patiently(() -> {
                if (isDirectory) {
                    tree.removeDirectory(call, place.parent(), place.name());
                } else {
                    tree.remove(call, place.parent(), place.name());
                }
                return null;
            });
        });
    }

    /** What has a name, which the managed directory itself has not. */
    private Walk.Place named(Call call, String path) throws Refusal, IOException {
        Walk.Place place = walk(call, path, false);
        if (place.name().isEmpty()) {
            throw Faults.of(Errno.EBUSY, path, null);
        }
        return place;
    }

    @Override
    public void rename(String path, String newPath, boolean replaces) throws IOException {
        ask(path, newPath, call -> {
            Walk.Place from = named(call, path);
            Walk.Place to = named(call, newPath);
            from.there(path);
            return call.patiently(() -> {
                tree.rename(call, from.parent(), from.name(), to.parent(), to.name(), replaces ? 0 : REPLACES_NOTHING);
                return null;
            });
        });
    }

    @Override
    public void change(String path, boolean followsLinks, Wish wish) throws IOException {
        Change change = wish.change();
        ask(path, call -> {
            Node node = find(call, path, followsLinks);
            Attributes attributes = new Attributes();
            return call.patiently(() -> {
                tree.change(call, node, null, change, attributes);
                return null;
            });
        });
    }

    @Override
    public byte @Nullable [] extended(String path, String name) throws IOException {
        return ask(path, call -> {
            Node node = readable(call, path);
            try {
                return tree.attribute(node, Names.toTree(name));
            } catch (Refusal e) {
                if (e.errno() == Errno.ENODATA) {
                    return null;
                }
                throw e;
            }
        });
    }

    private Node readable(Call call, String path) throws Refusal, IOException {
        Node node = find(call, path, true);
        call.patiently(() -> {
            tree.access(call, node, READ);
            return null;
        });
        return node;
    }

    @Override
    public List<String> extendedNames(String path) throws IOException {
        return ask(path, call -> {
            Node node = readable(call, path);
            String all = new String(tree.attributeNames(node), StandardCharsets.ISO_8859_1);
            List<String> names = new ArrayList<>();
            for (String name : all.split("\0", -1)) {
                if (!name.isEmpty()) {
                    names.add(Names.ofTree(name));
                }
            }
            return names;
        });
    }

    @Override
    public void setExtended(String path, String name, byte @Nullable [] value) throws IOException {
        ask(path, call -> {
            Node node = find(call, path, true);
            if (value == null) {
                tree.removeAttribute(call, node, Names.toTree(name));
            } else {
                tree.setAttribute(call, node, Names.toTree(name), value, 0);
            }
            return null;
        });
    }

    @Override
    public TreeListing list(String path) throws IOException {
        dev.sluice.stream.Listing listing = ask(path, call -> {
            Node node = known(call, path, true).there(path);
            return call.patiently(() -> tree.openDirectory(call, node));
        });
        TreeListing made = new TreeListing(tree, caller, path, listing, listings::remove);
        listings.add(made);
        requireOpen(made);
        return made;
    }

    @Override
    public String real(String path) throws IOException {
        return ask(path, call -> known(call, path, true).path());
    }

    /** Ends what is open as for a process that has failed: what it has written to files is not complete. */
    void abandon() throws IOException {
        isAbandoned = true;
        isClosed = true;
        files.forEach(TreeFile::abandon);
        close();
    }

    @Override
    public void close() throws IOException {
        isClosed = true;
        for (TreeFile file : files) {
            file.close();
        }
        for (TreeListing listing : listings) {
            listing.close();
        }
    }
}
