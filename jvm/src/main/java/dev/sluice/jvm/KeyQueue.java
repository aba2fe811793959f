package dev.sluice.jvm;

/** Who is told that something was seen in a directory, and hands that on to who waits for it. */
interface KeyQueue {
    /** There is something to be fetched from it. */
    void signal(Sight sight);

    /** It is not watched any more. */
    void forget(Sight sight);

    /** {@return whether somebody may still want to know} */
    boolean isOpen();
}
