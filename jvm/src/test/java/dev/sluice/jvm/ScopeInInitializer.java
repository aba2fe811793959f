package dev.sluice.jvm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program whose virtual thread opens a scope where it cannot leave its carrier. Its argument: the managed directory. */
final class ScopeInInitializer {
    private static Path directory = Path.of("");

    private ScopeInInitializer() {}

    /** Initialized by the virtual thread. */
    private static final class All {
        static {
            try (Scope scope = Sluice.scope(directory).step("make").open()) {
                System.out.println("begins");
                Files.writeString(scope.path("data"), "text");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        static void wake() {}
    }

    public static void main(String[] arguments) throws InterruptedException {
        directory = Path.of(arguments[0]);
        Thread opener = Thread.ofVirtual().start(All::wake);
        while (opener.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        System.out.println("waits");
        opener.join();
        System.out.println("ends");
    }
}
