package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplanationTest {
    private static Flow.Builder flow(Rule... rules) {
        return Flow.builder("w")
                .step("raw", List.of("in"), List.of("f", "d"), rules)
                .step("use", List.of("f", "d"), List.of());
    }

    private static List<String> says(Contract contract) {
        return contract.reasons().stream().map(Contract.Reason::says).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        on_termination | the file is complete when step raw has ended  | Closing it does not complete it: that is when step raw has ended. | step raw has ended
        on_close       | the file is complete when a writer closes it  | Closing it completes it: its readers get its end.                 | raw closes it
        on_close:3     | the file is complete when writers have closed it 3 times | Closing it counts: the close number 3 completes it.    | writers have closed it 3 times
        on_file        | the file is complete when a and b are         | Closing it does not complete it: that is when a and b are complete. | a and b are complete
        """)
    void ofAFile(String commit, String reason, String closing, String end) {
        CommitRule rule = switch (commit) {
            case "on_termination" -> CommitRule.onTermination();
            case "on_close" -> CommitRule.onClose();
            case "on_close:3" -> CommitRule.onClose(3);
            default -> CommitRule.onFile("a", "b");
        };
        Contract stream =
                Contracts.of(flow(Rule.files("f").commits(rule)).build()).file("f");
        Contract whole = Contracts.of(flow(Rule.files("f").commits(rule).fires(FireRule.UPDATE))
                        .build())
                .file("f");

        assertThat(says(stream)).contains("commits " + commit + ": " + reason);
        assertThat(stream.explain("raw"))
                .containsExactly("Step raw produces f: it opens, reads and writes it without waiting.", closing);
        assertThat(stream.explain("use"))
                .containsExactly(
                        "Step use consumes f: opening it waits until raw has created it.",
                        "Reading it gives the bytes that are there, and waits where they are not written yet; the end"
                                + " of the file comes when " + end + ".",
                        "Asking for its size waits until it is complete; of what it has open, it is 0 until then.",
                        "Closing it changes nothing: only closes by writers count.");
        assertThat(whole.explain("use")).contains("Reading it waits until " + end + ".");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        on_termination | the directory is complete when step raw has ended | step raw has ended
        on_n_files:1   | the directory is complete when it has 1 file      | it has 1 file
        on_n_files:2   | the directory is complete when it has 2 files     | it has 2 files
        on_file        | the directory is complete when a is               | a is complete
        """)
    void ofADirectory(String commit, String reason, String end) {
        CommitRule rule = switch (commit) {
            case "on_termination" -> CommitRule.onTermination();
            case "on_n_files:1" -> CommitRule.onNFiles(1);
            case "on_n_files:2" -> CommitRule.onNFiles(2);
            default -> CommitRule.onFile("a");
        };
        Contract filled =
                Contracts.of(flow(Rule.directories("d").commits(rule)).build()).path("d");
        Contract whole = Contracts.of(flow(Rule.directories("d").commits(rule).fires(FireRule.UPDATE))
                        .build())
                .path("d");

        assertThat(says(filled)).contains("commits " + rule + ": " + reason);
        assertThat(filled.explain("raw"))
                .containsExactly(
                        "Step raw produces d: it makes it, fills it and lists it without waiting.",
                        "It is complete when " + end + ".");
        assertThat(filled.explain("use"))
                .containsExactly(
                        "Step use consumes d: opening it waits until raw has made it.",
                        "Listing it waits until " + end
                                + "; programs on the JVM that take part from inside get the entries as they come.");
        assertThat(whole.explain("use")).contains("Listing it waits until " + end + ".");
    }

    @Test
    void whatNoStepProducesIsThereBefore() {
        Contract in = Contracts.of(flow().build()).file("in");

        assertThat(in.isThereBefore()).isTrue();
        assertThat(says(in))
                .containsExactly(
                        "no step produces it: it must be there before the run, and nobody waits for it",
                        "consumed by step raw",
                        "stays when the run ends, as it was there before");
        assertThat(in.explain("raw"))
                .containsExactly(
                        "No step produces in: step raw finds it if it is there before the run, and never waits for"
                                + " it.");
    }

    @Test
    void whatTheFlowSaysOfItIsToldEvenSo() {
        Contract in = Contracts.of(flow(Rule.files("in").commits(CommitRule.onClose()))
                        .permanent("in")
                        .storage(new Storage(List.of("in"), List.of()))
                        .homeNodes(new HomeNodes(List.of(), List.of("in"), List.of()))
                        .build())
                .file("in");

        assertThat(says(in))
                .contains(
                        "its rule has no effect, because no step produces it",
                        "permanent: kept when the run ends",
                        "kept in memory",
                        "its home is the node that a hash of its path tells");
        assertThat(in.reasons())
                .filteredOn(reason -> reason.says().startsWith("its rule"))
                .extracting(Contract.Reason::at)
                .containsExactly("$.IO_Graph[0].streaming[0].name[0]");
    }

    @Test
    void whatNobodyUsesIsAPlainFileThatStays() {
        Contract other = Contracts.of(flow().build()).file("other");

        assertThat(other.isThereBefore()).isFalse();
        assertThat(says(other))
                .containsExactly(
                        "no step produces or consumes it: a plain file, for which nobody waits",
                        "stays when the run ends, as all plain files do");
        assertThat(other.explain("use"))
                .containsExactly(
                        "Step use neither produces nor consumes other: it uses it as a plain file and never waits"
                                + " for it.");
    }

    @Test
    void aDirectoryOfWhichOnlyTheContentsAreNamed() {
        Contract out = Contracts.of(Flow.builder("w")
                        .step("a", List.of(), List.of("out/*"))
                        .step("b", List.of("out/*"), List.of())
                        .build())
                .path("out");

        assertThat(out.kind()).isEqualTo(Rule.Kind.DIRECTORY);
        assertThat(says(out))
                .startsWith(
                        "no step produces it as such; step a writes something in it",
                        "no step consumes it as such",
                        "commits on_termination: the directory is complete when the steps have ended that write in it"
                                + " what its reader reads");
        assertThat(out.explain("b"))
                .containsExactly(
                        "Step b reads what a writes in out: opening it waits until it is there.",
                        "Listing it waits until step a has ended.");
        assertThat(out.explain("a").getFirst()).endsWith("it uses it as a plain directory and never waits for it.");
    }

    @Test
    void aPatternForWhatIsWrittenUnderNames() {
        Contract out = Contracts.of(Flow.builder("w")
                        .step("a", List.of(), List.of("out/1"))
                        .step("b", List.of("out/*"), List.of())
                        .build())
                .file("out/*");

        assertThat(out.isThereBefore()).isFalse();
        assertThat(says(out).getFirst())
                .isEqualTo("no step produces it as such; step a writes something that it matches");
        assertThat(out.explain("b"))
                .containsExactly(
                        "Step b reads what a writes of this; each of these files has its own rules: ask about one of"
                                + " them.");
    }

    /** So {@code sluice run} does. */
    @Test
    void whatNoStepConsumesStaysAndWhatOneConsumesIsGone() {
        Contracts contracts = Contracts.of(Flow.builder("w")
                .step("a", List.of(), List.of("out/*", "b.txt", "c.txt", "qc"))
                .step("b", List.of("out/*.txt", "b.txt"), List.of())
                .exclude("c.txt")
                .build());

        assertThat(says(contracts.file("b.txt"))).contains("not permanent: gone when the run ends");
        assertThat(says(contracts.file("out/1.txt"))).contains("not permanent: gone when the run ends");
        assertThat(says(contracts.file("out/1.log"))).contains("kept when the run ends, as no step consumes it");
        assertThat(says(contracts.directory("qc"))).contains("kept when the run ends, as no step consumes it");
        assertThat(says(contracts.path("out")))
                .contains("not permanent: of what is in it, what a step consumes is gone when the run ends");
        assertThat(says(contracts.file("c.txt")))
                .containsExactly(
                        "produced by step a",
                        "no step consumes it",
                        "excluded: a plain file that does not flow, for which nobody waits",
                        "stays when the run ends, as all plain files do");
    }

    @Test
    void homesAndPlaces() {
        Flow flow = flow().homeNodes(
                        new HomeNodes(List.of(), List.of("d"), List.of(new HomeNodes.Manual(List.of("f"), "use:1"))))
                .storage(new Storage(List.of(), List.of("f")))
                .permanent("d")
                .build();

        assertThat(says(Contracts.of(flow).file("f")))
                .endsWith(
                        "not permanent: gone when the run ends",
                        "kept in the file system",
                        "its home is the node of use:1");
        assertThat(says(Contracts.of(flow).file("d/x")))
                .endsWith(
                        "permanent: kept when the run ends",
                        "kept in memory, and on disk what does not fit",
                        "its home is the node that a hash of its path tells");
    }
}
