package dev.sluice.stream;

import static dev.sluice.stream.Underlying.bytes;
import static dev.sluice.stream.Underlying.check;

import dev.sluice.language.Contract;
import dev.sluice.language.Rule.Kind;
import dev.sluice.linux.Attributes;
import dev.sluice.linux.Errno;
import dev.sluice.linux.Metadata;
import dev.sluice.linux.Names;
import dev.sluice.stream.Gate.Phase;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names in directories: finds what they lead to, makes, moves and removes them. What is not in memory alone changes in the
 * underlying directory at once. Owned by the workflow's lock.
 */
final class Naming {
    private static final int NAME_MAX = 255;
    private static final int SET_GROUP = 02000;

    private final Underlying underlying;
    private final Streams streams;
    private final Permissions permissions;
    private final Belonging belonging;
    private final Attributes seen = new Attributes();

    /** Files with several names below, by their numbers there, of which none is 0. */
    private final Map<Long, Node> linked = new HashMap<>();

    private long lastId = 1;
    final Directory root = new Directory(1, null, "");

    Naming(Underlying underlying, Streams streams, Permissions permissions) {
        this.underlying = underlying;
        this.streams = streams;
        this.permissions = permissions;
        belonging = new Belonging(streams);
        root.parent = root;
        root.stream = streams.of(null, "", Kind.DIRECTORY, Phase.GROWING);
    }

    Belonging belonging() {
        return belonging;
    }

    static Directory directory(Node node) throws Refusal {
        if (node instanceof Directory directory) {
            return directory;
        }
        throw Refusal.of(Errno.ENOTDIR);
    }

