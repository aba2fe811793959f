package dev.sluice.cli;

import dev.sluice.cli.Screen.Style;
import java.util.List;
import java.util.Locale;

/** Shows speeds as bars, and how many times the speed of one of them they are. */
final class Chart {
    /** One bar; {@code ours} are those to look at. */
    record Row(String name, double perSecond, boolean ours) {}

    private static final int FIGURES = 16;
    private static final int BAR_MIN = 16;

    private final Screen screen;

    Chart(Screen screen) {
        this.screen = screen;
    }

    void print(List<Row> rows, Row one) {
        double most = rows.stream().mapToDouble(Row::perSecond).max().orElse(1);
        int names = rows.stream().mapToInt(row -> row.name.length()).max().orElse(0);
        int width = screen.ability().width();
        boolean beside = 2 + names + 2 + BAR_MIN + FIGURES <= width; // else the bar goes under its name
        int cells = width - FIGURES - (beside ? 2 + names + 2 : 4);
        for (Row row : rows) {
            String bar = Bar.of(row.perSecond / most, cells, screen.ability().blocks());
            double times = row.perSecond / one.perSecond;
            String ratio = String.format(Locale.ROOT, times < 99.95 ? "%.1fx" : "%.0fx", times);
            String line = screen.styled(row.ours ? Style.BAR : Style.FAINT, bar)
                    + String.format("%8s/s %5s", Figures.count(Math.round(row.perSecond)), ratio);
            if (beside) {
                screen.print("  " + row.name + " ".repeat(names - row.name.length() + 2) + line);
            } else {
                screen.text(row.name);
                screen.print("    " + line);
            }
        }
    }
}
