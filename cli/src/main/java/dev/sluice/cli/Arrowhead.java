package dev.sluice.cli;

import dev.sluice.cli.Layout.Point;
import dev.sluice.cli.Sketch.Flow;
import java.util.List;

/** The end of an arrow: a full head, a bar before it where one waits, two open ones where bytes stream, none for a part. */
final class Arrowhead {
    private static final double LONG = 9;
    private static final double WIDE = 4.5;

    private final Point tip;
    /** How x and y change on the way to the tip. */
    private final double along;

    private final double down;

    private Arrowhead(List<Point> points) {
        tip = points.getLast();
        double x = 0;
        double y = 0;
        for (int i = points.size() - 2; i >= 0 && x == 0 && y == 0; i--) {
            x = tip.x() - points.get(i).x();
            y = tip.y() - points.get(i).y();
        }
        double length = Math.hypot(x, y);
        along = length == 0 ? 1 : x / length;
        down = length == 0 ? 0 : y / length;
    }

    static void draw(Markup svg, Flow flow, List<Point> points) {
        Arrowhead head = new Arrowhead(points);
        switch (flow) {
            case WRITES, FINDS, PLAIN -> svg.empty("path", "class", "head", "d", head.triangle());
            case WAITS ->
                svg.empty("path", "class", "head", "d", head.triangle())
                        .empty(
                                "path",
                                "class",
                                "bar",
                                "d",
                                "M" + head.at(LONG + 3, WIDE + 1) + " L" + head.at(LONG + 3, -WIDE - 1));
            case STREAMS -> svg.empty("path", "class", "bar", "d", head.open(0) + " " + head.open(6));
            case PART -> svg.empty("path", "class", "bar", "d", head.open(0));
        }
    }

    private String triangle() {
        return "M" + at(0, 0) + " L" + at(LONG, WIDE) + " L" + at(LONG, -WIDE) + " Z";
    }

    private String open(double back) {
        return "M" + at(back + LONG - 2, WIDE) + " L" + at(back, 0) + " L" + at(back + LONG - 2, -WIDE);
    }

    /** So far behind the tip, and so far beside. */
    private String at(double back, double beside) {
        return Drawing.pair(tip.x() - back * along - beside * down, tip.y() - back * down + beside * along);
    }
}
