package dev.sluice.language;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The steps of a flow that is being built. What it does takes no longer when there are many. One thread at a time. */
final class Steps {
    private final List<Draft> drafts = new ArrayList<>();
    /** The first of each name. */
    private final Map<String, Draft> byName = new HashMap<>();
    /** Which steps have, or had, a rule for a text. */
    private final Map<String, Set<Draft>> ruled = new HashMap<>();

    /** A step that is being built. */
    private static final class Draft {
        private final String name;
        private Collection<String> inputs;
        private Collection<String> outputs;
        private List<Rule> rules = new ArrayList<>();

        Draft(Step step) {
            name = step.name();
            inputs = step.inputs();
            outputs = step.outputs();
        }

        void join(Step step) {
            inputs = joined(inputs, step.inputs());
            outputs = joined(outputs, step.outputs());
        }

        private static Collection<String> joined(Collection<String> some, List<String> others) {
            Set<String> all = some instanceof LinkedHashSet<String> set ? set : new LinkedHashSet<>(some);
            all.addAll(others);
            return all;
        }

        void forgetRules(String path) {
            List<Rule> left = new ArrayList<>();
            for (Rule rule : rules) {
                List<String> paths =
                        rule.paths().stream().filter(one -> !one.equals(path)).toList();
                if (!paths.isEmpty()) {
                    left.add(new Rule(rule.kind(), paths, rule.commit(), rule.fire()));
                }
            }
            rules = left;
        }

        Step toStep() {
            return new Step(name, List.copyOf(inputs), List.copyOf(outputs), rules);
        }
    }

    /** Adds a step as it is, also if there is one of that name. */
    void append(Step step) {
        Draft draft = new Draft(step);
        drafts.add(draft);
        byName.putIfAbsent(step.name(), draft);
        addRules(draft, step);
    }

    /** Adds a step, or what is said of it to the one of that name. */
    void add(Step step) {
        Draft known = byName.get(step.name());
        if (known == null) {
            append(step);
        } else {
            known.join(step);
            addRules(known, step);
        }
    }

    private void addRules(Draft draft, Step step) {
        for (Rule rule : step.rules()) {
            draft.rules.add(rule);
            rule.paths()
                    .forEach(path -> ruled.computeIfAbsent(path, _ -> new LinkedHashSet<>())
                            .add(draft));
        }
    }

    /** Takes back what was said of commit and fire of a path, under this very name. */
    void forgetRules(String path) {
        Set<Draft> having = ruled.remove(path);
        if (having != null) {
            having.forEach(draft -> draft.forgetRules(path));
        }
    }

    /** {@return the steps, in the order in which they came} */
    List<Step> toList() {
        return drafts.stream().map(Draft::toStep).toList();
    }
}
