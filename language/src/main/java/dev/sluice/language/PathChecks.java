package dev.sluice.language;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what is wrong with paths and aliases as they are written. One thread at a time. */
final class PathChecks {
    private final Flow flow;
    private final Contracts contracts;
    private final Problems problems;
    private final Set<String> used = new HashSet<>();
    /** How many sections mention a text. */
    private final Map<String, Integer> mentioned = new HashMap<>();

    /** The directories of all that steps mention. */
    private final Set<String> directories = new HashSet<>();

    private record Entry(String text, At at, boolean isGraph) {}

    private final List<Entry> entries = new ArrayList<>();

    PathChecks(Flow flow, Contracts contracts, Problems problems) {
        this.flow = flow;
        this.contracts = contracts;
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
            add(step.inputs(), at.key("input_stream"), true);
            add(step.outputs(), at.key("output_stream"), true);
            for (int j = 0; j < step.rules().size(); j++) {
                Rule rule = step.rules().get(j);
                At here = at.key("streaming").item(j);
                add(rule.paths(), here.key(rule.kind() == Rule.Kind.FILE ? "name" : "dirname"), true);
                if (rule.commit() instanceof CommitRule.OnFile onFile) {
                    add(onFile.files(), here.key("file_deps"), true);
                }
            }
        }
        add(flow.permanent(), At.ROOT.key("permanent"), false);
        add(flow.excluded(), At.ROOT.key("exclude"), false);
        add(flow.storage().memory(), At.ROOT.key("storage").key("memory"), false);
        add(flow.storage().disk(), At.ROOT.key("storage").key("fs"), false);
        At homes = At.ROOT.key("home_node_policies");
        add(flow.homeNodes().create(), homes.key("create"), false);
        add(flow.homeNodes().hashing(), homes.key("hashing"), false);
        for (int i = 0; i < flow.homeNodes().manual().size(); i++) {
            add(
                    flow.homeNodes().manual().get(i).paths(),
                    homes.key("manual").item(i).key("name"),
                    false);
        }
        for (int i = 0; i < flow.aliases().size(); i++) {
            At at = At.ROOT.key("aliases").item(i).key("files");
            add(flow.aliases().get(i).paths(), at, false);
        }
    }

    private void add(List<String> texts, At at, boolean isGraph) {
        for (int i = 0; i < texts.size(); i++) {
            entries.add(new Entry(texts.get(i), at.item(i), isGraph));
            used.add(texts.get(i));
            mentioned.merge(texts.get(i), 1, Integer::sum);
            if (isGraph) {
                ManagedPath.addDirectories(contracts.managed().of(texts.get(i)), directories);
            }
        }
    }

    private void check(Entry entry) {
        String text = entry.text;
        if (text.isEmpty()) {
            problems.warning("empty-path", entry.at, "a path is empty and counts for nothing", "remove it");
        } else if (text.indexOf('\0') >= 0) {
            problems.error("path", entry.at, "no path has a zero byte (\\u0000) in it", "remove it");
        } else if (contracts.aliases().names().contains(text)) {
            return;
        } else if (contracts.managed().isOutside(contracts.managed().of(text))) {
            problems.error(
                    "outside",
                    entry.at,
                    "the path is outside the managed directory: " + text,
                    "write it as seen from the managed directory, or start Sluice in a directory that it is in");
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
            } else if (!entry.isGraph && !isMatched(text)) {
                problems.warning(
                        "unknown-alias",
                        entry.at,
                        "no step mentions \"" + text + "\", and no alias has that name",
                        "define the alias, or write the path as the steps do");
            }
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
            problems.warning(
                    "unused-alias",
                    at,
                    "nobody uses the alias \"" + alias.name() + "\"",
                    Similar.advice(alias.name(), used, "use it or remove it"));
        } else if (alias.paths().isEmpty()) {
            problems.warning(
                    "empty-alias", at, "the alias \"" + alias.name() + "\" stands for no file", "name its files");
        }
    }
}
