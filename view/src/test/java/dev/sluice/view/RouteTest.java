package dev.sluice.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RouteTest {
    @Test
    void itGoesBackFromTheEndThroughTheFilesThatWereWaitedFor() {
        Facts facts = new Scene(10)
                .step("make", 0, 6)
                .step("sort", 0, 9, Scene.pause(0.1, 6, "commit", "data"))
                .step("other", 0, 2)
                .file("data", "make", "sort", "update", 1, 6)
                .facts();

        assertThat(Route.of(facts))
                .extracting(
                        Facts.Leg::step,
                        leg -> leg.from() / Samples.SECOND,
                        leg -> leg.to() / Samples.SECOND,
                        Facts.Leg::path)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("sort", 6L, 9L, ""),
                        org.assertj.core.groups.Tuple.tuple("make", 0L, 6L, "data"));
    }

    @Test
    void waitsThatHardlyCountAreNotFollowed() {
        Facts facts = new Scene(10)
                .step("make", 0, 6)
                .step("sort", 0, 9, new Facts.Pause(0, 8 * Samples.SECOND, Samples.SECOND, "bytes", "data"))
                .file("data", "make", "sort", "no_update", 1, 6)
                .facts();

        assertThat(Route.of(facts)).singleElement().extracting(Facts.Leg::step).isEqualTo("sort");
    }

    @Test
    void whoWaitsForRoomHangsOnWhoReads() {
        Facts facts = new Scene(10)
                .step("make", 0, 9, Scene.pause(1, 8, "room", "data"))
                .step("sort", 0, 8.5)
                .file("data", "make", "sort", "no_update", 1, 9)
                .facts();

        assertThat(Route.of(facts)).extracting(Facts.Leg::step).containsExactly("make", "sort");
    }

    @Test
    void whoWaitsForADirectoryHangsOnThoseWhoWriteThereWhatHeReads() {
        Facts facts = new Scene(10)
                .step("split", 0, 6)
                .step("other", 0, 9)
                .step("count", 0, 10, Scene.pause(0.1, 6, "commit", "parts"))
                .file("parts/1", "split", "count", "no_update", 1, 6)
                .file("parts/log", "other", "nobody", "no_update", 1, 9)
                .file("partsOfOther", "other", "count", "no_update", 1, 9)
                .facts();

        assertThat(Route.of(facts)).extracting(Facts.Leg::step).containsExactly("count", "split");
    }

    @Test
    void whoWaitsAtThatMomentHimselfIsPassed() {
        Facts facts = new Scene(10)
                .step("make", 0, 9)
                .step("change", 0, 9.5, Scene.pause(0.1, 9, "bytes", "one"))
                .step("use", 0, 10, Scene.pause(0.1, 8, "bytes", "two"))
                .file("one", "make", "change", "no_update", 1, 9)
                .file("two", "change", "use", "no_update", 1, 9.5)
                .facts();

        assertThat(Route.of(facts)).extracting(Facts.Leg::step).containsExactly("use", "make");
        assertThat(Route.of(facts).getLast().path()).isEqualTo("one");
    }

    @Test
    void stepsThatWaitForEachOtherEndIt() {
        Facts facts = new Scene(10)
                .step("a", 0, 9, Scene.pause(0.1, 5, "commit", "y"), Scene.pause(6, 8, "commit", "y"))
                .step("b", 0, 8, Scene.pause(0.1, 7, "commit", "x"))
                .file("x", "a", "b", "update", 1, 7)
                .file("y", "b", "a", "update", 1, 8)
                .facts();

        assertThat(Route.of(facts))
                .hasSizeLessThan(10)
                .first()
                .extracting(Facts.Leg::step)
                .isEqualTo("a");
    }

    @Test
    void nothingHasNone() {
        assertThat(Route.of(new Scene(1).facts())).isEmpty();
    }
}
