package dev.sluice.language;

import dev.sluice.language.Mention.Said;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds rules that have no effect, not the one that they seem to have, or more than one. One thread at a time. */
final class RuleChecks {
    private final Flow flow;
    private final Contracts contracts;
    /** The places of rules that were not understood. */
    private final Set<At> broken;

    private final Problems problems;
    /** Texts that have something in common with what a step produces. */
    private final Set<String> produced = new HashSet<>();

    private final List<String> outputs;
    private final Set<Mention> hidden = new HashSet<>();
    /** What says of a pattern that all it matches is excluded. */
    private final Map<Mention, Said<Boolean>> excluding = new HashMap<>();

    private boolean complete;

    RuleChecks(Flow flow, Contracts contracts, Set<At> broken, Problems problems) {
        this.flow = flow;
        this.contracts = contracts;
        this.broken = broken;
        this.problems = problems;
        outputs = contracts.mentions().values().stream()
                .filter(mention -> !mention.producers().isEmpty())
                .map(Mention::text)
                .toList();
    }

    /**
     * Finds them; all {@link #pair}s are known.
     *
     * @param isComplete have all patterns been compared with each other?
     */
    void run(boolean isComplete) {
        complete = isComplete;
        if (!isComplete) {
            problems.warning(
                    "too-many-patterns",
                    At.ROOT,
                    "there are so many patterns that not all of them were compared with each other",
                    "use fewer patterns, or patterns that begin differently");
        }
        for (Mention mention : contracts.mentions().values()) {
            if (!contracts.managed().isOutside(mention.text())) {
                alone(mention);
            }
        }
    }

    private void alone(Mention mention) {
        conflicts(mention);
        clash(mention, Mention::places, "storage", "are kept both in memory and in the file system");
        clash(mention, Mention::homes, "home_node_policies", "have two homes");
        for (Said<Rule> said : mention.rules()) {
            if (hidden.contains(mention)) {
                break;
            }
            unmatched(mention, said);
            kind(mention, said);
            stranger(mention, said);
        }
        Said<Boolean> excluded = mention.rules().isEmpty() ? null : excluding(mention);
        if (excluded != null) {
            String entry = flow.excluded().get(excluded.at().index());
            boolean isNamed = contracts.managed().of(entry).equals(mention.text());
            problems.warning(
                    "rule-of-excluded",
                    mention.rules().getFirst().at(),
                    mention.text() + " is excluded" + (isNamed ? "" : " by \"" + entry + "\"")
                            + ", so this rule has no effect",
                    "remove the rule, or take " + (isNamed ? "it" : "\"" + entry + "\"") + " out of \"exclude\"");
        }
    }

    /** What says that a path, or all that a pattern matches, is excluded; null when nothing does. */
    private @Nullable Said<Boolean> excluding(Mention mention) {
        Said<Boolean> wider = excluding.get(mention);
        if (wider != null || !mention.isPattern()) {
            return wider != null ? wider : first(contracts.file(mention.text()).excludedSaid());
        }
        String directory = ManagedPath.parent(Glob.literalStart(mention.text()) + ".");
        return first(
                mention.excluded().isEmpty() && !contracts.managed().isOutside(directory)
                        ? contracts.directory(directory).excludedSaid()
                        : mention.excluded());
    }

    private static @Nullable Said<Boolean> first(List<Said<Boolean>> said) {
        return said.isEmpty() ? null : said.getFirst();
    }

    /** Different rules for the same text. */
    private void conflicts(Mention mention) {
        List<Said<Rule>> rules = mention.rules().stream()
                .filter(said -> !broken.contains(said.at().owner()))
                .toList();
        for (int i = 1; i < rules.size(); i++) {
            Rule one = rules.getFirst().what();
            Rule other = rules.get(i).what();
            boolean sameEffect = one.commit().equals(other.commit()) && one.fire() == other.fire();
            // The same rule names it twice: that is told of the path.
            boolean isTwice =
                    rules.getFirst().at().owner().equals(rules.get(i).at().owner());
            if (one.kind() == other.kind() && !isTwice) {
                Rule taken = Mention.CAUTION.compare(one, other) <= 0 ? one : other;
                problems.warning(
                        sameEffect ? "rule-twice" : "rule-conflict",
                        rules.get(i).at(),
                        sameEffect
                                ? "there are two equal rules for " + mention.text()
                                : "there are two rules for " + mention.text() + "; the more cautious one is taken: "
                                        + taken.commit() + ", " + taken.fire(),
                        "remove one of them");
            }
        }
    }

