package dev.sluice.aio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PinsTest {
    /** Counts how often it was released. */
    private static final class Counted extends Pins {
        private final AtomicInteger released = new AtomicInteger();

        @Override
        void onReleased() {
            released.incrementAndGet();
        }
    }

    @Test
    void pinsAreReleasedWhenClosedAndUnused() {
        Counted pins = new Counted();
        int first = pins.pin();
        int second = pins.pin();
        pins.unpin(first);
        assertThat(pins.closePins()).isTrue();
        assertThat(pins.closePins()).isFalse();
        assertThat(pins.isClosed()).isTrue();
        pins.releaseWhenUnused();
        assertThat(pins.released).hasValue(0);
        assertThat(pins.pin()).isNegative();
        assertThat(pins.released).hasValue(0);
        pins.unpin(second);
        assertThat(pins.released).hasValue(1);
        pins.releaseWhenUnused();
        assertThat(pins.released).hasValue(1);
    }

    @Test
    void noPinIsHeldAfterTheRelease() {
        for (int round = 0; round < 300; round++) {
            Counted pins = new Counted();
            AtomicBoolean wrong = new AtomicBoolean();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                threads.add(Thread.ofPlatform().daemon().start(() -> {
                    int stripe;
                    while ((stripe = pins.pin()) >= 0) {
                        if (pins.released.get() > 0) {
                            wrong.set(true);
                        }
                        pins.unpin(stripe);
                    }
                }));
            }
            pins.closePins();
            pins.releaseWhenUnused();
            threads.forEach(Deadline::join);
            assertThat(wrong).isFalse();
            assertThat(pins.released).hasValue(1);
        }
    }
}
