package dev.sluice.jvm;

import java.nio.file.Path;

/**
 * Where to begin: this JVM, or a part of it, takes part in a workflow as a step. Two steps that stream in one process, here within
 * a workflow of its own:
 *
 * {@snippet class="dev.sluice.jvm.ScopeTest" region="lambda"}
 *
 * <p>Stateless.
 */
public final class Sluice {
    private Sluice() {}

    /**
     * Prepares to take part.
     *
     * @param directory the managed directory
     * @return what is to be said before {@link Scope.Builder#open}, {@link Scope.Builder#run} or {@link Scope.Builder#call}
     */
    public static Scope.Builder scope(Path directory) {
        return new Scope.Builder(directory);
    }

    /**
     * The same in the directory that {@code SLUICE_DIR} or {@code CAPIO_DIR} says, else the current one.
     *
     * @return what is to be said before
     */
    public static Scope.Builder scope() {
        return scope(Surroundings.directory());
    }
}
