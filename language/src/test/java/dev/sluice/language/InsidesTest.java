package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** For whom a step waits when it lists a directory. */
class InsidesTest {
    /** A line of steps, which all write into the same directory. */
    private final Flow line = Flow.builder("line")
            .step("a", List.of("raw"), List.of("out/a.txt"))
            .step("b", List.of("out/a.txt"), List.of("out/b.txt"))
            .step("c", List.of("out/*.txt"), List.of("sum"))
            .step("d", List.of("sum"), List.of("out/d.csv"))
            .build();

    @Test
    void aStepWaitsForThoseWhoseFilesItReads() {
        // @start region="list"
        Contract directory = Contracts.of(line).directory("out");
        assertThat(directory.producers()).isEmpty(); // nobody says that he makes it
        assertThat(directory.producersInside("b")).containsExactly("a"); // b reads a's file there, not d's
        assertThat(directory.producersInside("c")).containsExactly("a", "b");
        assertThat(directory.producersInside("a")).isEmpty();
        // @end
        assertThat(directory.producersInside("d")).isEmpty();
        assertThat(directory.producersInside("nobody")).isEmpty();
    }

    /** Waiting for all who write there would stop the line. */
    @Test
    void listingTheManagedDirectoryIsNoDeadLock() {
        Contract all = Contracts.of(line).directory(".");

        assertThat(all.producersInside("b")).containsExactly("a");
        assertThat(all.producersInside("d")).containsExactly("c");
        assertThat(all.explain("b"))
                .containsExactly(
                        "Step b reads what a writes in the managed directory: opening it does not wait.",
                        "Listing it waits until step a has ended.",
                        "It does not wait for steps c and d, of whose files in it step b reads none.");
    }

    @Test
    void aPatternOfDirectoriesHasInItWhatTheDirectoriesHave() {
        Contracts contracts = Contracts.of(Flow.builder("w")
                .step("a", List.of(), List.of("lane-1/x.bam"))
                .step("b", List.of("lane-*/"), List.of())
                .build());

        assertThat(contracts.path("lane-*").isThereBefore()).isFalse();
        assertThat(contracts.path("lane-*").producersInside("b")).containsExactly("a");
        assertThat(contracts.path("lane-1").producersInside("b")).containsExactly("a");
        assertThat(contracts.directory("[").producersInside("b")).isEmpty();
    }

    @Test
    void whoReadsTheDirectoryReadsAllInIt() {
        Flow flow = Flow.builder("w")
                .step("a", List.of(), List.of("out/1", "out/sub/2"))
                .step("b", List.of(), List.of("out"))
                .step("c", List.of("out/"), List.of("out/c"))
                .build();
        Contracts contracts = Contracts.of(flow);

        assertThat(contracts.directory("out").producersInside("c")).containsExactly("a");
        assertThat(contracts.directory("out/sub").producersInside("c")).containsExactly("a");
        assertThat(contracts.directory("out/sub").explain("c"))
                .containsExactly(
                        "Step c consumes out/sub: opening it waits until b has made it.",
                        "Listing it waits until steps b and a have ended.");
    }

    @Test
    void patternsCountWhereTheyMeet() {
        Flow flow = Flow.builder("w")
                .step("a", List.of(), List.of("out/a-*", "out/sub/*.csv", "x*"))
                .step("b", List.of(), List.of("out/b-*"))
                .step("c", List.of("out/*.txt"), List.of())
                .step("d", List.of("out/b-1", "out/sub"), List.of())
                .build();
        Contract out = Contracts.of(flow).directory("out");

        assertThat(out.producersInside("c")).containsExactly("a", "b");
        assertThat(out.producersInside("d")).containsExactly("a", "b");
        assertThat(Contracts.of(flow).directory("elsewhere").producersInside("c"))
                .isEmpty();
    }

    @Test
    void nobodyWaitsForWhatIsExcluded() {
        Flow flow = Flow.builder("w")
                .step("a", List.of(), List.of("out/1.tmp"))
                .step("b", List.of("out/1.tmp"), List.of())
                .exclude("*.tmp")
                .build();

        assertThat(Contracts.of(flow).directory("out").producersInside("b")).isEmpty();
    }

    @Test
    void ofAFileThereAreNone() {
        assertThat(Contracts.of(line).file("out/a.txt").producersInside("b")).isEmpty();
    }

    @Test
    @Timeout(20)
    void aLargeDirectoryIsLookedThroughOnce() {
        List<String> files =
                IntStream.range(0, 50_000).mapToObj(i -> "out/" + i).toList();
        Contract out = Contracts.of(Flow.builder("w")
                        .step("a", List.of(), files)
                        .step("b", files, List.of())
                        .build())
                .directory("out");

        for (int i = 0; i < 1_000_000; i++) {
            assertThat(out.producersInside("b")).hasSize(1);
        }
    }
}
