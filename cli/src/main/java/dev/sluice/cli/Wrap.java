package dev.sluice.cli;

import java.util.ArrayList;
import java.util.List;

/** Fits text into a width. */
final class Wrap {
    private Wrap() {}

    /**
     * Breaks text between words, and words that are too long anywhere.
     *
     * @param first how far the first line is indented, which is less than the width
     * @param others how far the others are
     */
    static List<String> lines(String text, int width, int first, int others) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(" ".repeat(first));
        int indent = first;
        int spaces = 0;
        for (String word : text.split(" ", -1)) {
            if (line.length() > indent && line.length() + spaces + word.length() > width) {
                lines.add(line.toString());
                indent = others;
                line = new StringBuilder(" ".repeat(indent));
            } else {
                line.repeat(" ", spaces);
            }
            String rest = word;
            while (line.length() + rest.length() > width) {
                int fitting = width - line.length();
                lines.add(line + rest.substring(0, fitting));
                rest = rest.substring(fitting);
                indent = others;
                line = new StringBuilder(" ".repeat(indent));
            }
            line.append(rest);
            spaces = 1;
        }
        lines.add(line.toString());
        return lines;
    }

    /** As much of a text as fits. */
    static String cut(String text, int width) {
        return text.substring(0, Math.min(text.length(), width));
    }
}
