package dev.sluice.language;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says in plain words why a text is no JSON. It knows where the parser stopped, and looks for what is open there: brackets,
 * a string, a comment. One thread at a time.
 */
final class Syntax {
    /**
     * What is wrong, and where.
     *
     * @param line from 1
     * @param column from 1
     */
    record Finding(int line, int column, String message, String advice) {}

    /** A bracket, quote or comment that has begun. */
    private record Open(String sign, int line, int column) {
        String place() {
            return "the `" + sign + "` of " + line + ":" + column;
        }

        String end() {
            return switch (sign) {
                case "{" -> "}";
                case "[" -> "]";
                case "/*" -> "*/";
                default -> sign;
            };
        }
    }

    private static final String COMMENT = "/*";
    private static final String STRING = "\"";
    private static final Pattern PARSER_TALK =
            Pattern.compile(" ?\\((?:[^()]*\\[Source|code \\d|CTRL-CHAR).*?\\)(?:\\))?");

    private final CharSequence text;
    private final int stopLine;
    private final int stopColumn;
    private final Deque<Open> open = new ArrayDeque<>();
    private int at;
    private int line = 1;
    private int column = 1;

    private Syntax(CharSequence text, int stopLine, int stopColumn) {
        this.text = text;
        this.stopLine = stopLine;
        this.stopColumn = stopColumn;
    }

    /**
     * What is wrong with a text.
     *
     * @param line where the parser stopped, from 1
     * @param column where in this line, from 1
     * @param reason what the parser says
     */
    static Finding of(CharSequence text, int line, int column, String reason) {
        Syntax syntax = new Syntax(text, line, column);
        syntax.scan();
        return syntax.finding(reason);
    }

    private boolean isBefore() {
        return at < text.length() && (line < stopLine || (line == stopLine && column < stopColumn));
    }

    private void next() {
        char letter = text.charAt(at++);
        boolean pair = letter == '\r' && at < text.length() && text.charAt(at) == '\n';
        boolean ends = letter == '\n' || (letter == '\r' && !pair);
        line += ends ? 1 : 0;
        column = ends ? 1 : column + 1;
    }

    private void scan() {
        while (isBefore()) {
            char letter = text.charAt(at);
            String inside = open.isEmpty() ? "" : open.element().sign;
            if (inside.equals(STRING)) {
                inString(letter);
            } else if (inside.equals(COMMENT)) {
                inComment(letter);
            } else if (letter == '/' && follows('/')) {
                while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
                    next();
                }
            } else {
                if (letter == '/' && follows('*')) {
                    open.push(new Open(COMMENT, line, column));
                    next();
                } else if (letter == '"' || letter == '{' || letter == '[') {
                    open.push(new Open(String.valueOf(letter), line, column));
                } else if ((letter == '}' || letter == ']') && !open.isEmpty()) {
                    open.pop();
                }
                next();
            }
        }
    }

    private boolean follows(char letter) {
        return at + 1 < text.length() && text.charAt(at + 1) == letter;
    }

    private void inString(char letter) {
        if (letter == '"') {
            open.pop();
        } else if (letter == '\\') {
            next();
            if (!isBefore()) {
                return;
            }
        }
        next();
    }

    private void inComment(char letter) {
        if (letter == '*' && follows('/')) {
            open.pop();
            next();
        }
        next();
    }

    private Finding finding(String reason) {
        Open innermost = open.peek();
        if (innermost != null && innermost.sign.equals(STRING)) {
            return inString(innermost, reason);
        }
        if (at >= text.length()) {
            return innermost == null
                    ? here("the file ends too early", "write { \"name\": ..., \"IO_Graph\": [ ... ] }")
                    : unclosed(innermost);
        }
        char letter = text.charAt(at);
        if (letter == '}' || letter == ']') {
            return closing(letter, innermost, reason);
        }
        if (letter == ':' && innermost != null && innermost.sign.equals("[")) {
            return here(innermost.place() + " is not closed before this key", "write ] before the key");
        }
        return other(letter, reason);
    }

    private Finding here(String message, String advice) {
        return new Finding(line, column, message, advice);
    }

    private static Finding unclosed(Open one) {
        return new Finding(
                one.line, one.column, one.place() + " is never closed", "write " + one.end() + " where it ends");
    }

    private Finding inString(Open string, String reason) {
        if (at >= text.length()) {
            return unclosed(string);
        }
        char letter = text.charAt(at);
        if (letter == '\n' || letter == '\r') {
            return new Finding(
                    string.line,
                    string.column,
                    string.place() + " is not closed in its line",
                    "write \" where the string ends; a break of lines in it is \\n");
        }
        if (reason.contains("hex")) {
            return here("\\u in a string needs four hexadecimal digits", "write it like \\u00e9");
        }
        return letter < ' '
                ? here("a string has a control character in it", "write it as \\u%04x".formatted((int) letter))
                : here("a backslash in a string means nothing before this", "write \\\\ for a backslash");
    }

    private Finding closing(char letter, @Nullable Open innermost, String reason) {
        if (innermost == null) {
            return here("this `" + letter + "` closes nothing", "remove it, or open it before");
        }
        if (!innermost.end().equals(String.valueOf(letter))) {
            return here(innermost.place() + " is closed by `" + letter + "`", "write " + innermost.end());
        }
        return switch (before()) {
            case ',' -> here("nothing stands between the comma and this `" + letter + "`", "remove the comma");
            case ':' -> here("a key has no value", "write one behind the colon");
            default -> other(letter, reason);
        };
    }

    /** The last character before the place that is no space. */
    private char before() {
        int index = at - 1;
        while (index > 0 && Character.isWhitespace(text.charAt(index))) {
            index--;
        }
        return index < 0 ? ' ' : text.charAt(index);
    }

    private Finding other(char letter, String reason) {
        if (reason.contains("comma")) {
            return here("a comma is missing before this", "write a comma");
        }
        if (reason.contains("double-quote")) {
            return here("a key has no quotes", "write \"key\": value");
        }
        if (reason.contains("colon")) {
            return here("a key has no value", "write a colon and a value behind the key");
        }
        if (reason.contains("umeric value")) {
            return here("this is no number", "write it like 12 or 1.5");
        }
        boolean word = reason.contains("oken") || reason.contains(" value");
        return word && letter != ','
                ? here("no value begins like this", "strings stand in \"quotes\"; other words are true, false and null")
                : word
                        ? here("nothing stands before this comma", "remove the comma")
                        : here(PARSER_TALK.matcher(reason).replaceAll(""), "mend it here or just before");
    }
}
