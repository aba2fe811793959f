package dev.sluice.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A program that has run as its users run it, in a process of its own, and what it left. */
final class Run {
    private final int status;
    private final byte[] bytes;
    private final String errors;

    private Run(int status, byte[] bytes, String errors) {
        this.status = status;
        this.bytes = bytes;
        this.errors = errors;
    }

    /** Runs an example on a context. */
    static Run of(String context, Class<?> example, Object... arguments) {
        List<String> command = command(context, example);
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return of(command);
    }

    static List<String> command(String context, Class<?> example) {
        String path = System.getProperty("java.class.path") + ":" + System.getProperty("jdk.module.path", "");
        return new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-Dsluice.aio.context=" + context,
                "-cp",
                path,
                example.getName()));
    }

    /** Runs another program to compare with, or skips the test when there is none. */
    static Run tool(Object... words) {
        List<String> command = new ArrayList<>();
        for (Object word : words) {
            command.add(word.toString());
        }
        boolean present = List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command.getFirst())));
        Assumptions.assumeTrue(present, command.getFirst() + " is not installed");
        return of(command);
    }

    static Run of(List<String> command) {
        try {
            Path errors = Files.createTempFile("errors", "");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectError(errors.toFile())
                        .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                        .start();
                byte[] bytes = process.getInputStream().readAllBytes();
                return new Run(process.waitFor(), bytes, Files.readString(errors));
            } finally {
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    int status() {
        return status;
    }

    String errors() {
        return errors;
    }

    byte[] bytes() {
        return bytes;
    }

    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
