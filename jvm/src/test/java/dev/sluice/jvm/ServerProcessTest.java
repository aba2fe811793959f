package dev.sluice.jvm;

import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {
    @TempDir
    private Path folder;

    /** As the program from its sources, which builds itself first and says so. */
    @Test
    void whoHasWaitedInVainIsToldWhatItDoes() throws IOException {
        Path go = folder.resolve("go");
        String script = "echo it builds; while [ ! -e '" + go + "' ]; do sleep 0.05; done; exit 3";
        ServerProcess started = ServerProcess.start(List.of("sh", "-c", script), folder, folder.resolve("flow.json"));
        try {
            untilIs(started, "still runs, and said last: it builds");
        } finally {
            Files.createFile(go);
        }
        untilIs(started, "has ended with status 3, and said last: it builds");
        Files.delete(started.log());
    }

    private static void untilIs(ServerProcess process, String expected) {
        Deadline.until(expected, () -> {
            try {
                return process.condition().equals(expected);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
