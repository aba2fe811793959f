package dev.sluice.jvm;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the environment says of the step that this process is. Stateless. */
final class Surroundings {
    private Surroundings() {}

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
        return System.getenv("SLUICE_SESSION") != null && step.equals(System.getenv("SLUICE_STEP"));
    }

    private static @Nullable String first(String... names) {
        for (String name : names) {
            String value = System.getenv(name);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return null;
    }
}
