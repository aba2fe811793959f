package dev.sluice.language;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a flow says of one path or pattern, under one text. Filled while contracts are made, and left alone then. */
final class Mention {
    /**
     * Something said, and where.
     *
     * @param what what is said
     * @param at the place
     */
    record Said<T>(T what, At at) {}

    private final String text;
    /** Nothing for a plain name. */
    private final @Nullable Glob glob;

    private boolean directory;
    private final List<Said<String>> producers = new ArrayList<>(1);
    private final List<Said<String>> consumers = new ArrayList<>(1);
    private final List<Said<Rule>> rules = new ArrayList<>(1);
    private final List<Said<Boolean>> permanent = new ArrayList<>(0);
    private final List<Said<Boolean>> excluded = new ArrayList<>(0);
    private final List<Said<Storage.Place>> places = new ArrayList<>(0);
    private final List<Said<HomeNodes.Home>> homes = new ArrayList<>(0);

    Mention(String text, @Nullable Glob glob) {
        this.text = text;
        this.glob = glob;
    }

    String text() {
        return text;
    }

    @Nullable
    Glob glob() {
        return glob;
    }

    /** As a pattern, even if it is a plain name. */
    Glob asGlob() {
        return glob == null ? Glob.of(text) : glob;
    }

    boolean isPattern() {
        return glob != null;
    }

    /** Said by a slash at its end. */
    void takeForDirectory() {
        directory = true;
    }

    /** Does the flow take it for a directory? */
    boolean isDirectory() {
        if (directory) {
            return true;
        }
        for (Said<Rule> said : rules) {
            if (said.what().kind() == Rule.Kind.DIRECTORY) {
                return true;
            }
        }
        return false;
    }

    /** Does a step read or write it, under this very text? */
    boolean isUsed() {
        return !producers.isEmpty() || !consumers.isEmpty();
    }

    List<Said<String>> producers() {
        return producers;
    }

    List<Said<String>> consumers() {
        return consumers;
    }

    List<Said<Rule>> rules() {
        return rules;
    }

    List<Said<Boolean>> permanent() {
        return permanent;
    }

    List<Said<Boolean>> excluded() {
        return excluded;
    }

    List<Said<Storage.Place>> places() {
        return places;
    }

    List<Said<HomeNodes.Home>> homes() {
        return homes;
    }

    boolean matches(String path) {
        Glob pattern = glob;
        return text.equals(path) || (pattern != null && pattern.matches(path));
    }

    /** Which of two that match a path speaks first: its name before patterns, then {@link Glob#PRECEDENCE}. */
    static Comparator<Mention> precedence(String path) {
        return Comparator.comparingInt((Mention mention) -> mention.text.equals(path) ? 0 : 1)
                .thenComparing(Mention::asGlob, Glob.PRECEDENCE);
    }

    /** Which of two rules for the same text is taken: the one under which readers wait longer. */
    static final Comparator<Rule> CAUTION = Comparator.comparing(Rule::fire)
            .thenComparingInt(rule -> lateness(rule.commit()))
            .thenComparingLong(rule -> -count(rule.commit()))
            .thenComparing(rule -> rule.commit() instanceof CommitRule.OnFile onFile
                    ? onFile.files().toString()
                    : "");

    private static int lateness(CommitRule rule) {
        return switch (rule) {
            case CommitRule.OnTermination _ -> 0;
            case CommitRule.OnNFiles _ -> 1;
            case CommitRule.OnFile _ -> 2;
            case CommitRule.OnClose _ -> 3;
        };
    }

    private static long count(CommitRule rule) {
        return switch (rule) {
            case CommitRule.OnClose onClose -> onClose.closes();
            case CommitRule.OnNFiles onNFiles -> onNFiles.files();
            case CommitRule.OnFile onFile -> onFile.files().size();
            case CommitRule.OnTermination _ -> 0;
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
