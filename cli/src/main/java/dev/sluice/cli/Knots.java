package dev.sluice.cli;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes of a graph lie on a way that leads through two steps or more and back to where it began. One thread at a
 * time; what is asked after an answer may not be added to.
 */
final class Knots {
    private final Set<String> steps;
    private final Map<String, Set<String>> ahead = new LinkedHashMap<>();
    private final Map<String, Set<String>> behind = new LinkedHashMap<>();
    /** Null until somebody asks, and after each change. */
    private @Nullable Map<String, Integer> knots;

    Knots(Collection<String> steps) {
        this.steps = Set.copyOf(steps);
    }

    void add(String from, String to) {
        ahead.computeIfAbsent(from, _ -> new LinkedHashSet<>()).add(to);
        ahead.computeIfAbsent(to, _ -> new LinkedHashSet<>());
        behind.computeIfAbsent(to, _ -> new LinkedHashSet<>()).add(from);
        knots = null;
    }

    boolean isKnotted(String node) {
        return found().containsKey(node);
    }

    /** Are both on such a way, and on the same? */
    boolean areTogether(String one, String other) {
        Integer knot = found().get(one);
        return knot != null && knot.equals(found().get(other));
    }

    private Map<String, Integer> found() {
        Map<String, Integer> known = knots;
        if (known == null) {
            known = find();
            knots = known;
        }
        return known;
    }

    /** Kosaraju's: nodes in the order in which they are left, then what reaches each of them, from the last on. */
    private Map<String, Integer> find() {
        Map<String, Integer> result = new HashMap<>();
        Set<String> seen = new LinkedHashSet<>();
        int number = 0;
        for (String root : left().reversed()) {
            List<String> members = new ArrayList<>();
            Deque<String> open = new ArrayDeque<>(List.of(root));
            while (!open.isEmpty()) {
                String node = open.pop();
                if (seen.add(node)) {
                    members.add(node);
                    open.addAll(behind.getOrDefault(node, Set.of()));
                }
            }
            if (members.stream().filter(steps::contains).count() > 1) {
                number++;
                for (String member : members) {
                    result.put(member, number);
                }
            }
        }
        return result;
    }

    private List<String> left() {
        List<String> order = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        Set<String> done = new LinkedHashSet<>();
        for (String root : ahead.keySet()) {
            Deque<String> open = new ArrayDeque<>(List.of(root));
            while (!open.isEmpty()) {
                String node = open.getFirst();
                if (seen.add(node)) {
                    ahead.getOrDefault(node, Set.of()).stream()
                            .filter(next -> !seen.contains(next))
                            .forEach(open::push);
                } else {
                    open.pop();
                    if (done.add(node)) {
                        order.add(node);
                    }
                }
            }
        }
        return order;
    }
}
