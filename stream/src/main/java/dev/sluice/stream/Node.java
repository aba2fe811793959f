package dev.sluice.stream;

/** A file of the tree, of whatever kind: what a name leads to. */
public abstract sealed class Node permits Directory, RegularFile, OtherFile {
    final long id;

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
