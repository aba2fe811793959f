package dev.sluice.cli;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.util.Locale;
import java.util.function.IntPredicate;

/** Makes text from files fit to be printed. */
final class Printable {
    private static final int LONG_COMMAND = 200;

    private Printable() {}

    /** Text in which nothing commands a terminal: control characters are spelled out. */
    static String text(String text) {
        return escaped(text, Printable::isControl);
    }

    /** A command in a sentence: its first line, and not more of that than is read; dots stand for the rest. */
    static String command(String command) {
        String all = command.strip();
        String first = all.lines().findFirst().orElse("").stripTrailing();
        int end = Math.min(first.length(), LONG_COMMAND);
        if (end < first.length() && Character.isHighSurrogate(first.charAt(end - 1))) {
            end--;
        }
        return end < all.length() ? first.substring(0, end) + " ..." : first;
    }

    /** JSON that the standard output can show whatever its character set is; it means the same. */
    static String json(String json) {
        CharsetEncoder encoder = Charset.forName(System.getProperty("stdout.encoding", "US-ASCII"))
                .newEncoder();
        return escaped(json, unit -> unit > 0x7f && !encoder.canEncode((char) unit) && isAlone(encoder));
    }

    /** Halves of characters cannot be encoded alone; what encodes one whole encodes them all. */
    private static boolean isAlone(CharsetEncoder encoder) {
        return !encoder.canEncode("\ud83d\ude00");
    }

    /** Does it do something to a terminal, or to the order of what is shown? */
    static boolean isControl(int unit) {
        return Character.isISOControl(unit) || (unit >= 0x2028 && unit <= 0x202e) || (unit >= 0x2066 && unit <= 0x2069);
    }

    private static String escaped(String text, IntPredicate bad) {
        if (text.chars().noneMatch(bad)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(unit -> {
            if (bad.test(unit)) {
                escaped.append(String.format(Locale.ROOT, "\\u%04x", unit));
            } else {
                escaped.append((char) unit);
            }
        });
        return escaped.toString();
    }
}
