package dev.sluice.cli;

import dev.sluice.language.Contracts;
import dev.sluice.language.Flow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** How often each step of a flow will run. One thread at a time. */
final class Runs {
    @Option(
            names = "--runs",
            paramLabel = "NAME=N",
            description = "How often a step will run, at once or one after the other; 0: not at all. Not said: once.")
    private List<String> said = new ArrayList<>();

    /** The runs of all steps; refuses what makes no sense. */
    Map<String, Integer> of(Flow flow) {
        Contracts contracts = Contracts.of(flow);
        Map<String, Integer> runs = new LinkedHashMap<>();
        flow.steps().forEach(step -> runs.put(step.name(), 1));
        for (String text : said) {
            int sign = text.lastIndexOf('=');
            String step = sign <= 0 ? "" : text.substring(0, sign);
            String count = text.substring(sign + 1);
            if (step.isEmpty() || !count.matches("\\d{1,9}")) {
                throw Refusal.misused("--runs needs NAME=N, such as --runs sort=8, and is: " + text);
            }
            try {
                contracts.requireStep(step);
            } catch (IllegalArgumentException e) {
                throw Refusal.misused(Failure.sentence(e));
            }
            runs.put(step, Integer.parseInt(count));
        }
        return runs;
    }

    /** {@return the options again, for another process} */
    List<String> words() {
        return said.stream().flatMap(text -> List.of("--runs", text).stream()).toList();
    }
}
