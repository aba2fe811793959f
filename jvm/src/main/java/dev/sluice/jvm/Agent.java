package dev.sluice.jvm;

import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets an unmodified Java program take part in a workflow inside its own process: {@code java -javaagent:sluice-jvm.jar}. Files of
 * the managed directory go to the workflow without a mount, whether the program uses {@code java.io} or {@code java.nio.file};
 * all others are the JDK's as before.
 *
 * <p>{@code sluice exec} adds it to a command by itself where it can; in {@code sluice run} the option is in the environment, as
 * {@code SLUICE_AGENT}. A step's process finds the directory and its step in its environment. Elsewhere both are said: {@code -javaagent:sluice-jvm.jar=dir=DIR,step=STEP};
 * the program is a run of the step then. When neither is said nothing is changed.
 */
@SuppressWarnings("exports") // users need not have JSpecify
public final class Agent {
    private static final int FAILED = 1;

    private final Map<String, String> said;
    private final Instrumentation instrumentation;
    private volatile @Nullable Throwable trouble;

    private Agent(Map<String, String> said, Instrumentation instrumentation) {
        this.said = said;
        this.instrumentation = instrumentation;
    }

    /**
     * For the JVM, before the program begins.
     *
     * @param arguments {@code dir=DIR,step=STEP}, or null
     * @param instrumentation what changes classes
     */
    public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
        try {
            new Agent(parsed(arguments), instrumentation).begin();
        } catch (IOException
                | ReflectiveOperationException
                | UnmodifiableClassException
                | RuntimeException
                | LinkageError e) {
            // In the plain directory the program would write what nobody reads, and read what is not complete.
            String why = e instanceof LinkageError || e.getMessage() == null ? e.toString() : e.getMessage();
            System.err.println("sluice: " + why + "; this program cannot take part, and has not begun");
            System.exit(FAILED);
        }
    }

    /**
     * For the JVM, when a program that runs is to take part from now on.
     *
     * @param arguments as for {@link #premain}
     * @param instrumentation what changes classes
     */
    public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) {
        premain(arguments, instrumentation);
    }

    private static Map<String, String> parsed(@Nullable String arguments) {
        Map<String, String> said = new HashMap<>();
        if (arguments != null && !arguments.isEmpty()) {
            for (String one : arguments.split(",", -1)) {
                int equals = one.indexOf('=');
                String name = equals < 0 ? one : one.substring(0, equals);
                if (equals < 0 || !Set.of("dir", "step").contains(name)) {
                    throw new IllegalArgumentException(
                            "the agent understands dir=DIR and step=STEP, with a comma between, not " + one);
                }
                said.put(name, one.substring(equals + 1));
            }
        }
        return said;
    }

    private static @Nullable String variable(String... names) {
        for (String name : names) {
            String value = System.getenv(name);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return null;
    }

    private void begin() throws IOException, ReflectiveOperationException, UnmodifiableClassException {
        String named = said.getOrDefault("dir", variable("SLUICE_DIR", "CAPIO_DIR"));
        if (named == null) {
            return;
        }
        Path given = Path.of(named).toAbsolutePath().normalize();
        Door door = door(given);
        Territory territory = Territory.of(door, given);
        Routes.everywhere(territory);
        open();
        SluiceFileSystemProvider provider =
                new SluiceFileSystemProvider(FileSystems.getDefault().provider());
        Path last = territory.roots().getLast();
        Moved.install(
                last.toString(),
                territory.directory().toString(),
                Path.of("").toAbsolutePath().toString(),
                new Far(provider));
        patch();
    }

    private Door door(Path directory) throws IOException {
        if (variable("SLUICE_SESSION") != null && !said.containsKey("step")) {
            return RemoteDoor.enter(directory);
        }
        String step = said.getOrDefault("step", variable("SLUICE_STEP", "CAPIO_APP_NAME"));
        if (step == null) {
            throw new IllegalArgumentException("it is not known which step this is: say step=STEP to the agent");
        }
        if (!Files.isDirectory(directory)) {
            throw new java.nio.file.NotDirectoryException(directory + " is no directory");
        }
        RemoteDoor door = RemoteDoor.join(directory, step, true);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            try {
                door.close();
            } catch (IOException e) {
                System.err.println("sluice: the end of step " + step + " could not be told: " + e.getMessage());
            }
        }));
        return door;
    }

    /** The hook has to be among the JDK's own classes. */
    private void open() {
        instrumentation.redefineModule(
                Object.class.getModule(),
                Set.of(),
                Map.of(),
                Map.of("java.io", Set.of(Agent.class.getModule())),
                Set.of(),
                Map.of());
    }

    private void patch() throws ReflectiveOperationException, UnmodifiableClassException {
        List<Class<?>> classes = new ArrayList<>();
        for (String name : Patches.classes()) {
            classes.add(Class.forName(name));
        }
        instrumentation.addTransformer(new Patcher(), true);
        instrumentation.retransformClasses(classes.toArray(Class<?>[]::new));
        Throwable failure = trouble;
        if (failure != null) {
            throw new ReflectiveOperationException(
                    "this JDK (" + Runtime.version() + ") has classes of another form: " + failure, failure);
        }
    }

    /** Changes the JDK's classes once, and later those programs' that call what cannot be changed. */
    private final class Patcher implements ClassFileTransformer {
        @Override
        public byte @Nullable [] transform(
                @Nullable ClassLoader loader,
                @Nullable String name,
                @Nullable Class<?> redefined,
                @Nullable ProtectionDomain domain,
                byte[] file) {
            try {
                if (redefined != null && loader == null && name != null) {
                    return Patches.patched(name, file);
                }
                return redefined == null ? Patches.ofCaller(loader, file) : null;
            } catch (RuntimeException | Error e) {
                trouble = e; // whoever calls this would not tell
                if (redefined == null) {
                    System.err.println("sluice: " + name + " cannot be changed (" + e
                            + "): if it asks for the place in a managed random access file, it gets an exception");
                }
                return null;
            }
        }
    }
}
