package dev.sluice.linux;

import java.util.Objects;

/**
 * Whether a kernel interface can be used on this machine.
 *
 * @param available true when it can
 * @param reason one plain sentence: what was found, and when it is not available, why not and what would help
 */
public record Availability(boolean available, String reason) {
    /** Checks that a reason is given. */
    public Availability {
        Objects.requireNonNull(reason, "reason");
    }

    static Availability yes(String reason) {
        return new Availability(true, reason);
    }

    static Availability no(String reason) {
        return new Availability(false, reason);
    }

    /**
     * Says whether this process may make system calls without a warning on its standard error, for those who can do without.
     *
     * @return whether native access was granted to this module
     */
    public static boolean isGranted() {
        return Availability.class.getModule().isNativeAccessEnabled();
    }
}
