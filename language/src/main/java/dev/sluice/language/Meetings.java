package dev.sluice.language;

import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;

/** Which paths and patterns of a flow have paths in common: a pattern and a name, two patterns, a directory and what is in it. */
final class Meetings {
    /** More pairs of patterns than these are not compared: it would take longer than anybody waits. */
    private static final int MOST_PAIRS = 300_000;

    private final Contracts contracts;
    private boolean complete = true;
    private int pairs;

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
        pairs = 0;
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

    /** A pattern, and its plain text before the first and behind the last of its wildcards; the latter in reverse. */
    private record Edged(Mention mention, String start, String end) {
        static Edged of(Mention mention) {
            String text = mention.text();
            int last = Math.max(Math.max(text.lastIndexOf('*'), text.lastIndexOf('?')), text.lastIndexOf(']'));
            String end = new StringBuilder(text.substring(last + 1)).reverse().toString();
            return new Edged(mention, Glob.literalStart(text), end);
        }

        boolean endsLike(Edged other) {
            return end.startsWith(other.end) || other.end.startsWith(end);
        }

        boolean startsLike(Edged other) {
            return start.startsWith(other.start) || other.start.startsWith(start);
        }
    }

    /**
     * Patterns that begin or end differently have nothing in common. Sorted by their beginnings, and those without one by
     * their ends, those that may have something in common stand near each other.
     */
    private void patterns(BiConsumer<Mention, Mention> found) {
        List<Edged> all = contracts.patterns().stream().map(Edged::of).toList();
        List<Edged> byStart = all.stream()
                .filter(one -> !one.start.isEmpty())
                .sorted(Comparator.comparing(Edged::start))
                .toList();
        List<Edged> byEnd =
                all.stream().sorted(Comparator.comparing(Edged::end)).toList();
        for (int i = 0; i < byStart.size(); i++) {
            for (int j = i + 1; j < byStart.size() && byStart.get(j).start.startsWith(byStart.get(i).start); j++) {
                pair(byStart.get(i), byStart.get(j), found);
            }
        }
        for (int i = 0; i < byEnd.size(); i++) {
            for (int j = i + 1; j < byEnd.size() && byEnd.get(j).end.startsWith(byEnd.get(i).end); j++) {
                // Both with a beginning: they have met above.
                if (byEnd.get(i).start.isEmpty() || byEnd.get(j).start.isEmpty()) {
                    pair(byEnd.get(i), byEnd.get(j), found);
                }
            }
        }
    }

    private void pair(Edged one, Edged other, BiConsumer<Mention, Mention> found) {
        if (!one.endsLike(other) || !one.startsLike(other)) {
            return;
        }
        if (++pairs > MOST_PAIRS) {
            complete = false;
        } else if (contracts.meet(one.mention, other.mention)) {
            found.accept(one.mention, other.mention);
        }
    }
}
