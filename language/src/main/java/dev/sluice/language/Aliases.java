package dev.sluice.language;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts the paths in the place of aliases. Immutable. */
final class Aliases {
    private final Map<String, List<String>> groups;

    Aliases(List<Flow.Alias> aliases) {
        groups = aliases.stream()
                .collect(Collectors.toUnmodifiableMap(Flow.Alias::name, Flow.Alias::paths, (a, _) -> a));
    }

    Set<String> names() {
        return groups.keySet();
    }

    /** What an entry of a flow stands for: itself, or the paths of the alias, and of aliases in that. */
    SequencedSet<String> expand(String entry) {
        SequencedSet<String> paths = new LinkedHashSet<>();
        SequencedSet<String> open = new LinkedHashSet<>(List.of(entry));
        List<String> left = new ArrayList<>(open);
        while (!left.isEmpty()) {
            String next = left.removeFirst();
            List<String> group = groups.get(next);
            if (group == null) {
                paths.add(next);
            } else {
                group.stream().filter(open::add).forEach(left::add);
            }
        }
        return paths;
    }

    /** Can an alias be reached from itself? */
    boolean isCircular(String name) {
        Set<String> seen = new LinkedHashSet<>();
        List<String> left = new ArrayList<>(groups.getOrDefault(name, List.of()));
        while (!left.isEmpty()) {
            String next = left.removeLast();
            if (next.equals(name)) {
                return true;
            }
            if (seen.add(next)) {
                left.addAll(groups.getOrDefault(next, List.of()));
            }
        }
        return false;
    }
}
