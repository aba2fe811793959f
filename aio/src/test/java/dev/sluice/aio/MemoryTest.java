package dev.sluice.aio;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryTest {
    @Test
    void theMoreIsLentTheSmallerAreTheBlocks() {
        List<MemorySegment> lent = new ArrayList<>();
        try {
            for (int i = 0; i < 1024; i++) {
                lent.add(Memory.lendSome(8 << 20));
            }
            assertThat(lent.getFirst().byteSize()).isEqualTo(1 << 20);
            assertThat(lent.getLast().byteSize()).isBetween(4096L, 64L << 10);
            assertThat(lent.stream().mapToLong(MemorySegment::byteSize).sum())
                    .isLessThanOrEqualTo(Memory.LENT_MAX + 1024 * 4096);
        } finally {
            lent.forEach(Memory::giveBack);
        }
        MemorySegment again = Memory.lendSome(8 << 20);
        assertThat(again.byteSize()).isEqualTo(1 << 20);
        Memory.giveBack(again);
    }

    @Test
    void smallBlocksAreAsLargeAsAskedFor() {
        MemorySegment block = Memory.lend(20_000);
        assertThat(block.byteSize()).isEqualTo(32_768);
        Memory.giveBack(block);
    }
}
