package dev.sluice.cli;

import dev.sluice.language.Flow;
import dev.sluice.language.Flow.Version;
import dev.sluice.language.Problem;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code convert}: writes a flow in another version of the language. One thread at a time. */
@Command(
        name = "convert",
        description = "Writes a flow in another version of CAPIO-CL, with all defaults spelled out.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footer = {
            "",
            "Examples:",
            "  sluice convert flow.json --to 1.1 -o new.json",
            "  sluice convert old.json --lenient --to 1.1 > new.json",
            "",
            "Exit status: 0 written; 1 the flow is not valid, cannot be said in that version, or cannot be written;"
                    + " 2 wrong usage, or a file that cannot be read."
        })
final class Convert implements Callable<Integer> {
    /** What is in the file, has no effect, and is not written again. */
    private static final Set<String> LOST = Set.of("no-effect", "duplicate-key");

    @Spec
    private CommandSpec spec;

    @Mixin
    private FlowFile flowFile;

    @Option(
            names = "--to",
            paramLabel = "VERSION",
            required = true,
            converter = Versions.Converter.class,
            completionCandidates = Versions.class,
            description = "The version to write: 1.0 or 1.1.")
    private Version to;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The file to write; the standard output when it is - or not said.")
    private @Nullable Path output;

    @Option(names = "--force", description = "Overwrite FILE if it is there.")
    private boolean force;

    @Override
    public Integer call() {
        Path file = output;
        @Nullable
        Target target =
                file == null || file.toString().equals(Target.STANDARD_OUTPUT) ? null : Target.ofFlow(file, force);
        if (target != null) {
            target.check();
        }
        FlowFile.Text text = flowFile.read();
        Flow flow = text.orRefuse(spec.commandLine().getErr());
        if (to == Version.V1_0 && !flow.configuration().isEmpty()) {
            throw Refusal.failed(text.place("$.configuration")
                    + ": version 1.0 cannot name a configuration, and this flow" + " names " + flow.configuration()
                    + "; take \"configuration\" out first, or write version 1.1");
        }
        if (target == null) {
            spec.commandLine().getOut().print(Printable.json(flow.toJson(to)));
            spec.commandLine().getOut().flush();
        } else {
            target.write(flow.toJson(to));
        }
        tellLosses(text);
        return 0;
    }

    private void tellLosses(FlowFile.Text text) {
        PrintWriter err = spec.commandLine().getErr();
        List<String> lost = new ArrayList<>();
        Comments.lines(text.source()).forEach(line -> lost.add(text.source().name() + ":" + line + ": a comment"));
        text.reading().problems().stream()
                .filter(problem -> LOST.contains(problem.code()))
                .forEach(problem -> lost.add(loss(text, problem)));
        if (!lost.isEmpty()) {
            err.println("sluice convert: not in what was written:");
            lost.forEach(line -> err.println("  " + Printable.text(line)));
            err.flush();
        }
    }

    private static String loss(FlowFile.Text text, Problem problem) {
        return text.source().name() + ":" + problem.line() + ": " + problem.message();
    }
}
