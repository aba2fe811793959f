package dev.sluice.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a workflow may use.
 *
 * @param memory how many bytes of its files are in memory, at most; more are on disk
 * @param timeout how long one wait may last; null: for ever
 * @param overflow what becomes of more than that
 */
@SuppressWarnings("exports") // users need not have JSpecify
public record Limits(long memory, @Nullable Duration timeout, Overflow overflow) {
    /** What becomes of bytes for which memory has no room. */
    public enum Overflow {
        /** They are kept on disk. */
        DISK,
        /**
         * Who writes a file that is read as it grows, and is gone at the end, waits until its readers have come further. The room
         * of what all of them have read is used again, so it can be read once. What no wait can bring room for is kept on
         * disk.
         */
        WAIT
    }

    private static final int QUARTER = 4;
    private static final int KIBI = 10;
    private static final long UNKNOWN = 1L << 30;

    /** Refuses what cannot be. */
    public Limits {
        if (memory < 0) {
            throw new IllegalArgumentException("the budget of memory is not negative: " + memory);
        }
        if (timeout != null && !timeout.isPositive()) {
            throw new IllegalArgumentException("a wait lasts some time: " + timeout);
        }
    }

    /**
     * Keeps on disk what memory has no room for.
     *
     * @param memory how many bytes of its files are in memory, at most
     * @param timeout how long one wait may last; null: for ever
     */
    public Limits(long memory, @Nullable Duration timeout) {
        this(memory, timeout, Overflow.DISK);
    }

    /** {@return a quarter of the memory that this machine, or our control group, has; and waits without end} */
    public static Limits usual() {
        return new Limits(total() / QUARTER, null);
    }

    private static long total() {
        long memory = Long.MAX_VALUE;
        try {
            for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith("MemTotal:")) {
                    memory = Long.parseLong(line.replaceAll("[^0-9]", "")) << KIBI;
                }
            }
        } catch (IOException | NumberFormatException e) {
            // What it has is not told.
        }
        memory = Math.min(memory, ControlGroup.memory());
        return memory == Long.MAX_VALUE ? UNKNOWN : memory;
    }
}
