package dev.sluice.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The managed directory of a command that mounts it, or asks who has. One thread at a time. */
final class ServedDirectory {
    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "The managed directory; when not said, what SLUICE_DIR or CAPIO_DIR says, else the current"
                    + " directory.")
    private @Nullable Path asked;

    /** The directory, absolute. */
    Path path() {
        return path(null);
    }

    /**
     * The directory, absolute.
     *
     * @param said what a run file says, which the option outdoes; null when it says nothing
     */
    Path path(@Nullable Path said) {
        Path named = asked == null && said != null ? said : ManagedDirectory.named(asked);
        return plain((named == null ? Path.of("") : named).toAbsolutePath());
    }

    /** Without the dot that people say for the current one; two dots may lead anywhere behind a link, and stay. */
    private static Path plain(Path absolute) {
        Path plain = absolute.getRoot();
        for (Path name : absolute) {
            plain = name.toString().equals(".") ? plain : plain.resolve(name);
        }
        return plain;
    }
}
