package dev.sluice.stream;

import static dev.sluice.stream.Underlying.bytes;
import static dev.sluice.stream.Underlying.check;

import dev.sluice.language.Rule.Kind;
import dev.sluice.linux.Errno;
import dev.sluice.linux.Names;
import dev.sluice.stream.Gate.Phase;
import org.jspecify.annotations.Nullable;

/** Moves names from directory to directory. Owned by the workflow's lock. */
final class Renaming {
    static final int NO_REPLACE = Names.NO_REPLACE;
    static final int EXCHANGE = Names.EXCHANGE;

    private final Naming naming;
    private final Underlying underlying;
    private final Streams streams;
    private final Permissions permissions;

    Renaming(Naming naming, Underlying underlying, Streams streams, Permissions permissions) {
        this.naming = naming;
        this.underlying = underlying;
        this.streams = streams;
        this.permissions = permissions;
    }

    /** {@return the file that lost its last name, or null} */
    @Nullable
    RegularFile rename(Request request, Node in, String name, Node to, String newName, int flags) throws Refusal {
        Directory parent = naming.place(request, in, name);
        Directory newParent = naming.place(request, to, newName);
        Entry entry = naming.existing(parent, name);
        Node node = naming.node(parent, entry);
        permissions.sticky(request, parent, node);
        Entry target = naming.entry(newParent, newName);
        Node replaced = target == null ? null : naming.node(newParent, target);
        if (replaced == node) {
            return null;
        }
        if (node instanceof Directory moved) {
            for (Directory up = newParent; !up.isRoot(); up = up.parent == null ? naming.root : up.parent) {
                if (up == moved) {
                    throw Refusal.of(Errno.EINVAL);
                }
            }
        }
        if ((flags & EXCHANGE) != 0) {
            if (target == null || replaced == null) {
                throw Refusal.of(Errno.ENOENT);
            }
            exchange(request, parent, entry, node, newParent, target, replaced);
            return null;
        }
        if (replaced != null) {
            if ((flags & NO_REPLACE) != 0) {
                throw Refusal.of(Errno.EEXIST);
            }
            permissions.sticky(request, newParent, replaced);
            checkReplaces(node, replaced);
        }
        boolean stays = target != null && target.isBelow;
        if (isInMemory(node)) {
            if (entry.isBelow) {
                check(Names.remove(underlying.folder(parent), bytes(name)));
            }
        } else {
            check(Names.rename(
                    underlying.folder(parent), bytes(name), underlying.folder(newParent), bytes(newName), 0));
            stays = true;
        }
        RegularFile lost = null;
        if (target != null && replaced != null) {
            newParent.remove(target);
            lost = naming.unlinked(replaced, newParent, newName);
        }
        parent.remove(entry);
        moved(request, node, parent, name, newParent, newName);
        naming.enter(newParent, newName, node, entry.type, stays);
        return lost;
    }

    private static boolean isInMemory(Node node) {
        return node instanceof RegularFile file && file.content != null;
    }

    private void checkReplaces(Node node, Node replaced) throws Refusal {
        if (replaced instanceof Directory directory) {
            if (!(node instanceof Directory)) {
                throw Refusal.of(Errno.EISDIR);
            }
            underlying.load(directory);
            if (directory.size() > 0) {
                throw Refusal.of(Errno.ENOTEMPTY);
            }
        } else if (node instanceof Directory) {
            throw Refusal.of(Errno.ENOTDIR);
        }
    }

    private void exchange(
            Request request, Directory parent, Entry entry, Node node, Directory to, Entry target, Node other)
            throws Refusal {
        if (isInMemory(node) || isInMemory(other)) {
            throw Refusal.of(Errno.EINVAL); // cannot be done at once in memory and below
        }
        check(Names.rename(
                underlying.folder(parent), bytes(entry.name), underlying.folder(to), bytes(target.name), EXCHANGE));
        parent.remove(entry);
        to.remove(target);
        moved(request, node, parent, entry.name, to, target.name);
        moved(request, other, to, target.name, parent, entry.name);
        naming.enter(to, target.name, node, entry.type, true);
        naming.enter(parent, entry.name, other, target.type, true);
    }

    private void moved(Request request, Node node, Directory from, String name, Directory to, String newName) {
        switch (node) {
            case Directory directory -> {
                directory.parent = to;
                directory.name = newName;
                if (directory.stream != null) {
                    streams.gone(directory.stream);
                }
                directory.stream = streams.of(to, newName, Kind.DIRECTORY, Phase.GROWING);
                naming.awaited(to, newName, OtherFile.class);
            }
            case OtherFile other -> {
                other.links.remove(new RegularFile.Link(from, name));
                other.links.add(new RegularFile.Link(to, newName));
                naming.awaited(to, newName, OtherFile.class);
            }
            case RegularFile file -> {
                file.links.remove(new RegularFile.Link(from, name));
                file.links.add(new RegularFile.Link(to, newName));
                Stream old = file.stream;
                // Who waits for the new name looks it up again; who has the file open goes on with it.
                naming.awaited(to, newName, OtherFile.class);
                naming.settle(file, to, newName, request);
                if (old != null) {
                    if (file.stream != null) {
                        file.stream.inherits(old);
                    }
                    streams.gone(old);
                }
            }
        }
    }
}
