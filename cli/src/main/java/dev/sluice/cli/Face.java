package dev.sluice.cli;

import dev.sluice.cli.Sketch.Kind;
import dev.sluice.cli.Sketch.Sheet;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands in the box of a step or a sheet, and how large the box is. Immutable.
 *
 * @param lines the names, shortened
 * @param more how many others there are
 * @param marks rows of marks, shortened
 * @param width the width
 * @param height the height
 */
record Face(List<String> lines, int more, List<List<String>> marks, double width, double height) {
    static final double PADDING = 12;
    static final double LINE = 18;
    static final double MARK = 20;
    static final double MARK_GAP = 16;
    /** How much of a box lies behind its uppermost sheet. */
    static final double STACK = 8;
    /** The folded corner. */
    static final double FOLD = 12;

    private static final double WIDEST = 250;
    private static final double STEP_HEIGHT = 42;
    private static final int MOST_LINES = 4;

    Face {
        lines = List.copyOf(lines);
        marks = List.copyOf(marks);
    }

    static Face of(Sketch.Step step) {
        String name = Lettering.STEP.fit(Lettering.visible(step.name()), WIDEST);
        double width = Math.max(90, Lettering.STEP.width(name) + 2 * PADDING + 8);
        return new Face(List.of(name), 0, List.of(), width, STEP_HEIGHT);
    }

    static Face of(Sheet sheet) {
        List<String> lines = new ArrayList<>();
        int shown = sheet.paths().size() <= MOST_LINES ? sheet.paths().size() : MOST_LINES - 1;
        double width = 60;
        for (String path : sheet.paths().subList(0, shown)) {
            String line = Lettering.PATH.fit(Lettering.visible(path), WIDEST);
            lines.add(line);
            width = Math.max(width, Lettering.PATH.width(line));
        }
        int more = sheet.paths().size() - shown;
        if (more > 0) {
            width = Math.max(width, Lettering.SMALL.width(more(more)));
        }
        for (String mark : sheet.marks()) {
            width = Math.max(width, Math.min(WIDEST, Lettering.SMALL.width(Lettering.visible(mark)) + MARK_GAP));
        }
        List<List<String>> marks = Lettering.SMALL.rows(
                sheet.marks().stream().map(Lettering::visible).toList(), width + 1, MARK_GAP);
        double height = 2 * PADDING
                + LINE * (lines.size() + (more > 0 ? 1 : 0))
                + MARK * marks.size()
                - (marks.isEmpty() ? 4 : 0);
        double behind = sheet.kind() == Kind.PATTERN ? STACK : 0;
        return new Face(lines, more, marks, width + 2 * PADDING + FOLD + behind, height + behind);
    }

    /** What is said of those that are not shown. */
    static String more(int number) {
        return "and " + number + " more";
    }
}
