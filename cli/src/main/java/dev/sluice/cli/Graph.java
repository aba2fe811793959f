package dev.sluice.cli;

import dev.sluice.language.Flow;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code graph}: draws a flow. One thread at a time. */
@Command(
        name = "graph",
        description = "Draws a flow: its steps, their files, and the rules between them.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footer = {
            "",
            "Examples:",
            "  sluice graph flow.json -o flow.svg",
            "  sluice graph - -o flow.html < flow.json",
            "  sluice graph flow.json --format dot | dot -Tpng > flow.png",
            "",
            "Exit status: 0 drawn; 1 the flow is not valid, or cannot be drawn or written; 2 wrong usage, or a file"
                    + " that cannot be read."
        })
final class Graph implements Callable<Integer> {
    private static final String FORMATS =
            Arrays.stream(Drawn.values()).map(Drawn::toString).collect(Collectors.joining(", "));
    /** With more, a layout takes longer than anybody waits, and nobody reads it. */
    private static final int MOST_BOXES = 2000;

    private static final int MOST_ARROWS = 4000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private FlowFile flowFile;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to draw: a file that ends in .svg, .html, .mmd (Mermaid) or .dot (Graphviz);"
                    + " the standard output when it is - or not said.")
    private @Nullable Path output;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            completionCandidates = Drawn.Names.class,
            description = "svg, html, mmd or dot; what the end of FILE says when not said, or else svg.")
    private @Nullable String format;

    @Mixin
    private ManagedDirectory directory;

    @Option(names = "--force", description = "Replaces FILE even if it was not drawn by this command.")
    private boolean force;

    @Override
    public Integer call() {
        Drawn chosen = chosen();
        Path file = named();
        if (file == null && Ability.isTerminal()) {
            throw new ParameterException(
                    spec.commandLine(), "a picture is nothing for a terminal; name a file: -o FILE." + chosen);
        }
        @Nullable Target target = file == null ? null : Target.ofPicture(file, force);
        if (target != null) {
            target.check();
        }
        FlowFile.Text text = flowFile.read();
        Flow flow = text.orRefuse(spec.commandLine().getErr());
        int steps = flow.steps().size();
        limit(chosen, "more than " + steps + " boxes", steps > MOST_BOXES);
        dev.sluice.language.Graph graph = dev.sluice.language.Graph.of(directory.contracts(flow));
        Sketch sketch = Sketcher.sketch(flow.name(), graph);
        int boxes = sketch.steps().size() + sketch.sheets().size();
        int arrows = sketch.arrows().size();
        limit(chosen, boxes + " boxes and " + arrows + " arrows", boxes > MOST_BOXES || arrows > MOST_ARROWS);
        if (target != null) {
            target.write(chosen.text(sketch));
        } else {
            // Bytes, whatever the terminal's encoding is: the formats are UTF-8.
            System.out.writeBytes(chosen.text(sketch).getBytes(StandardCharsets.UTF_8));
        }
        tell(sketch, graph.isComplete());
        return 0;
    }

    /** The file to draw to; null for the standard output. */
    private @Nullable Path named() {
        return output == null || output.toString().equals(Target.STANDARD_OUTPUT) ? null : output;
    }

    private static void limit(Drawn chosen, String size, boolean isTooLarge) {
        if (chosen.isLaidOut() && isTooLarge) {
            throw Refusal.failed("the picture would have " + size + "; at most " + MOST_BOXES + " boxes and "
                    + MOST_ARROWS + " arrows are laid out here; write it for other programs with --format dot or mmd");
        }
    }

    private Drawn chosen() {
        String name = format;
        Path file = named();
        if (name == null && file != null) {
            String text = file.toString();
            name = text.substring(text.lastIndexOf('.') + 1);
        }
        if (name == null) {
            return Drawn.SVG;
        }
        String asked = name;
        return Drawn.named(asked)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        format == null
                                ? file + " must end in one of " + FORMATS + ", or say which it is with --format"
                                : "--format must be one of " + FORMATS + ": " + asked));
    }

    private void tell(Sketch sketch, boolean isComplete) {
        PrintWriter err = spec.commandLine().getErr();
        if (!isComplete) {
            err.println("sluice graph: there are so many patterns that not all of them were compared with each other;"
                    + " arrows between those that have files in common may be missing");
        }
        switch (sketch.alarm()) {
            case NONE -> {}
            case CIRCLE -> err.println("sluice graph: some steps read each other's files; see `sluice check`");
            case DEADLOCK ->
                err.println(
                        "sluice graph: some steps wait for each other's end, which never comes; see `sluice check`");
        }
        err.flush();
    }
}
