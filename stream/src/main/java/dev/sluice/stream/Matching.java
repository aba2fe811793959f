package dev.sluice.stream;

import dev.sluice.language.Contracts;
import dev.sluice.stream.Gate.Phase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The streams that a pattern stands for, for those whose commit hangs on all of them: they ask whenever one is complete, so
 * nobody looks through all streams then. Owned by the workflow's lock.
 */
final class Matching {
    private record Group(Set<Stream> all, Set<Stream> incomplete) {
        void add(Stream stream) {
            all.add(stream);
            look(stream);
        }

        void look(Stream stream) {
            if (stream.phase == Phase.COMMITTED) {
                incomplete.remove(stream);
            } else {
                incomplete.add(stream);
            }
        }
    }

    private final Map<String, Group> groups = new HashMap<>();

    /** All streams there are, by their paths; owned by {@link Streams}. */
    private final Map<String, Stream> byPath;

    private final Contracts contracts;

    Matching(Map<String, Stream> byPath, Contracts contracts) {
        this.byPath = byPath;
        this.contracts = contracts;
    }

    private Group group(String pattern) {
        return groups.computeIfAbsent(pattern, _ -> {
            Group group = new Group(new HashSet<>(), new HashSet<>());
            byPath.values().stream()
                    .filter(stream -> Contracts.matches(pattern, stream.path()))
                    .forEach(group::add);
            return group;
        });
    }

    /** Is what has a path complete, or all that a pattern stands for? */
    boolean isComplete(String path) {
        Stream exact = byPath.get(path);
        if (exact != null) {
            return exact.phase == Phase.COMMITTED;
        }
        Group group = Contracts.isPattern(path) ? group(path) : null;
        if (group == null || group.all.isEmpty()) {
            return contracts.file(path).producers().isEmpty();
        }
        return group.incomplete.isEmpty();
    }

    /** Looks from now on which streams these stand for, as far as they are patterns. */
    void follow(List<String> paths) {
        for (String path : paths) {
            if (Contracts.isPattern(path)) {
                group(path);
            }
        }
    }

    /** {@return the path of a stream, and the patterns that stand for it} */
    List<String> names(Stream stream) {
        List<String> names = new ArrayList<>(2);
        names.add(stream.path());
        groups.forEach((pattern, group) -> {
            if (group.all.contains(stream)) {
                names.add(pattern);
            }
        });
        return names;
    }

    void came(Stream stream) {
        groups.forEach((pattern, group) -> {
            if (Contracts.matches(pattern, stream.path())) {
                group.add(stream);
            }
        });
    }

    void went(Stream stream) {
        for (Group group : groups.values()) {
            group.all.remove(stream);
            group.incomplete.remove(stream);
        }
    }

    /** It is in another phase. */
    void changed(Stream stream) {
        for (Group group : groups.values()) {
            if (group.all.contains(stream)) {
                group.look(stream);
            }
        }
    }
}
