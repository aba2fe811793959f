package dev.sluice.stream;

import static dev.sluice.stream.Underlying.bytes;
import static dev.sluice.stream.Underlying.check;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Names;
import org.jspecify.annotations.Nullable;

/** Moves names from directory to directory. Owned by the workflow's lock. */
final class Renaming {
    static final int NO_REPLACE = Names.NO_REPLACE;
    static final int EXCHANGE = Names.EXCHANGE;

    private final Naming naming;
    private final Underlying underlying;
    private final Permissions permissions;

    Renaming(Naming naming, Underlying underlying, Permissions permissions) {
        this.naming = naming;
        this.underlying = underlying;
        this.permissions = permissions;
    }

    /** {@return the file that lost its last name, or null} */
    @Nullable
    RegularFile rename(Request request, Node in, String name, Node to, String newName, int flags) throws Refusal {
        if ((flags & ~(NO_REPLACE | EXCHANGE)) != 0 || flags == (NO_REPLACE | EXCHANGE)) {
            throw Refusal.of(Errno.EINVAL); // what hides a name from a layer below is none of ours
        }
        Directory parent = naming.place(request, in, name);
        Directory newParent = naming.place(request, to, newName);
        Entry entry = naming.existing(parent, name);
        Node node = naming.node(parent, entry);
        permissions.sticky(request, parent, node);
        requireWritable(request, parent, newParent, node);
        Entry target = naming.entry(newParent, newName);
        Node replaced = target == null ? null : naming.node(newParent, target);
        if (replaced == node) {
            return null;
        }
        requireOutside(newParent, node);
        if ((flags & EXCHANGE) != 0) {
            if (target == null || replaced == null) {
                throw Refusal.of(Errno.ENOENT);
            }
            requireOutside(parent, replaced);
            permissions.sticky(request, newParent, replaced);
            requireWritable(request, parent, newParent, replaced);
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
        if (replaced != null) {
            underlying.lasts(replaced, newParent, newName);
        }
        boolean stays = target != null && target.isBelow;
        boolean isKept = isKept(entry, node);
        if (isInMemory(node) && !isKept) {
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
        parent.namesChanged();
        moved(request, node, parent, name, newParent, newName);
        if (target == null) {
            naming.enter(newParent, newName, node, entry.type, stays);
        } else {
            naming.enter(newParent, newParent.replace(target, entry.type, node.id()), node, stays);
        }
        if (isKept) {
            stillKept((RegularFile) node);
        }
        return lost;
    }

    /** Is it in memory and below as well? Then both are renamed, so that it is below at every moment. */
    private static boolean isKept(Entry entry, Node node) {
        return entry.isBelow && node instanceof RegularFile file && file.isKept();
    }

    /** What was brought already is so under its new name, too, unless it is to change under that. */
    private void stillKept(RegularFile file) throws Refusal {
        if (!file.isComplete()) {
            underlying.withdraw(file);
        } else if (file.isBelowByAllNames()) {
            file.broughtAsItIs();
        }
    }

    /** A directory that goes into another one changes itself: what is above it is in it. */
    private void requireWritable(Request request, Directory from, Directory to, Node node) throws Refusal {
        if (from != to && node instanceof Directory) {
            permissions.require(request, node, Permissions.WRITE);
        }
    }

    /** Nothing is moved into itself. */
    private void requireOutside(Directory place, Node node) throws Refusal {
        for (Directory up = place; !up.isRoot(); up = up.parent == null ? naming.root : up.parent) {
            if (up == node) {
                throw Refusal.of(Errno.EINVAL);
            }
        }
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
        boolean isKept = isKept(entry, node);
        boolean isOtherKept = isKept(target, other);
        boolean isInMemory = isInMemory(node) && !isKept;
        boolean isOtherInMemory = isInMemory(other) && !isOtherKept;
        exchangeBelow(parent, entry, isInMemory, to, target, isOtherInMemory);
        boolean stays = !isInMemory || (isOtherInMemory && target.isBelow);
        boolean otherStays = !isOtherInMemory || (isInMemory && entry.isBelow);
        parent.remove(entry);
        to.remove(target);
        moved(request, node, parent, entry.name, to, target.name);
        moved(request, other, to, target.name, parent, entry.name);
        naming.enter(to, to.replace(target, entry.type, node.id()), node, stays);
        naming.enter(parent, parent.replace(entry, target.type, other.id()), other, otherStays);
        if (isKept) {
            stillKept((RegularFile) node);
        }
        if (isOtherKept) {
            stillKept((RegularFile) other);
        }
    }

    /** What is below under the name of one in memory is an older one: it stays where it is, or goes when the name is needed. */
    private void exchangeBelow(
            Directory parent, Entry entry, boolean isInMemory, Directory to, Entry target, boolean isOtherInMemory)
            throws Refusal {
        if (isInMemory && isOtherInMemory) {
            return;
        }
        if (isInMemory && !entry.isBelow) {
            renameBelow(to, target, parent, entry, 0);
        } else if (isOtherInMemory && !target.isBelow) {
            renameBelow(parent, entry, to, target, 0);
        } else {
            renameBelow(parent, entry, to, target, EXCHANGE);
            if (isInMemory) {
                check(Names.remove(underlying.folder(to), bytes(target.name)));
            } else if (isOtherInMemory) {
                check(Names.remove(underlying.folder(parent), bytes(entry.name)));
            }
        }
    }

    private void renameBelow(Directory from, Entry entry, Directory to, Entry target, int flags) throws Refusal {
        check(Names.rename(
                underlying.folder(from), bytes(entry.name), underlying.folder(to), bytes(target.name), flags));
    }

    private void moved(Request request, Node node, Directory from, String name, Directory to, String newName) {
        switch (node) {
            case Directory directory -> {
                directory.parent = to;
                directory.name = newName;
                naming.awaited(to, newName, OtherFile.class);
                naming.belonging().moved(directory, request.session());
            }
            case OtherFile other -> {
                other.links.remove(new RegularFile.Link(from, name));
                other.links.add(new RegularFile.Link(to, newName));
                naming.awaited(to, newName, OtherFile.class);
            }
            case RegularFile file -> {
                file.links.remove(new RegularFile.Link(from, name));
                file.links.add(new RegularFile.Link(to, newName));
                file.changed(); // if it is below, then under the other name
                file.times.changed = Times.now();
                // Who waits for the new name looks it up again; who has the file open goes on with it.
                naming.awaited(to, newName, OtherFile.class);
                naming.belonging().replaced(file, Directory.path(from, name), to, newName, request.session());
            }
        }
    }
}
