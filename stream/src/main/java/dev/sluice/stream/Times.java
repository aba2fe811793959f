package dev.sluice.stream;

import java.time.Instant;

/** When a file was read, written and changed. Owned by the workflow's lock. */
final class Times {
    private static final int NANOS_IN_SECOND = 1_000_000_000;

    long accessed;
    long modified;
    long changed;

    /** Nanoseconds since 1970, of which there are enough until the year 2262. */
    static long now() {
        Instant now = Instant.now();
        return of(now.getEpochSecond(), now.getNano());
    }

    /** {@return a time; the nearest one that there is, as other file systems do} */
    static long of(long seconds, int nanos) {
        long most = Long.MAX_VALUE / NANOS_IN_SECOND - 1;
        return Math.clamp(seconds, -most, most) * NANOS_IN_SECOND + nanos;
    }

    static long seconds(long time) {
        return Math.floorDiv(time, NANOS_IN_SECOND);
    }

    static int nanos(long time) {
        return Math.floorMod(time, NANOS_IN_SECOND);
    }

    void written() {
        modified = now();
        changed = modified;
    }

    void all(long time) {
        accessed = time;
        modified = time;
        changed = time;
    }
}
