package dev.sluice.language;

import java.io.Serial;
import java.util.List;

/** A flow could not be read, or cannot be what was asked for; the message has a line for each problem. */
public final class FlowException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    /** Problems are values of this module, which are not serialised. */
    private final transient List<Problem> problems;

    FlowException(String source, List<Problem> problems) {
        super(String.join(
                "\n", problems.stream().map(problem -> problem.in(source)).toList()));
        this.problems = List.copyOf(problems);
    }

    /** {@return what is wrong, in the order of the file; at least one error} */
    public List<Problem> problems() {
        return problems == null ? List.of() : problems;
    }
}
