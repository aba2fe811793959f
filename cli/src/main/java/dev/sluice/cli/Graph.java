package dev.sluice.cli;

import dev.sluice.language.Contracts;
import dev.sluice.language.Flow;
import dev.sluice.language.FlowException;
import dev.sluice.language.Reading;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code graph}: draws a flow. One thread at a time. */
@Command(
        name = "graph",
        description = "Draws a flow: its steps, their files, and the rules between them.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
final class Graph implements Callable<Integer> {
    private static final String FORMATS =
            Arrays.stream(Drawn.values()).map(Drawn::toString).collect(Collectors.joining(", "));
    /** With more, a layout takes longer than anybody waits, and nobody reads it. */
    private static final int MOST_BOXES = 2000;

    private static final int MOST_ARROWS = 4000;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FLOW", description = "The flow file.")
    private Path flow;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to draw: a file that ends in .svg, .html, .mmd (Mermaid) or .dot (Graphviz)."
                    + " Standard output when not said.")
    private @Nullable Path output;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "svg, html, mmd or dot; what the end of FILE says when not said, or else svg.")
    private @Nullable String format;

    @Option(names = "--lenient", description = "Also reads what only CAPIO-CL's documents show.")
    private boolean lenient;

    @Option(
            names = "--dir",
            paramLabel = "DIRECTORY",
            description = "The managed directory, for flows with absolute paths.")
    private @Nullable Path directory;

    @Option(names = "--force", description = "Replaces FILE even if it was not drawn by this command.")
    private boolean force;

    @Override
    public Integer call() {
        Drawn chosen = chosen();
        if (output == null && Ability.isTerminal()) {
            throw new ParameterException(
                    spec.commandLine(), "a picture is nothing for a terminal; name a file: -o FILE." + chosen);
        }
        try {
            Sketch sketch = sketch();
            int boxes = sketch.steps().size() + sketch.sheets().size();
            if (chosen.isLaidOut() && (boxes > MOST_BOXES || sketch.arrows().size() > MOST_ARROWS)) {
                return failed("the picture would have " + boxes + " boxes and "
                        + sketch.arrows().size() + " arrows, and at most " + MOST_BOXES + " and " + MOST_ARROWS
                        + " are laid out here; write it for other programs with --format dot or mmd");
            }
            return write(chosen.text(sketch)) ? told(sketch) : failed("standard output was closed");
        } catch (FileAlreadyExistsException e) {
            return failed(e.getFile() + " is there and was not drawn by this command; name another file, or replace it"
                    + " with --force");
        } catch (FlowException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return failed(flow + " cannot be drawn because of what is said above");
        } catch (IOException e) {
            return failed(Failure.sentence(e));
        }
    }

    private Drawn chosen() {
        String name = format;
        Path file = output;
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

    private Sketch sketch() throws FlowException, IOException {
        Flow read = Reading.of(flow, lenient ? Reading.Mode.LENIENT : Reading.Mode.STRICT)
                .orThrow();
        Path managed = directory;
        Contracts contracts = managed == null ? Contracts.of(read) : Contracts.of(read, managed);
        return Sketcher.sketch(read.name(), dev.sluice.language.Graph.of(contracts));
    }

    /** Bytes, whatever the terminal's encoding is: the formats are UTF-8. */
    private boolean write(String text) throws IOException {
        Path file = output;
        if (file != null) {
            WholeFile.write(file, text, beginning -> force || beginning.contains(Drawn.MARK));
            return true;
        }
        System.out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return !System.out.checkError();
    }

    private int told(Sketch sketch) {
        PrintWriter err = spec.commandLine().getErr();
        switch (sketch.alarm()) {
            case NONE -> {}
            case CIRCLE -> err.println("sluice graph: some steps read each other's files; see `sluice check`");
            case DEADLOCK ->
                err.println(
                        "sluice graph: some steps wait for each other's end, which never comes; see `sluice check`");
        }
        return 0;
    }

    private int failed(String sentence) {
        spec.commandLine().getErr().println("sluice graph: " + sentence);
        return 1;
    }
}
