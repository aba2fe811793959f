package dev.sluice.files;

import java.io.EOFException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process that asks questions on the console until it hears no more. */
public final class ConsoleTalk {
    private ConsoleTalk() {}

    /**
     * Runs it.
     *
     * @param arguments {@code terminal} to ask only at a terminal; {@code late} to give up the first question
     * @throws Exception when something else fails
     */
    public static void main(String[] arguments) throws Exception {
        Console console = Console.standard();
        boolean atTerminal = arguments.length > 0 && arguments[0].equals("terminal");
        System.out.println("terminal: " + console.isTerminal());
        if (arguments.length > 0 && arguments[0].equals("late")) {
            try {
                console.input("quick? ").get(50, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                System.out.println("too late");
            }
            try {
                console.input("quicker? ").orTimeout(50, TimeUnit.MILLISECONDS).get();
            } catch (ExecutionException e) {
                System.out.println("stopped: " + e.getCause().getClass().getSimpleName());
            }
        }
        while (true) {
            try {
                System.out.println(
                        "heard '" + console.input("name? ", atTerminal).get() + "'");
            } catch (ExecutionException e) {
                System.out.println((e.getCause() instanceof EOFException ? "end: " : "failed: ")
                        + e.getCause().getMessage());
                return;
            }
        }
    }
}
