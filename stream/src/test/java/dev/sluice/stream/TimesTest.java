package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimesTest {
    @Test
    void aTimeIsKeptToTheNanosecond() {
        for (long seconds : new long[] {-1, 0, 981173106, 9_000_000_000L}) {
            assertThat(Times.seconds(Times.of(seconds, 999_999_999))).isEqualTo(seconds);
            assertThat(Times.nanos(Times.of(seconds, 999_999_999))).isEqualTo(999_999_999);
        }
    }

    @Test
    void aTimeThatIsTooFarIsTheLastOneThereIs() {
        assertThat(Times.of(Long.MAX_VALUE, 0)).isEqualTo(Times.of(9_300_000_000L, 0));
        assertThat(Times.of(Long.MIN_VALUE, 0)).isEqualTo(Times.of(-9_300_000_000L, 0));
        assertThat(Times.of(9_300_000_000L, 0)).isGreaterThan(Times.of(9_200_000_000L, 0));
    }
}
