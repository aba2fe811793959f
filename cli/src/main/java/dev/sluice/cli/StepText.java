package dev.sluice.cli;

import dev.sluice.language.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Understands a step as users type it: {@code NAME: READS -> WRITES}, both lists with commas. Spaces around names do not
 * count, {@code >} is as good as {@code ->}, and a backslash takes away what the next character means.
 */
final class StepText {
    private StepText() {}

    /**
     * Makes a step of what a user types.
     *
     * @throws IllegalArgumentException when it is none; says how one looks
     */
    static Step parse(String typed) {
        List<String> named = split(typed, ':', 2);
        String name = plain(named.getFirst());
        if (name.isEmpty()) {
            throw new IllegalArgumentException(
                    "a step begins with its name, as in 'split: book.txt -> parts/*.txt': " + typed);
        }
        List<String> lists = split(named.size() < 2 ? "" : named.getLast(), '>', Integer.MAX_VALUE);
        if (lists.size() < 2) {
            throw new IllegalArgumentException("a step needs an arrow between what it reads and what it writes, as in"
                    + " 'split: book.txt -> parts/*.txt'; either side may be empty: " + typed);
        }
        if (lists.size() > 2) {
            throw new IllegalArgumentException("a step has one arrow; write \\> where a path has one in it: " + typed);
        }
        String before = lists.getFirst();
        String reads = before.endsWith("-") ? before.substring(0, before.length() - 1) : before;
        return new Step(name, paths(reads), paths(lists.getLast()), List.of());
    }

    /**
     * Makes paths of what a user types: {@code a.txt, b.txt}.
     *
     * @throws IllegalArgumentException when one is empty
     */
    static List<String> paths(String typed) {
        if (typed.isBlank()) {
            return List.of();
        }
        List<String> paths = split(typed, ',', Integer.MAX_VALUE).stream()
                .map(StepText::plain)
                .toList();
        if (paths.contains("")) {
            throw new IllegalArgumentException("there is a comma too many: " + typed.strip());
        }
        return paths.stream().distinct().toList();
    }

    /** The parts between separators that no backslash stands before; the backslashes stay. */
    private static List<String> split(String text, char separator, int most) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length() && parts.size() + 1 < most; i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == separator) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }

    /** Without spaces around and without backslashes. */
    private static String plain(String text) {
        return text.strip().replaceAll("\\\\(.)", "$1");
    }
}
