package dev.sluice.cli;

import dev.sluice.cli.Inference.Finding;
import dev.sluice.language.CommitRule;
import dev.sluice.language.FireRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Problem;
import dev.sluice.language.Reading;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Finds a flow out: runs steps one after the other, looks at what they do, and writes it down. One thread at a time. */
final class Infer {
    private static final double NANOS = 1e9;
    private static final int MOST_SENTENCES = 20;

    @Option(
            names = "--infer",
            description =
                    "Find the flow out: run the steps once, one after the other in their order, look at what they do"
                            + " with files, and write that flow.")
    private boolean asked;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "With --infer: the flow file to write; flow.json when not said.")
    private @Nullable Path file;

    @Option(names = "--force", description = "With --infer: overwrite the flow file if it is there.")
    private boolean force;

    boolean isAsked() {
        if (!asked && (file != null || force)) {
            throw Refusal.misused(
                    "-o and --force are about the flow that --infer writes; say --infer, or leave them out");
        }
        return asked;
    }

    /** Runs the steps, and writes the flow when they could run under it at the same time. */
    int run(List<StepCommand> steps, Path directory, Terms terms, Watching watching, StepOutput output, PrintWriter out)
            throws IOException {
        Path written = file == null ? Path.of("flow.json") : file;
        Target target = Target.ofFlow(written, force);
        target.check();
        Sightings sightings = new Sightings(System::nanoTime);
        int status;
        try (Presence presence = Presence.claim(directory, output);
                Execution execution = Execution.begin(plain(name(directory), steps), directory, terms, output)) {
            presence.begin(execution);
            try (Watch watch = Watch.begin(watching, execution, "in turn", output, true)) {
                status = watch.finish(Run.inTurn(steps, execution, output, presence, sightings));
            }
        }
        if (status != 0) {
            output.say("so the flow is not known; nothing was written");
            return status;
        }
        Inference inference = new Inference(sightings);
        Screen screen = Screen.of(out);
        inference.findings().forEach(finding -> screen.print(Printable.text(sentence(finding))));
        some(inference.doubts()).forEach(doubt -> screen.print(Printable.text("Beware: " + doubt + ".")));
        if (!inference.conflicts().isEmpty()) {
            some(inference.conflicts()).forEach(output::say);
            throw Refusal.failed("these steps cannot run at the same time as they are; no flow was written");
        }
        if (inference.findings().isEmpty()) {
            throw Refusal.failed("no step has read or written a file in " + directory + ", so no flow was written;"
                    + " commands start in " + Path.of("").toAbsolutePath()
                    + ", and name files as they are seen from there: is --dir the right directory?");
        }
        write(inference.flow(name(directory)), written, target, directory, screen);
        end(inference, directory, screen);
        return 0;
    }

    /** As many as somebody reads. */
    private static List<String> some(List<String> sentences) {
        if (sentences.size() <= MOST_SENTENCES) {
            return sentences;
        }
        List<String> some = new ArrayList<>(sentences.subList(0, MOST_SENTENCES));
        some.add("and " + (sentences.size() - MOST_SENTENCES) + " more of this kind");
        return some;
    }

    /** A flow that knows the steps, and no file: all are plain. */
    private static Flow plain(String name, List<StepCommand> steps) {
        Flow.Builder flow = Flow.builder(name);
        steps.forEach(step -> flow.step(step.step(), List.of(), List.of()));
        return flow.build();
    }

    private static String name(Path directory) throws IOException {
        Path last = directory.toRealPath().getFileName();
        return last == null ? "workflow" : last.toString();
    }

    private static void write(Flow flow, Path file, Target target, Path directory, Screen screen) {
        String text = flow.toJson(Flow.Version.V1_1);
        byte[] json = text.getBytes(StandardCharsets.UTF_8);
        List<Problem> problems = Reading.of(file.toString(), json, Reading.Mode.STRICT)
                .check(directory, _ -> true); // what nobody makes was there
        new Report(screen).problems(new SourceText(file.toString(), json), problems);
        if (problems.stream().anyMatch(Problem::isError)) {
            throw Refusal.failed("such a flow cannot work; nothing was written");
        }
        target.write(text);
        screen.print(Printable.text(
                file + ": written, " + Report.counted(flow.steps().size(), "step")));
    }

    private static String sentence(Finding finding) {
        String files = finding.paths().size() == 1 && finding.files() > 1
                ? finding.paths().getFirst() + " (" + finding.files() + " files)"
                : String.join(", ", finding.paths());
        String readers = String.join(", ", finding.readers());
        if (finding.maker().isEmpty()) {
            return files + ": " + finding.manner() + "; read by " + readers + ".";
        }
        if (finding.readers().isEmpty()) {
            return files + ": a result of " + finding.maker() + ", read by no other step.";
        }
        String commit = finding.commit() instanceof CommitRule.OnClose ? "it is closed" : finding.maker() + " ends";
        String fire = finding.fire() == FireRule.NO_UPDATE
                ? "gets it as it comes, and its end when " + commit
                : "waits until " + commit;
        return files + ": from " + finding.maker() + " to " + readers + "; " + finding.manner() + ". Its reader " + fire
                + " (" + finding.commit() + ", " + finding.fire().toString() + ").";
    }

    private static void end(Inference inference, Path directory, Screen screen) {
        double inTurn = inference.inTurn() / NANOS;
        double atOnce = inference.atOnce() / NANOS;
        screen.print(String.format(
                Locale.ROOT,
                "One after the other the steps took %.2f s; at the same time they would take about %.2f s. That is an"
                        + " estimate, as if each had a processor for itself.",
                inTurn,
                atOnce));
        screen.print(
                Printable.text("One run does not show files that steps write or read only sometimes, nor what they hand"
                        + " to each other outside of " + directory
                        + "; name these in the flow, or let their steps be one."));
        screen.print("Files that another step reads are gone after a run; name under \"permanent\" those to keep.");
    }
}
