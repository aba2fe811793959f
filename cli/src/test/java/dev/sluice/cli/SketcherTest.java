package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Sketch.Alarm;
import dev.sluice.cli.Sketch.Arrow;
import dev.sluice.cli.Sketch.Kind;
import dev.sluice.language.CommitRule;
import dev.sluice.language.FireRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SketcherTest {
    @Test
    void rulesStandOnTheArrows() {
        Sketch sketch = Flows.sketch(Flow.builder("f")
                .step("a", List.of(), List.of("x"))
                .step("b", List.of("x"), List.of("y"))
                .path(
                        "x",
                        path -> path.producers("a")
                                .commits(CommitRule.onClose(3))
                                .fires(FireRule.NO_UPDATE))
                .build());

        assertThat(sketch.arrows())
                .containsExactly(
                        new Arrow("s1", "f1", Sketch.Flow.WRITES, "on_close:3", false, Alarm.NONE),
                        new Arrow("f1", "s2", Sketch.Flow.STREAMS, "no_update", false, Alarm.NONE),
                        new Arrow("s2", "f2", Sketch.Flow.WRITES, "on_termination", true, Alarm.NONE));
        assertThat(sketch.size()).isEqualTo("2 steps, 2 files");
    }

    @Test
    void whatNoStepWritesIsFound() {
        Sketch sketch = Flows.sketch(Flow.builder("f")
                .step("a", List.of("raw", "dir/"), List.of("out/x"))
                .step("b", List.of("out", "in/*"), List.of())
                .build());

        assertThat(sketch.arrows())
                .filteredOn(arrow -> arrow.flow() == Sketch.Flow.FINDS)
                .extracting(Arrow::label)
                .containsExactly("", "", "");
        assertThat(sketch.arrows())
                .filteredOn(arrow -> arrow.flow() == Sketch.Flow.WAITS)
                .singleElement()
                .extracting(Arrow::to)
                .isEqualTo("s2");
    }

    @Test
    void onlyRulesThatTheFlowDoesNotSayAreUsual() {
        Sketch sketch = Flows.sketch(Flow.builder("f")
                .step("a", List.of(), List.of("x", "y"), Rule.files("x").fires(FireRule.UPDATE))
                .step("b", List.of("x", "y"), List.of())
                .build());

        assertThat(sketch.sheets()).extracting(Sketch.Sheet::paths).containsExactly(List.of("x"), List.of("y"));
        assertThat(sketch.arrows())
                .filteredOn(arrow ->
                        arrow.label().equals("on_termination") || arrow.label().equals("update"))
                .extracting(Arrow::isUsual)
                .containsExactly(false, false, true, true);
    }

    @Test
    void aSlashInTheFlowMakesADirectory() {
        Sketch sketch = Flows.sketch(
                Flow.builder("f").step("a", List.of(), List.of("qc/")).build());

        assertThat(sketch.sheets()).singleElement().satisfies(sheet -> {
            assertThat(sheet.kind()).isEqualTo(Kind.DIRECTORY);
            assertThat(sheet.paths()).containsExactly("qc/");
        });
    }

    @Test
    void filesOfWhichTheFlowSaysTheSameAreOnOneSheet() {
        Sketch sketch = Flows.sketch(Flows.oneToMany(300));

        assertThat(sketch.sheets()).hasSize(3);
        assertThat(sketch.sheets().get(1).paths()).hasSize(300).startsWith("out/part-0", "out/part-1");
        assertThat(sketch.arrows()).hasSize(4);
    }

    @Test
    void filesWithAnotherRuleOrMarkAreOnAnotherSheet() {
        Sketch sketch = Flows.sketch(Flow.builder("f")
                .step("a", List.of(), List.of("x", "y", "z", "plain"))
                .step("b", List.of("x", "y", "z", "plain"), List.of())
                .path("y", path -> path.producers("a").commits(CommitRule.onFile("x")))
                .permanent("z")
                .exclude("plain")
                .build());

        assertThat(sketch.sheets())
                .extracting(Sketch.Sheet::paths)
                .containsExactlyInAnyOrder(List.of("x"), List.of("y"), List.of("z"), List.of("plain"));
        assertThat(sketch.arrows()).extracting(Arrow::label).contains("on_file: x");
        assertThat(sketch.arrows())
                .filteredOn(arrow -> arrow.flow() == Sketch.Flow.PLAIN)
                .hasSize(2);
    }

    @Test
    void whatIsWrittenAsNamesAndReadAsAPatternGoesByWayOfThePattern() {
        Sketch sketch = Flows.sketch(Flow.builder("f")
                .step("a", List.of(), List.of("out/1", "out/2"))
                .step("b", List.of("out/*"), List.of())
                .path("out/*", path -> path.producers("a").fires(FireRule.NO_UPDATE))
                .build());

        assertThat(sketch.sheets())
                .filteredOn(sheet -> sheet.kind() == Kind.PATTERN)
                .singleElement()
                .extracting(Sketch.Sheet::paths)
                .isEqualTo(List.of("out/*"));
        assertThat(sketch.arrows())
                .filteredOn(arrow -> arrow.to().equals("s2"))
                .singleElement()
                .satisfies(arrow -> {
                    assertThat(arrow.flow()).isEqualTo(Sketch.Flow.STREAMS);
                });
    }

    @Test
    void stepsThatWaitForEachOthersEndAreAlarming() {
        Sketch sketch = Flows.sketch(Flow.builder("f")
                .step("a", List.of("y"), List.of("x"))
                .step("b", List.of("x"), List.of("y", "z"))
                .step("c", List.of("z"), List.of())
                .build());

        assertThat(sketch.steps())
                .extracting(Sketch.Step::alarm)
                .containsExactly(Alarm.DEADLOCK, Alarm.DEADLOCK, Alarm.NONE);
        assertThat(sketch.arrows())
                .filteredOn(arrow -> arrow.alarm() == Alarm.DEADLOCK)
                .hasSize(4);
        assertThat(sketch.alarm()).isEqualTo(Alarm.DEADLOCK);
    }

    @Test
    void aCircleWithAStreamInItIsLessSo() {
        Sketch sketch = Flows.sketch(Flow.builder("f")
                .step("a", List.of("y"), List.of("x"))
                .step("b", List.of("x"), List.of("y"))
                .path("x", path -> path.producers("a").fires(FireRule.NO_UPDATE))
                .build());

        assertThat(sketch.alarm()).isEqualTo(Alarm.CIRCLE);
    }

    @Test
    void aStepThatReadsWhatItWritesIsNoCircle() {
        Sketch sketch = Flows.sketch(
                Flow.builder("f").step("a", List.of("x"), List.of("x")).build());

        assertThat(sketch.alarm()).isEqualTo(Alarm.NONE);
    }

    /** It took minutes: the circles were looked for again at every file. */
    @ParameterizedTest
    @ValueSource(strings = {"mmd", "dot"})
    @Timeout(20)
    void aChainOfManyStepsIsSketchedSoon(String format) {
        Flow.Builder chain = Flow.builder("chain");
        for (int i = 0; i < 5000; i++) {
            chain.step("s" + i, List.of("f" + i), List.of("f" + (i + 1)));
        }
        String drawn = Drawn.named(format).orElseThrow().text(Flows.sketch(chain.build()));

        assertThat(drawn).contains("f5000");
    }
}
