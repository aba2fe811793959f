package dev.sluice.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * A file to write to; what is there is not overwritten without being told, and nobody finds half of it.
 *
 * @param file the file
 * @param mayReplace whether what is there may be replaced, by its first 4096 characters
 * @param taken what to say when it may not
 */
record Target(Path file, Predicate<String> mayReplace, String taken) {
    /** What names the standard output in the place of a file. */
    static final String STANDARD_OUTPUT = "-";

    private static final int BEGINNING = 4096;

    static Target ofFlow(Path file, boolean force) {
        return new Target(file, _ -> force, "is there already; --force overwrites it");
    }

    /** What this program has drawn may be drawn again; nothing is lost with an empty file. */
    static Target ofPicture(Path file, boolean force) {
        return new Target(
                file,
                beginning -> force || beginning.isEmpty() || beginning.contains(Drawn.MARK),
                "is there and was not drawn by this command; name another file, or replace it with --force");
    }

    /** The page or the facts of a run replace those of another one. */
    static Target ofRun(Path file) {
        return new Target(
                file,
                beginning -> beginning.isEmpty()
                        || beginning.contains(dev.sluice.view.Report.MARK)
                        || beginning.startsWith("{\"format\":\"sluice run "),
                "is there and is no report of a run; name another file, or remove it");
    }

    /** Refuses what cannot be written to, before anything else is done. */
    void check() {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || folder == null) {
            throw Refusal.failed(file + " is a directory; name a file in it");
        }
        if (!Files.isDirectory(folder)) {
            throw Refusal.failed(file + " cannot be written: there is no directory " + folder + "; make it first");
        }
        if (Files.exists(file) && !WholeFile.isDevice(file) && !mayReplace.test(beginning())) {
            throw Refusal.failed(file + " " + taken);
        }
    }

    private String beginning() {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(BEGINNING), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Refusal.failed(file + " cannot be replaced: " + Failure.reason(e));
        }
    }

    void write(String text) {
        check();
        try {
            WholeFile.write(file, text);
        } catch (IOException e) {
            throw Refusal.failed(file + " cannot be written: " + Failure.reason(e));
        }
    }
}
