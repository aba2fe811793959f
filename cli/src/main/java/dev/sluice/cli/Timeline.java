package dev.sluice.cli;

import dev.sluice.cli.Screen.Style;
import java.util.List;
import java.util.Locale;

/** Shows lanes one below the other, on one scale of time. */
final class Timeline {
    private static final int FIGURE = 8;
    private static final int WAITED = 17;
    private static final int CELLS_MIN = 30;

    private final Screen screen;
    private final double seconds;

    /**
     * Timelines that can be compared.
     *
     * @param seconds how long the longest of them takes
     */
    Timeline(Screen screen, double seconds) {
        this.screen = screen;
        this.seconds = seconds;
    }

    void print(List<Lane> lanes) {
        int names = lanes.stream().mapToInt(lane -> lane.step().length()).max().orElse(0);
        int room = screen.ability().width() - 2 - names - 2 - FIGURE;
        boolean tells = room - WAITED >= CELLS_MIN;
        int cells = tells ? room - WAITED : room;
        for (Lane lane : lanes) {
            String waited = tells && lane.waited() >= 0.005 ? ", waited " + Figures.seconds(lane.waited()) : "";
            String line = String.format(Locale.ROOT, "%" + FIGURE + "s%s", Figures.seconds(lane.taken()), waited);
            screen.print("  " + lane.step() + " ".repeat(names - lane.step().length() + 2)
                    + screen.styled(Style.BAR, cells(lane, Math.max(1, cells))) + line);
        }
    }

    /** What the signs mean. */
    String legend() {
        return work() + " at work  " + waiting() + " waiting for bytes";
    }

    /** How long it all took, as seen from outside. */
    static double end(List<Lane> lanes) {
        return lanes.stream().mapToDouble(Lane::end).max().orElse(0);
    }

    String cells(Lane lane, int count) {
        StringBuilder cells = new StringBuilder();
        double cell = seconds / count;
        for (int i = 0; i < count; i++) {
            double from = i * cell;
            double present = lane.present(from, from + cell);
            boolean waits = lane.waited(from, from + cell) * 2 > present;
            cells.append(present * 2 < cell ? " " : waits ? waiting() : work());
        }
        return cells.toString();
    }

    private String work() {
        return screen.ability().blocks() ? "█" : "#";
    }

    private String waiting() {
        return screen.ability().blocks() ? "░" : ".";
    }
}
