package dev.sluice.jvm;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings a JVM into a workflow: the hook, then the changes that call it, then the way in; only then anything is managed. What was
 * done is undone when the next cannot be. Used once, by the thread that loads the agent; afterwards it is asked for classes by all
 * that load some. It and what it uses are loaded at every start, so there are few classes, and no lambdas.
 */
final class Installation {
    /** The classes of the JDK that are changed. */
    private static final String[] OF_JDK = {
        "java.io.FileInputStream",
        "java.io.FileOutputStream",
        "java.io.RandomAccessFile",
        "java.io.FileDescriptor",
        "java.io.UnixFileSystem",
        "sun.nio.fs.UnixFileSystemProvider",
        "sun.nio.fs.LinuxFileSystemProvider",
        "sun.nio.fs.AbstractFileSystemProvider",
        "sun.nio.fs.UnixPath",
        "java.nio.file.Files",
        "java.nio.file.spi.FileSystemProvider",
        "sun.nio.ch.ChannelInputStream",
        "java.lang.Shutdown",
        "java.lang.Runtime",
        "java.lang.Thread"
    };

    private final Instrumentation instrumentation;
    private final boolean isRunning;
    private final PatchCache cache = PatchCache.read();
    private final Patcher patcher = new Patcher();
    private volatile @Nullable Throwable trouble;

    /**
     * Made for a JVM.
     *
     * @param instrumentation what changes classes
     * @param isRunning whether the program has begun
     */
    Installation(Instrumentation instrumentation, boolean isRunning) {
        this.instrumentation = instrumentation;
        this.isRunning = isRunning;
    }

    /**
     * Begins.
     *
     * @param directory the managed directory
     * @param said the step, if the agent was told
     */
    void begin(String directory, @Nullable String said)
            throws IOException, ReflectiveOperationException, UnmodifiableClassException {
        boolean isDone = false;
        try {
            Path given = Path.of(directory).toAbsolutePath().normalize();
            boolean isProcessOfStep = isProcessOfStep(given, said);
            Behind behind = new Behind(given.toString(), isProcessOfStep ? null : step(said));
            open();
            Moved.define(cache);
            patch();
            if (!isProcessOfStep || isRunning || !isServed()) {
                enter(behind);
            }
            String real = MeetingPoint.identity(given).toString();
            String late = isRunning ? "" : late(given.toString(), real);
            Moved.install(given.toString(), real, Path.of("").toAbsolutePath().toString(), behind, mainThread());
            isDone = true;
            if (!late.isEmpty()) {
                for (String entry : late.split(File.pathSeparator, -1)) {
                    Late.add(entry, instrumentation);
                }
            }
        } finally {
            if (!isDone) {
                undo();
            }
        }
        cache.write();
        if (isRunning) {
            patchLoaded();
        }
    }

    /** The entries of the class path that were not there when the JVM has looked, with the separator between. */
    private static String late(String given, String real) {
        StringBuilder late = new StringBuilder();
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            if (Late.isEntry(entry, given, real)) {
                late.append(late.isEmpty() ? "" : File.pathSeparator).append(entry);
            }
        }
        return late.toString();
    }

    /** The agent is loaded by the thread that begins the program, or by another one when that runs already. */
    private @Nullable Thread mainThread() {
        if (!isRunning) {
            return Thread.currentThread();
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            ThreadGroup group = thread.getThreadGroup();
            if (thread.getName().equals("main")
                    && group != null
                    && group.getName().equals("main")) {
                return thread;
            }
        }
        return null; // it has ended
    }

    /** Who has started this process may have begun that very run already; as with a scope, it is no second one then. */
    private static boolean isProcessOfStep(Path directory, @Nullable String said) throws IOException {
        String served = Surroundings.first("SLUICE_DIR", "CAPIO_DIR");
        return said == null
                ? Surroundings.first("SLUICE_SESSION") != null
                : Surroundings.isOf(said)
                        && served != null
                        && MeetingPoint.identity(directory).equals(MeetingPoint.identity(Path.of(served)));
    }

    private static String step(@Nullable String said) {
        String step = said == null ? Surroundings.step() : said;
        if (step == null) {
            throw new IllegalArgumentException("it is not known which step this is: say step=STEP to the agent");
        }
        return step;
    }

    /** Who has started this process has said where its server is: then the way in is opened when it is needed. */
    private static boolean isServed() {
        String socket = Surroundings.first("SLUICE_SERVER");
        return socket != null && new File(socket).exists();
    }

    private static void enter(Behind behind) throws IOException {
        switch (behind.enter()) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IOException(e);
        }
    }

    /** The hook has to be among the JDK's own classes. */
    private void open() {
        instrumentation.redefineModule(
                Object.class.getModule(),
                Set.of(),
                Map.of(),
                Map.of(
                        "java.io",
                        Set.of(Installation.class.getModule()),
                        "sun.nio.fs", // for what is watched
                        Set.of(Installation.class.getModule())),
                Set.of(),
                Map.of());
    }

    private static Class<?>[] ofJdk() throws ClassNotFoundException {
        Class<?>[] classes = new Class<?>[OF_JDK.length];
        for (int i = 0; i < OF_JDK.length; i++) {
            classes[i] = Class.forName(OF_JDK[i]);
        }
        return classes;
    }

    private void patch() throws ReflectiveOperationException, UnmodifiableClassException {
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
    private void undo() {
        if (instrumentation.removeTransformer(patcher)) {
            try {
                instrumentation.retransformClasses(ofJdk());
            } catch (ClassNotFoundException | UnmodifiableClassException | RuntimeException | LinkageError e) {
                System.err.println("sluice: changes to the JDK's classes stay, without effect: " + e);
            }
        }
    }

    /** A program that runs has classes already that ask for the place in a file. */
    private void patchLoaded() {
        for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
            ClassLoader loader = loaded.getClassLoader();
            if (loader != null
                    && !loader.equals(ClassLoader.getPlatformClassLoader())
                    && !(loader instanceof AgentLoader)
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
            return file != null && Mentions.any(file.readAllBytes());
        } catch (IOException e) {
            return true; // then the JVM has to say what it is like
        }
    }

    private static String unchanged(@Nullable String name, Throwable e) {
        return name + " cannot be changed (" + e
                + "): if it asks for the place in a managed random access file, it gets"
                + " an exception; its methods that are steps are none";
    }

    /** Changes the JDK's classes once, and later those programs' that call what cannot be changed, or have methods that are steps. */
    private final class Patcher implements ClassFileTransformer {
        private byte @Nullable [] ofJdk(String name, byte[] file) {
            byte[] kept = cache.get(name, file);
            if (kept != null) {
                return kept;
            }
            byte[] made = Patches.patched(name, file);
            if (made != null && !isRunning) {
                cache.put(name, file, made);
            }
            return made;
        }

        @Override
        public byte @Nullable [] transform(
                @Nullable ClassLoader loader,
                @Nullable String name,
                @Nullable Class<?> redefined,
                @Nullable ProtectionDomain domain,
                byte[] file) {
            try {
                if (redefined != null && loader == null && name != null) {
                    return ofJdk(name, file);
                }
                return Mentions.any(file) ? ProgramPatches.patched(loader, file) : null;
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
