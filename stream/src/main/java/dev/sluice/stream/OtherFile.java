package dev.sluice.stream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of the tree that is neither a directory nor a regular one: a symbolic link, a named pipe, a socket, a device. It
 * lives in the underlying directory. Owned by the workflow's lock.
 */
final class OtherFile extends Node {
    final List<RegularFile.Link> links = new ArrayList<>(1);

    /** Number of the underlying file if that one has several names; else 0. */
    long inodeBelow;

    OtherFile(long id, Directory parent, String name) {
        super(id);
        links.add(new RegularFile.Link(parent, name));
    }

    /** {@return one of its names, or null when it has none any more} */
    RegularFile.@Nullable Link link() {
        return links.isEmpty() ? null : links.getFirst();
    }
}
