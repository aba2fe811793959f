package dev.sluice.cli;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/** One pattern for many paths of one directory. */
final class Likeness {
    private static final int MOST_NAMES = 8;

    private Likeness() {}

    /**
     * What to write for paths of one directory with which everything is alike: a pattern when they are many, and have a
     * beginning or an end in common that no other path has; else each of them.
     *
     * @param paths the paths
     * @param all all paths that are known, these too
     */
    static List<String> of(List<String> paths, Collection<String> all) {
        if (paths.size() <= MOST_NAMES) {
            return paths.stream().map(Likeness::literal).toList();
        }
        String first = paths.getFirst();
        int folder = first.lastIndexOf('/') + 1;
        int begin = first.length();
        int end = first.length();
        for (String path : paths) {
            begin = Math.min(begin, alike(first, path));
            end = Math.min(end, alikeAtEnd(first, path, folder));
        }
        // Numbers differ from run to run, also where they begin or end alike.
        while (begin > folder && isOfNumber(first.charAt(begin - 1))) {
            begin--;
        }
        while (end > 0 && isOfNumber(first.charAt(first.length() - end))) {
            end--;
        }
        String head = first.substring(0, begin);
        String tail = first.substring(first.length() - end);
        Set<String> mine = Set.copyOf(paths);
        boolean isTheirs = !(head + tail).isEmpty()
                && all.stream()
                        .noneMatch(path -> path.length() >= head.length() + tail.length()
                                && path.startsWith(head)
                                && path.endsWith(tail)
                                && !mine.contains(path));
        return isTheirs
                ? List.of(literal(head) + "*" + literal(tail))
                : paths.stream().map(Likeness::literal).toList();
    }

    private static int alike(String one, String other) {
        int most = Math.min(one.length(), other.length());
        int same = 0;
        while (same < most && one.charAt(same) == other.charAt(same)) {
            same++;
        }
        return same;
    }

    private static int alikeAtEnd(String one, String other, int folder) {
        int most = Math.min(one.length(), other.length()) - folder;
        int same = 0;
        while (same < most && one.charAt(one.length() - 1 - same) == other.charAt(other.length() - 1 - same)) {
            same++;
        }
        return same;
    }

    private static boolean isOfNumber(char unit) {
        return unit >= '0' && unit <= '9';
    }

    /** A path as a flow writes it: what is no wildcard in it must not be taken for one. */
    static String literal(String path) {
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char unit = path.charAt(i);
            literal.append("*?[".indexOf(unit) >= 0 ? "[" + unit + "]" : String.valueOf(unit));
        }
        return literal.toString();
    }
}
