package dev.sluice.language;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Finds what is wrong with paths and aliases as they are written. One thread at a time. */
final class PathChecks {
    private final Flow flow;
    private final Contracts contracts;
    private final Predicate<String> there;
    private final Problems problems;
    private boolean isOwnNameTold;
    private final Set<String> used = new HashSet<>();
    /** How many sections mention a text. */
    private final Map<String, Integer> mentioned = new HashMap<>();

    /** The directories of all that steps mention. */
    private final Set<String> directories = new HashSet<>();

    /** Where a path stands. */
    private enum Section {
        /** What a step reads or writes. */
        STREAM,
        /** Rules, and what they wait for. */
        RULE,
        EXCLUDE,
        /** What an alias stands for. */
        ALIAS,
        OTHER;

        boolean isGraph() {
            return this == STREAM || this == RULE;
        }
    }

    private record Entry(String text, At at, Section section) {}

    /** What a shell would put something else in the place of. */
    private static final Pattern SHELL = Pattern.compile("^~[A-Za-z0-9_-]*(/|$)|\\$[A-Za-z_{(]|`|\\{[^{}/]*,[^{}/]*}");

    private final List<Entry> entries = new ArrayList<>();

    PathChecks(Flow flow, Contracts contracts, Predicate<String> there, Problems problems) {
        this.flow = flow;
        this.contracts = contracts;
        this.there = there;
        this.problems = problems;
    }

    void run() {
        collect();
        for (Entry entry : entries) {
            check(entry);
        }
        At at = At.ROOT.key("aliases");
        for (int i = 0; i < flow.aliases().size(); i++) {
            alias(flow.aliases().get(i), at.item(i));
        }
    }

    private void collect() {
        At graph = At.ROOT.key("IO_Graph");
        for (int i = 0; i < flow.steps().size(); i++) {
            Step step = flow.steps().get(i);
            At at = graph.item(i);
            add(step.inputs(), at.key("input_stream"), Section.STREAM);
            add(step.outputs(), at.key("output_stream"), Section.STREAM);
            for (int j = 0; j < step.rules().size(); j++) {
                Rule rule = step.rules().get(j);
                At here = at.key("streaming").item(j);
                add(rule.paths(), here.key(rule.kind() == Rule.Kind.FILE ? "name" : "dirname"), Section.RULE);
                if (rule.commit() instanceof CommitRule.OnFile onFile) {
                    add(onFile.files(), here.key("file_deps"), Section.RULE);
                }
            }
        }
        add(flow.permanent(), At.ROOT.key("permanent"), Section.OTHER);
        add(flow.excluded(), At.ROOT.key("exclude"), Section.EXCLUDE);
        add(flow.storage().memory(), At.ROOT.key("storage").key("memory"), Section.OTHER);
        add(flow.storage().disk(), At.ROOT.key("storage").key("fs"), Section.OTHER);
        At homes = At.ROOT.key("home_node_policies");
        add(flow.homeNodes().create(), homes.key("create"), Section.OTHER);
        add(flow.homeNodes().hashing(), homes.key("hashing"), Section.OTHER);
        for (int i = 0; i < flow.homeNodes().manual().size(); i++) {
            add(
                    flow.homeNodes().manual().get(i).paths(),
                    homes.key("manual").item(i).key("name"),
                    Section.OTHER);
        }
        for (int i = 0; i < flow.aliases().size(); i++) {
            At at = At.ROOT.key("aliases").item(i).key("files");
            add(flow.aliases().get(i).paths(), at, Section.ALIAS);
        }
    }

