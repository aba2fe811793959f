package dev.sluice.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AdviserTest {
    private static List<String> advice(Facts facts) {
        return Adviser.of(facts, Route.of(facts)).stream()
                .map(Facts.Advice::text)
                .toList();
    }

    @Test
    void whoWaitsForAFileThatIsWrittenFromStartToEndCouldReadAlong() {
        Facts facts = new Scene(60)
                .step("make", 0, 50)
                .step("sort", 0, 58, Scene.pause(1, 49, "commit", "big.dat"))
                .file("big.dat", "make", "sort", "update", 8, 49)
                .facts();

        assertThat(advice(facts).getFirst())
                .isEqualTo("Step sort waited 83 % of its time for big.dat to be complete (48.0 s): it is written once"
                        + " from start to end, so `no_update` would let sort start 41.0 s earlier, if it reads"
                        + " from start to end as well.");
    }

    @Test
    void itIsNotSaidThatAFileIsWrittenInOrderWhenNobodyHasSeenThat() {
        Scene scene = new Scene(60).step("make", 0, 50).step("sort", 0, 58, Scene.pause(1, 49, "commit", "big.dat"));
        scene.writesInOrder = false;

        assertThat(advice(scene.file("big.dat", "make", "sort", "update", 8, 49).facts())
                        .getFirst())
                .contains("if step make writes it once from start to end, `no_update`");
    }

    @Test
    void aFileThatIsCompleteLongAfterItWasClosedNeedsARule() {
        Scene scene = new Scene(60).step("make", 0, 50).step("sort", 0, 58, Scene.pause(1, 49, "commit", "big.dat"));
        scene.commit = "on_termination";

        assertThat(advice(scene.file("big.dat", "make", "sort", "no_update", 8, 49)
                                .facts())
                        .getFirst())
                .contains("it was closed for the last time 40.5 s before")
                .contains("`on_close`");
    }

    @Test
    void memoryThatWasShortIsTold() {
        Scene scene = new Scene(10).step("make", 0, 9);
        scene.spilled = 2;
        scene.room = Samples.SECOND;

        assertThat(advice(scene.facts()))
                .anyMatch(text -> text.startsWith("Writers waited 1.00 s for room in memory"))
                .anyMatch(text -> text.startsWith("2 files were partly kept on disk"));
    }

    @Test
    void processorsThatAreAllBusyAreTold() {
        Scene scene = new Scene(10).step("a", 0, 10).step("b", 0, 10);
        scene.cpu = 19 * Samples.SECOND;

        assertThat(advice(scene.facts())).anyMatch(text -> text.startsWith("The steps kept 95 % of this machine's 2"));
    }

    @Test
    void whereNothingCanBeBetterNothingIsSaid() {
        assertThat(advice(new Scene(10).step("a", 0, 4).step("b", 4, 9).facts()))
                .isEmpty();
    }
}
