package dev.sluice.cli;

import java.io.Serial;

/** Ends a command with a sentence for the user, and with a status. */
final class Refusal extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** What was asked for failed, or the flow is not valid. */
    static final int FAILED = 1;

    /** What was asked for makes no sense, or is about a file that cannot be read. */
    static final int MISUSED = 2;

    private final int status;

    private Refusal(int status, String sentence) {
        super(sentence);
        this.status = status;
    }

    static Refusal failed(String sentence) {
        return new Refusal(FAILED, sentence);
    }

    static Refusal misused(String sentence) {
        return new Refusal(MISUSED, sentence);
    }

    int status() {
        return status;
    }
}
