package dev.sluice.language;

import java.util.List;

/**
 * One named program of a workflow.
 *
 * @param name its name; not blank
 * @param inputs what it reads: paths, patterns or aliases
 * @param outputs what it writes
 * @param rules when what it writes is complete, and when its readers may start
 */
public record Step(String name, List<String> inputs, List<String> outputs, List<Rule> rules) {
    /** Copies the lists, and refuses a blank name. */
    public Step {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        rules = List.copyOf(rules);
        if (name.isBlank()) {
            throw new IllegalArgumentException("a step needs a name, and it is blank");
        }
    }
}
