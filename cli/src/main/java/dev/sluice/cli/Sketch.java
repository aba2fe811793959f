package dev.sluice.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What the picture of a flow shows, without places and sizes: steps, sheets of files, and arrows. Immutable; from a
 * {@link Sketcher}.
 *
 * @param title the flow's name
 * @param steps the steps, in the order of the flow
 * @param sheets the files, those that are alike on one sheet
 * @param arrows who hands what to whom
 */
record Sketch(String title, List<Step> steps, List<Sheet> sheets, List<Arrow> arrows) {
    /** How many lines of names a label has at most in formats of text. */
    private static final int MOST_LINES = 8;

    Sketch {
        steps = List.copyOf(steps);
        sheets = List.copyOf(sheets);
        arrows = List.copyOf(arrows);
    }

    /** What is wrong with a step, a sheet or an arrow. */
    enum Alarm {
        NONE,
        /** It is in a circle of steps that read each other's files. */
        CIRCLE,
        /** It is in a circle of steps that wait for each other's end, which never comes. */
        DEADLOCK
    }

    /** What the paths of a sheet are. */
    enum Kind {
        NAME,
        PATTERN,
        DIRECTORY
    }

    /** What an arrow says. */
    enum Flow {
        /** From a step to what it writes; the label is the commit rule. */
        WRITES,
        /** From a file to a step that waits for its commit; the label is the fire rule. */
        WAITS,
        /** From a file to a step that gets bytes as they come; the label is the fire rule. */
        STREAMS,
        /** From a file that is there before the run to a step that reads it. */
        FINDS,
        /** To or from a plain file, for which nobody waits. */
        PLAIN,
        /** From what is written to what is read, which have files in common. */
        PART
    }

    /**
     * A step.
     *
     * @param id its name in the picture
     * @param name its name in the flow
     * @param alarm what is wrong with it
     */
    record Step(String id, String name, Alarm alarm) {}

    /**
     * Files of which the flow says the same.
     *
     * @param id its name in the picture
     * @param paths the files, in the order of the flow; at least one
     * @param kind what they are
     * @param commit the commit rule, in full; an empty text for what no step writes
     * @param fire the fire rule; an empty text for what no step writes
     * @param marks what else there is to say, in a word or two each
     * @param alarm what is wrong with them
     */
    record Sheet(
            String id, List<String> paths, Kind kind, String commit, String fire, List<String> marks, Alarm alarm) {
        Sheet {
            paths = List.copyOf(paths);
            marks = List.copyOf(marks);
        }

        /** What a label says in formats of text: the first names, how many others there are, and the marks. */
        List<String> lines(UnaryOperator<String> escaped) {
            List<String> lines = new ArrayList<>();
            int shown = paths.size() <= MOST_LINES ? paths.size() : MOST_LINES - 1;
            paths.subList(0, shown).forEach(path -> lines.add(escaped.apply(path)));
            if (shown < paths.size()) {
                lines.add(Face.more(paths.size() - shown));
            }
            if (!marks.isEmpty()) {
                lines.add("(" + escaped.apply(String.join(", ", marks)) + ")");
            }
            return lines;
        }
    }

    /**
     * An arrow.
     *
     * @param from the id at its beginning
     * @param to the id at its end
     * @param flow what it says
     * @param label a rule, or an empty text
     * @param isUsual does the rule hold because the flow has none?
     * @param alarm what is wrong with it
     */
    record Arrow(String from, String to, Flow flow, String label, boolean isUsual, Alarm alarm) {}

    /** What is wrong at all: the worst of all steps. */
    Alarm alarm() {
        return steps.stream()
                .map(Step::alarm)
                .max(java.util.Comparator.naturalOrder())
                .orElse(Alarm.NONE);
    }

    /** How many files there are on all sheets. */
    int files() {
        return sheets.stream().mapToInt(sheet -> sheet.paths().size()).sum();
    }

    /** In words: "3 steps, 4 files". */
    String size() {
        return counted(steps.size(), "step") + ", " + counted(files(), "file");
    }

    private static String counted(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
