package dev.sluice.jvm;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;

/**
 * Where the JVM comes in that loads the agent. It is compiled for old releases, so that one that is too old for {@link Agent} does
 * not break off with an error about class files: its program goes through the mount, which is as good as if nobody had named
 * the agent; without a mount it does not begin, and says why.
 */
public final class Entrance {
    /** The first release of which {@link Agent} can be. */
    static final int RELEASE = 25;

    private static final String MOUNTED = "fuse.sluice";
    private static final int FAILED = 1;

    private Entrance() {}

    /**
     * For the JVM, before the program begins.
     *
     * @param arguments as for {@link Agent}
     * @param instrumentation what changes classes
     * @throws ReflectiveOperationException when the jar is not complete
     */
    public static void premain(String arguments, Instrumentation instrumentation) throws ReflectiveOperationException {
        if (release() >= RELEASE) {
            enter("premain", arguments, instrumentation);
            return;
        }
        String trouble = trouble(arguments);
        if (trouble != null) {
            System.err.println("sluice: " + trouble + "; this program cannot take part, and has not begun");
            System.exit(FAILED);
        }
    }

    /**
     * For the JVM, when a program that runs is to take part.
     *
     * @param arguments as for {@link Agent}
     * @param instrumentation what changes classes
     * @throws ReflectiveOperationException when the jar is not complete
     * @throws IllegalStateException when the program cannot take part
     */
    public static void agentmain(String arguments, Instrumentation instrumentation)
            throws ReflectiveOperationException {
        if (release() >= RELEASE) {
            enter("agentmain", arguments, instrumentation);
            return;
        }
        String trouble = trouble(arguments);
        if (trouble != null) {
            String sentence = trouble + "; this program does not take part, and goes on as it was";
            System.err.println("sluice: " + sentence);
            throw new IllegalStateException(sentence); // the JVM prints all of it
        }
    }

    private static void enter(String method, String arguments, Instrumentation instrumentation)
            throws ReflectiveOperationException {
        try {
            Class.forName("dev.sluice.jvm.Agent")
                    .getMethod(method, String.class, Instrumentation.class)
                    .invoke(null, arguments, instrumentation);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException) {
                throw (RuntimeException) e.getCause();
            }
            throw e;
        }
    }

    static int release() {
        String version = System.getProperty("java.specification.version");
        return version.startsWith("1.") ? 8 : Integer.parseInt(version); // 1.8 was the last of that form
    }

    /** Why a program of this old JVM cannot take part; null when it does by the mount, or nobody asks for it. */
    private static String trouble(String arguments) {
        String directory = said(arguments, "dir");
        String step = said(arguments, "step");
        if (directory == null) {
            directory = environment("SLUICE_DIR", "CAPIO_DIR");
        }
        if (directory == null) {
            return null;
        }
        String old = "in its own process a program takes part from JDK " + RELEASE + " on, and this is "
                + System.getProperty("java.version");
        try {
            if (!isMounted(new File(directory).getCanonicalPath())) {
                return old + "; it can go through a mount, and there is none over " + directory
                        + ": leave --no-mount out, or take a newer JDK";
            }
        } catch (IOException e) {
            return old + "; whether there is a mount over " + directory + " cannot be found out: " + e.getMessage();
        }
        return step == null || step.equals(environment("SLUICE_STEP", "CAPIO_APP_NAME"))
                ? null
                : old + "; through the mount it takes part as a step that is said before: sluice exec --step " + step
                        + " -- java ...";
    }

    private static String environment(String name, String other) {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
            value = System.getenv(other);
        }
        return value == null || value.isEmpty() ? null : value;
    }

    private static String said(String arguments, String name) {
        if (arguments != null) {
            for (String one : arguments.split(",", -1)) {
                if (one.startsWith(name + "=")) {
                    return one.substring(name.length() + 1);
                }
            }
        }
        return null;
    }

    /** Is a directory, or one above it, a mount of ours? */
    private static boolean isMounted(String directory) throws IOException {
        byte[] mounts = Files.readAllBytes(Paths.get("/proc/self/mounts"));
        boolean isOurs = false;
        int longest = 0;
        for (String line : new String(mounts, StandardCharsets.UTF_8).split("\n", -1)) {
            String[] words = line.split(" ", -1);
            if (words.length > 2) {
                String point = plain(words[1]);
                // What was mounted later, or further in, lies above.
                if (point.length() >= longest && isIn(directory, point)) {
                    longest = point.length();
                    isOurs = words[2].equals(MOUNTED);
                }
            }
        }
        return isOurs;
    }

    private static boolean isIn(String path, String directory) {
        return path.equals(directory) || path.startsWith(directory.endsWith("/") ? directory : directory + "/");
    }

    /** The kernel writes blanks, tabs, line feeds and backslashes in octal digits. */
    private static String plain(String word) {
        return word.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
