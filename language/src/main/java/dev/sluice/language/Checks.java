package dev.sluice.language;

import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds what is wrong with a flow as a whole, beyond its grammar.
 *
 * <p>An error is what cannot work: a dead-lock, a path outside of the managed directory, two steps that write the same
 * file with no rule for it. A warning is what is likely a mistake.
 */
final class Checks {
    private Checks() {}

    /**
     * Adds all problems of a flow.
     *
     * @param broken the places of rules that were not understood: what they seem to say was not meant
     */
    static void run(Flow flow, Contracts contracts, Set<At> broken, Predicate<String> there, Problems problems) {
        RuleChecks rules = new RuleChecks(flow, contracts, broken, problems);
        Graph graph = Graph.of(contracts, rules::pair);
        new PathChecks(flow, contracts, there, problems).run();
        new StepChecks(flow, graph, broken, problems).run();
        new FileChecks(contracts, graph, there, problems).run();
        rules.run(graph.isComplete());
    }
}
