package dev.sluice.files;

import java.nio.channels.ClosedChannelException;

/** Something was used that had been closed; says what, unlike the JDK's exception. */
final class Closed extends ClosedChannelException {
    private static final long serialVersionUID = 1;
    private final String message;

    Closed(String message) {
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }
}
