package dev.sluice.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folders and files that the gates look at. Immutable. */
record Repository(Path root, List<Module> modules) {
    /** Stand outside the arrows: they may use every room, no room may use them. */
    static final Set<String> OUTSIDE = Set.of("bench", "examples", "house");

    private static final Set<String> NOT_OURS = Set.of(".git", "target", ".idea", ".vscode", ".settings");
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

    /** The repository this test runs in: the nearest folder upwards with an ARCHITECTURE.md. */
    static Repository here() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("ARCHITECTURE.md"))) {
            folder = Optional.ofNullable(folder.getParent())
                    .orElseThrow(() -> new IllegalStateException(
                            "no ARCHITECTURE.md in " + Path.of("").toAbsolutePath() + " or above it"));
        }
        Path root = folder;
        List<Module> modules = MODULE.matcher(text(root.resolve("pom.xml")))
                .results()
                .map(found -> new Module(root.resolve(found.group(1))))
                .toList();
        return new Repository(root, modules);
    }

    /** The modules inside the arrows. */
    List<Module> rooms() {
        return modules.stream()
                .filter(module -> !OUTSIDE.contains(module.name()))
                .toList();
    }

    /** Every file that is not built, hidden away by an editor, or Git's own. */
    List<Path> files() {
        List<Path> files = new ArrayList<>();
        collect(root, files);
        return files;
    }

    private static void collect(Path folder, List<Path> files) {
        for (Path entry : list(folder)) {
            if (Files.isSymbolicLink(entry)
                    || NOT_OURS.contains(entry.getFileName().toString())) {
                continue;
            }
            if (Files.isDirectory(entry)) {
                collect(entry, files);
            } else {
                files.add(entry);
            }
        }
    }

    List<Path> javaFiles() {
        return files().stream()
                .filter(file -> file.toString().endsWith(".java"))
                .toList();
    }

    /** As people write it: relative to the root. */
    String name(Path file) {
        return root.relativize(file).toString();
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (MalformedInputException e) {
            return ""; // not text
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One Maven module; its folder's name is its name. */
    record Module(Path folder) {
        String name() {
            return folder.getFileName().toString();
        }

        Path sources() {
            return folder.resolve("src/main/java");
        }

        Path classes() {
            return folder.resolve("target/classes");
        }

        Path pom() {
            return folder.resolve("pom.xml");
        }

        Optional<Path> descriptor() {
            return Optional.of(sources().resolve("module-info.java")).filter(Files::exists);
        }
    }
}
