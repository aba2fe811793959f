package dev.sluice.cli;

import dev.sluice.language.Problem;
import dev.sluice.language.Problem.Severity;
import dev.sluice.language.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * What is wrong with the configuration that a flow names.
 *
 * @param problemsOfFlow what is wrong with its name
 * @param parts what is wrong in it
 */
record Configuration(List<Problem> problemsOfFlow, List<Verdict.Part> parts) {
    private static final long LARGEST = 16L << 20;
    private static final String PLACE = "$.configuration";

    /**
     * Reads the configuration.
     *
     * @param flow the flow that names it, or does not
     * @param folder where the flow is
     */
    static Configuration of(FlowFile.Text flow, Path folder) {
        String name = flow.reading().configuration();
        if (name.isEmpty()) {
            return new Configuration(List.of(), List.of());
        }
        try {
            Path file = folder.resolve(name);
            if (Files.exists(file) && (!Files.isRegularFile(file) || Files.size(file) > LARGEST)) {
                return unreadable(flow, file + " is no regular file of at most " + (LARGEST >> 20) + " MiB");
            }
            SourceText source = new SourceText(file.toString(), Files.readAllBytes(file));
            return new Configuration(
                    List.of(),
                    List.of(new Verdict.Part(source, Settings.read(file).problems())));
        } catch (IOException e) {
            return unreadable(flow, Failure.sentence(e));
        } catch (InvalidPathException e) {
            return unreadable(flow, "\"" + name + "\" is no path");
        }
    }

    private static Configuration unreadable(FlowFile.Text flow, String why) {
        return new Configuration(
                List.of(new Problem(
                        Severity.ERROR,
                        "configuration",
                        PLACE,
                        flow.reading().line(PLACE),
                        flow.reading().column(PLACE),
                        "the configuration cannot be read: " + why,
                        "name a TOML file, as seen from the flow file")),
                List.of());
    }
}
