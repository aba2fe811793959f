package dev.sluice.language;

import dev.sluice.language.Problem.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects problems; one thread at a time. Beyond a thousand errors and a thousand warnings it counts them only: nobody
 * reads more.
 */
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
    private int warnings;

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
        if ((severity == Severity.ERROR ? errors++ : warnings++) < MOST) {
            list.add(new Problem(severity, code, at.text(), line, column, message, advice));
        }
    }

    private void lookUp(Severity severity, String code, At at, String message, String advice) {
        Json where = document == null ? null : at.in(document);
        add(severity, code, at, where == null ? 0 : where.line(), where == null ? 0 : where.column(), message, advice);
    }

    int errors() {
        return errors;
    }

    /** All of them, in the order of the file. */
    List<Problem> sorted() {
        List<Problem> sorted = new ArrayList<>(list);
        sorted.sort(ORDER);
        addMore(sorted, Severity.ERROR, errors);
        addMore(sorted, Severity.WARNING, warnings);
        return sorted;
    }

    private static void addMore(List<Problem> sorted, Severity severity, int count) {
        if (count > MOST) {
            String message = "there are " + (count - MOST) + " more " + severity + "s";
            sorted.add(new Problem(
                    severity, "more", At.ROOT.text(), 0, 0, message, "mend those above first", count - MOST));
        }
    }
}
