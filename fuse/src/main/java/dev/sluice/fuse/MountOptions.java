package dev.sluice.fuse;

/**
 * How to mount.
 *
 * @param tier who moves the bytes
 * @param threads how many threads wait for requests at most; a request that waits for a file holds none
 * @param watchdog whether a small process of its own unmounts when this one is killed
 * @param awake whether processors without work stay awake while the mount is asked much
 */
public record MountOptions(Tier tier, int threads, boolean watchdog, Awake awake) {
    private static final int MOST_THREADS = 64;

    /** Checks the number of threads. */
    public MountOptions {
        if (threads < 1 || threads > MOST_THREADS) {
            throw new IllegalArgumentException("a mount needs 1 to " + MOST_THREADS + " threads: threads=" + threads);
        }
    }

    /** {@return what fits this machine} */
    public static MountOptions standard() {
        // More than there are processors, since some may wait for a disk; those without work cost nothing.
        int threads = 2 * Runtime.getRuntime().availableProcessors();
        return new MountOptions(Tier.AUTO, Math.clamp(threads, 4, 16), true, Awake.AUTO);
    }

    /**
     * {@return the same with another tier}
     *
     * @param other the tier
     */
    public MountOptions tier(Tier other) {
        return new MountOptions(other, threads, watchdog, awake);
    }

    /**
     * {@return the same with another number of threads}
     *
     * @param most the number
     */
    public MountOptions threads(int most) {
        return new MountOptions(tier, most, watchdog, awake);
    }

    /**
     * {@return the same with or without a watchdog}
     *
     * @param there whether there is to be one
     */
    public MountOptions watchdog(boolean there) {
        return new MountOptions(tier, threads, there, awake);
    }

    /**
     * {@return the same with another rule for processors without work}
     *
     * @param other the rule
     */
    public MountOptions awake(Awake other) {
        return new MountOptions(tier, threads, watchdog, other);
    }
}
