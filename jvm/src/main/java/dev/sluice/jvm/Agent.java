package dev.sluice.jvm;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets an unmodified Java program take part in a workflow inside its own process: {@code java -javaagent:sluice-jvm.jar}. Files of
 * the managed directory go to the workflow without a mount, whether the program uses {@code java.io} or {@code java.nio.file};
 * all others are the JDK's as before.
 *
 * <p>{@code sluice exec} adds it to a command by itself where it can; in {@code sluice run} the option is in the environment, as
 * {@code SLUICE_AGENT}. A step's process finds the directory and its step in its environment. Elsewhere both are said: {@code -javaagent:sluice-jvm.jar=dir=DIR,step=STEP};
 * the program is a run of the step then. When neither is said nothing is changed.
 *
 * <p>What it needs beside this jar is loaded where the program does not see it.
 */
@SuppressWarnings("exports") // users need not have JSpecify
public final class Agent {
    private static final int FAILED = 1;

    private Agent() {}

    /**
     * For the JVM, before the program begins. When the program cannot take part, it does not begin.
     *
     * @param arguments {@code dir=DIR,step=STEP}, or null
     * @param instrumentation what changes classes
     */
    public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
        Throwable trouble = begun(arguments, instrumentation, false);
        if (trouble != null) {
            // In the plain directory the program would write what nobody reads, and read what is not complete.
            System.err.println("sluice: " + why(trouble) + "; this program cannot take part, and has not begun");
            System.exit(FAILED);
        }
    }

    /**
     * For the JVM, when a program that runs is to take part from now on: what it opens from here on is the workflow's. When it
     * cannot, it goes on as it was, and whoever attaches the agent is told.
     *
     * @param arguments as for {@link #premain}
     * @param instrumentation what changes classes
     * @throws IllegalStateException when the program cannot take part
     */
    public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) {
        Throwable trouble = begun(arguments, instrumentation, true);
        if (trouble != null) {
            String sentence = why(trouble) + "; this program does not take part, and goes on as it was";
            System.err.println("sluice: " + sentence);
            throw new IllegalStateException(sentence); // the JVM prints all of it
        }
    }

    static String why(Throwable trouble) {
        String said = trouble.getMessage();
        return said == null || trouble instanceof LinkageError ? trouble.toString() : said;
    }

    /** Null when all is well. */
    private static @Nullable Throwable begun(
            @Nullable String arguments, Instrumentation instrumentation, boolean isRunning) {
        try {
            Map<String, String> said = parsed(arguments);
            String directory = said.getOrDefault("dir", Surroundings.first("SLUICE_DIR", "CAPIO_DIR"));
            if (directory != null) {
                new Installation(instrumentation, isRunning).begin(directory, said.get("step"));
            }
            return null;
        } catch (IOException
                | ReflectiveOperationException
                | UnmodifiableClassException
                | RuntimeException
                | LinkageError e) {
            return e;
        }
    }

    private static Map<String, String> parsed(@Nullable String arguments) {
        Map<String, String> said = new HashMap<>();
        if (arguments != null && !arguments.isEmpty()) {
            for (String one : arguments.split(",", -1)) {
                int equals = one.indexOf('=');
                String name = equals < 0 ? one : one.substring(0, equals);
                if (equals < 0 || !(name.equals("dir") || name.equals("step"))) {
                    throw new IllegalArgumentException(
                            "the agent understands dir=DIR and step=STEP, with a comma between, not " + one);
                }
                said.put(name, one.substring(equals + 1));
            }
        }
        return said;
    }
}
