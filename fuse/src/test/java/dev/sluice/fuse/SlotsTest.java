package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private final Slots<String> slots = new Slots<>();

    @Test
    void aThingIsFoundUnderItsNumberUntilItIsRemoved() {
        long number = slots.add("thing");
        assertThat(slots.find(number)).isEqualTo("thing");
        assertThat(slots.remove(number)).isEqualTo("thing");
        assertThat(slots.find(number)).isNull();
        assertThat(slots.remove(number)).isNull();
    }

    @Test
    void numbersThatNobodyGaveOutLeadNowhere() {
        assertThat(slots.find(-1)).isNull();
        assertThat(slots.find(0)).isNull();
        assertThat(slots.find(Long.MAX_VALUE)).isNull();
    }

    @Test
    void manyHaveDifferentNumbersAndFreeOnesAreUsedAgain() {
        Set<Long> numbers =
                IntStream.range(0, 1000).mapToObj(i -> slots.add("t" + i)).collect(Collectors.toSet());
        assertThat(numbers).hasSize(1000);
        slots.remove(500);
        assertThat(slots.add("again")).isEqualTo(500);
        assertThat(slots.removeAll()).hasSize(1000).contains("again", "t0", "t999");
        assertThat(slots.removeAll()).isEmpty();
    }
}
