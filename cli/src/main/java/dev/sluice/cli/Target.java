package dev.sluice.cli;

import dev.sluice.language.Flow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file to write a flow to; what is there is not overwritten without being told, and nobody finds half of it. */
record Target(Path file, boolean force) {
    /** Refuses what cannot be written to, before anything else is done. */
    void check() {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || folder == null) {
            throw Refusal.failed(file + " is a directory; name a file in it");
        }
        if (!Files.isDirectory(folder)) {
            throw Refusal.failed(folder + ": no such directory; make it first");
        }
        if (isTaken() && !force) {
            throw Refusal.failed(file + " is there already; --force overwrites it");
        }
    }

    boolean isTaken() {
        return Files.exists(file) && !isDevice();
    }

    /** A pipe, a terminal and the like are written to as they are. */
    private boolean isDevice() {
        return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
    }

    void write(Flow flow, Flow.Version version) {
        check();
        try {
            if (isDevice()) {
                Files.writeString(file, flow.toJson(version));
            } else {
                flow.write(file, version);
            }
        } catch (IOException e) {
            throw Refusal.failed(file + " cannot be written: " + Failure.sentence(e));
        }
    }
}
