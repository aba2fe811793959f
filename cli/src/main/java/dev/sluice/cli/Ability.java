package dev.sluice.cli;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;

/**
 * What a screen can show.
 *
 * @param width how many characters a line may have
 * @param live whether a line can be changed
 * @param colours whether there are colours
 * @param blocks whether there are characters beyond ASCII
 */
record Ability(int width, boolean live, boolean colours, boolean blocks) {
    private static final int WIDTH = 80;
    private static final int WIDTH_MAX = 100;
    private static final int WIDTH_MIN = 20;

    /** What this process's standard output can show. */
    static Ability ofStandardOutput() {
        boolean live = isTerminal() && !"dumb".equals(System.getenv("TERM"));
        String none = System.getenv("NO_COLOR");
        boolean colours = live && (none == null || none.isEmpty());
        boolean blocks = live
                && Charset.forName(System.getProperty("stdout.encoding", "US-ASCII"))
                        .newEncoder()
                        .canEncode('█');
        return new Ability(width(live), live, colours, blocks);
    }

    @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again where there is no terminal
    static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private static int width(boolean live) {
        int asked = live ? terminalWidth() : 0;
        String columns = System.getenv("COLUMNS");
        if (asked == 0 && columns != null && columns.matches("[1-9]\\d{0,3}")) {
            asked = Integer.parseInt(columns);
        }
        return Math.clamp(asked == 0 ? WIDTH : asked, WIDTH_MIN, WIDTH_MAX);
    }

    /** Asks the terminal, by a program that every Unix has; 0 when it does not say. */
    private static int terminalWidth() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(Redirect.INHERIT)
                    .redirectError(Redirect.DISCARD)
                    .start();
            try (InputStream answer = stty.getInputStream();
                    Scanner numbers = new Scanner(answer, StandardCharsets.US_ASCII)) {
                return numbers.hasNextInt() && numbers.nextInt() >= 0 && numbers.hasNextInt() ? numbers.nextInt() : 0;
            }
        } catch (IOException e) {
            return 0;
        }
    }
}
