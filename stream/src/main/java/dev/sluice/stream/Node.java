package dev.sluice.stream;

import org.jspecify.annotations.Nullable;

/** A file of the tree, of whatever kind: what a name leads to. */
public abstract sealed class Node permits Directory, RegularFile, OtherFile {
    final long id;

    /**
     * What it was like when it lost its name, for those who hold it still; of a regular file nothing, since those who have it open
     * have that. Owned by the workflow's lock.
     */
    dev.sluice.linux.@Nullable Attributes last;

    Node(long id) {
        this.id = id;
    }

    /** {@return its number, which no other file of the tree has or had; the root's is 1} */
    public long id() {
        return id;
    }

    /** {@return whether it is a directory} */
    public boolean isDirectory() {
        return this instanceof Directory;
    }

    /** {@return whether it is a regular file, or one is expected} */
    public boolean isRegular() {
        return this instanceof RegularFile;
    }
}
