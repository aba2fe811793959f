package dev.sluice.testing;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** What this process has open. */
public final class Descriptors {
    private static final Path ALL = Path.of("/proc/self/fd");

    private Descriptors() {}

    /**
     * Lists open descriptors.
     *
     * @param part a part of what they refer to, for example a folder, or {@code [io_uring]}
     * @return what they refer to
     */
    public static List<String> of(String part) {
        Assumptions.assumeTrue(Files.isDirectory(ALL), "/proc is needed to list descriptors");
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> each = Files.newDirectoryStream(ALL)) {
            for (Path descriptor : each) {
                String target = target(descriptor);
                if (target.contains(part)) {
                    found.add(target);
                }
            }
        } catch (IOException e) {
            throw new AssertionError("listing descriptors", e);
        }
        return found;
    }

    /**
     * Asks what a descriptor refers to, of this process or of another one, which closes some meanwhile.
     *
     * @param descriptor its link below {@code /proc}
     * @return what it refers to
     */
    public static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "closed meanwhile";
        }
    }

    /**
     * Waits until there are no more descriptors than before.
     *
     * @param part as for {@link #of}
     * @param before how many there were
     */
    public static void untilAtMost(String part, int before) {
        try {
            Deadline.until(
                    "at most " + before + " descriptors of '" + part + "' are open", () -> of(part).size() <= before);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ": " + of(part), e);
        }
    }
}
