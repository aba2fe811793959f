package dev.sluice.examples;

import java.io.Console;
import java.io.PrintStream;

/** Shows how far a long work is: a bar on a terminal, a line for each tenth elsewhere. Safe for use by many threads. */
final class Progress {
    private static final int BAR = 40;

    private final String name;
    private final long total;
    private final PrintStream out;
    private final boolean terminal = isTerminal();
    private final long start = System.nanoTime();
    private long done;
    private int shown;

    Progress(String name, long total, PrintStream out) {
        this.name = name;
        this.total = total;
        this.out = out;
    }

    /** Since JDK 25 there is no console again where there is no terminal, whatever Error Prone says. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    synchronized void add(long bytes) {
        done += bytes;
        int percent = total > 0 ? (int) Math.min(99, done * 100 / total) : 0; // 100 when it has ended
        if (percent / (terminal ? 1 : 10) > shown / (terminal ? 1 : 10)) {
            show(percent);
        }
    }

    synchronized void end() {
        show(100);
        double seconds = (System.nanoTime() - start) / 1e9;
        out.printf("%s%s: %d bytes in %.2f s%n", terminal ? "\n" : "", name, done, seconds);
    }

    private void show(int percent) {
        shown = percent;
        if (terminal) {
            int full = percent * BAR / 100;
            out.printf("\r[%s%s] %3d %%", "#".repeat(full), " ".repeat(BAR - full), percent);
            out.flush();
        } else if (percent < 100) {
            out.printf("%s: %d %%%n", name, percent);
        }
    }
}
