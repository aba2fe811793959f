package dev.sluice.jvm;

import dev.sluice.language.Flow;
import dev.sluice.linux.Errno;
import dev.sluice.stream.Workflow;
import dev.sluice.testing.JarLayout;
import java.io.IOException;
import java.nio.file.Path;

/** What the agent needs, as jars. */
final class Jars {
    private Jars() {}

    /** {@return the option of {@code java} that loads the agent, whose jars are made in a folder} */
    static String agent(Path folder) throws IOException {
        return "-javaagent:"
                + JarLayout.agent(JarLayout.of(folder, Agent.class, Workflow.class, Errno.class, Flow.class));
    }
}
