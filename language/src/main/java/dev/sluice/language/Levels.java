package dev.sluice.language;

import dev.sluice.language.Mention.Said;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * What a flow says of a path, and of the directories that it is in: level by level from the path itself up to the managed
 * directory, looked up as far as somebody asks. One thread at a time.
 */
final class Levels {
    /** Mentions that match a path. */
    private record Level(String path, List<Mention> mentions) {}

    private final Function<String, List<Mention>> matching;
    private final List<Level> levels = new ArrayList<>(4);

    Levels(String path, Function<String, List<Mention>> matching) {
        this.matching = matching;
        levels.add(new Level(path, matching.apply(path)));
    }

    /** The mentions that match the path itself. */
    List<Mention> own() {
        return levels.getFirst().mentions;
    }

    /** Is there such a level? */
    private boolean has(int level) {
        while (levels.size() <= level && !levels.getLast().path.isEmpty()) {
            String parent = ManagedPath.parent(levels.getLast().path);
            levels.add(new Level(parent, matching.apply(parent)));
        }
        return level < levels.size();
    }

    /** All that is said on the first level where something is. */
    <T> List<Said<T>> union(Function<Mention, List<Said<T>>> part) {
        for (int level = 0; has(level); level++) {
            List<Said<T>> said = new ArrayList<>(2);
            levels.get(level).mentions.forEach(mention -> said.addAll(part.apply(mention)));
            if (!said.isEmpty()) {
                return said;
            }
        }
        return List.of();
    }

    /** What is said by the mention that speaks first, on the first level where something is; or an empty list. */
    <T> List<Said<T>> first(Function<Mention, List<Said<T>>> part, Comparator<T> order) {
        for (int level = 0; has(level); level++) {
            Level here = levels.get(level);
            Mention first = null;
            for (Mention mention : here.mentions) {
                boolean says = !part.apply(mention).isEmpty();
                if (says && (first == null || Mention.precedence(here.path).compare(mention, first) < 0)) {
                    first = mention;
                }
            }
            if (first != null) {
                return List.of(Collections.min(part.apply(first), Comparator.comparing(Said::what, order)));
            }
        }
        return List.of();
    }
}
