package dev.sluice.jvm;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** A program that takes part by a scope, with a server that it starts if it must: for tests of the program {@code sluice}. */
public final class ScopeProgram {
    private ScopeProgram() {}

    /** Its arguments: the managed directory, the step, what it does, the flow (or -), and what starts the server. */
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
        try (Scope scope = settings.open()) {
            Path data = scope.path("data");
            switch (arguments[2]) {
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
