package dev.sluice.jvm;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the patched classes of the JDK call as the program ends. What holds for {@link Hook} holds here. Its fields are set by the
 * threads that end the program, one after the other.
 */
@SuppressWarnings({"unused", "UnusedMethod"}) // its callers are patched into the JDK
final class EndHook {
    /** The thread whose exception, when nobody catches it, decides how the program ends. */
    private static @Nullable Thread main;

    /** With what the program ends, as far as is known. */
    private static int status;

    private EndHook() {}

    static void begin(Thread mainThread) {
        main = mainThread;
    }

    /** It ends with this status; called by the one thread that ends it. */
    public static void exits(int number) {
        status = number;
    }

    /** A thread ends with an exception that nobody has caught. */
    public static void fails(Thread thread) {
        if (thread.equals(main)) {
            status = 1; // so does the launcher
        }
    }

    /** All has been done that the program does at its end. */
    public static void ends() {
        if (!Hook.isInstalled()) {
            return;
        }
        try {
            Hook.ask("ended", status);
        } catch (IOException | RuntimeException | Error e) {
            String why = e instanceof IOException ? e.getMessage() : null;
            System.err.println(
                    "sluice: the end of this program could not be told: ".concat(why == null ? e.toString() : why));
        }
    }

    /** It ends at once. */
    public static void halts(int number) {
        exits(number);
        ends();
    }
}
