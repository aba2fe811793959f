package dev.sluice.language;

import java.util.List;

/**
 * Says of files or directories when they are complete and when their readers may start.
 *
 * <p>A rule that a flow file leaves incomplete commits {@code on_termination} and fires {@code no_update}. A path that no
 * rule names commits {@code on_termination} and fires {@code update}.
 *
 * @param kind what the paths are
 * @param paths names, patterns or aliases
 * @param commit when they are complete
 * @param fire when their readers may start
 */
public record Rule(Kind kind, List<String> paths, CommitRule commit, FireRule fire) {
    /** What a path is. */
    public enum Kind {
        /** A regular file; a flow file says {@code name}. */
        FILE,
        /** A directory; a flow file says {@code dirname}. */
        DIRECTORY
    }

    /** Copies the list, and refuses {@code on_n_files} for files. */
    public Rule {
        paths = List.copyOf(paths);
        if (kind == Kind.FILE && commit instanceof CommitRule.OnNFiles) {
            throw new IllegalArgumentException(
                    "on_n_files is a rule for directories, and " + paths + " are files; write dirname instead of name");
        }
    }

    /**
     * A rule for files, as a flow file that says no more means it: {@code on_termination}, {@code no_update}.
     *
     * @param paths names, patterns or aliases
     * @return the rule
     */
    public static Rule files(String... paths) {
        return new Rule(Kind.FILE, List.of(paths), CommitRule.onTermination(), FireRule.NO_UPDATE);
    }

    /**
     * A rule for directories, as a flow file that says no more means it: {@code on_termination}, {@code no_update}.
     *
     * @param paths names, patterns or aliases
     * @return the rule
     */
    public static Rule directories(String... paths) {
        return new Rule(Kind.DIRECTORY, List.of(paths), CommitRule.onTermination(), FireRule.NO_UPDATE);
    }

    /**
     * This rule with another commit rule.
     *
     * @param other the commit rule
     * @return the other rule
     */
    public Rule commits(CommitRule other) {
        return new Rule(kind, paths, other, fire);
    }

    /**
     * This rule with another fire rule.
     *
     * @param other the fire rule
     * @return the other rule
     */
    public Rule fires(FireRule other) {
        return new Rule(kind, paths, commit, other);
    }
}
