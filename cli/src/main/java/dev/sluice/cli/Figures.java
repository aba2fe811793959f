package dev.sluice.cli;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Figures as people read and type them. */
final class Figures {
    private static final Pattern BYTES = Pattern.compile("(\\d{1,9})([KMGT]?)(?:I?B)?");
    private static final List<String> BINARY = List.of(" B", " KiB", " MiB", " GiB", " TiB");
    private static final List<String> DECIMAL = List.of("", " k", " M", " G");

    private Figures() {}

    /**
     * Understands {@code 4096}, {@code 64K}, {@code 256M}, {@code 256MiB}, {@code 1G}.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    static long parseBytes(String text) {
        Matcher matcher = BYTES.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a size such as 64K, 256M or 1G: " + text);
        }
        int power = matcher.group(2).isEmpty() ? 0 : 1 + "KMGT".indexOf(matcher.group(2));
        return Long.parseLong(matcher.group(1)) << (10 * power);
    }

    static String bytes(long bytes) {
        return scaled(bytes, 1024, BINARY);
    }

    /** So many bytes in so many seconds. */
    static String rate(long bytes, double seconds) {
        return bytes(Math.round(bytes / seconds)) + "/s";
    }

    static String count(long count) {
        return scaled(count, 1000, DECIMAL);
    }

    static String seconds(double seconds) {
        return String.format(Locale.ROOT, seconds < 10 ? "%.2f s" : "%.1f s", seconds);
    }

    private static String scaled(long value, int step, List<String> units) {
        int unit = 0;
        double scaled = (double) value;
        while (scaled >= 999.5 && unit + 1 < units.size()) {
            scaled /= step;
            unit++;
        }
        boolean decimals = scaled < 9.95 && unit > 0 && Math.abs(scaled - Math.rint(scaled)) >= 0.05;
        return String.format(Locale.ROOT, decimals ? "%.1f%s" : "%.0f%s", scaled, units.get(unit));
    }
}
