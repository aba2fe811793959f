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
 */
public record Problem(
        Severity severity, String code, String path, int line, int column, String message, String advice) {
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
                + ", " + path + "]";
    }
}
