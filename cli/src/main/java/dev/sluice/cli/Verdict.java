package dev.sluice.cli;

import dev.sluice.language.Contracts;
import dev.sluice.language.Flow;
import dev.sluice.language.Problem;
import java.io.StringWriter;
import java.util.Comparator;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * What is wrong with a flow and the files that belong to it.
 *
 * @param flow the flow
 * @param parts its problems, file by file
 */
record Verdict(FlowFile.Text flow, List<Part> parts) {
    /** The order of the file; what has no line comes last. */
    static final Comparator<Problem> ORDER = Comparator.comparingInt(
                    (Problem problem) -> problem.line() == 0 ? Integer.MAX_VALUE : problem.line())
            .thenComparingInt(Problem::column);

    /** Everybody can read these characters. */
    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** What is wrong in one file. */
    record Part(SourceText source, List<Problem> problems) {}

    /** How many steps a flow has, and how many files and patterns they read and write. */
    record Size(long steps, long files, long patterns) {
        static Size of(Flow flow) {
            Contracts contracts = Contracts.of(flow);
            List<String> paths = contracts.paths();
            long patterns = paths.stream().filter(Contracts::isPattern).count();
            return new Size(contracts.steps().size(), paths.size() - patterns, patterns);
        }
    }

    List<Problem> problems() {
        return parts.stream().flatMap(part -> part.problems().stream()).toList();
    }

    boolean isValid() {
        return problems().stream().noneMatch(Problem::isError);
    }

    /** One object, for programs. */
    String toJson() {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            out.writeStartObject();
            out.writeStringProperty("file", flow.source().name());
            out.writeBooleanProperty("valid", isValid());
            out.writeNumberProperty("errors", Report.count(problems(), true));
            out.writeNumberProperty("warnings", Report.count(problems(), false));
            flow.reading().flow().ifPresent(valid -> {
                Size size = Size.of(valid);
                out.writeStringProperty("name", valid.name());
                out.writeStringProperty("version", flow.reading().version().toString());
                out.writeNumberProperty("steps", size.steps());
                out.writeNumberProperty("files", size.files());
                out.writeNumberProperty("patterns", size.patterns());
            });
            out.writeArrayPropertyStart("problems");
            parts.forEach(part ->
                    part.problems().forEach(problem -> write(out, part.source().name(), problem)));
            out.writeEndArray();
            out.writeEndObject();
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, String file, Problem problem) {
        out.writeStartObject();
        out.writeStringProperty("severity", problem.severity().toString());
        out.writeStringProperty("code", problem.code());
        out.writeStringProperty("file", file);
        out.writeNumberProperty("line", problem.line());
        out.writeNumberProperty("column", problem.column());
        out.writeStringProperty("path", problem.path());
        out.writeStringProperty("message", problem.message());
        out.writeStringProperty("advice", problem.advice());
        out.writeEndObject();
    }
}
