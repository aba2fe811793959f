package dev.sluice.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * How wide text is at most, in the fonts that a viewer may take for ours; and how it is made to fit.
 *
 * @param size the size of the letters
 * @param isMono are all letters equally wide?
 */
record Lettering(double size, boolean isMono) {
    static final Lettering TITLE = new Lettering(19, false);
    static final Lettering STEP = new Lettering(14, false);
    static final Lettering PATH = new Lettering(12, true);
    static final Lettering SMALL = new Lettering(11, false);

    private static final double MONO = 0.625;
    private static final String NARROW = "ijl.,:;|!'` ";
    private static final String WIDE = "mwMW@%";
    private static final int FIRST_WIDE = 0x1100;
    private static final String DOTS = "…";

    /** The width of a text, rather too much than too little: the widest of the usual bold fonts. */
    double width(String text) {
        return text.codePoints().mapToDouble(this::letter).sum();
    }

    private double letter(int letter) {
        if (letter >= FIRST_WIDE && letter != DOTS.codePointAt(0)) {
            return 1.3 * size;
        }
        if (isMono) {
            return MONO * size;
        }
        if (NARROW.indexOf(letter) >= 0) {
            return 0.44 * size;
        }
        return size * (WIDE.indexOf(letter) >= 0 || letter > 126 ? 1.12 : Character.isUpperCase(letter) ? 0.84 : 0.74);
    }

    /** The text, with its middle left out if it is wider; more of its end stays, where paths differ. */
    String fit(String text, double width) {
        if (width(text) <= width) {
            return text;
        }
        int[] letters = text.codePoints().toArray();
        double room = width - width(DOTS);
        int last = letters.length;
        double used = 0;
        while (last > 0 && used + letter(letters[last - 1]) <= room * 0.62) {
            used += letter(letters[--last]);
        }
        int first = 0;
        while (first < last && used + letter(letters[first]) <= room) {
            used += letter(letters[first++]);
        }
        return new String(letters, 0, first) + DOTS + new String(letters, last, letters.length - last);
    }

    /** Texts in rows that are no wider, with gaps between them; each text alone is no wider. */
    List<List<String>> rows(List<String> texts, double width, double gap) {
        List<List<String>> rows = new ArrayList<>();
        double used = 0;
        for (String text : texts) {
            String fitting = fit(text, width - gap);
            double needed = width(fitting) + gap;
            if (rows.isEmpty() || used + needed > width) {
                rows.add(new ArrayList<>());
                used = 0;
            }
            rows.getLast().add(fitting);
            used += needed;
        }
        return rows;
    }

    /**
     * The text with what cannot be seen, or would turn what is beside it around, in letters: {@code \n}, {@code \u202e}.
     * Text that comes from a flow goes through this once.
     */
    static String visible(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        text.codePoints().forEach(letter -> {
            switch (letter) {
                case '\n' -> visible.append("\\n");
                case '\r' -> visible.append("\\r");
                case '\t' -> visible.append("\\t");
                default -> {
                    if (isInvisible(letter)) {
                        visible.append(String.format("\\u%04x", letter));
                    } else {
                        visible.appendCodePoint(letter);
                    }
                }
            }
        });
        return visible.toString();
    }

    private static boolean isInvisible(int letter) {
        return switch (Character.getType(letter)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
