package dev.sluice.language;

import java.util.Set;
import java.util.TreeSet;

/**
 * A bracket expression in a pattern, such as {@code [a-z]}: reads it character by character as the GNU C library does,
 * which also says what unfinished ones mean.
 *
 * @param set the characters that it matches
 * @param end the index behind it
 */
record Bracket(CharacterSet set, int end) {
    /** What {@link Reader#end} says of a character that the expression does not match. */
    private static final int NO = -1;

    /** The same, when the expression has no end, and so is plain text. */
    private static final int PLAIN = -2;

    /** No expression is longer; to look no further keeps a text of a million brackets from taking for ever. */
    private static final int LONGEST = 512;

    private static final Set<String> CLASSES = Set.of(
            "alpha", "digit", "alnum", "lower", "upper", "xdigit", "space", "blank", "cntrl", "print", "graph",
            "punct");

    /** Is the bracket at an index the beginning of an expression? Else it stands for itself. */
    static boolean isAt(String text, int start) {
        if (text.charAt(start) != '[') {
            return false;
        }
        String ahead = ahead(text, start);
        return mayEnd(ahead) && new Reader(ahead, '[').end() != PLAIN;
    }

    /** Not without one of these, which are quickly looked for: the end, a range, the beginning of a symbol. */
    private static boolean mayEnd(String text) {
        return text.indexOf(']') >= 0 || text.indexOf('-') >= 0 || text.contains("[.");
    }

    private static String ahead(String text, int start) {
        return text.substring(start, Math.min(text.length(), start + LONGEST));
    }

    /** The expression that {@link #isAt} has found. */
    static Bracket at(String text, int start) {
        Bracket bracket = of(ahead(text, start));
        return new Bracket(bracket.set, start + bracket.end);
    }

    private static Bracket of(String text) {
        Set<Integer> edges = new TreeSet<>();
        for (int c = 0; c <= CharacterSet.ASCII; c++) {
            edges.add(c);
        }
        text.codePoints().skip(1).forEach(point -> {
            edges.add(point);
            edges.add(Math.min(point + 1, Character.MAX_CODE_POINT));
        });
        CharacterSet.Ranges ranges = new CharacterSet.Ranges();
        int end = text.length();
        int from = -1;
        for (int point : edges) {
            int behind = new Reader(text, point).end();
            if (behind > 0) {
                end = behind;
                from = from < 0 ? point : from;
            } else if (from >= 0) {
                ranges.add(from, point - 1);
                from = -1;
            }
        }
        if (from >= 0) {
            ranges.add(from, Character.MAX_CODE_POINT);
        }
        return new Bracket(ranges.set(), end);
    }

    /** Reads an expression for one character that it may match. */
    private static final class Reader {
        private final String text;
        private final int character;
        private int at = 1;

        Reader(String text, int character) {
            this.text = text;
            this.character = character;
        }

        /** The index behind the expression, or {@link #NO}, or {@link #PLAIN}. */
        int end() {
            boolean not = peek() == '!' || peek() == '^';
            at += not ? 1 : 0;
            for (boolean first = true; ; first = false) {
                int point = next();
                if (point == 0) {
                    return PLAIN;
                }
                if (point == ']' && !first) {
                    return not ? at : NO;
                }
                switch (element(point)) {
                    case HAS -> {
                        int behind = rest();
                        return not && behind > 0 ? NO : behind;
                    }
                    case HAS_NOT -> {}
                    case BROKEN -> {
                        return NO;
                    }
                }
            }
        }

        private Element element(int point) {
            if (point == '[' && peek() == ':' && classEnd() > 0) {
                String name = text.substring(at + 1, classEnd() - 2);
                at = classEnd();
                return CLASSES.contains(name) ? Element.of(isIn(name, character)) : Element.BROKEN;
            } else if (point == '[' && peek() == '=' && equivalentEnd() > 0) {
                int equivalent = text.codePointAt(at + 1);
                at = equivalentEnd();
                return Element.of(equivalent == character);
            } else if (point == '[' && peek() == '.') {
                int symbol = symbol();
                boolean alone = peek() != '-' || at + 1 == text.length();
                return symbol < 0 ? Element.BROKEN : alone && symbol == character ? Element.HAS : range(symbol);
            }
            return !isRange() && point == character ? Element.HAS : range(point);
        }

