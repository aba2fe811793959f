package dev.sluice.cli;

import java.util.List;

/**
 * When a step worked, and when it waited for a file.
 *
 * @param step its name
 * @param marks from its start to its end, two at least
 */
record Lane(String step, List<Mark> marks) {
    /**
     * A moment.
     *
     * @param at seconds since all began
     * @param waited for how many seconds the step has waited until then
     */
    record Mark(double at, double waited) {}

    Lane {
        marks = List.copyOf(marks);
        if (marks.size() < 2) {
            throw new IllegalArgumentException("a lane has a start and an end: " + marks);
        }
    }

    /** A step that never waited. */
    static Lane busy(String step, double begin, double end) {
        return new Lane(step, List.of(new Mark(begin, 0), new Mark(end, 0)));
    }

    double begin() {
        return marks.getFirst().at;
    }

    double end() {
        return marks.getLast().at;
    }

    double taken() {
        return end() - begin();
    }

    double waited() {
        return marks.getLast().waited;
    }

    /** How long the step was there between two moments. */
    double present(double from, double to) {
        return Math.max(0, Math.min(to, end()) - Math.max(from, begin()));
    }

    /** How long it waited between two moments. */
    double waited(double from, double to) {
        return waitedUntil(to) - waitedUntil(from);
    }

    private double waitedUntil(double moment) {
        Mark before = marks.getFirst();
        for (Mark mark : marks) {
            if (mark.at >= moment) {
                double length = mark.at - before.at;
                double part = length <= 0 ? 1 : Math.clamp((moment - before.at) / length, 0, 1);
                return before.waited + part * (mark.waited - before.waited);
            }
            before = mark;
        }
        return before.waited;
    }
}
