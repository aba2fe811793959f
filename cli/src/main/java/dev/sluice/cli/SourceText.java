package dev.sluice.cli;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The text of a file, to be shown where something in it is wrong. Immutable. */
final class SourceText {
    private static final String CUT = "...";
    private static final String INDENT = "  ";

    private final String name;
    private final String content;
    /** Where lines begin; behind the last one, where the next one would. */
    private final int[] starts;

    /**
     * The text of a file.
     *
     * @param name what messages call the file
     * @param bytes what is in it; what is no UTF-8 is shown as such
     */
    SourceText(String name, byte[] bytes) {
        this.name = name;
        String text = new String(bytes, StandardCharsets.UTF_8);
        content = text.startsWith("\ufeff") ? text.substring(1) : text;
        IntStream.Builder lines = IntStream.builder().add(0);
        for (int i = 0; i < content.length(); i++) {
            char unit = content.charAt(i);
            boolean pair = unit == '\r' && i + 1 < content.length() && content.charAt(i + 1) == '\n';
            if (unit == '\n' || (unit == '\r' && !pair)) {
                lines.add(i + 1);
            }
        }
        starts = lines.add(content.length() + 1).build().toArray();
    }

    String name() {
        return name;
    }

    String content() {
        return content;
    }

    /** The line in which a character stands, from 1. */
    int lineOf(int offset) {
        int found = Arrays.binarySearch(starts, offset);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /**
     * The line of a place, and below it a mark under the word there; what does not fit is cut. Nothing when the line is
     * empty.
     *
     * @param line from 1
     * @param column in characters, from 1
     * @param width how many characters there are room for
     */
    List<String> excerpt(int line, int column, int width) {
        if (line < 1 || line >= starts.length) {
            return List.of();
        }
        int end = starts[line] - 1;
        while (end > starts[line - 1] && Character.isWhitespace(content.charAt(end - 1))) {
            end--;
        }
        int at = Math.clamp(starts[line - 1] + column - 1L, starts[line - 1], Math.max(starts[line - 1], end));
        int first = starts[line - 1];
        while (first < at && Character.isWhitespace(content.charAt(first))) {
            first++;
        }
        return first == end ? List.of() : marked(first, at, end, width - INDENT.length());
    }

    private List<String> marked(int first, int at, int end, int room) {
        boolean fits = end - first <= room;
        int most = room - CUT.length();
        boolean cutBefore = !fits && at - first > room / 2;
        int from = cutBefore ? whole(Math.min(at - room / 3, end - most)) : first;
        int cells = cutBefore ? CUT.length() : 0;
        int wordEnd = wordEnd(at, end);
        StringBuilder shown = new StringBuilder(cutBefore ? CUT : "");
        int markFrom = cells;
        int markTo = cells;
        int next = from;
        while (next < end) {
            int point = content.codePointAt(next);
            int wide = width(point);
            if (cells + wide > (fits ? room : most) && cells + wide + (end - next - 1) > room) {
                shown.append(CUT);
                break;
            }
            shown.appendCodePoint(Printable.isControl(point) ? ' ' : point);
            cells += wide;
            next += Character.charCount(point);
            markFrom = next <= at ? cells : markFrom;
            markTo = next <= wordEnd ? cells : markTo;
        }
        String mark = "^" + "~".repeat(Math.max(0, markTo - markFrom - 1));
        return List.of(INDENT + shown, INDENT + " ".repeat(markFrom) + mark);
    }

    /** Not within a character that has two halves. */
    private int whole(int offset) {
        return Character.isLowSurrogate(content.charAt(offset)) ? offset + 1 : offset;
    }

    /** Where the string, number or word ends that begins at a place. */
    private int wordEnd(int at, int end) {
        if (at >= end) {
            return at;
        }
        int next = at + 1;
        if (content.charAt(at) == '"') {
            while (next < end && content.charAt(next) != '"') {
                next += content.charAt(next) == '\\' ? 2 : 1;
            }
            return Math.min(next + 1, end);
        }
        if (isWord(content.charAt(at))) {
            while (next < end && isWord(content.charAt(next))) {
                next++;
            }
        }
        return next;
    }

    private static boolean isWord(char unit) {
        return Character.isLetterOrDigit(unit) || "_-+.".indexOf(unit) >= 0;
    }

    /** How many cells of a terminal a character takes. */
    private static int width(int point) {
        return switch (Character.getType(point)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> Character.isIdeographic(point) || isWideScript(point) ? 2 : 1;
        };
    }

    private static boolean isWideScript(int point) {
        return switch (Character.UnicodeScript.of(point)) {
            case HIRAGANA, KATAKANA, HANGUL -> true;
            default -> Character.isEmojiPresentation(point);
        };
    }
}
