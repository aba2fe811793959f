package dev.sluice.language;

import java.util.function.Predicate;

/**
 * Finds what is wrong with a flow as a whole, beyond its grammar.
 *
 * <p>An error is what cannot work: a dead-lock, a path outside of the managed directory, two steps that write the same
 * file with no rule for it. A warning is what is likely a mistake.
 */
final class Checks {
    private Checks() {}

    /** Adds all problems of a flow. */
    static void run(Flow flow, Contracts contracts, Predicate<String> there, Problems problems) {
        Graph graph = Graph.of(contracts);
        new PathChecks(flow, contracts, problems).run();
        new StepChecks(flow, graph, problems).run();
        new FileChecks(contracts, graph, there, problems).run();
        new RuleChecks(contracts, problems).run();
    }
}
