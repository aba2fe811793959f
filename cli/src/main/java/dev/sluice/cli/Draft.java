package dev.sluice.cli;

import dev.sluice.language.CommitRule;
import dev.sluice.language.FireRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
import dev.sluice.language.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is known of a flow that is being made. One thread at a time. */
final class Draft {
    /** How a step writes a file. */
    enum Writing {
        /** It may change what it has written. */
        REWRITTEN,
        /** It opens the file, writes from front to back, and closes it. */
        ONCE,
        /** It appends, and perhaps opens the file many times. */
        APPENDED;

        Rule rule(String... paths) {
            Rule rule = Rule.files(paths);
            return switch (this) {
                case REWRITTEN -> rule.fires(FireRule.UPDATE);
                case ONCE -> rule.commits(CommitRule.onClose());
                case APPENDED -> rule;
            };
        }
    }

    private final String name;
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, Writing> writings = new LinkedHashMap<>();
    private final Set<String> permanent = new LinkedHashSet<>();

    Draft(String name) {
        this.name = name;
    }

    /**
     * Adds a step.
     *
     * @throws IllegalArgumentException when there is one of that name
     */
    void add(Step step) {
        if (has(step.name())) {
            throw new IllegalArgumentException("there are two steps \"" + step.name() + "\"; give one another name");
        }
        steps.add(step);
    }

    boolean has(String step) {
        return steps.stream().anyMatch(known -> known.name().equals(step));
    }

    /**
     * Says how a file is written.
     *
     * @throws IllegalArgumentException when no step writes it, or it was said otherwise
     */
    void write(String path, Writing writing) {
        if (!outputs().contains(path)) {
            throw new IllegalArgumentException(
                    "no step writes " + path + "; steps write " + String.join(", ", outputs()));
        }
        if (writings.putIfAbsent(path, writing) != null) {
            throw new IllegalArgumentException(path + " is said to be written in two ways; choose one");
        }
    }

    void keep(List<String> paths) {
        permanent.addAll(paths);
    }

    List<Step> steps() {
        return List.copyOf(steps);
    }

    private Set<String> outputs() {
        Set<String> outputs = new LinkedHashSet<>();
        steps.forEach(step -> outputs.addAll(step.outputs()));
        return outputs;
    }

    /** What steps write and no step reads, under that very name: likely the results. */
    List<String> results() {
        Set<String> results = outputs();
        steps.forEach(step -> step.inputs().forEach(results::remove));
        return List.copyOf(results);
    }

    Flow flow() {
        Flow.Builder builder = Flow.builder(name);
        Set<String> ruled = new LinkedHashSet<>();
        for (Step step : steps) {
            List<Rule> rules = new ArrayList<>();
            for (Writing writing : Writing.values()) {
                String[] paths = step.outputs().stream()
                        .filter(path -> writings.get(path) == writing && ruled.add(path))
                        .toArray(String[]::new);
                if (paths.length > 0) {
                    rules.add(writing.rule(paths));
                }
            }
            builder.step(new Step(step.name(), step.inputs(), step.outputs(), rules));
        }
        return builder.permanent(permanent.toArray(String[]::new)).build();
    }
}
