package dev.sluice.cli;

import dev.sluice.cli.Layout.Point;
import dev.sluice.cli.Sketch.Alarm;
import dev.sluice.cli.Sketch.Flow;
import dev.sluice.cli.Sketch.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Says what the signs in a picture mean; only those that are there. Immutable. */
final class Legend {
    private static final double ICON = 34;
    private static final double GAP = 26;
    private static final double ROW = 24;

    /** A sign, as the classes of its element say it, and what it means. */
    private record Item(String looks, Flow flow, String text) {
        double width() {
            return ICON + 8 + Lettering.SMALL.width(text) + GAP;
        }
    }

    private final List<Item> items = new ArrayList<>();
    private final double width;

    /**
     * A legend.
     *
     * @param width how wide it may be
     */
    Legend(Sketch sketch, double width) {
        this.width = width;
        box("step", !sketch.steps().isEmpty(), "step");
        box("sheet", sketch.sheets().stream().anyMatch(sheet -> sheet.kind() != Kind.PATTERN), "file");
        box(
                "sheet pattern",
                sketch.sheets().stream().anyMatch(sheet -> sheet.kind() == Kind.PATTERN),
                "pattern: many files");
        arrow(sketch, Flow.WRITES, "writes; when it is complete");
        arrow(sketch, Flow.WAITS, "waits until it is complete");
        arrow(sketch, Flow.STREAMS, "reads as bytes come");
        arrow(sketch, Flow.FINDS, "reads what is there before the run");
        arrow(sketch, Flow.PLAIN, "excluded: nobody waits");
        arrow(sketch, Flow.PART, "have files in common");
        alarm(sketch, Alarm.DEADLOCK, "wait for each other's end: never goes on");
        alarm(sketch, Alarm.CIRCLE, "read each other's files: may stop");
    }

    private void box(String looks, boolean there, String text) {
        if (there) {
            items.add(new Item(looks, Flow.PART, text));
        }
    }

    private void arrow(Sketch sketch, Flow flow, String text) {
        if (sketch.arrows().stream().anyMatch(arrow -> arrow.flow() == flow)) {
            items.add(new Item("arrow " + flow.name().toLowerCase(Locale.ROOT), flow, text));
        }
    }

    private void alarm(Sketch sketch, Alarm alarm, String text) {
        Predicate<Sketch.Step> alarmed = step -> step.alarm() == alarm;
        if (sketch.steps().stream().anyMatch(alarmed)) {
            items.add(new Item("step " + alarm.name().toLowerCase(Locale.ROOT), Flow.PART, text));
        }
    }

    double height() {
        return items.isEmpty() ? 0 : rows() * ROW + 14;
    }

    private int rows() {
        int rows = 1;
        double used = 0;
        for (Item item : items) {
            if (used > 0 && used + item.width() > width + GAP) {
                rows++;
                used = 0;
            }
            used += item.width();
        }
        return rows;
    }

    void draw(Markup svg, double left, double top) {
        if (items.isEmpty()) {
            return;
        }
        svg.open("g", "class", "legend");
        svg.empty("path", "class", "rule", "d", "M" + Drawing.pair(left, top) + " L" + Drawing.pair(left + width, top));
        double x = left;
        double y = top + 14;
        for (Item item : items) {
            if (x > left && x + item.width() > left + width + GAP) {
                x = left;
                y += ROW;
            }
            svg.line();
            sign(svg, item, x, y);
            svg.element("text", item.text(), "class", "small", "x", x + ICON + 8, "y", y + 12);
            x += item.width();
        }
        svg.close("g");
    }

    private static void sign(Markup svg, Item item, double x, double y) {
        if (item.looks().startsWith("arrow")) {
            List<Point> points = List.of(new Point(x, y + 8), new Point(x + ICON, y + 8));
            svg.open("g", "class", item.looks()).empty("path", "class", "line", "d", Drawing.line(points));
            Arrowhead.draw(svg, item.flow(), points);
            svg.close("g");
        } else if (item.looks().startsWith("step")) {
            svg.open("g", "class", "box " + item.looks())
                    .empty("rect", "x", x + 2, "y", y, "width", ICON - 6, "height", 16.0, "rx", 5.0)
                    .close("g");
        } else {
            svg.open("g", "class", "box " + item.looks());
            double back = item.looks().contains("pattern") ? 6 : 0;
            for (; back >= 0; back -= 3) {
                paper(svg, x + 5 + back, y + 2 - back / 2);
            }
            svg.close("g");
        }
    }

    private static void paper(Markup svg, double x, double y) {
        svg.empty(
                "path", "d", "M" + Drawing.pair(x, y) + " h15 l5 5 v10 h-20 z M" + Drawing.pair(x + 15, y) + " v5 h5");
    }
}
