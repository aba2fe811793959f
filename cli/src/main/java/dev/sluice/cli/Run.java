package dev.sluice.cli;

import dev.sluice.language.Contracts;
import dev.sluice.language.Flow;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code run}: all steps of a flow at once, on a mount over the managed directory. One thread at a time. */
@Command(
        name = "run",
        description = "Runs the steps of a flow at the same time; what one writes, the next reads at once.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footer = {
            "",
            "Each command runs by `sh -c` in the current directory, with SLUICE_STEP, SLUICE_DIR, CAPIO_APP_NAME,"
                + " CAPIO_DIR and CAPIO_WORKFLOW_NAME set. A step that has more than one command runs that often, at"
                + " once.",
            "",
            "Examples:",
            "  sluice run flow.json --step 'make=seq 9 > all' --step 'count=wc -l < all > n'",
            "  sluice run flow.json --dir work --keep all --step a=./a.sh --step b=./b.sh",
            "  sluice run flow.json                with the commands in flow.run.yaml",
            "  sluice run --infer --step 'make=seq 9 > all' --step 'count=wc -l < all > n'",
            "",
            "Exit status: 0 every step has succeeded; else that of the first step that failed; 1 something else failed;"
                    + " 2 wrong usage."
        })
final class Run implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FLOW",
            description = "The flow file; - is the standard input. Not said with --infer.")
    private @Nullable Path file;

    @Option(
            names = "--lenient",
            description = "Understand also what only the documents of CAPIO-CL show, and warn of it.")
    private boolean lenient;

    @Option(
            names = "--run",
            paramLabel = "FILE",
            description =
                    "The run file, in YAML or JSON, which has commands and options; those here win. Not said: that"
                            + " beside FLOW with its name, such as flow.run.yaml, if there is one.")
    private @Nullable Path runFile;

    @Mixin
    private Infer infer;

    @Mixin
    private ServedDirectory directory;

    @Option(
            names = "--step",
            paramLabel = "NAME=COMMAND",
            description = "A step's command; once for each step, or more often for one that runs more than once.")
    private List<String> commands = new ArrayList<>();

    @Mixin
    private Terms terms;

    @Mixin
    private Watching watching;

    @Override
    public Integer call() throws IOException {
        terms.requireMount();
        watching.check();
        FlowFile.Text text = text();
        Flow flow = text == null ? null : text.orRefuse(spec.commandLine().getErr());
        Contracts contracts = flow == null ? null : Contracts.of(flow);
        RunFile said = said(contracts);
        terms.complete(said);
        List<StepCommand> steps = said.steps(
                commands.stream().map(one -> StepCommand.of(one, contracts)).toList());
        if (steps.isEmpty()) {
            throw Refusal.misused(
                    "no step has a command; say --step NAME=COMMAND, or write a run file beside the flow");
        }
        Path where = directory.path(said.directory());
        StepOutput output = new StepOutput(spec.commandLine());
        if (text == null || flow == null) {
            return infer.run(
                    steps, where, terms, watching, output, spec.commandLine().getOut());
        }
        text.warn(flow, where, output);
        try (Presence presence = Presence.claim(where, output);
                Execution execution = Execution.begin(flow, where, terms, output)) {
            presence.begin(execution);
            try (Watch watch = Watch.begin(watching, execution, "run", output, true)) {
                return watch.finish(run(steps, execution, output, presence));
            }
        }
    }

    /** What the flow file says; null when the flow is to be found out. */
    private FlowFile.@Nullable Text text() {
        if (infer.isAsked()) {
            if (file != null) {
                throw Refusal.misused(
                        "--infer finds the flow out, so there is none to read; to write " + file + ", say -o " + file);
            }
            return null;
        }
        if (file == null) {
            throw new ParameterException(spec.commandLine(), "Missing required parameter: 'FLOW'");
        }
        return FlowFile.of(file, lenient).read();
    }

    private RunFile said(@Nullable Contracts contracts) {
        Path named = runFile;
        if (named == null && file != null) {
            named = RunFile.beside(file);
        }
        return named == null
                ? RunFile.NONE
                : RunFile.read(named, contracts, spec.commandLine().getErr());
    }

    /** Runs steps one after the other, up to the first that fails, while somebody looks at what they do. */
    static int inTurn(
            List<StepCommand> steps, Execution execution, StepOutput output, Presence presence, Sightings sightings)
            throws IOException {
        execution.observe(sightings);
        announce(steps, execution, output);
        presence.open();
        Map<String, Integer> ran = new LinkedHashMap<>();
        for (StepCommand step : steps) {
            List<Thread> outputs = new ArrayList<>();
            ran.merge(step.step(), 1, Integer::sum);
            sightings.begin(step.step());
            Execution.Part part = start(step, execution, output, outputs);
            part.end().join();
            sightings.end();
            outputs.forEach(Run::join);
            if (part.hasFailed()) {
                break;
            }
        }
        execution.flow().steps().forEach(step -> execution.expect(step.name(), ran.getOrDefault(step.name(), 0)));
        return presence.finish(execution);
    }

    /** Runs all steps at once; answers the status with which the program ends. */
    static int run(List<StepCommand> steps, Execution execution, StepOutput output, Presence presence)
            throws IOException {
        announce(steps, execution, output);
        List<Thread> outputs = new ArrayList<>();
        for (StepCommand step : steps) {
            Execution.Part _ = start(step, execution, output, outputs);
        }
        presence.open();
        presence.await(execution);
        for (Thread thread : outputs) {
            join(thread);
        }
        return presence.finish(execution);
    }

    private static void announce(List<StepCommand> steps, Execution execution, StepOutput output) {
        Map<String, Integer> runs = new LinkedHashMap<>();
        execution.flow().steps().forEach(step -> runs.put(step.name(), 0));
        steps.forEach(step -> runs.merge(step.step(), 1, Integer::sum));
        runs.forEach((step, count) -> {
            if (count == 0) {
                output.say("step " + step + " has no command, so it does not run, and nobody waits for its files");
            }
        });
        execution.expect(runs);
    }

    private static Execution.Part start(StepCommand step, Execution execution, StepOutput output, List<Thread> outputs)
            throws IOException {
        Execution.Part part = execution.join(step.step());
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", step.command())
                .directory(Path.of("").toAbsolutePath().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().putAll(execution.environment(part));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            execution.rootless(part, step.command());
            execution.ended(part, Refusal.FAILED, "");
            throw new IOException("step " + step.step() + " cannot be started: " + e.getMessage(), e);
        }
        execution.root(part, Math.toIntExact(process.pid()), step.command());
        // That of the JDK is made when it is needed; where no thread can be had then, nobody is told.
        Thread.ofPlatform()
                .daemon()
                .name("end of " + step.step())
                .start(() -> awaitEnd(process, execution, part, step));
        outputs.add(output.follow(step.step(), process.getInputStream(), false));
        outputs.add(output.follow(step.step(), process.getErrorStream(), true));
        return part;
    }

    private static void awaitEnd(Process process, Execution execution, Execution.Part part, StepCommand step) {
        try {
            execution.ended(part, process.waitFor(), step.command());
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts this thread", e);
        }
    }

    private static void join(Thread output) {
        try {
            boolean _ = output.join(Execution.GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
