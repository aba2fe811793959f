package dev.sluice.cli;

import dev.sluice.jvm.MeetingPoint;
import dev.sluice.language.Contracts;
import dev.sluice.language.Flow;
import dev.sluice.linux.Mounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The managed directory, if the user says which one it is. One thread at a time. */
final class ManagedDirectory {
    private static final List<String> VARIABLES = List.of("SLUICE_DIR", "CAPIO_DIR");
    /** Enough for a directory of inputs; who has more waits no minute for a warning. */
    private static final int MOST_FILES = 100_000;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "The managed directory; when not said, what SLUICE_DIR or CAPIO_DIR says. Else it is unknown, and"
                            + " absolute paths are taken as they are.")
    private @Nullable Path asked;

    /** The directory; null when it is not known. */
    @Nullable
    Path path() {
        return named(asked);
    }

    /**
     * The directory that an option {@code --dir} or a variable of the environment names; null when none does.
     *
     * @param asked what the option says; null when it is not there
     */
    static @Nullable Path named(@Nullable Path asked) {
        if (asked != null) {
            return existing("--dir", asked);
        }
        for (String variable : VARIABLES) {
            String value = System.getenv(variable);
            if (value != null && !value.isEmpty()) {
                return existing(variable, Path.of(value));
            }
        }
        return null;
    }

    private static Path existing(String who, Path directory) {
        if (!Files.isDirectory(directory) && !isMounted(directory)) {
            throw Refusal.misused(who + " names no directory: " + directory);
        }
        return directory;
    }

    /**
     * Is a mount of ours there? One whose server was killed is no directory until it is removed, which whoever serves it next does.
     */
    static boolean isMounted(Path directory) {
        try {
            return Mounts.typeOf(MeetingPoint.identity(directory)).equals(Ground.MOUNTED);
        } catch (IOException e) {
            return false;
        }
    }

    Contracts contracts(Flow flow) {
        Path directory = path();
        return directory == null ? Contracts.of(flow) : Contracts.of(flow, directory);
    }

    /** Is a path, or a file that a pattern matches, in the directory? Nothing is in one that is not known. */
    boolean has(String path) {
        Path directory = path();
        return directory != null && has(directory, path);
    }

    static boolean has(Path directory, String path) {
        try {
            if (Files.exists(directory.resolve(path))) {
                return true;
            }
        } catch (InvalidPathException e) {
            return false;
        }
        int wildcard = firstWildcard(path);
        return wildcard >= 0 && hasMatch(directory.toAbsolutePath().normalize(), path, wildcard);
    }

    private static int firstWildcard(String path) {
        for (int i = 0; i < path.length(); i++) {
            if ("*?[".indexOf(path.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private static boolean hasMatch(Path directory, String pattern, int wildcard) {
        Path start = directory.resolve(pattern.substring(0, Math.max(0, pattern.lastIndexOf('/', wildcard))));
        boolean absolute = pattern.startsWith("/");
        try (Stream<Path> files = Files.walk(start)) {
            return files.limit(MOST_FILES)
                    .map(file -> absolute
                            ? file.toString()
                            : directory.relativize(file).toString())
                    .anyMatch(file -> Contracts.matches(pattern, file));
        } catch (IOException | UncheckedIOException e) {
            return false; // what cannot be looked at cannot be read by a step either
        }
    }
}
