package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ExtentsTest {
    @Test
    void whatIsAppendedIsOneRange() {
        Extents extents = new Extents();
        for (int i = 0; i < 1000; i++) {
            extents.add(i * 10L, i * 10L + 10);
        }
        assertThat(extents).hasToString("0-10000");
    }

    @Test
    void rangesThatTouchAreMerged() {
        Extents extents = new Extents();
        extents.add(2000, 3000);
        extents.add(0, 1000);
        assertThat(extents).hasToString("0-1000 2000-3000");
        extents.add(1000, 2000);
        assertThat(extents).hasToString("0-3000");
    }

    @Test
    void nothingIsNoRange() {
        Extents extents = new Extents();
        extents.add(5, 5);
        assertThat(extents.ranges()).isZero();
        assertThat(extents.end()).isZero();
        assertThatThrownBy(() -> extents.add(5, 4)).hasMessage("no range: from 5 to 4");
    }

    @Test
    void placesFarOutAreKnown() {
        Extents extents = new Extents();
        extents.add(Long.MAX_VALUE - 1, Long.MAX_VALUE);
        assertThat(extents.nextData(0)).isEqualTo(Long.MAX_VALUE - 1);
        assertThat(extents.end()).isEqualTo(Long.MAX_VALUE);
    }
}
