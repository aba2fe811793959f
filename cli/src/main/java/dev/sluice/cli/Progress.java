package dev.sluice.cli;

import dev.sluice.cli.Screen.Style;

/** How far a step is that moves many bytes: a changing line on a terminal. Safe for use by many threads. */
final class Progress {
    private static final int FIGURES = 22;
    private static final int BAR_MAX = 60;
    private static final long PAUSE_NANOS = 40_000_000;

    private final Screen screen;
    private final long total;
    private final long start = System.nanoTime();
    private long done;
    private long shown;

    Progress(Screen screen, long total) {
        this.screen = screen;
        this.total = total;
    }

    synchronized void add(long bytes) {
        done += bytes;
        long now = System.nanoTime();
        if (now - start - shown >= PAUSE_NANOS) {
            shown = now - start;
            screen.live(line(now));
        }
    }

    private String line(long now) {
        int cells = Math.min(BAR_MAX, screen.ability().width() - FIGURES - 1);
        double part = (double) done / Math.max(1, total);
        String bar = Bar.of(part, cells, screen.ability().blocks());
        String rate = Figures.rate(done, seconds(now));
        return "  " + screen.styled(Style.BAR, bar) + String.format(" %3.0f %%  %s", part * 100, rate);
    }

    /** Ends it, and says how many bytes were moved how fast. */
    synchronized String end() {
        double seconds = seconds(System.nanoTime());
        screen.endLive();
        return Figures.bytes(done) + " in " + Figures.seconds(seconds) + ", " + Figures.rate(done, seconds);
    }

    private double seconds(long now) {
        return Math.max(1, now - start) / 1e9;
    }
}
