package dev.sluice.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Scanner;

/**
 * How large the terminal is on which this process prints.
 *
 * @param rows how many lines it has
 * @param columns how many characters these have
 */
record Terminal(int rows, int columns) {
    private static final Terminal USUAL = new Terminal(24, 80);

    /** Do the standard output and the standard error go to one terminal that can move its cursor? */
    static boolean isShown() {
        String out = target(1);
        boolean isTerminal = out.startsWith("/dev/pts/") || out.startsWith("/dev/tty") || out.equals("/dev/console");
        String kind = System.getenv("TERM");
        return isTerminal && out.equals(target(2)) && kind != null && !kind.isEmpty() && !kind.equals("dumb");
    }

    private static String target(int descriptor) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
        } catch (IOException e) {
            return "";
        }
    }

    /** Asks the terminal, by a program that every Unix has. */
    static Terminal now() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(Redirect.from(new File(target(2))))
                    .redirectError(Redirect.DISCARD)
                    .start();
            try (InputStream answer = stty.getInputStream();
                    Scanner numbers = new Scanner(answer, StandardCharsets.US_ASCII)) {
                int rows = numbers.hasNextInt() ? numbers.nextInt() : 0;
                int columns = numbers.hasNextInt() ? numbers.nextInt() : 0;
                return rows > 0 && columns > 0 ? new Terminal(rows, columns) : USUAL;
            }
        } catch (IOException e) {
            return USUAL;
        }
    }

    /** {@return what it can show} */
    Ability ability() {
        String none = System.getenv("NO_COLOR");
        boolean blocks = Charset.forName(System.getProperty("stderr.encoding", "US-ASCII"))
                .newEncoder()
                .canEncode('█');
        return new Ability(columns, true, none == null || none.isEmpty(), blocks);
    }
}
