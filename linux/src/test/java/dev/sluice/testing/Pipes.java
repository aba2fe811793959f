package dev.sluice.testing;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Makes named pipes: files whose reader waits for a writer. */
public final class Pipes {
    private Pipes() {}

    /**
     * Makes a named pipe.
     *
     * @param folder where
     * @return its path; opened for reading and writing at once it waits for nobody
     */
    public static Path make(Path folder) {
        return make(folder, "pipe");
    }

    /**
     * Makes a named pipe.
     *
     * @param folder where
     * @param name its name
     * @return its path
     */
    public static Path make(Path folder, String name) {
        Path pipe = folder.resolve(name);
        Child.Outcome made = Child.run(List.of("mkfifo", pipe.toString()));
        Assumptions.assumeTrue(made.exit() == 0, () -> "mkfifo is needed: " + made.output());
        return pipe;
    }
}
