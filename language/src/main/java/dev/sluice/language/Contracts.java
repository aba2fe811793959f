package dev.sluice.language;

import dev.sluice.language.Insides.Inside;
import dev.sluice.language.Mention.Said;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers what a flow says of any path. Immutable, so safe for many threads; asking changes nothing.
 *
 * {@snippet class="dev.sluice.language.ContractsTest" region="ask"}
 *
 * <p><b>Patterns.</b> {@code *} is any text, also an empty one and one with slashes, and so is {@code **}; {@code ?} is
 * any character; {@code [a-z]} and {@code [!a-z]} are sets of characters. All else stands for itself.
 *
 * <p><b>Precedence.</b> Of the rules that match a path
 * <ol>
 *   <li>its very name comes before patterns;
 *   <li>then a rule for its kind (file or directory) before one for the other kind;
 *   <li>then the longest pattern; of equally long ones that with the longest plain beginning, then with the fewest
 *       wildcards, then in the order of their texts; and of rules for the same text the more cautious one: {@code update}
 *       before {@code no_update}, then {@code on_termination}, {@code on_n_files}, {@code on_file}, {@code on_close}, and
 *       the larger count first.
 * </ol>
 * The order of sections, steps and rules in the file does not matter.
 *
 * <p>All steps that a matching entry names are producers or consumers; if there are none, those of the directory that the
 * path is in, or of that one's, and so on; so it is with {@code permanent}, {@code exclude}, {@code storage} and
 * {@code home_node_policies}: what is said of a directory holds for all in it. Rules of commit and fire are not handed
 * down.
 *
 * <p>{@code on_n_files} says nothing of a file, and {@code on_close} nothing of a directory: such a rule commits
 * {@code on_termination}, and so does an {@code on_file} whose aliases stand for no file.
 */
public final class Contracts {
    private final Map<String, Mention> mentions = new LinkedHashMap<>();
    private final PatternIndex<Mention> relative;
    private final PatternIndex<Mention> absolute;
    private final boolean hasAbsolute;
    private final ManagedPath managed;
    private final Aliases aliases;
    private final List<String> steps;
    /** The place of each step in the order of the flow. */
    private final Map<String, Integer> order = new HashMap<>();
    /** The paths that the flow takes for directories. */
    private final Set<String> directories = new HashSet<>();
    /** Does it take all for directories that some pattern matches? */
    private final boolean hasDirectoryPatterns;
    /** By their places in the flow; names may come again. */
    private final List<String> stepNames;

    private Contracts(Flow flow, String directory) {
        managed = new ManagedPath(directory);
        aliases = new Aliases(flow.aliases());
        stepNames = flow.steps().stream().map(Step::name).toList();
        steps = stepNames.stream().distinct().toList();
        new Mentions(flow, aliases, this::mention).collect();
        steps.forEach(step -> order.put(step, order.size()));
        boolean hasPatterns = false;
        for (Mention mention : mentions.values()) {
            ManagedPath.addDirectories(mention.text(), directories);
            if (mention.isDirectory()) {
                directories.add(mention.text());
                hasPatterns |= mention.isPattern();
            }
        }
        hasDirectoryPatterns = hasPatterns;
        Map<Glob, Mention> inside = new LinkedHashMap<>();
        Map<Glob, Mention> anywhere = new LinkedHashMap<>();
        for (Mention mention : mentions.values()) {
            if (mention.isPattern()) {
                (mention.text().startsWith("/") ? anywhere : inside).put(mention.asGlob(), mention);
            }
        }
        relative = new PatternIndex<>(inside);
        absolute = new PatternIndex<>(anywhere);
        hasAbsolute = !anywhere.isEmpty();
    }

    /**
     * The contracts of a flow whose managed directory is not known: absolute paths are not those of relative ones.
     *
     * @param flow the flow
     * @return the contracts
     */
    public static Contracts of(Flow flow) {
        return new Contracts(flow, "");
    }

    /**
     * The contracts of a flow in its managed directory.
     *
     * @param flow the flow
     * @param directory the managed directory
     * @return the contracts
     */
    public static Contracts of(Flow flow, Path directory) {
        return new Contracts(flow, directory.toAbsolutePath().normalize().toString());
    }

    private Mention mention(String entry) {
        String text = managed.of(entry);
        Mention mention = mentions.computeIfAbsent(text, _ -> {
            if (!Glob.isPattern(text)) {
                return new Mention(text, null);
            }
            return new Mention(text, text.startsWith("/") ? Glob.absolute(text, managed.ahead()) : Glob.of(text));
        });
        if (entry.endsWith("/")) {
            mention.takeForDirectory();
        }
        return mention;
    }

    /**
     * What the flow says of a file.
     *
     * @param path relative to the managed directory, or absolute inside it
     * @return the contract
     * @throws IllegalArgumentException when it is outside the managed directory
     */
    public Contract file(String path) {
        return resolve(path, Rule.Kind.FILE);
    }

