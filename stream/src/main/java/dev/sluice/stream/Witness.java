package dev.sluice.stream;

import org.jspecify.annotations.Nullable;

/**
 * Tells an observer what steps do with files, as long as there is one, and who keeps what he was told what he has to forget. Safe
 * for use by many threads.
 */
final class Witness {
    private final Keeping keeping;
    private volatile Workflow.@Nullable Observer observer;

    Witness(Keeping keeping) {
        this.keeping = keeping;
    }

    void tell(Workflow.Observer other) {
        observer = other;
    }

    /** Is somebody told? Then the kernel may keep nothing, since what it answers by itself nobody sees. */
    boolean isThere() {
        return observer != null;
    }

    void looked(Request request, Node parent, String name, @Nullable Node found) {
        Workflow.Observer told = observer;
        Session session = request.session();
        if (told != null && session != null && parent instanceof Directory directory) {
            told.looked(session, Directory.path(directory, name), found);
        }
    }

    void listed(Request request, Directory directory) {
        Workflow.Observer told = observer;
        Session session = request.session();
        if (told != null && session != null) {
            told.listed(session, directory.isRoot() ? "" : Directory.path(directory.parent, directory.name));
        }
    }

    void made(Request request, Node parent, String name, Node node) {
        keeping.made(request, parent, node);
        Workflow.Observer told = observer;
        Session session = request.session();
        if (told != null && session != null && parent instanceof Directory directory) {
            told.made(session, Directory.path(directory, name), node);
        }
    }

    /** A file has been opened; from now on its bytes are moved here alone. */
    Handle opened(Request request, Handle handle) {
        keeping.written(handle);
        Workflow.Observer told = observer;
        if (told == null) {
            return handle;
        }
        handle.isObserved = true;
        Session session = request.session();
        if (session != null) {
            RegularFile file = handle.file;
            RegularFile.Link link = file.links.isEmpty() ? null : file.links.getFirst();
            String path = link == null ? "" : Directory.path(link.parent(), link.name());
            told.opened(session, handle, path, handle.flags);
        }
        return handle;
    }

    int read(Handle handle, long offset, int count) {
        Workflow.Observer told = observer;
        if (told != null && handle.session != null) {
            told.read(handle, offset, count);
        }
        return count;
    }

    int written(Handle handle, long offset, int count) {
        keeping.grown(handle);
        Workflow.Observer told = observer;
        if (told != null && handle.session != null) {
            told.written(handle, handle.appends() ? Workflow.Observer.END : offset, count);
        }
        return count;
    }

    void allocated(Handle handle) {
        keeping.written(handle);
        Workflow.Observer told = observer;
        Session session = handle.session;
        if (told != null && session != null) {
            told.changed(session, handle.file, true);
        }
    }

    void changed(Request request, Node node, Change change) {
        keeping.changed(request, node, change);
        Workflow.Observer told = observer;
        Session session = request.session();
        if (told != null && session != null) {
            told.changed(session, node, change.has(Change.SIZE));
        }
    }

    void closed(Handle handle) {
        keeping.written(handle);
        Workflow.Observer told = observer;
        if (told != null && handle.session != null) {
            told.closed(handle);
        }
    }

    /** The names of a file have changed, or what is said of it: how many there are, and when that was, are attributes. */
    void described(Request request, @Nullable Node... nodes) {
        for (@Nullable Node node : nodes) {
            keeping.described(request, node);
        }
    }

    void moved(Request request, Node from, String name, Node to, String newName, boolean exchanges) {
        keeping.moved(request, from, name);
        keeping.moved(request, to, newName);
        Workflow.Observer told = observer;
        Session session = request.session();
        if (told != null && session != null && from instanceof Directory here && to instanceof Directory there) {
            told.moved(session, Directory.path(here, name), Directory.path(there, newName), exchanges);
        }
    }

    void removed(Request request, Node parent, String name) {
        keeping.moved(request, parent, name);
        Workflow.Observer told = observer;
        Session session = request.session();
        if (told != null && session != null && parent instanceof Directory directory) {
            told.removed(session, Directory.path(directory, name));
        }
    }
}
