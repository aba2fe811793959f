package dev.sluice.language;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds ways that come back to where they began. */
final class Circles {
    private Circles() {}

    /**
     * Walks all ways from a node, and gives the nodes where one of them comes back to itself: of each group of circles
     * that hang together at least one. In time proportional to the edges that it sees for the first time.
     *
     * @param next where the edges from a node lead
     * @param done the nodes that walks have seen before, to which this one adds
     */
    static <N> List<N> closing(N start, Function<N, List<N>> next, Set<N> done) {
        List<N> found = new ArrayList<>();
        Deque<N> way = new ArrayDeque<>();
        Set<N> onWay = new HashSet<>();
        Deque<Iterator<N>> left = new ArrayDeque<>();
        @Nullable N node = start;
        while (node != null || !left.isEmpty()) {
            if (node != null && onWay.contains(node)) {
                found.add(node);
            } else if (node != null && done.add(node)) {
                way.push(node);
                onWay.add(node);
                left.push(next.apply(node).iterator());
            }
            node = null;
            if (!left.isEmpty() && left.element().hasNext()) {
                node = left.element().next();
            } else if (!left.isEmpty()) {
                left.pop();
                onWay.remove(way.pop());
            }
        }
        return found;
    }

    /**
     * The shortest way from a node back to it; an empty list when there is none.
     *
     * @param edges the edges from a node
     * @param end the node at an edge's end
     */
    static <N, E> List<E> shortest(N start, Function<N, List<E>> edges, Function<E, N> end) {
        Map<N, E> reachedBy = new HashMap<>();
        Map<E, N> from = new HashMap<>();
        Deque<N> left = new ArrayDeque<>(List.of(start));
        while (!left.isEmpty() && !reachedBy.containsKey(start)) {
            N node = left.poll();
            for (E edge : edges.apply(node)) {
                if (reachedBy.putIfAbsent(end.apply(edge), edge) == null) {
                    from.put(edge, node);
                    left.add(end.apply(edge));
                }
            }
        }
        List<E> way = new ArrayList<>();
        E edge = reachedBy.get(start);
        while (edge != null) {
            way.addFirst(edge);
            N node = from.get(edge);
            edge = node == null || node.equals(start) ? null : reachedBy.get(node);
        }
        return way;
    }
}
