package dev.sluice.language;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What reading a flow file gave: the flow, if it is one, and everything that is wrong or doubtful, with its place.
 * Immutable.
 *
 * {@snippet class="dev.sluice.language.ReadingTest" region="read"}
 */
@SuppressWarnings("exports") // @Nullable: who uses this need not have its jar
public final class Reading {
    /** How strictly a flow file is read. */
    public enum Mode {
        /** What CAPIO-CL's published schema and parser refuse is an error. */
        STRICT,
        /** What only its documents show is understood too, with a warning that says how to write it instead. */
        LENIENT
    }

    private static final long LARGEST = 256L << 20;

    private final String source;
    private final Flow.Version version;
    private final @Nullable Flow flow;
    private final @Nullable Json document;
    private final List<Problem> problems;
    private final boolean checkable;
    /** The places of rules that are not what was meant. */
    private final Set<At> broken;

    private Reading(String source, byte[] bytes, Mode mode) {
        this.source = source;
        Problems syntax = new Problems(null);
        document = JsonReader.read(bytes, syntax).orElse(null);
        if (document == null) {
            version = Flow.Version.V1_0;
            flow = null;
            checkable = false;
            broken = Set.of();
            problems = syntax.sorted();
            return;
        }
        Problems found = new Problems(document);
        Grammar grammar = new Grammar(document, mode, found);
        version = grammar.version();
        flow = grammar.flow();
        checkable = grammar.isWhole();
        broken = Set.copyOf(grammar.broken());
        problems = found.sorted();
    }

    /**
     * Reads a flow file.
     *
     * @param file the file
     * @param mode how strictly
     * @return what came of it
     * @throws IOException when the file cannot be read, or is too large to be a flow
     */
    public static Reading of(Path file, Mode mode) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes((int) LARGEST);
            if (in.read() >= 0) {
                throw new java.nio.file.FileSystemException(
                        file.toString(), null, "is larger than " + (LARGEST >> 20) + " MiB, which no flow file is");
            }
            return of(file.toString(), bytes, mode);
        }
    }

    /**
     * Reads a flow from bytes.
     *
     * @param source what messages call it
     * @param bytes the flow file's bytes
     * @param mode how strictly
     * @return what came of it
     */
    public static Reading of(String source, byte[] bytes, Mode mode) {
        return new Reading(source, bytes, mode);
    }

    /**
     * Reads a flow from text.
     *
     * @param source what messages call it
     * @param text the flow file's text
     * @param mode how strictly
     * @return what came of it
     */
    public static Reading of(String source, String text, Mode mode) {
        return of(source, text.getBytes(StandardCharsets.UTF_8), mode);
    }

    /** {@return what messages call the file} */
    public String source() {
        return source;
    }

    /** {@return the version that the file is written in} */
    public Flow.Version version() {
        return version;
    }

    /** {@return the flow; nothing when there is an error} */
    public Optional<Flow> flow() {
        return hasErrors() ? Optional.empty() : Optional.ofNullable(flow);
    }

    /**
     * The file with settings that the flow names, also when there are errors.
     *
     * @return its path, as seen from the flow file; an empty string when there is none
     */
    public String configuration() {
        return flow == null ? "" : flow.configuration();
    }

    /**
     * The flow.
     *
     * @return the flow
     * @throws FlowException when there is an error; with all problems
     */
    public Flow orThrow() throws FlowException {
        Flow result = flow;
        if (result == null || hasErrors()) {
            throw new FlowException(source, problems);
        }
        return result;
    }

    /** {@return what is wrong with the file as such, in its order} */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * What is wrong with the file, and with the flow as a whole: files that nobody produces, circles of steps, rules that
     * hide each other, and the like. In the order of the file.
     *
     * @param directory the managed directory, or nothing when it is not known; absolute paths are then taken as they are
     * @param there tells of a path or pattern, relative to the managed directory, whether it, or a file that the pattern
     *     matches, is there before the run
     * @return the problems, errors and warnings
     */
    public List<Problem> check(@Nullable Path directory, Predicate<String> there) {
        Flow whole = flow;
        if (whole == null || !checkable) {
            return problems;
        }
        Problems more = new Problems(document);
        Contracts contracts = directory == null ? Contracts.of(whole) : Contracts.of(whole, directory);
        Checks.run(whole, contracts, broken, there, more);
        List<Problem> all = new ArrayList<>(problems);
        all.addAll(more.sorted());
        all.sort(Problems.ORDER);
        return all;
    }

    /**
     * The line of a place; of what it was left out of, when the file leaves it out; 0 when there is none.
     *
     * @param path a JSON path, as {@link Problem#path} and {@link Contract} say it
     * @return the line, from 1, or 0
     */
    public int line(String path) {
        return document == null ? 0 : new At(path).in(document).line();
    }

    /**
     * The column of a place, like {@link #line}.
     *
     * @param path a JSON path
     * @return in characters from 1
     */
    public int column(String path) {
        return document == null ? 0 : new At(path).in(document).column();
    }

    private boolean hasErrors() {
        return problems.stream().anyMatch(Problem::isError);
    }
}
