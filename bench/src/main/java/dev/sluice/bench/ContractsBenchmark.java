package dev.sluice.bench;

import dev.sluice.language.CommitRule;
import dev.sluice.language.Contract;
import dev.sluice.language.Contracts;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to ask about a path in a flow of a hundred thousand rules. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ContractsBenchmark {
    private static final int RULES = 100_000;
    private static final int ASKED = 1024;

    /** What the rules are for: the ends of names, the middles, whole names, or a third of each. */
    @Param({"end", "middle", "name", "mixed"})
    String shape;

    private final String[] paths = new String[ASKED];
    private Flow flow;
    private Contracts contracts;
    private int next;

    /** Makes the flow. */
    @Setup
    public void makeFlow() {
        Rule[] rules = new Rule[RULES];
        for (int i = 0; i < RULES; i++) {
            rules[i] = Rule.files(pattern(i)).commits(CommitRule.onClose());
        }
        flow = Flow.builder("w").step("s", List.of(), List.of("*"), rules).build();
        contracts = Contracts.of(flow);
        for (int i = 0; i < ASKED; i++) {
            paths[i] = pattern(i * 97).replace("*", "part");
        }
    }

    private String pattern(int i) {
        int kind = switch (shape) {
            case "end" -> 0;
            case "middle" -> 1;
            case "name" -> 2;
            default -> i % 3;
        };
        return switch (kind) {
            case 0 -> "*_" + i + ".dat";
            case 1 -> "dir" + i % 100 + "/*/x-" + i + "-*.bin";
            default -> "results/of/step/" + i + ".txt";
        };
    }

    /** Asks about a path that a rule is for. */
    @Benchmark
    public Contract ask() {
        return contracts.file(paths[next++ & (ASKED - 1)]);
    }

    /** Asks about a path that no rule is for. */
    @Benchmark
    public Contract askInVain() {
        return contracts.file("results/of/nobody/x.png");
    }

    /** Makes the contracts of the flow. */
    @Benchmark
    public Contracts make() {
        return Contracts.of(flow);
    }
}
