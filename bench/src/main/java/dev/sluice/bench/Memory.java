package dev.sluice.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;

/** The machine's memory. */
final class Memory {
    /** What goes back to the host until bytes begin to flow. */
    private static final long LOST = 2L << 30;

    private Memory() {}

    /**
     * Makes sure that the machine has memory to write to. A virtual one gives what is not used to its host, and gets it again more
     * slowly than a disk writes. So more than is needed, but at most half of what is free, is taken and let go just before.
     */
    static void get(int mebibytes) {
        OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        try (Arena arena = Arena.ofConfined()) {
            arena.allocate(Math.min((2L * mebibytes << 20) + LOST, machine.getFreeMemorySize() / 2));
        }
    }
}
