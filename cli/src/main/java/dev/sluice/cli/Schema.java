package dev.sluice.cli;

import dev.sluice.language.Flow;
import dev.sluice.language.Flow.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code schema}: prints the JSON Schema of flow files. One thread at a time. */
@Command(
        name = "schema",
        description = "Prints the JSON Schema of flow files, for editors.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footer = {"", "Example:", "  sluice schema > capio-cl.schema.json"})
final class Schema implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "VERSION",
            converter = Versions.Converter.class,
            completionCandidates = Versions.class,
            description = "The version of CAPIO-CL: 1.0 or 1.1; 1.1 when not said.")
    private Version version = Version.V1_1;

    @Override
    public Integer call() {
        String schema = Flow.schema(version);
        spec.commandLine().getOut().print(Printable.json(schema.endsWith("\n") ? schema : schema + "\n"));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
