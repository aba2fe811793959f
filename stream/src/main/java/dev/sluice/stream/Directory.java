package dev.sluice.stream;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A directory of the tree. Owned by the workflow's lock. */
final class Directory extends Node {
    /** Where it is; the root is in itself. Null when it has been removed. */
    @Nullable
    Directory parent;

    String name;

    /** The underlying directory's descriptor, an O_PATH one; -1 until it is needed. */
    int fd = -1;

    /** Have the underlying directory's names been read? Afterwards the names here are all there are. */
    boolean isLoaded;

    /** What the flow says of it; null when nothing. */
    @Nullable
    Stream stream;

    /** Was it made while the workflow ran? */
    boolean isNew;

    int listings;

    private final Map<String, Entry> names = new HashMap<>();

    /** The entries by their places; null where one is gone. */
    private final List<@Nullable Entry> order = new ArrayList<>();

    /** Files which are not there yet, for whom somebody waits. */
    private final Map<String, Node> expected = new HashMap<>();

    Directory(long id, @Nullable Directory parent, String name) {
        super(id);
        this.parent = parent;
        this.name = name;
    }

    boolean isRoot() {
        return parent == this;
    }

    @Nullable
    Entry entry(String child) {
        return names.get(child);
    }

    Entry add(String child, int type, long inode) {
        if (listings == 0 && order.size() > 2 * names.size() + 16) {
            compact();
        }
        Entry entry = new Entry(child, order.size(), type, inode);
        order.add(entry);
        names.put(child, entry);
        return entry;
    }

    void remove(Entry entry) {
        names.remove(entry.name);
        order.set(entry.place, null);
    }

    private void compact() {
        List<Entry> kept = new ArrayList<>(names.size());
        for (Entry entry : order) {
            if (entry != null) {
                Entry moved = new Entry(entry.name, kept.size(), entry.type, entry.inode);
                moved.node = entry.node;
                moved.isBelow = entry.isBelow;
                kept.add(moved);
            }
        }
        order.clear();
        order.addAll(kept);
        kept.forEach(entry -> names.put(entry.name, entry));
    }

    int size() {
        return names.size();
    }

    Collection<Entry> entries() {
        return names.values();
    }

    /** {@return the first entry at or after a place, or null} */
    @Nullable
    Entry from(long place) {
        for (long i = place; i < order.size(); i++) {
            Entry entry = order.get((int) i);
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    @Nullable
    Node expected(String child) {
        return expected.get(child);
    }

    void expect(String child, Node node) {
        expected.put(child, node);
    }

    @Nullable
    Node noLongerExpected(String child) {
        return expected.remove(child);
    }

    /** {@return the files for whom somebody waited, which from now on nobody does here} */
    List<Node> awaitNothing() {
        List<Node> nodes = List.copyOf(expected.values());
        expected.clear();
        return nodes;
    }

    Collection<Node> expected() {
        return expected.values();
    }
}
