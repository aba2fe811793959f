package dev.sluice.language;

import java.util.Collection;
import java.util.Locale;

/** Guesses what somebody meant to write. */
final class Similar {
    private static final int LONGEST = 100;
    private static final int MOST = 1000;

    private Similar() {}

    /** {@code did you mean "..."?}, or what else to say when nothing is like it. */
    static String advice(String word, Collection<String> known, String otherwise) {
        String best = to(word, known);
        return best.isEmpty() ? otherwise : "did you mean \"" + best + "\"?";
    }

    /** The known word that is most like a word, or an empty string when none is, or so many are known that it takes long. */
    static String to(String word, Collection<String> known) {
        String best = "";
        int least = Integer.MAX_VALUE;
        if (known.size() > MOST) {
            return best;
        }
        for (String candidate : known) {
            int shorter = Math.min(word.length(), candidate.length());
            // Of two letters each one counts: only their case may differ.
            int allowed = shorter < 3 ? 0 : shorter / 3;
            if (Math.abs(word.length() - candidate.length()) > allowed) {
                continue;
            }
            int distance = distance(word, candidate);
            boolean better = distance < least || (distance == least && candidate.compareTo(best) < 0);
            if (distance <= allowed && better && !candidate.equals(word)) {
                best = candidate;
                least = distance;
            }
        }
        return best;
    }

    /** How many letters must change, come, go or swap; upper and lower case, {@code -} and {@code _} are alike. */
    private static int distance(String one, String other) {
        if (one.length() > LONGEST || other.length() > LONGEST) {
            return Integer.MAX_VALUE;
        }
        String a = one.toLowerCase(Locale.ROOT).replace('-', '_');
        String b = other.toLowerCase(Locale.ROOT).replace('-', '_');
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int change = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(change, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], 1 + cost[i - 2][j - 2]);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
