package dev.sluice.cli;

import dev.sluice.cli.Screen.Style;
import dev.sluice.language.Problem;
import java.util.List;

/** Shows problems as compilers do: one line that begins with the place, then the source with a mark below. */
final class Report {
    private static final int INDENT = 4;

    private final Screen screen;

    Report(Screen screen) {
        this.screen = screen;
    }

    void problems(SourceText source, List<Problem> problems) {
        for (Problem problem : problems) {
            problem(source, problem);
        }
    }

    private void problem(SourceText source, Problem problem) {
        String text = Printable.text(problem.in(source.name()));
        Ability ability = screen.ability();
        List<String> lines =
                ability.live() ? Wrap.lines(text, ability.width(), 0, INDENT) : List.of(text); // one line for grep
        boolean faint = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (i == 0) {
                line = coloured(line, problem, source.name());
            }
            int code = line.lastIndexOf(" [" + problem.code() + ",");
            if (faint) {
                line = screen.styled(Style.FAINT, line);
            } else if (code >= 0) {
                faint = true;
                line = line.substring(0, code) + screen.styled(Style.FAINT, line.substring(code));
            }
            screen.print(line);
        }
        if (problem.line() > 0) {
            List<String> excerpt = source.excerpt(problem.line(), problem.column(), ability.width());
            for (int i = 0; i < excerpt.size(); i++) {
                screen.print(i == 0 ? excerpt.getFirst() : screen.styled(style(problem), excerpt.get(i)));
            }
        }
    }

    private String coloured(String line, Problem problem, String name) {
        String severity = problem.severity() + ":";
        int at = line.indexOf(" " + severity, Math.min(line.length(), name.length())) + 1;
        return at < 1
                ? line
                : screen.styled(Style.BOLD, line.substring(0, at))
                        + screen.styled(style(problem), severity)
                        + line.substring(at + severity.length());
    }

    private static Style style(Problem problem) {
        return problem.isError() ? Style.WRONG : Style.DOUBTFUL;
    }

    /**
     * The last line.
     *
     * @param name what messages call the flow file
     * @param problems all there are
     * @param valid what to add when there is no error
     */
    void summary(String name, List<Problem> problems, String valid) {
        long errors = count(problems, true);
        long warnings = count(problems, false);
        if (errors > 0) {
            last(name, Style.WRONG, counted(errors, "error"), warnings > 0 ? ", " + counted(warnings, "warning") : "");
        } else if (warnings > 0) {
            last(name, Style.DOUBTFUL, counted(warnings, "warning"), ", no errors; " + valid);
        } else {
            last(name, Style.GOOD, "no problems", "; " + valid);
        }
    }

    /** On a terminal no line is wider than it; the verdict has its colour where it is not broken. */
    private void last(String name, Style style, String verdict, String more) {
        String start = Printable.text(name) + ": ";
        String text = start + verdict + more;
        Ability ability = screen.ability();
        List<String> lines = ability.live() ? Wrap.lines(text, ability.width(), 0, INDENT) : List.of(text);
        for (String line : lines) {
            int from = line.lastIndexOf(verdict);
            screen.print(
                    from < 0
                            ? line
                            : line.substring(0, from)
                                    + screen.styled(style, verdict)
                                    + line.substring(from + verdict.length()));
        }
    }

    /** How many errors, or warnings, there are, also those that are not listed. */
    static long count(List<Problem> problems, boolean errors) {
        return problems.stream()
                .filter(problem -> problem.isError() == errors)
                .mapToLong(Problem::count)
                .sum();
    }

    static String counted(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