    /**
     * What the flow says of a directory.
     *
     * @param path relative to the managed directory, or absolute inside it; an empty one is the managed directory itself
     * @return the contract
     * @throws IllegalArgumentException when it is outside the managed directory
     */
    public Contract directory(String path) {
        return resolve(path, Rule.Kind.DIRECTORY);
    }

    /**
     * What the flow says of a path, taken for what the flow takes it for.
     *
     * @param path relative to the managed directory, or absolute inside it
     * @return the contract of a directory or of a file, as {@link #isDirectory} says
     * @throws IllegalArgumentException when it is outside the managed directory
     */
    public Contract path(String path) {
        return resolve(path, isDirectory(path) ? Rule.Kind.DIRECTORY : Rule.Kind.FILE);
    }

    /**
     * Does the flow take a path for a directory? It does when it writes it with a slash at its end, gives it a rule with
     * {@code dirname}, or speaks of something inside it. So it is with what a pattern matches, unless a longer one has a
     * rule with {@code name}; what is inside of that, and matched by the same pattern, is a file.
     *
     * @param path relative to the managed directory, or absolute inside it
     * @return whether it does; also true of the managed directory itself, and of what is asked with a slash at its end
     */
    public boolean isDirectory(String path) {
        String normal = managed.of(path);
        return normal.isEmpty()
                || path.endsWith("/")
                || directories.contains(normal)
                || (hasDirectoryPatterns && isDirectoryByPattern(normal));
    }

    /**
     * Does the flow write a path itself, or does it speak of it by a pattern or a directory only?
     *
     * @param path relative to the managed directory, or absolute inside it
     * @return whether it does
     */
    public boolean names(String path) {
        Mention mention = mentions.get(managed.of(path));
        return mention != null && !mention.isPattern();
    }

    /** Of the mentions that say for what they take a path, does the first one take it for a directory? */
    private boolean isDirectoryByPattern(String path) {
        return matching(path).stream()
                .filter(mention -> mention.isDirectory() || !mention.rules().isEmpty())
                .min(Mention.precedence(path))
                .filter(mention -> mention.isDirectory() && !isInMatch(path, mention))
                .isPresent();
    }

    /** Is a path inside of one that is matched as well? The stars of a pattern take slashes, too. */
    private boolean isInMatch(String path, Mention pattern) {
        String parent = ManagedPath.parent(path);
        while (!parent.isEmpty() && !pattern.asGlob().matches(asSeenBy(pattern, parent))) {
            parent = ManagedPath.parent(parent);
        }
        return !parent.isEmpty();
    }

    private String asSeenBy(Mention pattern, String path) {
        return pattern.text().startsWith("/") ? managed.absolute(path) : path;
    }

    private Contract resolve(String asked, Rule.Kind kind) {
        String path = inside(asked);
        Levels levels = new Levels(path, this::matching);
        Said<Rule> rule = rule(levels.own(), path, kind);
        List<Said<String>> consumers = inOrder(levels.union(Mention::consumers));
        return new Contract(
                path,
                kind,
                rule == null ? null : new Said<>(asMeant(rule.what(), kind), rule.at()),
                inOrder(levels.union(Mention::producers)),
                consumers,
                levels.union(Mention::permanent),
                levels.union(Mention::excluded),
                levels.first(Mention::places, Comparator.reverseOrder()),
                levels.first(Mention::homes, Contracts::byPolicy),
                () -> within(path, kind, consumers.stream().map(Said::what).toList()));
    }

    /** Who writes and reads inside a directory, or what a pattern matches. */
    private Inside within(String path, Rule.Kind kind, List<String> consumers) {
        if (kind == Rule.Kind.DIRECTORY) {
            return Insides.ofDirectory(this, path, consumers);
        }
        return Glob.isPattern(path) ? Insides.ofPattern(this, path) : Inside.NOTHING;
    }

    private static @Nullable Said<Rule> rule(List<Mention> matching, String path, Rule.Kind kind) {
        List<Candidate> candidates = new ArrayList<>(2);
        for (Mention mention : matching) {
            mention.rules().forEach(said -> candidates.add(new Candidate(mention, said)));
        }
        if (candidates.size() < 2) {
            return candidates.isEmpty() ? null : candidates.getFirst().said;
        }
        return candidates.stream()
                .min(Comparator.comparing((Candidate one) -> !one.mention.text().equals(path))
                        .thenComparing(one -> one.said.what().kind() != kind)
                        .thenComparing(Candidate::mention, Mention.precedence(path))
                        .thenComparing(one -> one.said.what(), Mention.CAUTION))
                .map(Candidate::said)
                .orElseThrow();
    }

    /** One of each step, in the order of the flow. */
    private List<Said<String>> inOrder(List<Said<String>> said) {
        if (said.size() < 2) {
            return said;
        }
        Map<String, Said<String>> byStep = new HashMap<>();
        said.forEach(one -> byStep.putIfAbsent(one.what(), one));
        return byStep.values().stream()
                .sorted(Comparator.comparing(one -> order.getOrDefault(one.what(), 0)))
                .toList();
    }

    private record Candidate(Mention mention, Said<Rule> said) {}

