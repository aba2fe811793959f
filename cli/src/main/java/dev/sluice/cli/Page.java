package dev.sluice.cli;

import dev.sluice.cli.Sketch.Alarm;
import dev.sluice.cli.Sketch.Arrow;
import dev.sluice.cli.Sketch.Flow;
import dev.sluice.cli.Sketch.Sheet;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a page of HTML with the drawing of a sketch, and with all that is said of each box, which the page's script shows
 * when it is asked for; without scripts it stands below. Nothing but that script and these styles runs there: a policy
 * names them by their hashes. One thread at a time.
 */
final class Page {
    private final Sketch sketch;
    private final Map<String, String> names = new LinkedHashMap<>();
    private final Markup page = new Markup();

    private Page(Sketch sketch) {
        this.sketch = sketch;
        sketch.steps().forEach(step -> names.put(step.id(), Lettering.visible(step.name())));
        sketch.sheets().forEach(sheet -> names.put(sheet.id(), name(sheet)));
    }

    static String of(Sketch sketch) {
        return new Page(sketch).page();
    }

    private String page() {
        String style = "\n" + Drawing.style() + Drawn.resource("graph-page.css");
        String script = "\n" + Drawn.resource("graph.js");
        page.own("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
        page.empty("meta", "name", "generator", "content", Drawn.MARK).line();
        page.empty(
                        "meta",
                        "http-equiv",
                        "Content-Security-Policy",
                        "content",
                        "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(script))
                .line();
        page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .line();
        page.element("title", Lettering.visible(sketch.title())).line();
        page.open("style").own(style).close("style").line().close("head").line();
        page.open("body").line().open("main").line();
        tools();
        page.own(Drawing.part(sketch)).line().close("main").line();
        page.open("section", "id", "about", "aria-label", "What the flow says").line();
        page.element("button", "Close", "class", "shut", "type", "button").line();
        sketch.steps().forEach(this::step);
        sketch.sheets().forEach(this::sheet);
        page.close("section").line();
        page.open("script").own(script).close("script").line();
        return page.close("body").line().close("html").line().toString();
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private void tools() {
        page.open("div", "class", "tools", "role", "toolbar", "aria-label", "Picture");
        page.empty(
                "input",
                "id",
                "search",
                "type",
                "search",
                "placeholder",
                "Search steps and files  ( / )",
                "aria-label",
                "Search steps and files");
        page.element("output", "", "id", "found", "for", "search");
        button("smaller", "−", "Smaller ( - )");
        button("larger", "+", "Larger ( + )");
        button("fit", "Fit", "The whole picture ( 0 )");
        page.close("div").line();
    }

    private void button(String id, String text, String says) {
        page.element("button", text, "id", id, "type", "button", "title", says, "aria-label", says);
    }

    private void step(Sketch.Step step) {
        begin(step.id(), names.getOrDefault(step.id(), ""));
        page.element("h2", names.getOrDefault(step.id(), ""));
        alarm(step.alarm());
        links("Reads", to(step.id()), true);
        links("Writes", from(step.id()), false);
        page.close("article").line();
    }

    private void sheet(Sheet sheet) {
        List<String> paths = sheet.paths().stream().map(Lettering::visible).toList();
        begin(sheet.id(), String.join("\n", paths));
        page.element("h2", paths.size() == 1 ? paths.getFirst() : paths.size() + " " + plural(sheet), "class", "path");
        alarm(sheet.alarm());
        if (sheet.marks().contains("excluded")) {
            page.element("p", "Nobody waits for excluded files.");
        } else if (sheet.commit().isEmpty()) {
            page.element("p", "No step writes it: it must be there before the run.");
        } else {
            page.element("p", "Complete: " + Lettering.visible(sheet.commit()) + ".");
            page.element("p", "Readers may start: " + sheet.fire() + ".");
        }
        List<String> others =
                sheet.marks().stream().filter(mark -> !mark.equals("excluded")).toList();
        if (!others.isEmpty()) {
            page.element("p", "Also: " + Lettering.visible(String.join(", ", others)) + ".");
        }
        links("Written by", only(to(sheet.id()), false), true);
        links("Read by", only(from(sheet.id()), false), false);
        links("Has files in common, written", only(to(sheet.id()), true), true);
        links("Has files in common, read", only(from(sheet.id()), true), false);
        if (paths.size() > 1) {
            page.element("h3", "All of them").open("ul");
            paths.forEach(path -> page.element("li", path, "class", "path"));
            page.close("ul");
        }
        page.close("article").line();
    }

    private static String plural(Sheet sheet) {
        return switch (sheet.kind()) {
            case NAME -> "files";
            case PATTERN -> "patterns";
            case DIRECTORY -> "directories";
        };
    }

    private void begin(String id, String searched) {
        page.open("article", "id", "about-" + id, "data-names", searched);
    }

    private void alarm(Alarm alarm) {
        switch (alarm) {
            case NONE -> {}
            case CIRCLE ->
                page.element("p", "In a circle of steps that read each other's files: they may wait for ever.");
            case DEADLOCK ->
                page.element("p", "In a circle of steps that wait for each other's end, which never comes.");
        }
    }

    private List<Arrow> to(String id) {
        return sketch.arrows().stream().filter(arrow -> arrow.to().equals(id)).toList();
    }

    private List<Arrow> from(String id) {
        return sketch.arrows().stream().filter(arrow -> arrow.from().equals(id)).toList();
    }

    private static List<Arrow> only(List<Arrow> arrows, boolean parts) {
        return arrows.stream()
                .filter(arrow -> (arrow.flow() == Flow.PART) == parts)
                .toList();
    }

    private void links(String title, List<Arrow> arrows, boolean toTheirBegin) {
        if (arrows.isEmpty()) {
            return;
        }
        page.element("h3", title).open("ul");
        for (Arrow arrow : arrows) {
            String id = toTheirBegin ? arrow.from() : arrow.to();
            page.open("li").element("a", names.getOrDefault(id, ""), "href", "#about-" + id);
            if (!arrow.label().isEmpty()) {
                page.text(" (" + Lettering.visible(arrow.label()) + ")");
            }
            page.close("li");
        }
        page.close("ul");
    }

    private static String name(Sheet sheet) {
        String first = Lettering.visible(sheet.paths().getFirst());
        int others = sheet.paths().size() - 1;
        return others == 0 ? first : first + " " + Face.more(others);
    }
}
