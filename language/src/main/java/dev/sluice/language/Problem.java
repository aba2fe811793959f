package dev.sluice.language;

/**
 * Something in a flow that is wrong, or that is likely not what its author meant.
 *
 * @param severity how bad it is
 * @param code which kind of problem it is, in one word: {@code unknown-key}
 * @param path the place as a JSON path: {@code $.IO_Graph[0].name}
 * @param line the line in the file, from 1; 0 when it has no line
 * @param column the column in the file, in characters from 1; 0 when it has none
 * @param message what is wrong
 * @param advice what to write instead, or an empty string
 * @param count how many problems it stands for; 1, unless it says that there are more than are listed
 */
public record Problem(
        Severity severity, String code, String path, int line, int column, String message, String advice, int count) {
    /** What is longer is cut in the middle: paths and names may be of any length. */
    private static final int LONGEST = 1000;

    /** Cuts long texts, and shows control characters as JSON writes them, so that each text stays in one line. */
    public Problem {
        message = oneLine(message);
        advice = oneLine(advice);
    }

    /**
     * One problem.
     *
     * @param severity how bad it is
     * @param code which kind of problem it is
     * @param path the place as a JSON path
     * @param line the line, from 1, or 0
     * @param column the column, from 1, or 0
     * @param message what is wrong
     * @param advice what to write instead, or an empty string
     */
    public Problem(Severity severity, String code, String path, int line, int column, String message, String advice) {
        this(severity, code, path, line, column, message, advice, 1);
    }

    private static String oneLine(String text) {
        String cut = text.length() <= LONGEST
                ? text
                : text.substring(0, LONGEST / 2) + " ... " + text.substring(text.length() - LONGEST / 2);
        if (cut.chars().noneMatch(Character::isISOControl)) {
            return cut;
        }
        StringBuilder line = new StringBuilder();
        cut.chars()
                .forEach(c ->
                        line.append(Character.isISOControl(c) ? "\\u%04x".formatted(c) : String.valueOf((char) c)));
        return line.toString();
    }

    /** How bad a problem is. */
    public enum Severity {
        /** The flow cannot be used. */
        ERROR,
        /** The flow can be used, and may do what its author did not mean. */
        WARNING;

        /** In small letters, as it is printed. */
        @Override
        public String toString() {
            return this == ERROR ? "error" : "warning";
        }
    }

    /** {@return whether it is an error} */
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /**
     * The problem in one line, as compilers write it: {@code flow.json:3:7: error: ...}.
     *
     * @param source the name of the file
     * @return the line, without its end
     */
    public String in(String source) {
        String place = line == 0 ? "" : ":" + line + ":" + column;
        return source + place + ": " + severity + ": " + message + (advice.isEmpty() ? "" : "; " + advice) + " [" + code
                + ", " + oneLine(path) + "]";
    }
}
