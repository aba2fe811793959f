package dev.sluice.cli;

import java.util.ArrayList;
import java.util.List;

/** Finds the comments in a flow. */
final class Comments {
    private Comments() {}

    /** In which lines comments begin; each line once. */
    static List<Integer> lines(SourceText source) {
        List<Integer> lines = new ArrayList<>();
        String text = source.content();
        int next = 0;
        while (next < text.length()) {
            int from = next;
            next = switch (text.charAt(from)) {
                case '"' -> stringEnd(text, from);
                case '/' -> commentEnd(text, from);
                default -> from + 1;
            };
            if (text.charAt(from) == '/') {
                int line = source.lineOf(from);
                if (lines.isEmpty() || lines.getLast() != line) {
                    lines.add(line);
                }
            }
        }
        return lines;
    }

    private static int stringEnd(String text, int from) {
        int next = from + 1;
        while (next < text.length() && text.charAt(next) != '"') {
            next += text.charAt(next) == '\\' ? 2 : 1;
        }
        return next + 1;
    }

    private static int commentEnd(String text, int from) {
        boolean block = text.startsWith("/*", from);
        int end = block ? text.indexOf("*/", from + 2) + 2 : from;
        while (!block && end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        return end <= from ? text.length() : end;
    }
}
