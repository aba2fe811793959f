package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SparesTest {
    private static final int SIZE = 1 << 20;

    private final Spares spares = new Spares(SIZE);

    @Test
    void memoryOfLongRequestsIsUsedAgain() {
        byte[] first = spares.take(SIZE - 1);
        assertThat(first).hasSize(SIZE);
        assertThat(spares.take(SIZE - 1)).as("that is in use").isNotSameAs(first);
        spares.giveBack(first);
        assertThat(spares.take(100_000)).isSameAs(first);
    }

    @Test
    void shortRequestsGetWhatTheyNeed() {
        byte[] bytes = spares.take(80);
        assertThat(bytes).hasSize(80);
        spares.giveBack(bytes);
        assertThat(spares.take(SIZE)).hasSize(SIZE);
    }

    @Test
    void aCrowdThatHasWaitedLeavesLittle() {
        Set<byte[]> all = Collections.newSetFromMap(new IdentityHashMap<>());
        List<byte[]> crowd = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            crowd.add(spares.take(SIZE));
        }
        all.addAll(crowd);
        crowd.forEach(spares::giveBack);
        int known = 0;
        for (int i = 0; i < 30; i++) {
            byte[] bytes = spares.take(SIZE);
            known += all.add(bytes) ? 0 : 1;
        }
        assertThat(known).isEqualTo(8);
    }
}
