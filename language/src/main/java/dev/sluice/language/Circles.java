package dev.sluice.language;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Finds ways that come back to where they began. */
final class Circles {
    private Circles() {}

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
