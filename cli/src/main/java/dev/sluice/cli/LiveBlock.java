package dev.sluice.cli;

import java.io.PrintWriter;
import java.util.List;

/**
 * Lines at the bottom of a terminal that change, while others are printed above them. Owned by the lock of who prints.
 */
final class LiveBlock {
    /** What is printed in quick succession is not followed by the block each time. */
    private static final long BETWEEN_NANOS = 20_000_000;

    private final PrintWriter out;
    private List<String> lines = List.of();
    private boolean isShown;
    private int columns = Integer.MAX_VALUE;
    private long last;

    LiveBlock(PrintWriter out) {
        this.out = out;
    }

    void show(List<String> others) {
        boolean changes = !others.equals(lines) || (!isShown && !others.isEmpty());
        if (changes) {
            String gone = erased();
            lines = List.copyOf(others);
            print(gone + drawn());
        }
    }

    /** What narrower lines have become: a terminal may have wrapped them. */
    void resized(int width) {
        if (isShown && width < columns) {
            int rows = 0;
            for (String line : lines) {
                int length = line.replaceAll("\033\\[[0-9;]*m", "").length();
                rows += Math.max(1, Math.ceilDiv(length, Math.max(1, width)));
            }
            print("\033[" + rows + "A\r\033[J");
            isShown = false;
        }
        columns = width;
    }

    void hide() {
        print(erased());
    }

    void showAgain() {
        if (!isShown && !lines.isEmpty() && System.nanoTime() - last >= BETWEEN_NANOS) {
            print(drawn());
        }
    }

    private String erased() {
        if (!isShown) {
            return "";
        }
        isShown = false;
        return "\033[" + lines.size() + "A\r\033[J";
    }

    /** While it is drawn, nothing is wrapped: then its height is known. */
    private String drawn() {
        if (lines.isEmpty()) {
            return "";
        }
        isShown = true;
        last = System.nanoTime();
        return "\033[?7l" + String.join("\n", lines) + "\n\033[?7h";
    }

    private void print(String text) {
        if (!text.isEmpty()) {
            out.print(text);
            out.flush();
        }
    }
}
