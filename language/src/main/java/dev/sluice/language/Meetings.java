package dev.sluice.language;

import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;

/** Which paths and patterns of a flow have paths in common: a pattern and a name, two patterns, a directory and what is in it. */
final class Meetings {
    /** More pairs of patterns than these are not compared: it would take longer than anybody waits. */
    private static final int MOST_PAIRS = 3_000_000;

    private final Contracts contracts;
    private boolean complete = true;

    Meetings(Contracts contracts) {
        this.contracts = contracts;
    }

    /** Has everything been compared by the last {@link #forEach}? */
    boolean isComplete() {
        return complete;
    }

    /** Gives each pair once. */
    void forEach(BiConsumer<Mention, Mention> found) {
        for (Mention mention : contracts.mentions().values()) {
            if (!mention.isPattern()) {
                contracts.others(mention).forEach(pattern -> found.accept(mention, pattern));
            }
            directories(mention, found);
        }
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

    /** Patterns that begin differently have nothing in common; in the order of their beginnings, the rest is near. */
    private void patterns(BiConsumer<Mention, Mention> found) {
        List<Mention> sorted = contracts.patterns().stream()
                .sorted(Comparator.comparing(mention -> Glob.literalStart(mention.text())))
                .toList();
        List<String> starts = sorted.stream()
                .map(mention -> Glob.literalStart(mention.text()))
                .toList();
        int pairs = 0;
        for (int i = 0; i < sorted.size(); i++) {
            for (int j = i + 1; j < sorted.size() && starts.get(j).startsWith(starts.get(i)); j++) {
                if (++pairs > MOST_PAIRS) {
                    complete = false;
                    return;
                }
                if (contracts.meet(sorted.get(i), sorted.get(j))) {
                    found.accept(sorted.get(i), sorted.get(j));
                }
            }
        }
    }
}
