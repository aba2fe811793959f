package dev.sluice.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An ordinary user without any rights, as whom tests run programs; only root can. */
public final class Nobody {
    private static final List<String> BECOME =
            List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--");

    private Nobody() {}

    /**
     * What runs a command as this user.
     *
     * @param command program and arguments
     * @return program and arguments
     */
    public static List<String> does(List<String> command) {
        List<String> all = new ArrayList<>(BECOME);
        all.addAll(command);
        return all;
    }

    /** The same, for the beginning of a line of a shell. */
    public static String does() {
        return String.join(" ", BECOME) + " ";
    }

    /** Skips the test where nobody can become this user. */
    public static void assumeThere() {
        assumeTrue(can("true"), "needs root and setpriv, to become an ordinary user");
    }

    /** Skips the test where this user cannot mount. */
    public static void assumeMayMount() {
        assumeThere();
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/fusermount3")), "fusermount3 is not installed");
        assumeTrue(can("sh", "-c", "exec 3<>/dev/fuse"), "only root may open /dev/fuse here");
    }

    private static boolean can(String... command) {
        return Child.run(does(List.of(command))).exit() == 0;
    }
}
