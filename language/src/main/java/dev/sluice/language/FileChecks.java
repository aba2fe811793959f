package dev.sluice.language;

import dev.sluice.language.Mention.Said;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Finds files that nobody produces, or too many do, and commits that wait for each other. One thread at a time. */
final class FileChecks {
    private final Contracts contracts;
    private final Graph graph;
    private final Predicate<String> there;
    private final Problems problems;
    /** What steps produce, by its text. */
    private final Map<String, Mention> outputs;

    /** Which files a file waits for, of those that were asked about. */
    private final Map<String, List<String>> waits = new HashMap<>();
    /** Files from which all circles are known. */
    private final Set<String> walked = new HashSet<>();

    FileChecks(Contracts contracts, Graph graph, Predicate<String> there, Problems problems) {
        this.contracts = contracts;
        this.graph = graph;
        this.there = there;
        this.problems = problems;
        outputs = new LinkedHashMap<>(contracts.mentions());
        outputs.values().removeIf(mention -> mention.producers().isEmpty());
    }

    void run() {
        inputs();
        own();
        outputs();
        dependencies();
    }

    /** What is consumed must come from somewhere. */
    private void inputs() {
        Set<String> produced = new HashSet<>();
        graph.parts().forEach(part -> produced.add(part.consumed()));
        for (Graph.Node file : graph.files()) {
            Contract contract = file.contract();
            if (!contract.consumers().isEmpty()
                    && contract.producers().isEmpty()
                    && !contract.isExcluded()
                    && !produced.contains(file.text())
                    && !PathChecks.isForShell(file.text()) // that is told already
                    && !there.test(file.text())) {
                Mention mention = mention(file.text());
                if (mention.consumers().isEmpty() || (file.isPattern() && !graph.isComplete())) {
                    continue;
                }
                String otherwise = file.isPattern()
                        ? "it will match only what is there before the run"
                        : "it must be there before the run, or the step finds no such file";
                problems.warning(
                        "never-produced",
                        mention.consumers().getFirst().at(),
                        "no step produces " + file.text() + ", which step "
                                + contract.consumers().getFirst() + " reads",
                        Similar.advice(file.text(), meant(file), otherwise));
            }
        }
    }

    /** What may be meant by what no step produces: nothing that its readers make themselves, and no x.txt.idx for x.txt. */
    private List<String> meant(Graph.Node file) {
        return outputs.values().stream()
                .filter(mention -> mention.producers().stream()
                        .anyMatch(said -> !file.contract().isConsumer(said.what())))
                .map(Mention::text)
                .filter(text -> !text.startsWith(file.text() + "."))
                .toList();
    }

    /** Is it there before the run? Of a pattern, at least the directory in which it looks. */
    private Mention mention(String text) {
        Mention mention = contracts.mentions().get(text);
        return mention == null ? new Mention(text, null) : mention;
    }

    /** What a step both reads and writes. */
    private void own() {
        for (Mention mention : contracts.mentions().values()) {
            for (Said<String> reader : mention.consumers()) {
                boolean isOwn = mention.producers().stream()
                        .anyMatch(writer -> writer.what().equals(reader.what()));
                if (isOwn) {
                    problems.warning(
                            "own-file",
                            reader.at(),
                            "step " + reader.what() + " reads " + mention.text()
                                    + ", which it writes itself, so it never waits for it",
                            "take it out of \"input_stream\", unless the step changes what is there before the run");
                }
            }
        }
    }

    /** What several steps produce needs a rule that says when it is complete. */
    private void outputs() {
        for (Graph.Node file : graph.files()) {
            Mention mention = mention(file.text());
            Contract contract = file.contract();
            List<String> own =
                    mention.producers().stream().map(Said::what).distinct().toList();
            if (contract.isExcluded()
                    || contract.rule() != null
                    || mention.producers().isEmpty()) {
                continue;
            }
            boolean shared = own.size() > 1 && !file.isPattern() && contract.kind() == Rule.Kind.FILE;
            // Without a dot it may well be a directory, in which each step has its own files.
            if (shared
                    && file.text().substring(file.text().lastIndexOf('/') + 1).indexOf('.') > 0) {
                problems.error(
                        "two-producers",
                        mention.producers().get(1).at(),
                        "steps " + String.join(" and ", own) + " both produce " + file.text()
                                + ", and no rule says when it is complete",
                        "write a rule for it in \"streaming\", such as on_close:" + own.size()
                                + ", or let only one of them produce it");
            } else if (shared) {
                problems.warning(
                        "two-producers",
                        mention.producers().get(1).at(),
                        "steps " + String.join(" and ", own) + " both produce " + file.text(),
                        "if it is a directory, give it a rule with \"dirname\"; if it is a file, one with \"name\"");
            } else if (contract.producers().size() > 1 && contract.kind() == Rule.Kind.FILE) {
                problems.warning(
                        "two-producers",
                        mention.producers().getFirst().at(),
                        "steps " + String.join(" and ", contract.producers()) + " may produce the same file: "
                                + file.text(),
                        "write patterns that have no file in common, or a rule that says when it is complete");
            }
        }
    }

    /** Files that commit with others. */
    private void dependencies() {
        Set<String> told = new HashSet<>();
        for (Mention mention : contracts.mentions().values()) {
            for (Said<Rule> said : mention.rules()) {
                if (said.what().commit() instanceof CommitRule.OnFile && !outside(mention.text())) {
                    unproduced(mention, said.at());
                    circles(mention, said.at(), told);
                }
            }
        }
    }

    private boolean outside(String path) {
        return contracts.managed().isOutside(path);
    }

    private List<String> waitsFor(String path) {
        return waits.computeIfAbsent(
                path,
                _ -> !outside(path) && contracts.file(path).commit() instanceof CommitRule.OnFile onFile
                        ? onFile.files()
                        : List.of());
    }

    private void unproduced(Mention mention, At at) {
        for (String file : waitsFor(mention.text())) {
            boolean produced = outside(file)
                    || !contracts.file(file).producers().isEmpty()
                    || (Glob.isPattern(file) && anyProduced(Glob.of(file)));
            if (!produced && !there.test(file)) {
                problems.error(
                        "dependency-never-produced",
                        at,
                        mention.text() + " commits with " + file + ", which no step produces, so it never does",
                        Similar.advice(file, outputs.keySet(), "name a file that a step produces"));
            }
        }
    }

    private boolean anyProduced(Glob pattern) {
        return outputs.values().stream().anyMatch(mention -> Globs.meet(pattern, mention.asGlob()));
    }

    private void circles(Mention mention, At at, Set<String> told) {
        for (String file : Circles.closing(mention.text(), this::waitsFor, walked)) {
            List<String> circle = Circles.shortest(file, this::waitsFor, other -> other);
            if (told.add(circle.stream().sorted().toList().toString())) {
                problems.error(
                        "dependency-circle",
                        at,
                        "files wait for each other's commit: " + circle.getLast() + " -> "
                                + String.join(" -> ", circle),
                        "let one of them commit in another way; of two rules for a file, its own name comes before a"
                                + " pattern");
            }
        }
    }
}
