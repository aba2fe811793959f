package dev.sluice.cli;

import dev.sluice.cli.Layout.Area;
import dev.sluice.cli.Layout.Point;
import dev.sluice.cli.Layout.Way;
import dev.sluice.cli.Sketch.Alarm;
import dev.sluice.cli.Sketch.Arrow;
import dev.sluice.cli.Sketch.Flow;
import dev.sluice.cli.Sketch.Kind;
import dev.sluice.cli.Sketch.Sheet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws a sketch as SVG, alone or as a part of a page. Immutable but for the markup it makes: one thread at a time. */
final class Drawing {
    private static final double MARGIN = 24;
    private static final double HEAD = 66;
    private static final double NARROWEST = 480;
    private static final double CORNER = 7;
    private static final int MOST_SENTENCES = 40;
    private static final int MOST_NAMES = 12;

    private final Sketch sketch;
    private final boolean onPage;
    private final Map<String, Face> faces = new LinkedHashMap<>();
    private final Map<String, String> names = new LinkedHashMap<>();
    private final Layout layout;
    private final Legend legend;
    private final double width;
    private final double height;
    private final double left;
    private final Markup svg = new Markup();

    private Drawing(Sketch sketch, boolean onPage) {
        this.sketch = sketch;
        this.onPage = onPage;
        sketch.steps().forEach(step -> {
            faces.put(step.id(), Face.of(step));
            names.put(step.id(), Lettering.visible(step.name()));
        });
        sketch.sheets().forEach(sheet -> {
            faces.put(sheet.id(), Face.of(sheet));
            names.put(sheet.id(), name(sheet));
        });
        layout = Layout.of(sketch, faces);
        double inner = Math.max(NARROWEST, layout.width());
        legend = new Legend(sketch, inner);
        width = inner + 2 * MARGIN;
        height = HEAD + layout.height() + MARGIN + legend.height() + MARGIN;
        left = MARGIN + (inner - layout.width()) / 2;
    }