    private <T> void clash(Mention mention, Function<Mention, List<Said<T>>> part, String section, String what) {
        List<Said<T>> said = part.apply(mention);
        if (said.stream().map(Said::what).distinct().count() > 1) {
            problems.warning(
                    "listed-twice",
                    said.get(1).at(),
                    "files " + what + ": " + mention.text() + " is in two lists of \"" + section + "\"",
                    "remove it from one of them");
        }
    }

    /** A rule for something that no step produces. */
    private void unmatched(Mention mention, Said<Rule> said) {
        boolean matched = (mention.isPattern() && !complete)
                || !mention.producers().isEmpty()
                || produced.contains(mention.text())
                || !contracts.file(mention.text()).producers().isEmpty();
        if (!matched) {
            problems.warning(
                    "rule-without-files",
                    said.at(),
                    "no step produces anything that this rule is for: " + mention.text(),
                    Similar.advice(
                            mention.text(), outputs, "name it in the \"output_stream\" of the step that writes it"));
        }
    }

    private void kind(Mention mention, Said<Rule> said) {
        Rule rule = said.what();
        if (rule.kind() == Rule.Kind.DIRECTORY && rule.commit() instanceof CommitRule.OnClose) {
            problems.warning(
                    "directory-on-close",
                    said.at(),
                    "nobody closes a directory after writing, so " + mention.text() + " commits on_termination",
                    "write on_n_files or on_termination; for the files in it: \"name\": [\"" + mention.text()
                            + "/*\"]");
        }
    }

    /** A step that says when another one's files are complete. */
    private void stranger(Mention mention, Said<Rule> said) {
        Contract contract = contracts.file(mention.text());
        String step = contracts.stepAt(said.at());
        if (!mention.isPattern() && !contract.producers().isEmpty() && !contract.isProducer(step)) {
            problems.warning(
                    "rule-of-stranger",
                    said.at(),
                    "step " + step + " gives a rule for " + mention.text() + ", which step "
                            + String.join(" and ", contract.producers()) + " produces",
                    "move the rule to the step that writes the file");
        }
    }

    /** Takes two mentions that have paths in common. */
    void pair(Mention one, Mention other) {
        if (!other.producers().isEmpty()) {
            produced.add(one.text());
        }
        if (!one.producers().isEmpty()) {
            produced.add(other.text());
        }
        exclude(one, other);
        exclude(other, one);
        if (one.isPattern()
                && other.isPattern()
                && !one.rules().isEmpty()
                && !other.rules().isEmpty()) {
            Mention first = Glob.PRECEDENCE.compare(one.asGlob(), other.asGlob()) < 0 ? one : other;
            overlap(first, first == one ? other : one);
        }
    }

    private void exclude(Mention wide, Mention narrow) {
        if (!wide.excluded().isEmpty()
                && wide.isPattern()
                && narrow.isPattern()
                && !narrow.rules().isEmpty()
                && contracts.covers(wide, narrow)) {
            excluding.putIfAbsent(narrow, wide.excluded().getFirst());
        }
    }

    private void overlap(Mention first, Mention second) {
        for (Rule.Kind kind : Rule.Kind.values()) {
            Said<Rule> taken = ofKind(first, kind);
            Said<Rule> left = ofKind(second, kind);
            if (taken == null || left == null) {
                continue;
            }
            boolean sameEffect = taken.what().commit().equals(left.what().commit())
                    && taken.what().fire() == left.what().fire();
            if (contracts.covers(first, second)) {
                hidden.add(second);
                problems.warning(
                        "hidden-rule",
                        left.at(),
                        "this rule never applies: " + first.text() + " matches all that " + second.text()
                                + " does, and comes first because it is longer",
                        "remove it, or make its pattern the longer one");
            } else if (!sameEffect) {
                problems.warning(
                        "overlap",
                        left.at(),
                        "some paths match both " + second.text() + " and " + first.text()
                                + "; for them the latter's rule is taken ("
                                + taken.what().commit() + ", " + taken.what().fire() + ")",
                        "write patterns that have no path in common, or name those files");
            }
        }
    }

    private @Nullable Said<Rule> ofKind(Mention mention, Rule.Kind kind) {
        return mention.rules().stream()
                .filter(said ->
                        said.what().kind() == kind && !broken.contains(said.at().owner()))
                .min(Comparator.comparing(Said::what, Mention.CAUTION))
                .orElse(null);
    }
}
