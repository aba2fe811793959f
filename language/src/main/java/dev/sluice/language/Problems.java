package dev.sluice.language;

import dev.sluice.language.Problem.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects problems; one thread at a time. Beyond a thousand it counts them only: nobody reads more. */
final class Problems {
    private static final int MOST = 1000;

    /** The order of the file; what has no line comes last. */
    static final Comparator<Problem> ORDER = Comparator.comparingInt(
                    (Problem problem) -> problem.line() == 0 ? Integer.MAX_VALUE : problem.line())
            .thenComparingInt(Problem::column);

    private final List<Problem> list = new ArrayList<>();
    /** Where places are looked up that come without a value; null while there is no document. */
    private final @Nullable Json document;

    private int errors;
    private int more;

    Problems(@Nullable Json document) {
        this.document = document;
    }

    void error(String code, At at, Json where, String message, String advice) {
        add(Severity.ERROR, code, at, where.line(), where.column(), message, advice);
    }

    void warning(String code, At at, Json where, String message, String advice) {
        add(Severity.WARNING, code, at, where.line(), where.column(), message, advice);
    }

    void error(String code, At at, String message, String advice) {
        lookUp(Severity.ERROR, code, at, message, advice);
    }

    void warning(String code, At at, String message, String advice) {
        lookUp(Severity.WARNING, code, at, message, advice);
    }

    void add(Severity severity, String code, At at, int line, int column, String message, String advice) {
        if (severity == Severity.ERROR) {
            errors++;
        }
        if (list.size() < MOST) {
            list.add(new Problem(severity, code, at.text(), line, column, message, advice));
        } else {
            more++;
        }
    }

    private void lookUp(Severity severity, String code, At at, String message, String advice) {
        Json where = document == null ? null : at.in(document);
        add(severity, code, at, where == null ? 0 : where.line(), where == null ? 0 : where.column(), message, advice);
    }

    boolean hasErrors() {
        return errors > 0;
    }

    /** All of them, in the order of the file. */
    List<Problem> sorted() {
        List<Problem> sorted = new ArrayList<>(list);
        sorted.sort(ORDER);
        if (more > 0) {
            sorted.add(new Problem(
                    errors > 0 ? Severity.ERROR : Severity.WARNING,
                    "more",
                    At.ROOT.text(),
                    0,
                    0,
                    "there are " + more + " more problems like these",
                    "mend those above first"));
        }
        return sorted;
    }
}
