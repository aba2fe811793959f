package dev.sluice.cli;

import dev.sluice.cli.Sketch.Alarm;
import dev.sluice.cli.Sketch.Arrow;
import dev.sluice.cli.Sketch.Kind;
import dev.sluice.cli.Sketch.Sheet;
import java.util.ArrayList;
import java.util.List;

/** Writes a sketch as a Mermaid flowchart. */
final class Mermaid {
    private static final String HARMLESS = " /.,:+=-";
    /** Colours that are legible on light and on dark ground. */
    private static final String STYLES = """
          classDef step fill:#4f57c8,stroke:#8b93f8,color:#ffffff
          classDef file fill:#f6f8fa,stroke:#6e7781,color:#1f2328
          classDef excluded fill:#f6f8fa,stroke:#6e7781,color:#1f2328,stroke-dasharray:4 4
          classDef circle fill:#fff3d6,stroke:#b45309,color:#5c2b00,stroke-width:2px
          classDef deadlock fill:#ffe3e3,stroke:#c92a2a,color:#7d1010,stroke-width:2px
        """;

    private Mermaid() {}

    static String of(Sketch sketch) {
        StringBuilder text = new StringBuilder();
        text.append("---\ntitle: ").append(yaml(sketch.title())).append("\n---\n");
        text.append("%% ").append(Drawn.MARK).append("\nflowchart LR\n").append(STYLES);
        for (Sketch.Step step : sketch.steps()) {
            node(text, step.id(), "[\"" + escaped(step.name()) + "\"]", looks(step.alarm(), "step"));
        }
        for (Sheet sheet : sketch.sheets()) {
            String label = String.join("<br/>", sheet.lines(Mermaid::escaped));
            boolean pattern = sheet.kind() == Kind.PATTERN;
            node(
                    text,
                    sheet.id(),
                    pattern ? "[[\"" + label + "\"]]" : "(\"" + label + "\")",
                    looks(sheet.alarm(), sheet.marks().contains("excluded") ? "excluded" : "file"));
        }
        sketch.arrows().forEach(arrow -> arrow(text, arrow));
        styles(text, sketch, Alarm.CIRCLE, "#b45309");
        styles(text, sketch, Alarm.DEADLOCK, "#c92a2a");
        return text.toString();
    }

    private static void node(StringBuilder text, String id, String shape, String looks) {
        text.append("  ").append(id).append(shape).append(":::").append(looks).append('\n');
    }

    private static String looks(Alarm alarm, String usual) {
        return switch (alarm) {
            case NONE -> usual;
            case CIRCLE -> "circle";
            case DEADLOCK -> "deadlock";
        };
    }

    private static void arrow(StringBuilder text, Arrow arrow) {
        String line = switch (arrow.flow()) {
            case WRITES, WAITS, FINDS -> "-->";
            case STREAMS -> "==>";
            case PLAIN -> "---";
            case PART -> "-.->";
        };
        text.append("  ").append(arrow.from()).append(' ').append(line);
        if (!arrow.label().isEmpty()) {
            text.append("|\"").append(escaped(arrow.label())).append("\"|");
        }
        text.append(' ').append(arrow.to()).append('\n');
    }

    private static void styles(StringBuilder text, Sketch sketch, Alarm alarm, String colour) {
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < sketch.arrows().size(); i++) {
            if (sketch.arrows().get(i).alarm() == alarm) {
                numbers.add(String.valueOf(i));
            }
        }
        if (!numbers.isEmpty()) {
            text.append("  linkStyle ")
                    .append(String.join(",", numbers))
                    .append(" stroke:")
                    .append(colour);
            text.append(",stroke-width:2px\n");
        }
    }

    /**
     * Nearly all that is no letter and no digit, as a number: Mermaid reads that as the letter, and as nothing else. But
     * for three, which it takes for the beginning of something even so: they become letters that look like them.
     */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        lookalike(text).codePoints().forEach(letter -> {
            if (Character.isLetterOrDigit(letter) || HARMLESS.indexOf(letter) >= 0) {
                escaped.appendCodePoint(letter);
            } else {
                escaped.append('#').append(letter).append(';');
            }
        });
        return escaped.toString();
    }

    private static String lookalike(String text) {
        return Lettering.visible(text).replace('\\', '∖').replace('<', '‹').replace('>', '›');
    }

    private static String yaml(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char letter : lookalike(text).toCharArray()) {
            if (Character.isLetterOrDigit(letter) || HARMLESS.indexOf(letter) >= 0) {
                quoted.append(letter);
            } else {
                quoted.append(String.format("\\u%04X", (int) letter));
            }
        }
        return quoted.append('"').toString();
    }
}
