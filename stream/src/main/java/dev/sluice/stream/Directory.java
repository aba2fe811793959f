package dev.sluice.stream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
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

    /** What it lays down for all that is made in it, once that has been asked; null when nothing. */
    @Nullable
    Defaults defaults;

    boolean areDefaultsKnown;

    /**
     * When its names were changed last, by who works here, and when something of it was; negative as long as that is what it is
     * below. What is only in memory does not change it there, and what is brought there does.
     */
    private long modified = -1;

    private long changed = -1;

    /** What those see as the time of its last change who read what comes into it; negative until it was asked for. */
    private long changedFirst = -1;

    private final Map<String, Entry> names = new HashMap<>();

    /** The entries by their places; null where one is gone. */
    private final List<@Nullable Entry> order = new ArrayList<>();

    /** Up to which place in the order it is known which entries are excluded, and how many are, at the path that it had then. */
    private int looked;

    private int excluded;
    private String lookedAs = "";

    /** Files which are not there yet, for whom somebody waits. */
    private final Map<String, Node> expected = new HashMap<>();

    Directory(long id, @Nullable Directory parent, String name) {
        super(id);
        this.parent = parent;
        this.name = name;
    }

    /** {@return the path of a name in it, as the flow writes it} */
    static String path(@Nullable Directory parent, String name) {
        StringBuilder path = new StringBuilder(name);
        for (Directory at = parent; at != null && !at.isRoot(); at = at.parent) {
            path.insert(0, '/').insert(0, at.name);
        }
        boolean isAscii = path.chars().allMatch(c -> c < 0x80);
        return isAscii
                ? path.toString()
                : new String(path.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
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

    /**
     * Puts something else under a name, right after that was {@linkplain #remove removed}: in its place, so that whoever lists the
     * directory meanwhile sees the name, and once.
     */
    Entry replace(Entry removed, int type, long inode) {
        Entry entry = new Entry(removed.name, removed.place, type, inode);
        entry.isExcluded = removed.isExcluded;
        excluded += entry.isExcluded ? 1 : 0;
        order.set(entry.place, entry);
        names.put(entry.name, entry);
        return entry;
    }

    /** {@return the place behind all that there are} */
    long end() {
        return order.size();
    }

    /** A name has come or gone, for who works here. */
    void namesChanged() {
        modified = Times.now();
        changed = modified;
    }

    /** Its attributes have been changed, and here is what is below. */
    void described(Change change, dev.sluice.linux.Attributes seen) {
        modified = change.has(Change.MODIFIED) || modified < 0
                ? Times.of(seen.modificationSeconds(), seen.modificationNanos())
                : modified;
        changed = Times.of(seen.changeSeconds(), seen.changeNanos());
        changedFirst = changed;
    }

    /** Its times are about to change below, though nothing is changed here. */
    void keepTimes(dev.sluice.linux.Attributes seen) {
        if (modified < 0) {
            modified = Times.of(seen.modificationSeconds(), seen.modificationNanos());
            changed = Times.of(seen.changeSeconds(), seen.changeNanos());
        }
    }

    boolean hasTimesOfItsOwn() {
        return modified >= 0;
    }

    long modified() {
        return modified;
    }

    /**
     * Puts its own times in the place of those below.
     *
     * @param isFixed whether for a reader of what comes into it, who takes it for changed if he sees that something has
     */
    void fill(Attributes into, boolean isFixed) {
        if (modified >= 0) {
            into.modifiedSeconds = Times.seconds(modified);
            into.modifiedNanos = Times.nanos(modified);
            into.changedSeconds = Times.seconds(changed);
            into.changedNanos = Times.nanos(changed);
        }
        if (changedFirst < 0) {
            changedFirst = Times.of(into.changedSeconds, into.changedNanos);
        }
        if (isFixed) {
            into.changedSeconds = Times.seconds(changedFirst);
            into.changedNanos = Times.nanos(changedFirst);
        }
    }

    void remove(Entry entry) {
        excluded -= entry.isExcluded ? 1 : 0;
        names.remove(entry.name);
        order.set(entry.place, null);
    }

    private void compact() {
        List<Entry> kept = new ArrayList<>(names.size());
        int before = looked;
        looked = 0;
        for (Entry entry : order) {
            if (entry != null) {
                Entry moved = new Entry(entry.name, kept.size(), entry.type, entry.inode);
                moved.node = entry.node;
                moved.isBelow = entry.isBelow;
                moved.isExcluded = entry.isExcluded;
                looked += entry.place < before ? 1 : 0;
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

    /** {@return how many entries there are but for those whose paths are excluded} Looks at those only that have come since it was asked last. */
    int sizeWithout(Predicate<String> isExcluded) {
        String here = path(parent, name);
        if (!here.equals(lookedAs)) {
            lookedAs = here;
            looked = 0;
            excluded = 0;
        }
        for (; looked < order.size(); looked++) {
            Entry entry = order.get(looked);
            if (entry != null) {
                entry.isExcluded = isExcluded.test(path(this, entry.name));
                excluded += entry.isExcluded ? 1 : 0;
            }
        }
        return names.size() - excluded;
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
