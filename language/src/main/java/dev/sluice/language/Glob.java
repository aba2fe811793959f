package dev.sluice.language;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A pattern over whole paths, which means what {@code fnmatch(3)} with {@code FNM_NOESCAPE} makes of it: {@code *} is any
 * text, also an empty one and one with slashes, and so is {@code **}; {@code ?} is any character; {@code [abc]},
 * {@code [a-z]}, {@code [!x]}, {@code [^x]} and {@code [[:digit:]]} are sets of characters; all else stands for itself, a
 * backslash, a brace and a {@code [} without its end too. Immutable.
 */
final class Glob {
    /** Which of two patterns comes first when both match: a total order, in which only equal texts are equal. */
    static final Comparator<Glob> PRECEDENCE = Comparator.comparingInt((Glob glob) -> -glob.length)
            .thenComparingInt(glob -> -glob.literalStart)
            .thenComparingInt(glob -> glob.wildcards)
            .thenComparing(Glob::text);

    private static final String SPECIAL = "*?[";

    private final String text;
    private final Token[] tokens;
    private final int length;
    private final int literalStart;
    private final int wildcards;
    /** The fewest characters that a path has which it matches. */
    private final int shortest;

    private final String start;
    private final String end;
    private final boolean open;

    /** What one or more characters of a path are matched by. */
    sealed interface Token {
        /** Any text. */
        record Star() implements Token {}

        /** One character of a set. */
        record One(CharacterSet set) implements Token {
            /** A large flow has millions of these. */
            private static final One[] USUAL = IntStream.range(0, CharacterSet.ASCII)
                    .mapToObj(point -> new One(CharacterSet.of(point)))
                    .toArray(One[]::new);

            static One of(int point) {
                return point < CharacterSet.ASCII ? USUAL[point] : new One(CharacterSet.of(point));
            }
        }
    }

    private Glob(String text, int ahead) {
        this.text = text;
        List<Token> list = new ArrayList<>();
        int literals = 0;
        int at = 0;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            if (point == '*') {
                if (list.isEmpty() || !(list.getLast() instanceof Token.Star)) {
                    list.add(new Token.Star());
                }
                at++;
            } else if (point == '?') {
                list.add(new Token.One(CharacterSet.ALL));
                at++;
            } else if (Bracket.isAt(text, at)) {
                Bracket bracket = Bracket.at(text, at);
                list.add(new Token.One(bracket.set()));
                at = bracket.end();
            } else {
                literals += literals == list.size() ? 1 : 0;
                list.add(Token.One.of(point));
                at += Character.charCount(point);
            }
        }
        tokens = list.toArray(Token[]::new);
        literalStart = literals;
        // As upstream: the length of the text in bytes; what a relative pattern leaves out counts for all of them.
        length = text.getBytes(StandardCharsets.UTF_8).length - ahead;
        wildcards = (int) list.stream().filter(token -> !isPlain(token)).count();
        shortest =
                (int) list.stream().filter(token -> token instanceof Token.One).count();
        int first = 0;
        while (first < tokens.length && isPlain(tokens[first])) {
            first++;
        }
        int last = tokens.length;
        while (last > first && isPlain(tokens[last - 1])) {
            last--;
        }
        start = plain(0, first);
        end = plain(last, tokens.length);
        open = first < last && tokens[first] instanceof Token.Star && tokens[last - 1] instanceof Token.Star;
    }

    private static boolean isPlain(Token token) {
        return token instanceof Token.One one && one.set().isSingle();
    }

    private String plain(int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            if (tokens[i] instanceof Token.One one) {
                text.appendCodePoint(one.set().single());
            }
        }
        return text.toString();
    }

    static Glob of(String text) {
        return new Glob(text, 0);
    }

    /**
     * A pattern of which so many bytes are the managed directory's, so that its length can be compared with those of
     * relative ones.
     */
    static Glob absolute(String text, int ahead) {
        return new Glob(text, ahead);
    }

    /** Does a text have anything that makes it a pattern? */
    static boolean isPattern(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '*' || c == '?' || Bracket.isAt(text, i)) {
                return true;
            }
        }
        return false;
    }

    /** What a text has before anything special. */
    static String literalStart(String text) {
        int end = 0;
        while (end < text.length() && SPECIAL.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return text.substring(0, end);
    }

    String text() {
        return text;
    }

    Token[] tokens() {
        return tokens;
    }

    /** With what every path begins that it matches. */
    String start() {
        return start;
    }

    /** With what every path ends that it matches; of a plain text, nothing. */
    String end() {
        return end;
    }

    /** May any text stand right behind the {@link #start}, and any right before the {@link #end}? */
    boolean isOpen() {
        return open;
    }

    int shortest() {
        return shortest;
    }

    boolean hasStar() {
        for (Token token : tokens) {
            if (token instanceof Token.Star) {
                return true;
            }
        }
        return false;
    }

    /** The longest stretches of plain text in it: each of them is in every path that it matches. */
    List<String> literals() {
        List<String> found = new ArrayList<>();
        StringBuilder run = new StringBuilder();
        for (Token token : tokens) {
            if (token instanceof Token.One one && one.set().isSingle()) {
                run.appendCodePoint(one.set().single());
            } else if (!run.isEmpty()) {
                found.add(run.toString());
                run.setLength(0);
            }
        }
        if (!run.isEmpty()) {
            found.add(run.toString());
        }
        return found;
    }

    /** Does it match the whole path? In time proportional to path times pattern, at the worst. */
    boolean matches(String path) {
        int at = 0;
        int token = 0;
        int starToken = -1;
        int starAt = 0;
        while (at < path.length()) {
            int point = path.codePointAt(at);
            if (token < tokens.length && tokens[token] instanceof Token.Star) {
                starToken = token++;
                starAt = at;
            } else if (token < tokens.length
                    && tokens[token] instanceof Token.One one
                    && one.set().has(point)) {
                token++;
                at += Character.charCount(point);
            } else if (starToken >= 0) {
                // The last star takes one more character; stars before it need take no more than they did.
                token = starToken + 1;
                starAt += Character.charCount(path.codePointAt(starAt));
                at = starAt;
            } else {
                return false;
            }
        }
        while (token < tokens.length && tokens[token] instanceof Token.Star) {
            token++;
        }
        return token == tokens.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Glob glob && glob.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
