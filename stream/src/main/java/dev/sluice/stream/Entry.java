package dev.sluice.stream;

import org.jspecify.annotations.Nullable;

/** A name in a directory. Owned by the workflow's lock. */
final class Entry {
    final String name;

    /** Its place in the order of the directory, which a listing goes on from. */
    final int place;

    /** Type and number as the underlying directory's listing gives them, until there is a node. */
    final int type;

    final long inode;

    @Nullable
    Node node;

    /** Is there something of this name in the underlying directory: this file, or one that it will replace? */
    boolean isBelow;

    /** Is it none of the flow's, as far as that was asked? */
    boolean isExcluded;

    Entry(String name, int place, int type, long inode) {
        this.name = name;
        this.place = place;
        this.type = type;
        this.inode = inode;
    }
}
