package dev.sluice.files;

import dev.sluice.linux.Mounts;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How finely file systems tell when a file was changed.
 *
 * <p>Before Linux 6.13, and on file systems that have not learned it, two changes within a tick of the kernel's clock leave
 * the same time. What was read that soon after a change is not kept.
 */
final class Ticks {
    /** Longer than any tick: at 100 of them a second one takes 10 ms. */
    private static final long COARSE = Duration.ofMillis(25).toNanos();

    private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+).*");
    private static final Set<String> FINE = Set.of("ext4", "xfs", "btrfs", "tmpfs");
    private static final Map<Long, Boolean> KNOWN = new ConcurrentHashMap<>();

    private Ticks() {}

    /** The time of day in nanoseconds, by the clock that stamps files. */
    static long now() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** True when a change after this stamp was taken is bound to change it. */
    static boolean isFirm(Stamp stamp, boolean fine, long now) {
        return fine || now - stamp.changed() > COARSE;
    }

    /** True when each change that comes after somebody has asked gets a time of its own. */
    static boolean areFine(long device) {
        return KNOWN.computeIfAbsent(device, Ticks::find);
    }

    private static boolean find(long device) {
        Matcher release = RELEASE.matcher(System.getProperty("os.version", ""));
        if (!release.matches()) {
            return false;
        }
        int major = Integer.parseInt(release.group(1));
        if (major < 6 || (major == 6 && Integer.parseInt(release.group(2)) < 13)) {
            return false;
        }
        try {
            return FINE.contains(Mounts.typeOf(device));
        } catch (IOException e) {
            return false; // without the table of mounts the careful way is taken
        }
    }
}
