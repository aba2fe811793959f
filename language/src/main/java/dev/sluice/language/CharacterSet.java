package dev.sluice.language;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Set;

/**
 * A set of characters: one, all, or a bracket expression. Immutable.
 *
 * <p>Ranges are kept as sorted, disjoint pairs of first and last code point. Classes such as {@code [:alpha:]} are those
 * of ASCII, as for {@code fnmatch} in the C locale.
 */
final class CharacterSet {
    static final CharacterSet ALL = new CharacterSet(0, Character.MAX_CODE_POINT);

    private static final CharacterSet NONE = new CharacterSet();
    private static final int ASCII = 128;
    private static final Set<String> CLASSES = Set.of(
            "alpha", "digit", "alnum", "lower", "upper", "xdigit", "space", "blank", "cntrl", "print", "graph",
            "punct");

    private final int[] ranges;

    private CharacterSet(int... ranges) {
        this.ranges = ranges;
    }

    static CharacterSet of(int point) {
        return new CharacterSet(point, point);
    }

    boolean isSingle() {
        return ranges.length == 2 && ranges[0] == ranges[1];
    }

    int single() {
        return ranges[0];
    }

    boolean isEmpty() {
        return ranges.length == 0;
    }

    boolean has(int point) {
        for (int i = 0; i < ranges.length; i += 2) {
            if (point <= ranges[i + 1]) {
                return point >= ranges[i];
            }
        }
        return false;
    }

    /** The characters that both have. */
    CharacterSet and(CharacterSet other) {
        int[] both = new int[ranges.length + other.ranges.length];
        int size = 0;
        int i = 0;
        int j = 0;
        while (i < ranges.length && j < other.ranges.length) {
            int first = Math.max(ranges[i], other.ranges[j]);
            int last = Math.min(ranges[i + 1], other.ranges[j + 1]);
            if (first <= last) {
                both[size++] = first;
                both[size++] = last;
            }
            if (ranges[i + 1] < other.ranges[j + 1]) {
                i += 2;
            } else {
                j += 2;
            }
        }
        return new CharacterSet(Arrays.copyOf(both, size));
    }

    /** The first characters of its ranges and those that follow its ranges: between them, membership does not change. */
    void addEdges(Set<Integer> edges) {
        for (int i = 0; i < ranges.length; i += 2) {
            edges.add(ranges[i]);
            if (ranges[i + 1] < Character.MAX_CODE_POINT) {
                edges.add(ranges[i + 1] + 1);
            }
        }
    }

    /** The index behind a bracket expression that begins at an index; -1 when it has no end and is plain text. */
    static int end(String text, int start) {
        int at = start + 1;
        if (at < text.length() && (text.charAt(at) == '!' || text.charAt(at) == '^')) {
            at++;
        }
        boolean first = true;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ']' && !first) {
                return at + 1;
            }
            first = false;
            int inner = c == '[' ? innerEnd(text, at) : -1;
            at = inner > 0 ? inner : at + 1;
        }
        return -1;
    }

    /** The index behind {@code [:name:]}, {@code [.x.]} or {@code [=x=]}; -1 when there is none. */
    private static int innerEnd(String text, int start) {
        if (start + 1 >= text.length() || ":.=".indexOf(text.charAt(start + 1)) < 0) {
            return -1;
        }
        int close = text.indexOf(text.charAt(start + 1) + "]", start + 2);
        return close < 0 ? -1 : close + 2;
    }

    /** The set that a bracket expression means, which stands between two indexes; no character if it names what is not. */
    static CharacterSet parse(String text, int start, int end) {
        int at = start + 1;
        boolean not = text.charAt(at) == '!' || text.charAt(at) == '^';
        at += not ? 1 : 0;
        BitSet set = new BitSet();
        while (at < end - 1) {
            Element from = Element.at(text, at);
            at = from.end;
            if (from.point < 0) {
                if (!addClass(set, from.name)) {
                    return NONE;
                }
            } else if (at + 1 < end - 1 && text.charAt(at) == '-') {
                Element to = Element.at(text, at + 1);
                at = to.end;
                if (to.point < 0) {
                    return NONE;
                }
                if (from.point <= to.point) {
                    set.set(from.point, to.point + 1);
                }
            } else {
                set.set(from.point);
            }
        }
        if (not) {
            set.flip(0, Character.MAX_CODE_POINT + 1);
        }
        return ofBits(set);
    }

    /**
     * One element of a bracket expression.
     *
     * @param end the index behind it
     * @param point the character it is; -1 for a class, or what is none
     * @param name the class's name, or an empty string
     */
    private record Element(int end, int point, String name) {
        static Element at(String text, int at) {
            int inner = text.charAt(at) == '[' ? innerEnd(text, at) : -1;
            if (inner < 0) {
                int point = text.codePointAt(at);
                return new Element(at + Character.charCount(point), point, "");
            }
            String name = text.substring(at + 2, inner - 2);
            if (text.charAt(at + 1) == ':') {
                return new Element(inner, -1, name);
            }
            // [.x.] and [=x=]: a character by its name, and only the one that is its own name.
            boolean one = name.codePointCount(0, name.length()) == 1;
            return new Element(inner, one ? name.codePointAt(0) : -1, "");
        }
    }

    private static CharacterSet ofBits(BitSet set) {
        int[] ranges = new int[16];
        int size = 0;
        for (int from = set.nextSetBit(0); from >= 0; ) {
            int to = set.nextClearBit(from);
            if (size == ranges.length) {
                ranges = Arrays.copyOf(ranges, size * 2);
            }
            ranges[size++] = from;
            ranges[size++] = to - 1;
            from = set.nextSetBit(to);
        }
        return new CharacterSet(Arrays.copyOf(ranges, size));
    }

    /** Adds the characters of a class; false when there is no such class. */
    private static boolean addClass(BitSet set, String name) {
        if (!CLASSES.contains(name)) {
            return false;
        }
        for (int c = 0; c < ASCII; c++) {
            boolean has = switch (name) {
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
            if (has) {
                set.set(c);
            }
        }
        return true;
    }
}
