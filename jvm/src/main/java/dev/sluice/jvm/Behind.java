package dev.sluice.jvm;

import java.io.File;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link Hook} asks first: brings {@link Far} when something is asked for the first time, since most programs with the
 * agent have only just been started, and many use no managed file at all. A program that brings Sluice itself shares it with the
 * agent, so that they have the same scopes; for any other {@link AgentLoader} brings it. Owns what it has brought, by its lock.
 * Safe for use by many threads.
 */
final class Behind implements BiFunction<String, Object[], @Nullable Object> {
    private static final String INSIDE = "dev.sluice.jvm.Inside";

    /** A class of a room below: who has it brings them all. */
    private static final String BELOW = "dev.sluice.stream.Workflow";

    private final String directory;
    private final @Nullable String step;
    private final File @Nullable [] jars;
    private final String temporary = MeetingPoint.temporary();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean isTold;
    private volatile @Nullable BiFunction<String, Object[], @Nullable Object> far;

    /**
     * Made for a directory.
     *
     * @param directory its absolute path
     * @param step the step that this process is to begin; null if it is a process of one
     */
    Behind(String directory, @Nullable String step) throws IOException {
        this.directory = directory;
        this.step = step;
        jars = isBrought() ? null : AgentLoader.Places.found();
    }

    private static boolean isBrought() {
        try {
            Class<?> _ = Class.forName(BELOW, false, Behind.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false; // as in nearly every program
        }
    }

    /** Goes in now. {@return what went wrong; null when all is well} */
    @Nullable
    Throwable enter() {
        Object found = far();
        return found instanceof Throwable trouble ? trouble : null;
    }

    @Override
    @SuppressWarnings("unchecked")
    public @Nullable Object apply(String operation, Object[] arguments) {
        if (operation.equals("ended") && far == null) {
            return null; // nothing was used
        }
        Object found = far();
        if (found instanceof Throwable trouble) {
            if (!isTold) {
                isTold = true; // where a file that is not there, and no exception, is the answer, nobody would know why
                System.err.println("sluice: files of " + directory + " cannot be used: " + Agent.why(trouble));
            }
            return trouble;
        }
        return ((BiFunction<String, Object[], @Nullable Object>) found).apply(operation, arguments);
    }

    /** What is asked, or why there is nothing to be asked; the next one tries again. */
    @SuppressWarnings("unchecked") // it is our own class, by another loader perhaps
    private Object far() {
        Object now = far;
        if (now != null) {
            return now;
        }
        lock.lock();
        try {
            if (far == null) {
                ClassLoader loader = jars == null ? Behind.class.getClassLoader() : AgentLoader.of(jars);
                var maker = Class.forName(INSIDE, true, loader).getDeclaredConstructor();
                maker.setAccessible(true);
                Object made = ((Function<Object[], Object>) maker.newInstance())
                        .apply(new Object[] {directory, step, temporary, new JdkWatches()});
                if (made instanceof Throwable) {
                    return made;
                }
                far = (BiFunction<String, Object[], @Nullable Object>) made;
            }
            return java.util.Objects.requireNonNull(far);
        } catch (IOException | RuntimeException | LinkageError e) {
            return e;
        } catch (ReflectiveOperationException e) {
            return new IOException("a part of the agent cannot be loaded: " + e, e);
        } finally {
            lock.unlock();
        }
    }
}
