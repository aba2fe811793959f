package dev.sluice.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** How every example begins and ends: usage, exit status (0 done, 1 failed, 2 not understood), errors as a sentence. */
final class Program {
    /** What an example does. */
    interface Body {
        void run(Arguments arguments) throws Exception;
    }

    private Program() {}

    /** Runs an example, whose name is the second word of its usage, and answers its exit status. */
    static int run(String usage, PrintStream out, PrintStream err, String[] typed, Body body) {
        String name = usage.split(" ", 3)[1];
        Arguments arguments = new Arguments(typed);
        if (arguments.flag("--help")) {
            out.print(usage);
            return 0;
        }
        try {
            body.run(arguments);
            return 0;
        } catch (Arguments.Misuse e) {
            err.println(name + ": " + e.getMessage());
            err.print(usage);
            return 2;
        } catch (Exception e) {
            err.println(name + ": " + sentence(e));
            return 1;
        }
    }

    /** Some exceptions of the JDK have but the file's name to say. */
    static String sentence(@Nullable Throwable failure) {
        return switch (failure) {
            case CompletionException e when e.getCause() != null -> sentence(e.getCause());
            case ExecutionException e when e.getCause() != null -> sentence(e.getCause());
            case UncheckedIOException e -> sentence(e.getCause());
            case FileSystemException e
            when e.getReason() == null ->
                e.getFile() + ": " + e.getClass().getSimpleName().replace("Exception", "");
            case IOException e when e.getMessage() != null -> e.getMessage();
            case null, default -> String.valueOf(failure);
        };
    }

    /** Opening the target for writing would empty the source. */
    static void requireDifferent(Path source, Path target) throws IOException {
        if (Files.exists(target) && Files.isSameFile(source, target)) {
            throw new FileSystemException(source.toString(), target.toString(), "they are the same file");
        }
    }
}
