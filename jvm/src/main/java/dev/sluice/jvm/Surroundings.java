package dev.sluice.jvm;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the environment says of the step that this process is, or the agent. Owns the latter. Safe for use by many threads. */
final class Surroundings {
    /** What the agent has begun; null when it has begun nothing. */
    private static volatile @Nullable Begun begun;

    private Surroundings() {}

    /** A run of a step that this process has begun, and is as a whole. */
    private record Begun(String step, String token) {}

    /** This process is a step from now on, though its environment does not say so. */
    static void become(String step, String token) {
        begun = new Begun(step, token);
    }

    /** {@return the managed directory: what is said, else the current one} */
    static Path directory() {
        String directory = first("SLUICE_DIR", "CAPIO_DIR");
        return Path.of(directory == null ? "" : directory);
    }

    static @Nullable String step() {
        return first("SLUICE_STEP", "CAPIO_APP_NAME");
    }

    static @Nullable String workflow() {
        return first("CAPIO_WORKFLOW_NAME");
    }

    /** {@return whether this process has been started as a process of that step already} */
    static boolean isOf(String step) {
        Begun mine = begun;
        return mine != null
                ? mine.step.equals(step)
                : System.getenv("SLUICE_SESSION") != null && step.equals(System.getenv("SLUICE_STEP"));
    }

    /** {@return by what a server knows the processes of the step that this one is of} */
    static String token() {
        Begun mine = begun;
        String token = mine == null ? System.getenv("SLUICE_SESSION") : mine.token;
        return token == null ? "" : token;
    }

    /** {@return what is said by the first of these variables that says something; null when none does} */
    static @Nullable String first(String... names) {
        for (String name : names) {
            String value = System.getenv(name);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return null;
    }
}