    /** The rule as it holds for a path of this kind. */
    private Rule asMeant(Rule rule, Rule.Kind kind) {
        CommitRule commit = switch (rule.commit()) {
            case CommitRule.OnFile onFile -> withFiles(onFile);
            // How full a directory is says nothing of a file, and nobody writes to a directory and closes it.
            case CommitRule.OnNFiles _ when kind == Rule.Kind.FILE -> CommitRule.onTermination();
            case CommitRule.OnClose _ when kind == Rule.Kind.DIRECTORY -> CommitRule.onTermination();
            case CommitRule other -> other;
        };
        Rule.Kind meant = commit instanceof CommitRule.OnNFiles ? Rule.Kind.DIRECTORY : kind;
        return new Rule(meant, rule.paths(), commit, rule.fire());
    }

    private CommitRule withFiles(CommitRule.OnFile rule) {
        List<String> files = rule.files().stream()
                .flatMap(file -> aliases.expand(file).stream())
                .filter(file -> !file.isEmpty())
                .map(managed::of)
                .distinct()
                .toList();
        // An alias may stand for nothing.
        return files.isEmpty() ? CommitRule.onTermination() : new CommitRule.OnFile(files);
    }

    /** Manual before hashing before create, and manual ones in the order of their nodes. */
    private static int byPolicy(HomeNodes.Home one, HomeNodes.Home other) {
        Comparator<HomeNodes.Home> order = Comparator.comparingInt(home -> switch (home) {
            case HomeNodes.Home.Named _ -> 0;
            case HomeNodes.Home.Hashed _ -> 1;
            case HomeNodes.Home.Creator _ -> 2;
        });
        return order.thenComparing(HomeNodes.Home::toString).compare(one, other);
    }

    /** The mentions that match a path, in the order of their texts. */
    private List<Mention> matching(String path) {
        List<Mention> found = new ArrayList<>(4);
        relative.forEachMatch(path, found::add);
        if (hasAbsolute) {
            absolute.forEachMatch(managed.absolute(path), found::add);
        }
        Mention exact = mentions.get(path);
        if (exact != null && !found.contains(exact)) {
            found.add(exact);
        }
        found.sort(Comparator.comparing(Mention::text));
        return found;
    }

    /** The patterns that match a name that the flow mentions. */
    List<Mention> others(Mention name) {
        return matching(name.text()).stream().filter(other -> other != name).toList();
    }

    /** Can one path be meant by both patterns? */
    boolean meet(Mention one, Mention other) {
        boolean comparable = one.text().startsWith("/") == other.text().startsWith("/");
        return comparable
                ? Globs.meet(one.asGlob(), other.asGlob())
                : Globs.meet(Glob.of(absolute(one)), Glob.of(absolute(other)));
    }

    /** Is one meant by all paths by which the other is? False also where that is hard to tell. */
    boolean covers(Mention wide, Mention narrow) {
        return wide.text().startsWith("/") == narrow.text().startsWith("/")
                && Globs.covers(wide.asGlob(), narrow.asGlob());
    }

    private String absolute(Mention mention) {
        return mention.text().startsWith("/") ? mention.text() : Globs.quoted(managed.absolute("")) + mention.text();
    }

    private String inside(String asked) {
        String path = managed.of(asked);
        if (managed.isOutside(path)) {
            throw new IllegalArgumentException(
                    "the path is outside the managed directory: " + asked + "; ask about a path inside it");
        }
        return path;
    }

    /** {@return the steps of the flow, in its order} */
    public List<String> steps() {
        return steps;
    }

    /** {@return the paths and patterns that steps produce or consume, in the order of the flow} */
    public List<String> paths() {
        return mentions.values().stream()
                .filter(Mention::isUsed)
                .map(Mention::text)
                .filter(text -> !managed.isOutside(text))
                .toList();
    }

    /**
     * Makes sure that there is a step.
     *
     * @param name its name
     * @throws IllegalArgumentException when there is none of that name; says which name is like it
     */
    public void requireStep(String name) {
        if (!steps.contains(name)) {
            String otherwise = steps.isEmpty() ? "the flow has no steps" : "steps are " + String.join(", ", steps);
            throw new IllegalArgumentException(
                    "there is no step \"" + name + "\"; " + Similar.advice(name, steps, otherwise));
        }
    }

    /**
     * Does a pattern match a path?
     *
     * @param pattern the pattern, or a path, which matches itself
     * @param path the path, seen from the same directory
     * @return true when it does
     */
    public static boolean matches(String pattern, String path) {
        return Glob.of(pattern).matches(path);
    }

    /**
     * Does a path stand for many?
     *
     * @param path the path, perhaps with wildcards
     * @return true when it does
     */
    public static boolean isPattern(String path) {
        return Glob.isPattern(path);
    }

    /** The step in whose description a place is. */
    String stepAt(At at) {
        return stepNames.get(at.index());
    }

    Map<String, Mention> mentions() {
        return mentions;
    }

    ManagedPath managed() {
        return managed;
    }

    Aliases aliases() {
        return aliases;
    }
}
