package dev.sluice.language;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Finds the patterns that match a path, among many, without trying most of them. Immutable, so safe for many threads.
 *
 * <p>Each pattern is filed under one of its stretches of plain text: the one that fewest other patterns have. All these
 * are in a tree of characters; a path is walked down the tree from each of its characters, and what is filed where the
 * walk comes by is tried. The tree's edges are in one table, whose key is a node and a character.
 */
final class PatternIndex<T> {
    private record Filed<T>(Glob glob, T value) {}

    private final List<Filed<T>> everywhere = new ArrayList<>();
    /** By node. */
    private final List<List<Filed<T>>> filed = new ArrayList<>(List.of(List.of()));

    private long[] keys = new long[64];
    private int[] nodes = new int[64];
    private int size;

    PatternIndex(Map<Glob, T> patterns) {
        Map<String, Integer> shared = new HashMap<>();
        patterns.keySet().forEach(glob -> glob.literals().forEach(literal -> shared.merge(literal, 1, Integer::sum)));
        patterns.forEach((glob, value) -> file(new Filed<>(glob, value), shared));
    }

    private void file(Filed<T> pattern, Map<String, Integer> shared) {
        String best = "";
        int least = Integer.MAX_VALUE;
        for (String literal : pattern.glob.literals()) {
            int others = shared.getOrDefault(literal, 1);
            if (others < least || (others == least && literal.length() > best.length())) {
                best = literal;
                least = others;
            }
        }
        if (best.isEmpty()) {
            everywhere.add(pattern);
            return;
        }
        int node = 0;
        for (int i = 0; i < best.length(); i++) {
            node = nodeAfter(node, best.charAt(i));
        }
        if (filed.get(node).isEmpty()) {
            filed.set(node, new ArrayList<>());
        }
        filed.get(node).add(pattern);
    }

    /** Gives the values of all patterns that match, in no order. */
    void forEachMatch(String path, Consumer<T> found) {
        offer(everywhere, path, found);
        for (int start = 0; start < path.length(); start++) {
            int node = 0;
            for (int at = start; at < path.length(); at++) {
                node = nodes[slot(keys, key(node, path.charAt(at)))];
                if (node == 0) {
                    break;
                }
                List<Filed<T>> here = filed.get(node);
                // A stretch of text may be in the path again; its first place is enough.
                if (!here.isEmpty() && path.indexOf(path.substring(start, at + 1)) == start) {
                    offer(here, path, found);
                }
            }
        }
    }

    private static <T> void offer(List<Filed<T>> patterns, String path, Consumer<T> found) {
        for (Filed<T> pattern : patterns) {
            if (pattern.glob.matches(path)) {
                found.accept(pattern.value);
            }
        }
    }

    private static long key(int node, char c) {
        // Never 0, which marks a free place.
        return ((long) node << 16 | c) + 1;
    }

    private int nodeAfter(int node, char c) {
        long key = key(node, c);
        int slot = slot(keys, key);
        if (keys[slot] == 0) {
            if ((size + 1) * 2 > keys.length) {
                grow();
                slot = slot(keys, key);
            }
            keys[slot] = key;
            nodes[slot] = ++size;
            filed.add(List.of());
        }
        return nodes[slot];
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldNodes = nodes;
        keys = new long[oldKeys.length * 2];
        nodes = new int[oldKeys.length * 2];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int slot = slot(keys, oldKeys[i]);
                keys[slot] = oldKeys[i];
                nodes[slot] = oldNodes[i];
            }
        }
    }

    /** Where a key is, or would be. */
    private static int slot(long[] keys, long key) {
        long mixed = key * 0x9E3779B97F4A7C15L;
        int slot = (int) (mixed >>> 32) & (keys.length - 1);
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = (slot + 1) & (keys.length - 1);
        }
        return slot;
    }
}
