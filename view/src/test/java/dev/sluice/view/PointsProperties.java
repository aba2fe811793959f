package dev.sluice.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PointsProperties {
    @Example
    void moreThanAreFollowedAreNot() {
        Points points = new Points(1, 1);
        points.set("one", 1);
        points.set("other", 2);
        points.pass(3 * Points.FIRST_TICK);

        assertThat(points.of("one")).containsExactly(1L, 1L, 1L);
        assertThat(points.of("other")).isEmpty();
    }

    /** However long it takes: there are few moments, as many for all, and each has what was then. */
    @Property(tries = 100)
    void fewMomentsHaveWhatWasThen(
            @ForAll @IntRange(min = 1, max = 5000) int looks, @ForAll @IntRange(min = 0, max = 4000) int late) {
        for (int every : new int[] {1, 4}) {
            Points points = new Points(2, every);
            for (int i = 1; i <= looks; i++) {
                long now = i * Points.FIRST_TICK;
                points.set("time", now);
                if (i > late) {
                    points.set("late", now);
                }
                points.pass(now);
            }

            List<Long> times = points.of("time");
            long gap = points.tick() * every;
            assertThat(times.size()).isLessThan(Points.MOST / every);
            for (int i = 0; i < times.size(); i++) {
                long moment = (i + 1) * gap;
                assertThat(times.get(i)).isEqualTo(moment);
            }
            List<Long> later = points.of("late");
            assertThat(later.size()).isLessThanOrEqualTo(times.size());
            for (int i = 0; i < later.size(); i++) {
                assertThat(later.get(i)).isIn(0L, (i + 1) * gap);
            }
            assertThat(times.size()).isEqualTo((int) (looks * Points.FIRST_TICK / gap));
        }
    }
}
