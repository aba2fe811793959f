package dev.sluice.cli;

import dev.sluice.testing.Child;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a flow is run by a JVM of its own. */
final class RunLine {
    private RunLine() {}

    /** The command for steps that are each given as NAME=COMMAND. */
    static List<String> of(Path flow, Path directory, String... steps) {
        return with(List.of(), flow, directory, steps);
    }

    static List<String> with(List<String> jvmOptions, Path flow, Path directory, String... steps) {
        List<String> words = new ArrayList<>(List.of("run", flow.toString(), "--dir", directory.toString()));
        for (String step : steps) {
            words.addAll(List.of("--step", step));
        }
        return Child.java(Main.class.getName(), Main.class, jvmOptions, words.toArray(String[]::new));
    }
}
