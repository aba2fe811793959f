package dev.sluice.house;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** One room may use another. */
record Arrow(String from, String to) implements Comparable<Arrow> {
    private static final Pattern BLOCK = Pattern.compile("```arrows\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINE = Pattern.compile("(?m)^\\s*([a-z]+) -> ([a-z]+)\\s*$");

    /** The arrows drawn in ARCHITECTURE.md, in its block marked {@code arrows}. */
    static Set<Arrow> drawnIn(String document) {
        Set<Arrow> arrows = new TreeSet<>();
        BLOCK.matcher(document)
                .results()
                .forEach(block -> block.group(1)
                        .lines()
                        .filter(line -> !line.isBlank())
                        .forEach(line -> arrows.add(parse(line))));
        if (arrows.isEmpty()) {
            throw new IllegalStateException(
                    "ARCHITECTURE.md draws no arrows: no block ```arrows with lines `aio -> linux`");
        }
        return arrows;
    }

    private static Arrow parse(String line) {
        var match = LINE.matcher(line);
        if (!match.matches()) {
            throw new IllegalStateException(
                    "ARCHITECTURE.md: not an arrow: '" + line + "'; write `room -> room`, one to a line");
        }
        return new Arrow(match.group(1), match.group(2));
    }

    /** The rooms that can come back to themselves along these arrows. */
    static Set<String> inCycles(Set<Arrow> arrows) {
        Map<String, Set<String>> reached = new TreeMap<>();
        arrows.forEach(arrow ->
                reached.computeIfAbsent(arrow.from, _ -> new TreeSet<>()).add(arrow.to));
        boolean grew = true;
        while (grew) {
            grew = false;
            for (Set<String> rooms : reached.values()) {
                for (String room : Set.copyOf(rooms)) {
                    grew |= rooms.addAll(Set.copyOf(reached.getOrDefault(room, Set.of())));
                }
            }
        }
        Set<String> cyclic = new TreeSet<>();
        reached.forEach((room, rooms) -> {
            if (rooms.contains(room)) {
                cyclic.add(room);
            }
        });
        return cyclic;
    }

    @Override
    public int compareTo(Arrow other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return from + " -> " + to;
    }
}
