package dev.sluice.cli;

import dev.sluice.cli.Sketch.Alarm;
import dev.sluice.cli.Sketch.Arrow;
import dev.sluice.cli.Sketch.Kind;
import dev.sluice.cli.Sketch.Sheet;

/** Writes a sketch for Graphviz. */
final class Dot {
    private Dot() {}

    static String of(Sketch sketch) {
        StringBuilder text = new StringBuilder("// " + Drawn.MARK + "\ndigraph flow {\n");
        text.append("  graph [rankdir=LR, labelloc=t, fontname=\"sans-serif\", label=")
                .append(quoted(sketch.title()))
                .append("]\n");
        text.append("  node [fontname=\"sans-serif\", fontsize=11, style=filled]\n");
        text.append("  edge [fontname=\"sans-serif\", fontsize=9, color=\"#6e7781\", fontcolor=\"#59636e\"]\n");
        for (Sketch.Step step : sketch.steps()) {
            text.append("  ").append(step.id()).append(" [shape=box, style=\"filled,rounded\", label=");
            text.append(quoted(step.name()))
                    .append(colours(step.alarm(), "#e9eafe", "#4f57c8"))
                    .append("]\n");
        }
        for (Sheet sheet : sketch.sheets()) {
            text.append("  ").append(sheet.id()).append(" [shape=note, label=\"");
            sheet.lines(Dot::escaped).forEach(line -> text.append(line).append("\\l"));
            text.append("\", tooltip=").append(quoted(String.join(" ", sheet.paths())));
            if (sheet.kind() == Kind.PATTERN) {
                text.append(", peripheries=2");
            }
            if (sheet.marks().contains("excluded")) {
                text.append(", style=\"filled,dashed\"");
            }
            text.append(colours(sheet.alarm(), "#f6f8fa", "#6e7781")).append("]\n");
        }
        sketch.arrows().forEach(arrow -> arrow(text, arrow));
        return text.append("}\n").toString();
    }

    private static String colours(Alarm alarm, String fill, String line) {
        return switch (alarm) {
            case NONE -> ", fillcolor=\"" + fill + "\", color=\"" + line + "\"";
            case CIRCLE -> ", fillcolor=\"#fff3d6\", color=\"#b45309\", penwidth=2";
            case DEADLOCK -> ", fillcolor=\"#ffe3e3\", color=\"#c92a2a\", penwidth=2";
        };
    }

    private static void arrow(StringBuilder text, Arrow arrow) {
        text.append("  ").append(arrow.from()).append(" -> ").append(arrow.to()).append(" [");
        text.append("label=").append(quoted(arrow.label()));
        text.append(
                switch (arrow.flow()) {
                    case WRITES, FINDS -> "";
                    case WAITS -> ", arrowhead=normaltee";
                    case STREAMS -> ", style=bold, color=\"#0b7285\", arrowhead=veevee";
                    case PLAIN -> ", style=dotted";
                    case PART -> ", style=dashed, arrowhead=open";
                });
        text.append(
                switch (arrow.alarm()) {
                    case NONE -> "";
                    case CIRCLE -> ", color=\"#b45309\", penwidth=2";
                    case DEADLOCK -> ", color=\"#c92a2a\", penwidth=2";
                });
        text.append("]\n");
    }

    private static String quoted(String text) {
        return "\"" + escaped(text) + "\"";
    }

    /** Graphviz reads entities of HTML in labels, and a backslash as the beginning of something. */
    private static String escaped(String text) {
        return Lettering.visible(text)
                .replace("&", "&amp;")
                .replace("\\", "\\\\")
                .replace("\"", "\\\"");
    }
}
