package dev.sluice.language;

import java.util.Optional;
import java.util.regex.Pattern;

/** A place in a flow, as a JSON path: {@code $.IO_Graph[0].name}. */
record At(String text) {
    static final At ROOT = new At("$");

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_]+");

    At key(String name) {
        return new At(
                PLAIN.matcher(name).matches()
                        ? text + "." + name
                        : text + "['" + name.replace("\\", "\\\\").replace("'", "\\'") + "']");
    }

    At item(int index) {
        return new At(text + "[" + index + "]");
    }

    /** Of an item of a list, what has the list: of {@code $.streaming[0].name[1]}, {@code $.streaming[0]}. */
    At owner() {
        return new At(text.substring(0, Math.max(ROOT.text.length(), text.lastIndexOf('.'))));
    }

    /** The first index in it, which in {@code IO_Graph} is that of a step. */
    int index() {
        int start = text.indexOf('[') + 1;
        return Integer.parseInt(text, start, text.indexOf(']', start), 10);
    }

    /** The innermost value on the way to this place that a document has; for what was left out, what it was left out of. */
    Json in(Json document) {
        Json here = document;
        int at = ROOT.text.length();
        while (at < text.length()) {
            int end = partEnd(at);
            Optional<Json> next = text.charAt(at) == '.'
                    ? member(here, text.substring(at + 1, end))
                    : text.startsWith("['", at)
                            ? member(here, unquoted(text.substring(at + 2, Math.max(at + 2, end - 2))))
                            : item(here, text.substring(at + 1, Math.max(at + 1, end - 1)));
            if (next.isEmpty()) {
                return here;
            }
            here = next.get();
            at = end;
        }
        return here;
    }

    /** The index behind the part that begins at an index: {@code .name}, {@code ['name']} or {@code [0]}. */
    private int partEnd(int start) {
        boolean quoted = text.startsWith("['", start);
        for (int i = start + (quoted ? 2 : 1); i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (quoted ? text.startsWith("']", i) : c == ']') {
                return i + (quoted ? 2 : 1);
            } else if (!quoted && (c == '.' || c == '[')) {
                return i;
            }
        }
        return text.length();
    }

    private static String unquoted(String part) {
        return part.replace("\\'", "'").replace("\\\\", "\\");
    }

    private static Optional<Json> member(Json value, String name) {
        return value instanceof Json.Obj object ? object.member(name) : Optional.empty();
    }

    private static Optional<Json> item(Json value, String index) {
        boolean isIndex =
                !index.isEmpty() && index.length() < 10 && index.chars().allMatch(c -> c >= '0' && c <= '9');
        return value instanceof Json.Arr array
                        && isIndex
                        && Integer.parseInt(index) < array.items().size()
                ? Optional.of(array.items().get(Integer.parseInt(index)))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return text;
    }
}