    private void add(List<String> texts, At at, Section section) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            entries.add(new Entry(text, at.item(i), section));
            used.add(text);
            mentioned.merge(text, 1, Integer::sum);
            String normal = contracts.managed().of(text);
            if (section.isGraph()) {
                ManagedPath.addDirectories(normal, directories);
            }
            if (!text.isEmpty() && !seen.add(normal)) {
                problems.warning("path-twice", at.item(i), text + " is in this list twice", "remove it here");
            }
        }
    }

    private void check(Entry entry) {
        String text = entry.text;
        String normal = contracts.managed().of(text);
        if (text.isEmpty()) {
            problems.warning("empty-path", entry.at, "a path is empty and counts for nothing", "remove it");
        } else if (text.indexOf('\0') >= 0) {
            problems.error("path", entry.at, "no path has a zero byte (\\u0000) in it", "remove it");
        } else if (contracts.aliases().names().contains(text)) {
            return;
        } else if (contracts.managed().isOutside(normal)) {
            problems.error(
                    "outside",
                    entry.at,
                    "the path is outside the managed directory: " + text,
                    "name one inside it, or choose a managed directory in which both are");
        } else if (normal.isEmpty() && (entry.section == Section.STREAM || entry.section == Section.EXCLUDE)) {
            problems.warning(
                    "whole-directory",
                    entry.at,
                    text + " is the managed directory itself, with everything in it",
                    "name the files that are meant");
        } else if (repeatsOwnName(entry, normal)) {
            String rest = contracts.managed().behindOwnName(normal);
            isOwnNameTold = true;
            problems.warning(
                    "own-name",
                    entry.at,
                    text
                            + " begins with the name of the managed directory, from which paths are seen, and in there"
                            + " is no "
                            + normal.substring(0, normal.length() - rest.length()),
                    "write " + rest + ", and so with the others that begin like this");
        } else if (isForShell(text)) {
            problems.warning(
                    "not-expanded",
                    entry.at,
                    "nobody puts anything in the place of ~, $NAME or {a,b}: " + text + " is a path as it stands here",
                    "write out the path that you mean");
        } else if (text.startsWith("**/") || text.contains("/**/")) {
            problems.warning(
                    "double-star",
                    entry.at,
                    "** is the same as *, so \"" + text + "\" needs every slash that is written in it",
                    "write * for \"at any depth\": it crosses slashes");
        } else {
            misspeltAlias(entry);
        }
    }

    /** Is it written as steps name it that start beside the managed directory? One of these tells of all. */
    private boolean repeatsOwnName(Entry entry, String normal) {
        String rest = contracts.managed().behindOwnName(normal);
        return entry.section.isGraph()
                && !isOwnNameTold
                && !rest.isEmpty()
                && !there.test(normal.substring(0, normal.length() - rest.length() - 1));
    }

    /** Does it look as if a shell should put something in the place of a part of it? */
    static boolean isForShell(String text) {
        return SHELL.matcher(text).find();
    }

    /** What is said of a name that no step mentions, and that is much like one that a step does. */
    private void misspelt(Entry entry) {
        String normal = contracts.managed().of(entry.text);
        Mention mention = contracts.mentions().get(normal);
        boolean isKnown = (mention != null && mention.isUsed()) || directories.contains(normal);
        if (entry.section != Section.OTHER || isKnown || Glob.isPattern(normal) || hasStep(normal)) {
            return;
        }
        String like = Similar.to(normal, contracts.paths());
        if (!like.isEmpty()) {
            problems.warning(
                    "unknown-path", entry.at, "no step mentions " + entry.text, "did you mean \"" + like + "\"?");
        }
    }

    private boolean hasStep(String path) {
        Contract contract = contracts.file(path);
        return !contract.producers().isEmpty() || !contract.consumers().isEmpty();
    }

    private boolean isMatched(String text) {
        Mention mention = contracts.mentions().get(contracts.managed().of(text));
        return mention != null && !contracts.others(mention).isEmpty();
    }

    /** A word without dot, slash and wildcard that nobody else mentions, and that looks like an alias. */
    private void misspeltAlias(Entry entry) {
        String text = entry.text;
        boolean plain = !Glob.isPattern(text) && text.indexOf('/') < 0 && text.indexOf('.') < 0;
        if (plain && mentioned.getOrDefault(text, 0) == 1 && !directories.contains(text)) {
            String alias = Similar.to(text, contracts.aliases().names());
            if (!alias.isEmpty()) {
                problems.warning(
                        "unknown-alias",
                        entry.at,
                        "there is no alias \"" + text + "\", so this is a file of that name",
                        "did you mean \"" + alias + "\"?");
            } else if (!entry.section.isGraph() && entry.section != Section.ALIAS && !isMatched(text)) {
                problems.warning(
                        "unknown-alias",
                        entry.at,
                        "no step mentions \"" + text + "\", and no alias has that name",
                        "define the alias, or write the path as the steps do");
            }
        } else {
            misspelt(entry);
        }
    }

    private void alias(Flow.Alias alias, At at) {
        if (contracts.aliases().isCircular(alias.name())) {
            problems.error(
                    "alias-circle",
                    at,
                    "the alias \"" + alias.name() + "\" stands for itself",
                    "remove it from its own files, also where it comes in by another alias");
        } else if (!used.contains(alias.name())) {
            String like = Similar.to(alias.name(), used);
            problems.warning(
                    "unused-alias",
                    at,
                    "nobody uses the alias \"" + alias.name() + "\"",
                    like.isEmpty()
                            ? "use it or remove it"
                            : "write \"" + alias.name() + "\" where \"" + like + "\" stands, if that was meant");
        } else if (alias.paths().isEmpty()) {
            problems.warning(
                    "empty-alias", at, "the alias \"" + alias.name() + "\" stands for no file", "name its files");
        }
    }
}
