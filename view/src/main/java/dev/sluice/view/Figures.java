package dev.sluice.view;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** Figures as the page writes them; its script has the same rules. */
final class Figures {
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB");
    private static final double MICROS = 1e6;
    private static final double MILLIS = 1e3;

    private Figures() {}

    /** Three digits at most, and a unit. */
    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit + 1 < UNITS.size()) {
            value /= 1024;
            unit++;
        }
        return digits(value, unit == 0) + " " + UNITS.get(unit);
    }

    static String seconds(long micros) {
        double seconds = micros / MICROS;
        if (seconds < 1) {
            return fixed(micros / MILLIS, 0) + " ms";
        }
        if (seconds < 99.5) {
            return digits(seconds, false) + " s";
        }
        long whole = Math.round(seconds);
        long minutes = whole / 60;
        return minutes < 60 ? minutes + " min " + whole % 60 + " s" : minutes / 60 + " h " + minutes % 60 + " min";
    }

    /** So many hundredths. */
    static String hundredths(long value) {
        return digits(value / 100.0, false);
    }

    private static String digits(double value, boolean isWhole) {
        return fixed(value, isWhole ? 0 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
    }

    /** As scripts round: what is exactly there, and halves up. */
    private static String fixed(double value, int decimals) {
        return new BigDecimal(value).setScale(decimals, RoundingMode.HALF_UP).toPlainString();
    }
}
