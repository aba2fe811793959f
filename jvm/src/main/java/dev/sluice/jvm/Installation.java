package dev.sluice.jvm;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Brings a JVM into a workflow: the hook, then the changes that call it, then the door; only then anything is managed. What was
 * done is undone when the next cannot be. A function of JDK's types alone, since {@link Agent} may be of another loader. Used
 * once, by the thread that loads the agent; afterwards it is asked for classes by all that load some.
 */
final class Installation implements Function<Object[], @Nullable Throwable> {
    private volatile @Nullable Throwable trouble;

    /** For who has found this class. */
    Installation() {}

    /**
     * Begins.
     *
     * @param given what is said to the agent, with the directory; what changes classes; whether the program runs already
     * @return what went wrong; null when all is well
     */
    @Override
    @SuppressWarnings("unchecked")
    public @Nullable Throwable apply(Object[] given) {
        Instrumentation instrumentation = (Instrumentation) given[1];
        Patcher patcher = new Patcher();
        boolean isDone = false;
        try {
            open(instrumentation);
            Moved.define();
            patch(instrumentation, patcher);
            takePart((Map<String, String>) given[0]);
            isDone = true;
            if (Boolean.TRUE.equals(given[2])) {
                patchLoaded(instrumentation);
            }
            return null;
        } catch (IOException
                | ReflectiveOperationException
                | UnmodifiableClassException
                | RuntimeException
                | LinkageError e) {
            return e;
        } finally {
            if (!isDone) {
                undo(instrumentation, patcher);
            }
        }
    }

    private static void takePart(Map<String, String> said) throws IOException, ReflectiveOperationException {
        Path given = Path.of(String.valueOf(said.get("dir"))).toAbsolutePath().normalize();
        Door door = door(given, said.get("step"));
        Territory territory = Territory.of(door, given);
        Routes.everywhere(territory);
        SluiceFileSystemProvider provider =
                new SluiceFileSystemProvider(FileSystems.getDefault().provider());
        Path last = territory.roots().getLast();
        Moved.install(
                last.toString(),
                territory.directory().toString(),
                Path.of("").toAbsolutePath().toString(),
                new Far(provider, territory));
    }

    private static Door door(Path directory, @Nullable String said) throws IOException {
        if (Surroundings.first("SLUICE_SESSION") != null && said == null) {
            return RemoteDoor.enter(directory);
        }
        String step = said == null ? Surroundings.step() : said;
        if (step == null) {
            throw new IllegalArgumentException("it is not known which step this is: say step=STEP to the agent");
        }
        if (!Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory + " is no directory");
        }
        RemoteDoor door = RemoteDoor.join(directory, step, true);
        Surroundings.become(step, door.environment().getOrDefault("SLUICE_SESSION", ""));
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
    private static void open(Instrumentation instrumentation) {
        instrumentation.redefineModule(
                Object.class.getModule(),
                Set.of(),
                Map.of(),
                Map.of("java.io", Set.of(Installation.class.getModule())),
                Set.of(),
                Map.of());
    }

    private static Class<?>[] ofJdk() throws ClassNotFoundException {
        List<Class<?>> classes = new ArrayList<>();
        for (String name : Patches.classes()) {
            classes.add(Class.forName(name));
        }
        return classes.toArray(Class<?>[]::new);
    }

    private void patch(Instrumentation instrumentation, Patcher patcher)
            throws ReflectiveOperationException, UnmodifiableClassException {
        Class<?>[] classes = ofJdk();
        instrumentation.addTransformer(patcher, true);
        instrumentation.retransformClasses(classes);
        Throwable failure = trouble;
        if (failure != null) {
            throw new ReflectiveOperationException(
                    "this JDK (" + Runtime.version() + ") has classes of another form: " + failure, failure);
        }
    }

    /** The JDK is again as it was. */
    private static void undo(Instrumentation instrumentation, Patcher patcher) {
        Routes.everywhere(null);
        if (instrumentation.removeTransformer(patcher)) {
            try {
                instrumentation.retransformClasses(ofJdk());
            } catch (ClassNotFoundException | UnmodifiableClassException | RuntimeException | LinkageError e) {
                System.err.println("sluice: changes to the JDK's classes stay, without effect: " + e);
            }
        }
    }

    /** A program that runs has classes already that ask for the place in a file. */
    private static void patchLoaded(Instrumentation instrumentation) {
        for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
            ClassLoader loader = loaded.getClassLoader();
            if (loader != null
                    && !loader.equals(ClassLoader.getPlatformClassLoader())
                    && !loader.equals(Installation.class.getClassLoader())
                    && instrumentation.isModifiableClass(loaded)
                    && isOfInterest(loaded)) {
                try {
                    instrumentation.retransformClasses(loaded);
                } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
                    System.err.println("sluice: " + unchanged(loaded.getName(), e));
                }
            }
        }
    }

    private static boolean isOfInterest(Class<?> loaded) {
        String name = loaded.getName();
        try (InputStream file = loaded.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
            return file != null && ProgramPatches.isOfInterest(file.readAllBytes());
        } catch (IOException e) {
            return true; // then the JVM has to say what it is like
        }
    }

    private static String unchanged(@Nullable String name, Throwable e) {
        return name + " cannot be changed (" + e + "): if it asks for the place in a managed random access file, it gets"
                + " an exception; its methods that are steps are none";
    }

    /** Changes the JDK's classes once, and later those programs' that call what cannot be changed, or have methods that are steps. */
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
                return ProgramPatches.patched(loader, file);
            } catch (RuntimeException | Error e) {
                if (redefined == null || loader != null) {
                    System.err.println("sluice: " + unchanged(name, e));
                } else {
                    trouble = e; // whoever calls this would not tell
                }
                return null;
            }
        }
    }
}
