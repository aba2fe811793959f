package dev.sluice.jvm;

import dev.sluice.language.Flow;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of programs with the agent, on a stage of their own each. */
abstract class OnStage {
    @TempDir
    Path folder;

    Stage stage;

    @BeforeEach
    void serve() throws IOException {
        stage = new Stage(folder, flow());
    }

    Flow flow() {
        return Managed.flow();
    }

    @AfterEach
    void end() throws IOException {
        stage.close();
    }
}
