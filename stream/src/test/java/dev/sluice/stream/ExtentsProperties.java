package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Extents against a plain set of places. */
class ExtentsProperties {
    private static final int SIZE = 64;

    /** An addition, or a cut if the length is negative. */
    record Act(int start, int length) {}

    @Provide
    Arbitrary<List<Act>> acts() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, SIZE - 1),
                        Arbitraries.integers().between(-1, 20))
                .as(Act::new)
                .list()
                .ofMaxSize(40);
    }

    @Property
    void theyKnowWhatASetKnows(@ForAll("acts") List<Act> acts) {
        Extents extents = new Extents();
        BitSet model = new BitSet();
        for (Act act : acts) {
            if (act.length() < 0) {
                extents.cut(act.start());
                model.clear(act.start(), 2 * SIZE);
            } else {
                extents.add(act.start(), act.start() + act.length());
                model.set(act.start(), act.start() + act.length());
            }
            assertThat(extents.end()).isEqualTo(model.length());
            int ranges = 0;
            for (int place = 0; place < 2 * SIZE; place++) {
                assertThat(extents.nextData(place)).as("data from " + place).isEqualTo(model.nextSetBit(place));
                assertThat(extents.nextHole(place)).as("hole from " + place).isEqualTo(model.nextClearBit(place));
                assertThat(extents.available(place)).isEqualTo(model.nextClearBit(place) - place);
                ranges += model.get(place) && (place == 0 || !model.get(place - 1)) ? 1 : 0;
                int end = place + 5;
                int next = model.nextSetBit(place);
                assertThat(extents.meet(place, end)).isEqualTo(next >= 0 && next < end);
            }
            assertThat(extents.ranges()).isEqualTo(ranges);
        }
    }
}
