package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final int ASKER = 7;
    private static final long QUICKLY = Pace.QUICK_NANOS / 10;

    private final Pace pace = new Pace(2);

    private void come(int times) {
        for (int i = 0; i < times; i++) {
            pace.came(ASKER, QUICKLY, false);
        }
    }

    @Test
    void whoIsAskedQuicklyByOneStaysAwake() {
        assertThat(pace.awakeNanos()).isZero();
        come(Pace.LEAST + 1); // the first one is of somebody new
        assertThat(pace.awakeNanos()).isEqualTo(Pace.AWAKE_NANOS);
    }

    @Test
    void whatNobodyWaitsForIsOfWhoAskedLast() {
        come(Pace.LEAST);
        pace.came(0, QUICKLY, false);
        assertThat(pace.awakeNanos()).isPositive();
    }

    @Test
    void anotherAskerALongRequestOrASlowOneEndIt() {
        come(Pace.LEAST + 1);
        pace.came(ASKER + 1, QUICKLY, false);
        assertThat(pace.awakeNanos()).isZero();
        come(Pace.LEAST + 1);
        pace.came(ASKER, QUICKLY, true);
        assertThat(pace.awakeNanos()).isZero();
        come(Pace.LEAST + 1);
        pace.came(ASKER, Pace.QUICK_NANOS, false);
        assertThat(pace.awakeNanos()).isZero();
    }

    @Test
    void whoStayedAwakeInVainDoesItLessOften() {
        come(Pace.LEAST + 1);
        pace.missed();
        come(Pace.LEAST);
        assertThat(pace.awakeNanos()).isZero();
        come(Pace.LEAST);
        assertThat(pace.awakeNanos()).isPositive();
        for (int i = 0; i < 20; i++) {
            pace.missed();
        }
        come(Pace.MOST);
        assertThat(pace.awakeNanos()).isPositive();
    }

    @Test
    void nowAndThenInVainIsNoMatter() {
        come(Pace.LEAST + Pace.WORTH + 1);
        pace.missed();
        come(Pace.LEAST);
        assertThat(pace.awakeNanos()).isPositive();
    }

    @Test
    void withOneProcessorNobodyStaysAwake() {
        Pace alone = new Pace(1);
        for (int i = 0; i < 2 * Pace.LEAST; i++) {
            alone.came(ASKER, QUICKLY, false);
        }
        assertThat(alone.awakeNanos()).isZero();
    }
}