    /** A file of its own. */
    static String file(Sketch sketch) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- " + Drawn.MARK + " -->\n"
                + new Drawing(sketch, false).draw() + "\n";
    }

    /** A part of a page, which has the {@link #style}, and for each box an element that its link leads to. */
    static String part(Sketch sketch) {
        return new Drawing(sketch, true).draw();
    }

    static String style() {
        return Drawn.resource("graph.css");
    }

    private String draw() {
        String size = "0 0 " + Markup.number(width) + " " + Markup.number(height);
        svg.open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "class",
                "flow",
                "id",
                "picture",
                "viewBox",
                size,
                "width",
                width,
                "height",
                height,
                "role",
                onPage ? "group" : "img",
                "aria-labelledby",
                "picture-title picture-says");
        svg.line().element("title", Lettering.visible(sketch.title()), "id", "picture-title");
        svg.line().element("desc", says(), "id", "picture-says");
        if (!onPage) {
            svg.line().open("style").own("\n" + style()).close("style");
        }
        svg.line().empty("rect", "class", "ground", "width", width, "height", height, "rx", 12.0);
        svg.line();
        heading();
        svg.open("g", "transform", "translate(" + Markup.number(left) + " " + Markup.number(HEAD) + ")");
        for (int i = 0; i < sketch.arrows().size(); i++) {
            arrow(sketch.arrows().get(i), layout.ways().get(i));
        }
        sketch.steps().forEach(this::step);
        sketch.sheets().forEach(this::sheet);
        svg.line().close("g").line();
        legend.draw(svg, MARGIN, HEAD + layout.height() + MARGIN);
        return svg.line().close("svg").toString();
    }

    private void heading() {
        String title = Lettering.TITLE.fit(Lettering.visible(sketch.title()), width - 2 * MARGIN);
        svg.element("text", title, "class", "title", "x", MARGIN, "y", 34.0);
        svg.element("text", sketch.size(), "class", "small faint", "x", MARGIN, "y", 52.0);
        svg.line();
    }

    private void step(Sketch.Step step) {
        Area area = area(step.id());
        begin(step.id(), "step", step.alarm(), names.getOrDefault(step.id(), ""));
        svg.empty("rect", "x", area.x(), "y", area.y(), "width", area.width(), "height", area.height(), "rx", 10.0);
        svg.element(
                "text",
                face(step.id()).lines().getFirst(),
                "class",
                "name",
                "x",
                area.x() + area.width() / 2,
                "y",
                area.y() + area.height() / 2 + 5);
        end();
    }

    private void sheet(Sheet sheet) {
        Area area = area(sheet.id());
        Face face = face(sheet.id());
        String looks = sheet.kind() == Kind.PATTERN ? "sheet pattern" : "sheet";
        if (sheet.marks().contains("excluded")) {
            looks += " excluded";
        }
        begin(sheet.id(), looks, sheet.alarm(), tooltip(sheet));
        double behind = sheet.kind() == Kind.PATTERN ? Face.STACK : 0;
        for (double back = behind; back > 0; back -= Face.STACK / 2) {
            paper(area, behind, back);
        }
        paper(area, behind, 0);
        double middle = (area.height() - face.height()) / 2;
        double x = area.x() + Face.PADDING;
        double y = area.y() + behind + middle + Face.PADDING + 11;
        for (String line : face.lines()) {
            svg.element("text", line, "class", "path", "x", x, "y", y);
            y += Face.LINE;
        }
        if (face.more() > 0) {
            svg.element("text", Face.more(face.more()), "class", "small faint", "x", x, "y", y);
            y += Face.LINE;
        }
        for (List<String> row : face.marks()) {
            marks(row, x, y + 3);
            y += Face.MARK;
        }
        end();
    }

    /** A sheet of paper with a folded corner, so far up and to the right of the uppermost. */
    private void paper(Area area, double behind, double back) {
        double x = area.x() + back;
        double y = area.y() + behind - back;
        double right = x + area.width() - behind;
        double bottom = y + area.height() - behind;
        String corner = " L" + pair(right - Face.FOLD, y) + " L" + pair(right, y + Face.FOLD);
        svg.empty(
                "path",
                "d",
                "M" + pair(x, y) + corner + " L" + pair(right, bottom) + " L" + pair(x, bottom) + " Z M"
                        + pair(right - Face.FOLD, y) + " L" + pair(right - Face.FOLD, y + Face.FOLD) + " L"
                        + pair(right, y + Face.FOLD));
    }

    private void marks(List<String> row, double x, double y) {
        double at = x;
        for (String mark : row) {
            double wide = Lettering.SMALL.width(mark) + Face.MARK_GAP - 4;
            svg.empty("rect", "class", "mark", "x", at, "y", y - 12, "width", wide, "height", 16.0, "rx", 8.0);
            svg.element("text", mark, "class", "small mark", "x", at + wide / 2, "y", y);
            at += wide + 4;
        }
    }

    private void arrow(Arrow arrow, Way way) {
        svg.line()
                .open(
                        "g",
                        "class",
                        "arrow " + arrow.flow().name().toLowerCase(Locale.ROOT) + alarm(arrow.alarm()),
                        "data-from",
                        arrow.from(),
                        "data-to",
                        arrow.to());
        svg.element("title", meaning(arrow));
        svg.empty("path", "class", "line", "d", line(way.points()));
        Arrowhead.draw(svg, arrow.flow(), way.points());
        if (!way.label().isEmpty()) {
            Area place = way.place();
            svg.empty(
                    "rect",
                    "class",
                    "behind",
                    "x",
                    place.x(),
                    "y",
                    place.y(),
                    "width",
                    place.width(),
                    "height",
                    place.height(),
                    "rx",
                    4.0);
            svg.element(
                    "text",
                    way.label(),
                    "class",
                    arrow.isUsual() ? "small rule usual" : "small rule",
                    "x",
                    place.x() + place.width() / 2,
                    "y",
                    place.y() + 12);
        }
        svg.close("g");
    }

    private String meaning(Arrow arrow) {
        String from = names.getOrDefault(arrow.from(), "");
        String to = names.getOrDefault(arrow.to(), "");
        String rule = Lettering.visible(arrow.label()) + (arrow.isUsual() ? " (the default)" : "");
        return switch (arrow.flow()) {
            case WRITES -> from + " writes " + to + ", which is complete " + rule;
            case WAITS -> to + " waits until " + from + " is complete: " + rule;
            case STREAMS -> to + " reads " + from + " as bytes come: " + rule;
            case FINDS -> to + " reads " + from + ", which is there before the run";
            case PLAIN -> from + " to " + to + ": excluded, so nobody waits";
            case PART ->
                from + " and " + to + " have files in common" + (arrow.label().isEmpty() ? "" : ": " + rule);
        };
    }

    /** Right-angled, with round corners. */
    static String line(List<Point> points) {
        StringBuilder path = new StringBuilder(
                "M" + pair(points.getFirst().x(), points.getFirst().y()));
        for (int i = 1; i < points.size() - 1; i++) {
            Point corner = points.get(i);
            Point before = towards(corner, points.get(i - 1));
            Point after = towards(corner, points.get(i + 1));
            path.append(" L")
                    .append(pair(before.x(), before.y()))
                    .append(" Q")
                    .append(pair(corner.x(), corner.y()))
                    .append(' ')
                    .append(pair(after.x(), after.y()));
        }
        return path + " L" + pair(points.getLast().x(), points.getLast().y());
    }

    private static Point towards(Point from, Point to) {
        double length = Math.hypot(to.x() - from.x(), to.y() - from.y());
        double part = length == 0 ? 0 : Math.min(CORNER, length / 2) / length;
        return new Point(from.x() + (to.x() - from.x()) * part, from.y() + (to.y() - from.y()) * part);
    }

    static String pair(double x, double y) {
        return Markup.number(x) + " " + Markup.number(y);
    }

    private void begin(String id, String looks, Alarm alarm, String tooltip) {
        svg.line();
        if (onPage) {
            svg.open("a", "href", "#about-" + id, "class", "box " + looks + alarm(alarm), "data-id", id);
        } else {
            svg.open("g", "class", "box " + looks + alarm(alarm));
        }
        svg.element("title", tooltip);
    }

    private void end() {
        svg.close(onPage ? "a" : "g");
    }

    private static String alarm(Alarm alarm) {
        return switch (alarm) {
            case NONE -> "";
            case CIRCLE -> " circle";
            case DEADLOCK -> " deadlock";
        };
    }

    private static String name(Sheet sheet) {
        String first = Lettering.visible(sheet.paths().getFirst());
        int others = sheet.paths().size() - 1;
        return others == 0 ? first : first + " " + Face.more(others);
    }

    private static String tooltip(Sheet sheet) {
        StringBuilder text = new StringBuilder();
        sheet.paths().forEach(path -> text.append(Lettering.visible(path)).append('\n'));
        sheet.marks().forEach(mark -> text.append(Lettering.visible(mark)).append('\n'));
        return text.toString().strip();
    }

    /** The picture for those who cannot see it. */
    private String says() {
        StringBuilder text = new StringBuilder(sketch.size() + ".");
        for (Sketch.Step step : sketch.steps()
                .subList(0, Math.min(MOST_SENTENCES, sketch.steps().size()))) {
            text.append(' ').append(names.get(step.id()));
            text.append(" reads ").append(among(step.id(), true));
            text.append(" and writes ").append(among(step.id(), false)).append('.');
        }
        if (sketch.steps().size() > MOST_SENTENCES) {
            text.append(' ')
                    .append(Face.more(sketch.steps().size() - MOST_SENTENCES))
                    .append(" steps.");
        }
        switch (sketch.alarm()) {
            case NONE -> {}
            case CIRCLE -> text.append(" Some steps read each other's files.");
            case DEADLOCK -> text.append(" Some steps wait for each other's end, which never comes.");
        }
        return text.toString();
    }

    private String among(String step, boolean read) {
        List<String> found = sketch.arrows().stream()
                .filter(arrow -> arrow.flow() != Flow.PART && step.equals(read ? arrow.to() : arrow.from()))
                .map(arrow -> names.getOrDefault(read ? arrow.from() : arrow.to(), ""))
                .toList();
        if (found.isEmpty()) {
            return "nothing";
        }
        String text = String.join(", ", found.subList(0, Math.min(MOST_NAMES, found.size())));
        return found.size() > MOST_NAMES ? text + " " + Face.more(found.size() - MOST_NAMES) : text;
    }

    private Area area(String id) {
        return layout.boxes().getOrDefault(id, Layout.NOWHERE);
    }

    private Face face(String id) {
        Face face = faces.get(id);
        if (face == null) {
            throw new IllegalStateException("no box: " + id);
        }
        return face;
    }
}
