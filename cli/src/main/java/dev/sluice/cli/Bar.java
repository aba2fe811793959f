package dev.sluice.cli;

/** A bar of characters. */
final class Bar {
    private static final String EIGHTHS = " ▏▎▍▌▋▊▉";

    private Bar() {}

    /** A bar so many cells long of which a part, from 0 to 1, is full; in blocks, or in plain characters. */
    static String of(double part, int cells, boolean blocks) {
        double full = Math.clamp(part, 0, 1) * cells;
        if (!blocks) {
            int rounded = (int) Math.round(full);
            return "#".repeat(rounded) + " ".repeat(cells - rounded);
        }
        long eighths = Math.round(full * 8);
        String bar = "█".repeat((int) (eighths / 8));
        if (eighths % 8 > 0) {
            bar += EIGHTHS.charAt((int) (eighths % 8));
        }
        return bar + " ".repeat(cells - bar.length());
    }
}
