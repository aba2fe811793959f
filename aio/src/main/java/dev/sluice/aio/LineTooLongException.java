package dev.sluice.aio;

import java.io.IOException;

/**
 * Says that a line has more bytes than its reader's limit.
 *
 * <p>Reading can go on: the next call for a line passes over the rest of the long one, however long that is, and answers
 * the line after it.
 */
public final class LineTooLongException extends IOException {
    private static final long serialVersionUID = 1;

    /** The file's name. */
    private final String file;

    /** Where the line begins. */
    private final long position;

    /** The most bytes that a line may have. */
    private final int limit;

    LineTooLongException(String file, long position, int limit) {
        super(file + ": the line at " + position + " has more than " + limit
                + " bytes: ask for the next line to pass over it, or raise the limit");
        this.file = file;
        this.position = position;
        this.limit = limit;
    }

    /** {@return the file's name, as it was opened} */
    public String file() {
        return file;
    }

    /** {@return the position in the file at which the line begins} */
    public long position() {
        return position;
    }

    /** {@return the most bytes that a line may have} */
    public int limit() {
        return limit;
    }
}
