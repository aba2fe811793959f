package dev.sluice.jvm;

import java.io.BufferedReader;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/** A program that takes part by a scope, with a server that it starts if it must: for tests of the program {@code sluice}. */
public final class ScopeProgram {
    private ScopeProgram() {}

    /**
     * Its arguments: the managed directory, the step, what it does (and after a comma, how), the flow (or -), and what starts the
     * server.
     */
    public static void main(String[] arguments) throws Exception {
        Scope.Builder settings = Sluice.scope(Path.of(arguments[0]))
                .step(arguments[1])
                .silent(false)
                .waiting(Duration.ofSeconds(30));
        if (!arguments[3].equals("-")) {
            settings.flow(Path.of(arguments[3]));
        }
        if (arguments.length > 4) {
            settings.server(Arrays.copyOfRange(arguments, 4, arguments.length));
        }
        String[] words = arguments[2].split(",", 2);
        String how = words.length > 1 ? words[1] : "";
        if (how.equals("by its file system")) {
            URI uri = URI.create(
                    "sluice://" + arguments[1] + Path.of(arguments[0]).toAbsolutePath());
            try (FileSystem files = FileSystems.newFileSystem(uri, Map.of())) {
                Files.writeString(files.getPath("data"), "by a file system\n");
            }
            return;
        }
        settings.tearDown(how.equals("and ends the server"));
        if (how.startsWith("of ")) {
            settings.workflow(how.substring(3));
        }
        try (Scope scope = settings.open()) {
            Path data = scope.path("data");
            switch (words[0]) {
                case "write" -> Files.writeString(data, "by " + scope.step() + "\n");
                case "fail" -> scope.fail();
                default -> {
                    try (BufferedReader reader = Files.newBufferedReader(data)) {
                        System.out.println("got " + reader.readLine());
                    }
                    Files.writeString(scope.path("result"), "done");
                }
            }
        }
        System.out.println("ended");
    }
}
