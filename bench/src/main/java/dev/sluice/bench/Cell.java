package dev.sluice.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One thing that is measured: an access pattern at a depth.
 *
 * @param direct past the page cache
 * @param write writing, else reading
 * @param sequential one block after the other, else at random
 * @param block bytes of each operation
 * @param depth operations in flight, or threads
 */
record Cell(boolean direct, boolean write, boolean sequential, int block, int depth) {
    static List<Cell> all() {
        List<Cell> cells = new ArrayList<>();
        for (boolean direct : new boolean[] {false, true}) {
            for (boolean write : new boolean[] {false, true}) {
                for (int depth : new int[] {1, 32, 128}) {
                    cells.add(new Cell(direct, write, false, 4096, depth));
                }
                cells.add(new Cell(direct, write, true, 1 << 20, 4));
            }
        }
        return cells;
    }

    String name() {
        return (direct ? "direct" : "hot") + (write ? "-write" : "-read") + (sequential ? "-1M" : "-4k") + "-" + depth;
    }

    static Cell parse(String name) {
        return all().stream()
                .filter(cell -> cell.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** A sequence of offsets within a file. */
    static final class Offsets {
        private final long blocks;
        private final int block;
        private final boolean sequential;
        private long state = ThreadLocalRandom.current().nextLong() | 1;
        private long next;

        Offsets(Cell cell, long fileSize, int issuer) {
            block = cell.block;
            blocks = fileSize / block;
            sequential = cell.sequential;
            next = blocks / cell.depth * issuer;
        }

        long next() {
            if (sequential) {
                long offset = next * block;
                next = next + 1 == blocks ? 0 : next + 1;
                return offset;
            }
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
            return Long.remainderUnsigned(state, blocks) * block;
        }
    }
}