    private static void checkName(String name) throws Refusal {
        if (name.length() > NAME_MAX) {
            throw Refusal.of(Errno.ENAMETOOLONG);
        }
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0 || name.indexOf(0) >= 0) {
            throw Refusal.of(Errno.EINVAL);
        }
    }

    /** {@return what a name leads to, or a file that is expected; or null} */
    @Nullable
    Node lookup(Request request, Node in, String name) throws Refusal {
        Directory parent = directory(in);
        permissions.search(request, parent);
        if (name.length() > NAME_MAX) {
            throw Refusal.of(Errno.ENAMETOOLONG);
        }
        Entry entry = entry(parent, name);
        if (entry != null) {
            return node(parent, entry);
        }
        Session session = request.session();
        if (session == null) {
            return null;
        }
        Node waited = parent.expected(name);
        if (waited != null) {
            Stream stream = Tree.stream(waited);
            return stream != null && stream.phase == Phase.EXPECTED && stream.role(session) == Gate.Role.CONSUMER
                    ? waited
                    : null;
        }
        Stream stream = streams.expected(session, parent, name);
        if (stream == null) {
            return null;
        }
        Node made;
        if (stream.contract.kind() == Kind.FILE) {
            RegularFile file = new RegularFile(++lastId);
            file.stream = stream;
            made = file;
        } else {
            Directory directory = new Directory(++lastId, parent, name);
            directory.stream = stream;
            directory.isLoaded = true;
            made = directory;
        }
        parent.expect(name, made);
        return made;
    }

    /** {@return the entry of a name in a directory, or null}  */
    @Nullable
    Entry entry(Directory parent, String name) throws Refusal {
        if (parent.parent == null) {
            throw Refusal.of(Errno.ENOENT);
        }
        if (!isThere(parent)) {
            return null;
        }
        underlying.load(parent);
        return parent.entry(name);
    }

    /** {@return what a name leads to, if anybody has asked for that; else nobody keeps anything of it} */
    static @Nullable Node known(Node in, String name) {
        Entry entry = in instanceof Directory parent ? parent.entry(name) : null;
        return entry == null ? null : entry.node;
    }

    static boolean isThere(Directory directory) {
        Stream stream = directory.stream;
        return stream == null || (stream.phase != Phase.EXPECTED && stream.phase != Phase.MISSING);
    }

    /** {@return the node of an entry, made when it is first asked for} */
    Node node(Directory parent, Entry entry) throws Refusal {
        Node node = entry.node;
        if (node == null) {
            check(seen.ask(underlying.folder(parent), bytes(entry.name)));
            node = switch (seen.mode() & Attributes.TYPE) {
                case Attributes.DIRECTORY -> {
                    Directory directory = new Directory(++lastId, parent, entry.name);
                    directory.stream = streams.of(parent, entry.name, Kind.DIRECTORY, Phase.GROWING);
                    yield directory;
                }
                case Attributes.REGULAR -> regular(parent, entry.name);
                default -> other(parent, entry.name);
            };
            entry.node = node;
        }
        return node;
    }

    private RegularFile regular(Directory parent, String name) {
        RegularFile file = seen.links() > 1 && linked.get(seen.inode()) instanceof RegularFile known ? known : null;
        if (file == null) {
            file = new RegularFile(++lastId);
            file.size = seen.size();
            prior(file, parent, name);
            if (seen.links() > 1) {
                file.inodeBelow = seen.inode();
                linked.put(seen.inode(), file);
            }
        } else if (file.stream == null) {
            prior(file, parent, name); // of the names by which it is known until now the flow does not speak
            streams.unsettled(file);
        } else {
            Contract other = streams.contract(parent, name);
            if (other != null) {
                file.stream.also(other);
            }
        }
        file.links.add(new RegularFile.Link(parent, name));
        return file;
    }

    /** Says of what is below what the flow says of one of its names. */
    private void prior(RegularFile file, Directory parent, String name) {
        file.stream = streams.of(parent, name, Kind.FILE, Phase.PRIOR);
        if (file.stream != null) {
            file.stream.file = file;
            file.stream.written.add(0, file.size);
        }
    }

    private OtherFile other(Directory parent, String name) {
        if (seen.links() > 1 && linked.get(seen.inode()) instanceof OtherFile known) {
            known.links.add(new RegularFile.Link(parent, name));
            return known;
        }
        OtherFile made = new OtherFile(++lastId, parent, name);
        if (seen.links() > 1) {
            made.inodeBelow = seen.inode();
            linked.put(seen.inode(), made);
        }
        return made;
    }

    /** Where a new name may come; checks that it may. */
    Directory place(Request request, Node in, String name) throws Refusal {
        Directory parent = directory(in);
        checkName(name);
        if (parent.parent == null || !isThere(parent)) {
            throw Refusal.of(Errno.ENOENT);
        }
        permissions.change(request, parent);
        return parent;
    }

    void checkFree(Directory parent, String name) throws Refusal {
        if (entry(parent, name) != null) {
            throw Refusal.of(Errno.EEXIST);
        }
    }

    Entry enter(Directory parent, String name, Node node, int type, boolean isBelow) {
        return enter(parent, parent.add(name, type, node.id()), node, isBelow);
    }

    Entry enter(Directory parent, Entry entry, Node node, boolean isBelow) {
        entry.node = node;
        entry.isBelow = isBelow;
        parent.namesChanged();
        listed(parent);
        return entry;
    }

    private void listed(Directory parent) {
        Stream stream = parent.stream;
        if (stream != null) {
            streams.listed(stream);
            streams.consider(stream, 0, 0, streams.counted(stream, parent));
        }
    }

    /** Takes over a node that was expected under a name, if it is of the right kind. */
    <N extends Node> @Nullable N awaited(Directory parent, String name, Class<N> kind) {
        Node node = parent.noLongerExpected(name);
        if (node == null) {
            return null;
        }
        if (kind.isInstance(node)) {
            return kind.cast(node);
        }
        Stream stream = Tree.stream(node);
        if (node instanceof Directory directory) {
            belonging.awaitNothing(directory);
        }
        if (stream != null) {
            stream.isOfOtherKind = true;
            streams.gone(stream); // those who wait look the name up again
        }
        return null;
    }

    Directory makeDirectory(Request request, Node in, String name, int mode) throws Refusal {
        Directory parent = place(request, in, name);
        checkFree(parent, name);
        int folder = underlying.folder(parent);
        check(Names.makeDirectory(folder, bytes(name), 0700));
        int group = group(request, parent);
        int inherited = seen.mode() & SET_GROUP; // as its group
        Permissions.give(folder, name, request, group, underlying.permitted(request, parent, mode) | inherited);
        Directory made = awaited(parent, name, Directory.class);
        if (made == null) {
            made = new Directory(++lastId, parent, name);
            made.stream = streams.of(parent, name, Kind.DIRECTORY, Phase.GROWING);
        }
        made.isNew = true;
        made.isLoaded = true;
        if (made.stream != null) {
            streams.grows(made.stream, request.session());
        }
        enter(parent, name, made, Attributes.DIRECTORY, true);
        return made;
    }

    OtherFile makeOther(Request request, Node in, String name, int mode, int device) throws Refusal {
        Directory parent = place(request, in, name);
        checkFree(parent, name);
        int folder = underlying.folder(parent);
        check(Names.makeNode(folder, bytes(name), mode, device));
        int permitted = underlying.permitted(request, parent, mode);
        Permissions.give(folder, name, request, group(request, parent), permitted);
        return other(parent, name, mode & Attributes.TYPE);
    }

    OtherFile makeSymbolicLink(Request request, Node in, String name, byte[] target) throws Refusal {
        Directory parent = place(request, in, name);
        checkFree(parent, name);
        int folder = underlying.folder(parent);
        check(Names.makeLink(target, folder, bytes(name)));
        if (!Permissions.isOurs(request)) {
            check(Metadata.setOwner(folder, bytes(name), request.user(), group(request, parent)));
        }
        return other(parent, name, Attributes.LINK);
    }

    private OtherFile other(Directory parent, String name, int type) {
        awaited(parent, name, OtherFile.class);
        OtherFile made = new OtherFile(++lastId, parent, name);
        enter(parent, name, made, type, true);
        return made;
    }

    private void describe(RegularFile file, Request request, Directory parent, int mode) throws Refusal {
        file.isNew = true;
        file.mode = Attributes.REGULAR | underlying.permitted(request, parent, mode);
        Defaults defaults = file.stream == null ? null : underlying.defaults(parent);
        file.attributes = defaults == null ? null : defaults.attributes(mode);
        file.user = request.user();
        file.group = group(request, parent);
        file.times.all(Times.now());
    }

    /** {@return the group of what is made in a directory, which may give its own one to all} */
    private int group(Request request, Directory parent) throws Refusal {
        check(seen.ask(underlying.folder(parent)));
        return (seen.mode() & SET_GROUP) != 0 ? seen.group() : request.group();
    }

    /** {@return a new regular file, in memory if it flows, else below, where the caller has to make it} */
    RegularFile makeRegular(Request request, Node in, String name, int mode) throws Refusal {
        Directory parent = place(request, in, name);
        checkFree(parent, name);
        RegularFile file = awaited(parent, name, RegularFile.class);
        if (file == null) {
            file = new RegularFile(++lastId);
            file.stream = streams.of(parent, name, Kind.FILE, Phase.EXPECTED);
        }
        describe(file, request, parent, mode);
        file.links.add(new RegularFile.Link(parent, name));
        enter(parent, name, file, Attributes.REGULAR, false);
        if (file.stream != null) {
            file.stream.file = file;
            streams.grows(file.stream, request.session());
        }
        return file;
    }

    /** Undoes {@link #makeRegular}, whose file could not be made below. */
    void unmake(RegularFile file) {
        RegularFile.Link link = file.links.removeFirst();
        Entry entry = link.parent().entry(link.name());
        if (entry != null) {
            link.parent().remove(entry);
        }
        if (file.stream != null) {
            streams.gone(file.stream);
        }
    }

    /** {@return a regular file without a name} */
    RegularFile makeUnnamed(Request request, Node in, int mode) throws Refusal {
        Directory parent = directory(in);
        permissions.change(request, parent);
        RegularFile file = new RegularFile(++lastId);
        describe(file, request, parent, mode);
        return file;
    }

    Entry existing(Directory parent, String name) throws Refusal {
        Entry entry = entry(parent, name);
        if (entry == null) {
            throw Refusal.of(Errno.ENOENT);
        }
        return entry;
    }

    /** {@return the file whose last name has gone, or null} */
    @Nullable
    RegularFile remove(Request request, Node in, String name) throws Refusal {
        Directory parent = place(request, in, name);
        Entry entry = existing(parent, name);
        Node node = node(parent, entry);
        if (node instanceof Directory) {
            throw Refusal.of(Errno.EISDIR);
        }
        permissions.sticky(request, parent, node);
        underlying.lasts(node, parent, name);
        if (entry.isBelow) {
            check(Names.remove(underlying.folder(parent), bytes(name)));
        }
        parent.remove(entry);
        parent.namesChanged();
        return unlinked(node, parent, name);
    }

    /** Frees the names of a file for what a step makes anew; where there is one below, they lead to that. */
    void letGo(RegularFile file) {
        for (RegularFile.Link link : file.links) {
            Entry entry = link.parent().entry(link.name());
            if (entry != null && entry.isBelow) {
                entry.node = null;
            } else if (entry != null) {
                link.parent().remove(entry);
            }
        }
        file.links.clear();
        linked.remove(file.inodeBelow);
    }

    @Nullable
    RegularFile unlinked(Node node, Directory parent, String name) throws Refusal {
        switch (node) {
            case RegularFile file -> {
                file.links.remove(new RegularFile.Link(parent, name));
                file.times.changed = Times.now();
                boolean isOfThisName = file.stream != null && file.stream.path().equals(Directory.path(parent, name));
                if (!file.links.isEmpty() && isOfThisName) {
                    boolean wasKept = file.isKept();
                    belonging.settle(file, null);
                    if (wasKept && !file.isComplete()) {
                        underlying.withdraw(file);
                    }
                }
                if (file.links.isEmpty()) {
                    linked.remove(file.inodeBelow);
                    if (file.stream != null) {
                        streams.orphaned(file.stream, file.writers());
                    }
                    return file;
                }
            }
            case OtherFile other -> {
                other.links.remove(new RegularFile.Link(parent, name));
                if (other.links.isEmpty()) {
                    linked.remove(other.inodeBelow);
                }
            }
            case Directory directory -> {
                belonging.awaitNothing(directory);
                directory.parent = null;
                underlying.close(directory);
                if (directory.stream != null) {
                    streams.gone(directory.stream);
                }
            }
        }
        return null;
    }

    void removeDirectory(Request request, Node in, String name) throws Refusal {
        Directory parent = place(request, in, name);
        Entry entry = existing(parent, name);
        if (!(node(parent, entry) instanceof Directory directory)) {
            throw Refusal.of(Errno.ENOTDIR);
        }
        permissions.sticky(request, parent, directory);
        underlying.load(directory);
        if (directory.size() > 0) {
            throw Refusal.of(Errno.ENOTEMPTY);
        }
        underlying.remove(directory, parent, name);
        parent.remove(entry);
        parent.namesChanged();
        unlinked(directory, parent, name);
    }
}
