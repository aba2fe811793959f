package dev.sluice.cli;

import dev.sluice.language.Flow;
import dev.sluice.language.Flow.Version;
import dev.sluice.language.Problem;
import dev.sluice.language.Reading;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code init}: writes a first flow file, from options or from a dialogue. One thread at a time. */
@Command(
        name = "init",
        description = "Writes a first flow file: from options, or from a dialogue when there are none.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = Main.Version.class,
        footer = {
            "",
            "A step is 'NAME: READS -> WRITES', in quotes because of the arrow. READS and WRITES are files or patterns"
                + " with commas between; either may be empty. A backslash before a comma, a colon in NAME, or > in a"
                + " path makes it a plain character.",
            "",
            "How a file is written is said by --append or --once; of others nothing is known, so readers wait until the"
                    + " step that writes them has ended.",
            "",
            "Example:",
            "  sluice init --step 'split: book.txt -> parts/*.txt' \\",
            "      --step 'count: parts/*.txt -> counts.csv' \\",
            "      --once 'parts/*.txt' --permanent counts.csv",
            "",
            "Exit status: 0 written; 1 not written; 2 wrong usage."
        })
final class Init implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The file to write; flow.json when not said.")
    private Path file = Path.of("flow.json");

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The workflow's name; that of the file's folder when not said.")
    private String name = "";

    @Option(names = "--step", paramLabel = "STEP", description = "A step: 'NAME: READS -> WRITES'. Once for each.")
    private List<String> steps = new ArrayList<>();

    @Option(
            names = "--once",
            paramLabel = "PATH",
            description =
                    "Its step writes it once, from front to back, and closes it: readers get it as it comes, and its"
                            + " end at the close.")
    private List<String> once = new ArrayList<>();

    @Option(
            names = "--append",
            paramLabel = "PATH",
            description =
                    "Its step only appends to it: readers get it as it comes, and its end when the step has ended.")
    private List<String> append = new ArrayList<>();

    @Option(names = "--permanent", paramLabel = "PATH", description = "It is kept when the run ends.")
    private List<String> permanent = new ArrayList<>();

    @Option(
            names = "--to",
            paramLabel = "VERSION",
            converter = Versions.Converter.class,
            completionCandidates = Versions.class,
            description = "The version of CAPIO-CL to write: 1.0 or 1.1; 1.1 when not said.")
    private Version to = Version.V1_1;

    @Option(names = "--force", description = "Overwrite FILE if it is there.")
    private boolean force;

    @Override
    public Integer call() throws IOException {
        if (file.toString().equals(Target.STANDARD_OUTPUT)) {
            throw Refusal.misused("init writes a file, not to the standard output; name the file");
        }
        Target target = Target.ofFlow(file, force);
        target.check();
        Draft draft = steps.isEmpty() ? asked() : typed();
        Flow flow = draft.flow();
        String text = flow.toJson(to);
        byte[] json = text.getBytes(StandardCharsets.UTF_8);
        List<Problem> problems =
                Reading.of(file.toString(), json, Reading.Mode.STRICT).check(null, path -> true);
        Screen screen = Screen.of(spec.commandLine().getOut());
        new Report(screen).problems(new SourceText(file.toString(), json), problems);
        if (problems.stream().anyMatch(Problem::isError)) {
            throw Refusal.failed("such a flow cannot work; nothing was written");
        }
        target.write(text);
        next(screen, flow);
        return 0;
    }

    private Draft asked() throws IOException {
        if (!once.isEmpty() || !append.isEmpty() || !permanent.isEmpty()) {
            throw Refusal.misused("--once, --append and --permanent need steps; name them with --step");
        }
        if (!Ability.isTerminal()) {
            throw Refusal.misused(
                    "name the steps with --step 'NAME: READS -> WRITES', or start it in a terminal to be" + " asked");
        }
        Charset typing = Charset.forName(System.getProperty("stdin.encoding", "UTF-8"));
        PrintWriter out = spec.commandLine().getOut();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, typing));
        return new Dialogue(in, out, Ability.ofStandardOutput().width()).ask(usualName(), file.toString());
    }

    private Draft typed() {
        Draft draft = new Draft(usualName());
        try {
            steps.forEach(step -> draft.add(StepText.parse(step)));
            once.forEach(path -> draft.write(path, Draft.Writing.ONCE));
            append.forEach(path -> draft.write(path, Draft.Writing.APPENDED));
        } catch (IllegalArgumentException e) {
            throw Refusal.misused(Failure.sentence(e));
        }
        draft.keep(permanent);
        return draft;
    }

    private String usualName() {
        Path folder = file.toAbsolutePath().normalize().getParent();
        Path last = folder == null ? null : folder.getFileName();
        return !name.isEmpty() ? name : last == null ? "workflow" : last.toString();
    }

    private void next(Screen screen, Flow flow) {
        screen.print(Printable.text(
                file + ": written, " + Report.counted(flow.steps().size(), "step")));
        String example = flow.steps().stream()
                .flatMap(step -> step.outputs().stream())
                .findFirst()
                .orElse("PATH");
        screen.print("Next:");
        screen.print(Printable.text("  sluice check " + quoted(file.toString())));
        screen.print(Printable.text("  sluice explain " + quoted(file.toString()) + " " + quoted(example)));
    }

    /** As a shell takes it for one word. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:+,@%=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
