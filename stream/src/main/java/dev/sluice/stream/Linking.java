package dev.sluice.stream;

import static dev.sluice.stream.Underlying.bytes;
import static dev.sluice.stream.Underlying.check;

import dev.sluice.linux.Attributes;
import dev.sluice.linux.Errno;
import dev.sluice.linux.Names;

/** Gives files more names. Owned by the workflow's lock. */
final class Linking {
    private final Naming naming;
    private final Underlying underlying;
    private final Attributes seen = new Attributes();

    Linking(Naming naming, Underlying underlying) {
        this.naming = naming;
        this.underlying = underlying;
    }

    void link(Request request, Node node, Node in, String name) throws Refusal {
        Directory parent = naming.place(request, in, name);
        naming.checkFree(parent, name);
        switch (node) {
            case RegularFile file -> link(request, file, parent, name);
            case OtherFile other -> link(other, parent, name);
            case Directory _ -> throw Refusal.of(Errno.EPERM);
        }
    }

    private void link(OtherFile other, Directory parent, String name) throws Refusal {
        RegularFile.Link known = other.link();
        if (known == null) {
            throw Refusal.of(Errno.ENOENT);
        }
        check(seen.ask(underlying.folder(known.parent()), bytes(known.name())));
        check(Names.link(
                underlying.folder(known.parent()), bytes(known.name()), underlying.folder(parent), bytes(name)));
        naming.awaited(parent, name, OtherFile.class);
        other.links.add(new RegularFile.Link(parent, name));
        naming.enter(parent, name, other, seen.mode() & Attributes.TYPE, true);
    }

    private void link(Request request, RegularFile file, Directory parent, String name) throws Refusal {
        boolean isBelow = file.content == null;
        boolean isKept = file.isKept() && file.isBelowByAllNames();
        if (isBelow && file.links.isEmpty()) {
            check(Names.link(Openings.descriptor(file, null), underlying.folder(parent), bytes(name)));
        } else if (isBelow) {
            RegularFile.Link other = file.links.getFirst();
            check(Names.link(
                    underlying.folder(other.parent()), bytes(other.name()), underlying.folder(parent), bytes(name)));
        }
        naming.awaited(parent, name, OtherFile.class);
        file.times.changed = Times.now();
        file.links.add(new RegularFile.Link(parent, name));
        Entry made = naming.enter(parent, name, file, Attributes.REGULAR, isBelow);
        RegularFile.Link known = file.links.getFirst();
        naming.belonging().added(file, parent, name, request.session());
        if (isKept && file.isComplete()) {
            alsoKept(file, known, parent, made);
        }
    }

    /** What was brought already gets its new name at once, so that it is below at every moment, whichever name goes next. */
    private void alsoKept(RegularFile file, RegularFile.Link known, Directory parent, Entry made) throws Refusal {
        int linked = Names.link(
                underlying.folder(known.parent()), bytes(known.name()), underlying.folder(parent), bytes(made.name));
        if (linked == 0) { // else it is brought again, and is told of if it cannot be
            made.isBelow = true;
            file.broughtAsItIs();
        }
    }
}