        private boolean isRange() {
            return peek() == '-' && at + 1 < text.length() && text.charAt(at + 1) != ']';
        }

        /** A range from a character, if one follows. */
        private Element range(int from) {
            if (peek() != '-' || text.startsWith("]", at + 1)) {
                return Element.HAS_NOT;
            }
            at++;
            int to = next();
            if (to == '[' && peek() == '.') {
                to = symbol();
            }
            return to <= 0 ? Element.BROKEN : Element.of(from <= character && character <= to);
        }

        /** What is left of an expression that matches; of what is broken, here a little more is refused. */
        private int rest() {
            while (true) {
                int point = next();
                if (point == 0) {
                    return PLAIN;
                } else if (point == ']') {
                    return at;
                } else if (point == '[' && peek() == ':') {
                    at = Math.max(at, classEnd());
                } else if (point == '[' && peek() == '=') {
                    at = equivalentEnd();
                } else if (point == '[' && peek() == '.') {
                    int close = text.indexOf(".]", at + 1);
                    at = close < 0 ? close : close + 2;
                }
                if (at < 0) {
                    return NO;
                }
            }
        }

        /** The index behind {@code [:name:]}, of which the bracket has been read; -1 when it is none. */
        private int classEnd() {
            int end = at + 1;
            while (end < text.length() && text.charAt(end) >= 'a' && text.charAt(end) <= 'y') {
                end++;
            }
            return text.startsWith(":]", end) ? end + 2 : -1;
        }

        /** The index behind {@code [=x=]}, of which the bracket has been read; -1 when it is none. */
        private int equivalentEnd() {
            int end = text.length() > at + 1 ? at + 1 + Character.charCount(text.codePointAt(at + 1)) : at;
            return text.startsWith("=]", end) ? end + 2 : -1;
        }

        /** The character that {@code [.x.]} names, of which the bracket has been read; -1 when it names none. */
        private int symbol() {
            int close = text.indexOf(".]", at + 1);
            if (close < 0) {
                return -1;
            }
            String name = text.substring(at + 1, close);
            at = close + 2;
            return name.codePointCount(0, name.length()) == 1 ? name.codePointAt(0) : -1;
        }

        private int peek() {
            return at < text.length() ? text.codePointAt(at) : 0;
        }

        private int next() {
            int point = peek();
            at += point == 0 ? 0 : Character.charCount(point);
            return point;
        }
    }

    /** Does an element of an expression have a character? */
    private enum Element {
        HAS,
        HAS_NOT,
        /** It cannot be read, and the whole pattern matches nothing. */
        BROKEN;

        static Element of(boolean has) {
            return has ? HAS : HAS_NOT;
        }
    }

    /** Classes are those of ASCII, as in the C locale. */
    private static boolean isIn(String name, int c) {
        if (c >= CharacterSet.ASCII) {
            return false;
        }
        return switch (name) {
            case "alpha" -> Character.isLetter(c);
            case "digit" -> Character.isDigit(c);
            case "alnum" -> Character.isLetterOrDigit(c);
            case "lower" -> Character.isLowerCase(c);
            case "upper" -> Character.isUpperCase(c);
            case "xdigit" -> Character.digit(c, 16) >= 0;
            case "space" -> c == ' ' || (c >= '\t' && c <= '\r');
            case "blank" -> c == ' ' || c == '\t';
            case "cntrl" -> Character.isISOControl(c);
            case "print" -> c >= ' ' && c < 127;
            case "graph" -> c > ' ' && c < 127;
            case "punct" -> c > ' ' && c < 127 && !Character.isLetterOrDigit(c);
            default -> false;
        };
    }
}
