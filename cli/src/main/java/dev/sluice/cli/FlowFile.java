package dev.sluice.cli;

import dev.sluice.jvm.MeetingPoint;
import dev.sluice.language.Flow;
import dev.sluice.language.Problem;
import dev.sluice.language.Reading;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The flow file that a command is about, and how strictly it is read. One thread at a time. */
final class FlowFile {
    private static final String STANDARD_INPUT = "-";
    private static final int LARGEST = 256 << 20;
    private static final int MOST_CHECKED = 2_000;
    private static final int MOST_TOLD = 10;
    private static final Set<String> GRAVE_WARNINGS = Set.of("never-produced", "own-name");

    @Parameters(index = "0", paramLabel = "FLOW", description = "The flow file; - is the standard input.")
    private Path file;

    @Option(
            names = "--lenient",
            description = "Understand also what only the documents of CAPIO-CL show, and warn of it.")
    private boolean lenient;

    /** One that is not named by the command's first word. */
    static FlowFile of(Path file, boolean lenient) {
        FlowFile flow = new FlowFile();
        flow.file = file;
        flow.lenient = lenient;
        return flow;
    }

    /** What was read, its text, and the digest of its bytes. */
    record Text(SourceText source, Reading reading, String digest) {
        /** The flow; when it is none, tells why, and refuses. */
        Flow orRefuse(PrintWriter err) {
            return reading.flow().orElseThrow(() -> {
                new Report(new Screen(err, Ability.PLAIN)).problems(source, reading.problems());
                return Refusal.failed(source.name() + " is not valid; mend what is said above");
            });
        }

        /**
         * Tells, before a flow runs, what makes it run otherwise than was meant: what {@code check} calls an error, files
         * that nobody makes, and paths that are not where they were meant. Of a very large flow it says nothing, since
         * that would take longer than the start of it all.
         *
         * @param directory the managed directory, before it is mounted
         */
        void warn(Flow flow, Path directory, StepOutput output) {
            Verdict.Size size = Verdict.Size.of(flow);
            boolean isLarge = size.steps() + size.files() + size.patterns() > MOST_CHECKED;
            if (isLarge || !Files.isDirectory(directory)) { // no directory: a killed server's mount
                return;
            }
            List<Problem> grave = reading.check(directory, path -> ManagedDirectory.has(directory, path)).stream()
                    .filter(problem -> problem.isError() || GRAVE_WARNINGS.contains(problem.code()))
                    .toList();
            grave.stream().limit(MOST_TOLD).forEach(problem -> output.say(problem.in(source.name())));
            if (grave.size() > MOST_TOLD) {
                output.say("and " + Report.counted(grave.size() - MOST_TOLD, "more problem")
                        + ", which sluice check tells");
            }
        }

        /** Where something stands, as messages say it: {@code flow.json:3}. */
        String place(String path) {
            return source.name() + ":" + reading.line(path);
        }
    }

    /** Where files are that the flow names as seen from itself. */
    Path folder() {
        Path parent = isStandardInput() ? null : file.getParent();
        return parent == null ? Path.of("") : parent;
    }

    boolean isStandardInput() {
        return file.toString().equals(STANDARD_INPUT);
    }

    Path path() {
        return file;
    }

    /** Reads the file; one that cannot be read is refused. */
    Text read() {
        String name = isStandardInput() ? "<stdin>" : file.toString();
        try (InputStream in = isStandardInput() ? System.in : Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw Refusal.misused(name + " is larger than " + (LARGEST >> 20) + " MiB, which no flow file is");
            }
            Reading.Mode mode = lenient ? Reading.Mode.LENIENT : Reading.Mode.STRICT;
            return new Text(new SourceText(name, bytes), Reading.of(name, bytes, mode), MeetingPoint.digest(bytes));
        } catch (IOException e) {
            if (Files.isDirectory(file)) {
                throw Refusal.misused(name + " is a directory; name the flow file in it");
            }
            throw Refusal.misused(Failure.sentence(e));
        }
    }
}
