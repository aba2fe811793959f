package dev.sluice.stream;

/**
 * Says that a request waits: it is known to the workflow, which will {@linkplain Request#resume resume} it; whoever
 * brought it then asks again from the start. There is one of these, without a stack trace.
 */
public final class Parked extends Exception {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack trace, and is thrown for every wait
    static final Parked PARKED = new Parked();

    private Parked() {
        super("the request waits", null, false, false);
    }
}
