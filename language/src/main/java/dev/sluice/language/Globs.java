package dev.sluice.language;

import dev.sluice.language.Glob.Token;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** What two patterns have to do with each other. */
final class Globs {
    /** Beyond so many states two patterns are not compared to the end; nobody writes such ones. */
    private static final int MOST_STATES = 20_000;

    private Globs() {}

    /** A pattern that matches this very text. */
    static String quoted(String text) {
        return text.replace("[", "[[]").replace("*", "[*]").replace("?", "[?]");
    }

    /** Is there a path that both match? */
    static boolean meet(Glob one, Glob other) {
        if (!startAlike(one, other) || !endAlike(one, other)) {
            return false;
        }
        // A path that begins and ends as both want, with all that either wants in between: the other's star takes it.
        return (one.isOpen() && other.isOpen()) || meetInside(one, other);
    }

    private static boolean startAlike(Glob one, Glob other) {
        return one.start().startsWith(other.start()) || other.start().startsWith(one.start());
    }

    private static boolean endAlike(Glob one, Glob other) {
        return one.end().endsWith(other.end()) || other.end().endsWith(one.end());
    }

    private static boolean meetInside(Glob one, Glob other) {
        Token[] a = one.tokens();
        Token[] b = other.tokens();
        int width = b.length + 1;
        BitSet seen = new BitSet((a.length + 1) * width);
        Deque<Integer> left = new ArrayDeque<>();
        left.push(0);
        while (!left.isEmpty()) {
            int state = left.pop();
            if (seen.get(state)) {
                continue;
            }
            seen.set(state);
            int i = state / width;
            int j = state % width;
            if (i == a.length && j == b.length) {
                return true;
            }
            boolean starA = i < a.length && a[i] instanceof Token.Star;
            boolean starB = j < b.length && b[j] instanceof Token.Star;
            if (starA) {
                left.push(state + width);
            }
            if (starB) {
                left.push(state + 1);
            }
            if (i < a.length && j < b.length && !(starA && starB) && share(a[i], b[j])) {
                left.push((starA ? i : i + 1) * width + (starB ? j : j + 1));
            }
        }
        return false;
    }

    private static boolean share(Token one, Token other) {
        return set(one).meets(set(other));
    }

    private static CharacterSet set(Token token) {
        return switch (token) {
            case Token.Star _ -> CharacterSet.ALL;
            case Token.One one -> one.set();
        };
    }

    /** A place in the one pattern, and all places where the other may be at the same time. */
    private record Pair(int at, BitSet others) {}

    /**
     * Does one match every path that the other matches? False also where that takes too long to find out.
     *
     * @param wide the one that may match more
     * @param narrow the other
     */
    static boolean covers(Glob wide, Glob narrow) {
        boolean never = wide.shortest() > narrow.shortest()
                || (narrow.hasStar() && !wide.hasStar())
                || !startAlike(wide, narrow)
                || !endAlike(wide, narrow)
                || (narrow.isOpen()
                        && (wide.start().length() > narrow.start().length()
                                || wide.end().length() > narrow.end().length()));
        return !never && coversInside(wide, narrow);
    }

    private static boolean coversInside(Glob wide, Glob narrow) {
        Token[] a = wide.tokens();
        Token[] b = narrow.tokens();
        Set<Integer> characters = new TreeSet<>(Set.of(0));
        for (Token[] tokens : new Token[][] {a, b}) {
            for (Token token : tokens) {
                set(token).addEdges(characters);
            }
        }
        Set<Pair> seen = new HashSet<>();
        Deque<Pair> left = new ArrayDeque<>();
        BitSet start = new BitSet();
        addWithSkips(start, a, 0);
        left.push(new Pair(0, start));
        while (!left.isEmpty()) {
            Pair pair = left.pop();
            if (!seen.add(pair)) {
                continue;
            }
            if (seen.size() > MOST_STATES) {
                return false;
            }
            if (pair.at == b.length) {
                if (!pair.others.get(a.length)) {
                    return false;
                }
                continue;
            }
            Token token = b[pair.at];
            boolean star = token instanceof Token.Star;
            if (star) {
                left.push(new Pair(pair.at + 1, pair.others));
            }
            for (int character : characters) {
                if (set(token).has(character)) {
                    left.push(new Pair(star ? pair.at : pair.at + 1, after(a, pair.others, character)));
                }
            }
        }
        return true;
    }

    private static BitSet after(Token[] tokens, BitSet places, int character) {
        BitSet next = new BitSet();
        for (int at = places.nextSetBit(0); at >= 0 && at < tokens.length; at = places.nextSetBit(at + 1)) {
            if (set(tokens[at]).has(character)) {
                addWithSkips(next, tokens, tokens[at] instanceof Token.Star ? at : at + 1);
            }
        }
        return next;
    }

    private static void addWithSkips(BitSet places, Token[] tokens, int at) {
        int place = at;
        places.set(place);
        while (place < tokens.length && tokens[place] instanceof Token.Star) {
            places.set(++place);
        }
    }
}
