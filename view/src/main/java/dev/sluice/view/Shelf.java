package dev.sluice.view;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where the last runs of a user are kept: a folder that is the user's alone, with a file of JSON for each.
 *
 * @param folder the folder
 */
public record Shelf(Path folder) {
    /** So many runs are kept. */
    public static final int MOST = 10;

    private static final String ENDING = ".json";
    private static final int LONGEST_NAME = 60;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSSSSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** {@return the user's: below {@code XDG_STATE_HOME}, or {@code .local/state} of the home directory} */
    public static Shelf ofUser() {
        String state = System.getenv("XDG_STATE_HOME");
        Path home = state != null && state.startsWith("/")
                ? Path.of(state)
                : Path.of(System.getProperty("user.home"), ".local", "state");
        return new Shelf(home.resolve("sluice").resolve("runs"));
    }

    /**
     * Keeps a run, and lets the oldest ones go.
     *
     * @param facts the run
     * @return its file
     * @throws IOException when it cannot be written
     */
    public Path keep(Facts facts) throws IOException {
        if (!Files.isDirectory(folder)) {
            Path parent = folder.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.createDirectory(folder, PRIVATE_FOLDER);
        }
        String name = TIME.format(facts.head().begin()) + "-"
                + ProcessHandle.current().pid() + "-" + fit(facts.head().workflow());
        Path file = folder.resolve(name + ENDING);
        Path aside = folder.resolve("." + name + ".part");
        Files.deleteIfExists(aside);
        Files.createFile(aside, PRIVATE_FILE);
        Files.writeString(aside, FactsText.of(facts), StandardCharsets.US_ASCII, StandardOpenOption.WRITE);
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        for (Path old : all().stream().skip(MOST).toList()) {
            Files.deleteIfExists(old);
            Files.deleteIfExists(page(old));
        }
        return file;
    }

    /** A workflow's name as a part of a file's name. */
    private static String fit(String workflow) {
        String plain = workflow.replaceAll("[^A-Za-z0-9_-]", "_");
        return plain.substring(0, Math.min(LONGEST_NAME, plain.length()));
    }

    /**
     * Names the page that is made of a run.
     *
     * @param run a run's file
     * @return the file beside it, which need not be there
     */
    public static Path page(Path run) {
        String name = run.getFileName() + "";
        return run.resolveSibling(name.substring(0, name.length() - ENDING.length()) + ".html");
    }

    /**
     * Lists what is kept.
     *
     * @return the runs' files, the youngest first
     * @throws IOException when the folder cannot be read
     */
    public List<Path> all() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ENDING))
                    .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted(Comparator.comparing(Path::getFileName).reversed())
                    .limit(MOST * 10L)
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /**
     * Finds the last run of a workflow.
     *
     * @param workflow the flow's name
     * @param inTurn whether one is wanted whose steps ran one after the other; else one in which they ran at the same time
     * @return the last one that succeeded, if it is kept
     * @throws IOException when the folder cannot be read
     */
    public Optional<Earlier> last(String workflow, boolean inTurn) throws IOException {
        String ending = "-" + fit(workflow) + ENDING;
        for (Path file : all()) {
            if (file.toString().endsWith(ending)) {
                Earlier earlier = Earlier.read(file);
                boolean isWanted = earlier.workflow().equals(workflow)
                        && earlier.state().equals("succeeded")
                        && earlier.manner().equals("in turn") == inTurn;
                if (isWanted) {
                    return Optional.of(earlier);
                }
            }
        }
        return Optional.empty();
    }
}
