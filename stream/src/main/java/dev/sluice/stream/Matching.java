package dev.sluice.stream;

import dev.sluice.language.Contracts;
import dev.sluice.stream.Gate.Phase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

    private Group group(String pattern, Collection<Stream> known) {
        return groups.computeIfAbsent(pattern, _ -> {
            Group group = new Group(new HashSet<>(), new HashSet<>());
            known.stream()
                    .filter(stream -> Contracts.matches(pattern, stream.path()))
                    .forEach(group::add);
            return group;
        });
    }

    /**
     * Are all complete? Null when there is none.
     *
     * @param known all streams there are
     */
    @Nullable
    Boolean areComplete(String pattern, Collection<Stream> known) {
        Group group = group(pattern, known);
        return group.all.isEmpty() ? null : group.incomplete.isEmpty();
    }

    /** Looks from now on which streams a pattern stands for. */
    void follow(String pattern, Collection<Stream> known) {
        group(pattern, known);
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
