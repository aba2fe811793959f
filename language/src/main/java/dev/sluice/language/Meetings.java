package dev.sluice.language;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Which paths and patterns of a flow have paths in common: a pattern and a name, two patterns, a directory and what is in it. */
final class Meetings {
    /** More pairs of patterns than these are not compared: it would take longer than anybody waits. */
    private static final int MOST_PAIRS = 20_000_000;
    /** Nor are more given: nobody wants to see them, and they need memory. */
    private static final int MOST_FOUND = 500_000;

    /** Of a beginning or end that is longer, so many characters are looked at before patterns are compared. */
    private static final int LONGEST = 100;

    private final Contracts contracts;
    private final Collection<Mention> among;
    private boolean complete = true;
    private int pairs;
    private int given;

    /**
     * Meetings of some mentions.
     *
     * @param among these, with each other; names among them also with all patterns, and with all directories they are in
     */
    Meetings(Contracts contracts, Collection<Mention> among) {
        this.contracts = contracts;
        this.among = among;
    }

    /** Has everything been compared by the last {@link #forEach}? */
    boolean isComplete() {
        return complete;
    }

    /** Gives each pair once. */
    void forEach(BiConsumer<Mention, Mention> found) {
        for (Mention mention : among) {
            if (!mention.isPattern()) {
                contracts.others(mention).forEach(pattern -> found.accept(mention, pattern));
            }
            directories(mention, found);
        }
        pairs = 0;
        given = 0;
        patterns(found);
    }

    /** The names of directories that a path, or the plain beginning of a pattern, is in. */
    private void directories(Mention mention, BiConsumer<Mention, Mention> found) {
        String start = mention.isPattern() ? Glob.literalStart(mention.text()) + "." : mention.text();
        String parent = start;
        while (!parent.isEmpty()) {
            parent = ManagedPath.parent(parent);
            Mention directory = contracts.mentions().get(parent);
            // What a pattern of the directory's contents matches is found as a pattern.
            if (directory != null && !directory.isPattern() && directory != mention) {
                found.accept(mention, directory);
            }
        }
    }

    /** Patterns with the same plain text before the first of their wildcards, by that behind the last, in reverse. */
    private static final class Group {
        private final NavigableMap<String, List<Mention>> byEnd = new TreeMap<>();

        void add(String end, Mention pattern) {
            byEnd.computeIfAbsent(end, _ -> new ArrayList<>(1)).add(pattern);
        }

        /** Gives all that may end like this: one's end must be the other's, or the end of that. */
        void forEachEndingLike(String end, Consumer<Mention> found) {
            byEnd.subMap(end, true, end + Character.MAX_VALUE, true).values().forEach(some -> some.forEach(found));
            for (int length = 0; length < end.length(); length++) {
                List<Mention> some = byEnd.get(end.substring(0, length));
                if (some != null) {
                    some.forEach(found);
                }
            }
        }
    }

    /**
     * Patterns that begin or end differently have nothing in common. So each one is compared only with those that begin
     * with a beginning of it, and among these with those that may end like it.
     */
    private void patterns(BiConsumer<Mention, Mention> found) {
        Map<String, Group> groups = new HashMap<>();
        List<Mention> patterns = among.stream()
                .filter(Mention::isPattern)
                .sorted(Comparator.comparing(this::start).thenComparing(Mention::text))
                .toList();
        for (Mention pattern : patterns) {
            String start = start(pattern);
            String end = end(pattern);
            for (int length = 0; length <= start.length(); length++) {
                Group group = groups.get(start.substring(0, length));
                if (group != null) {
                    group.forEachEndingLike(end, other -> pair(other, pattern, found));
                }
            }
            groups.computeIfAbsent(start, _ -> new Group()).add(end, pattern);
        }
    }

    private String start(Mention pattern) {
        String start = contracts.managed().absolute(pattern.asGlob().start());
        return start.substring(0, Math.min(LONGEST, start.length()));
    }

    private static String end(Mention pattern) {
        String end = new StringBuilder(pattern.asGlob().end()).reverse().toString();
        return end.substring(0, Math.min(LONGEST, end.length()));
    }

    private void pair(Mention one, Mention other, BiConsumer<Mention, Mention> found) {
        if (pairs == MOST_PAIRS || given == MOST_FOUND) {
            complete = false;
            return;
        }
        pairs++;
        if (contracts.meet(one, other)) {
            given++;
            found.accept(one, other);
        }
    }
}
