package dev.sluice.cli;

import dev.sluice.language.Flow;
import dev.sluice.language.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code check}: tells everything that is wrong with a flow. One thread at a time. */
@Command(
        name = "check",
        description = "Tells everything that is wrong with a flow, and whether it can work.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footer = {
            "",
            "Examples:",
            "  sluice check flow.json",
            "  sluice check flow.json --dir /scratch/run",
            "  sluice check --json - < flow.json",
            "",
            "Exit status: 0 valid, perhaps with warnings; 1 not valid; 2 wrong usage, or a file that cannot be read."
        })
final class Check implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private FlowFile file;

    @Mixin
    private ManagedDirectory directory;

    @Option(names = "--json", description = "Print one JSON object, for programs.")
    private boolean json;

    @Override
    public Integer call() {
        FlowFile.Text flow = file.read();
        Path managed = directory.path();
        List<Verdict.Part> parts = new ArrayList<>();
        List<Problem> problems = new ArrayList<>(flow.reading().check(managed, directory::has));
        Configuration configuration = Configuration.of(flow, file.folder());
        problems.addAll(configuration.problemsOfFlow());
        problems.sort(Verdict.ORDER);
        parts.add(new Verdict.Part(flow.source(), problems));
        parts.addAll(configuration.parts());
        Verdict verdict = new Verdict(flow, parts);
        if (json) {
            spec.commandLine().getOut().println(verdict.toJson());
            spec.commandLine().getOut().flush();
        } else {
            show(verdict, managed == null);
        }
        return verdict.isValid() ? 0 : Refusal.FAILED;
    }

    private void show(Verdict verdict, boolean anywhere) {
        Screen screen = Screen.of(spec.commandLine().getOut());
        Report report = new Report(screen);
        verdict.parts().forEach(part -> report.problems(part.source(), part.problems()));
        if (anywhere
                && verdict.problems().stream()
                        .anyMatch(problem -> problem.code().equals("never-produced"))) {
            String hint = "With --dir DIR, files that are there already are not reported as never produced.";
            Wrap.lines(hint, screen.ability().width(), 0, 0).forEach(screen::print);
        }
        report.summary(
                verdict.flow().source().name(),
                verdict.problems(),
                verdict.flow().reading().flow().map(Check::size).orElse(""));
    }

    /** How large a flow is. */
    private static String size(Flow flow) {
        Verdict.Size size = Verdict.Size.of(flow);
        return Report.counted(size.steps(), "step") + ", " + Report.counted(size.files(), "file")
                + (size.patterns() == 0 ? "" : ", " + Report.counted(size.patterns(), "pattern"));
    }
}
