package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Layout.Area;
import dev.sluice.language.CommitRule;
import dev.sluice.language.FireRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LayoutProperties {
    private static final List<String> PATHS =
            List.of("a", "b", "out/a", "out/b", "out/*", "*", "dir", "dir/x", "dir/*/y", "dir/z/y", "ü", "a b");
    private static final List<CommitRule> COMMITS = List.of(
            CommitRule.onTermination(), CommitRule.onClose(), CommitRule.onClose(4), CommitRule.onFile("a", "out/b"));

    @Property(tries = 60)
    void nothingLiesOnSomethingElse(@ForAll long seed, @ForAll @IntRange(max = 7) int steps) {
        Sketch sketch = Flows.sketch(flow(new Random(seed), steps));
        Map<String, Face> faces = new LinkedHashMap<>();
        sketch.steps().forEach(step -> faces.put(step.id(), Face.of(step)));
        sketch.sheets().forEach(sheet -> faces.put(sheet.id(), Face.of(sheet)));

        Layout layout = Layout.of(sketch, faces);

        List<Area> areas = new ArrayList<>(layout.boxes().values());
        assertThat(areas).hasSameSizeAs(faces.keySet());
        layout.ways().stream()
                .filter(way -> !way.label().isEmpty())
                .map(Layout.Way::place)
                .forEach(areas::add);
        for (int i = 0; i < areas.size(); i++) {
            Area one = areas.get(i);
            assertThat(one.x() + one.width()).isLessThanOrEqualTo(layout.width() + 0.1);
            assertThat(one.y() + one.height()).isLessThanOrEqualTo(layout.height() + 0.1);
            for (Area other : areas.subList(i + 1, areas.size())) {
                assertThat(overlap(one, other)).as(one + " and " + other).isFalse();
            }
        }
        for (Drawn format : Drawn.values()) {
            assertThat(format.text(sketch)).contains(Drawn.MARK);
        }
    }

    private static boolean overlap(Area one, Area other) {
        return one.x() + 0.1 < other.x() + other.width()
                && other.x() + 0.1 < one.x() + one.width()
                && one.y() + 0.1 < other.y() + other.height()
                && other.y() + 0.1 < one.y() + one.height();
    }

    private static Flow flow(Random random, int steps) {
        Flow.Builder flow = Flow.builder("random");
        for (int i = 0; i < steps; i++) {
            List<String> written = some(random);
            Rule[] rules = written.stream()
                    .filter(_ -> random.nextBoolean())
                    .map(path -> new Rule(
                            Rule.Kind.FILE,
                            List.of(path),
                            COMMITS.get(random.nextInt(COMMITS.size())),
                            random.nextBoolean() ? FireRule.UPDATE : FireRule.NO_UPDATE))
                    .toArray(Rule[]::new);
            flow.step("step" + i, some(random), written, rules);
        }
        return flow.permanent(some(random).toArray(String[]::new))
                .exclude(random.nextInt(4) == 0 ? "out/a" : "nothing")
                .build();
    }

    private static List<String> some(Random random) {
        return PATHS.stream().filter(_ -> random.nextInt(4) == 0).toList();
    }
}
