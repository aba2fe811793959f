package dev.sluice.testing;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Another process, which never outlives the test: closing kills it and what it has started. */
public final class Child implements AutoCloseable {
    private static final int SECONDS = 40;

    private final ProcessBuilder builder;
    private final Path output;
    private Process process;

    private Child(List<String> command) {
        // Who runs the tests in the background of a shell has it ignore SIGINT, and its children with it.
        List<String> all = new ArrayList<>(List.of("env", "--default-signal=INT"));
        all.addAll(command);
        builder = new ProcessBuilder(all).redirectErrorStream(true);
        try {
            output = Files.createTempFile("sluice-child", ".txt");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        output.toFile().deleteOnExit(); // not everybody closes one that has ended
        builder.redirectOutput(output.toFile());
    }

    /**
     * Prepares a process.
     *
     * @param command program and arguments
     * @return the process, not yet started
     */
    public static Child of(List<String> command) {
        return new Child(command);
    }

    /**
     * What starts a class's {@code main} in another JVM, with the classes of this one.
     *
     * @param main the class
     * @param jvmOptions options of the JVM
     * @param arguments arguments of {@code main}
     * @return program and arguments
     */
    public static List<String> java(String main, Class<?> known, List<String> jvmOptions, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-ea"));
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", classPath(known), main));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The child has no modules: all that this JVM has on either path, and the folder of the tests. */
    private static String classPath(Class<?> known) {
        Set<String> places = new LinkedHashSet<>();
        places.add(placeOf(known));
        for (String property : List.of("jdk.module.path", "java.class.path", "surefire.test.class.path")) {
            for (String place : System.getProperty(property, "").split(File.pathSeparator, -1)) {
                if (!place.isEmpty()) {
                    places.add(Path.of(place).toAbsolutePath().toString());
                }
            }
        }
        return String.join(File.pathSeparator, places);
    }

    private static String placeOf(Class<?> known) {
        String file = known.getName().replace('.', '/') + ".class";
        String address = known.getResource("/" + file).toString();
        String place = address.substring(0, address.length() - file.length());
        if (place.startsWith("jar:")) {
            place = place.substring("jar:".length(), place.indexOf("!/"));
        }
        return Path.of(URI.create(place)).toString();
    }

    /**
     * Sets an environment variable.
     *
     * @param variable its name
     * @param value its value
     * @return this
     */
    public Child with(String variable, String value) {
        builder.environment().put(variable, value);
        return this;
    }

    /**
     * Starts the process.
     *
     * @return this
     */
    public Child start() {
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    /** {@return its number} */
    public long number() {
        return process.pid();
    }

    /** {@return its standard input} */
    public OutputStream input() {
        return process.getOutputStream();
    }

    /**
     * Waits until the process has said something.
     *
     * @param text what
     * @return this
     */
    public Child untilItSays(String text) {
        Deadline.until("the child says '" + text + "'", () -> {
            if (!process.isAlive() && !said().contains(text)) {
                throw new IllegalStateException("the child has ended: " + said());
            }
            return said().contains(text);
        });
        return this;
    }

    /** {@return what the process has said so far, on both streams} */
    public String said() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Sends a signal to the process.
     *
     * @param name its name without SIG
     */
    public void signal(String name) {
        Outcome sent = run(List.of("kill", "-" + name, Long.toString(process.pid())));
        if (sent.exit() != 0) {
            throw new AssertionError(sent.output());
        }
    }

    /** Kills the process as {@code kill -9} does, and nothing that it has started; nothing happens if it has ended. */
    public void killAlone() {
        process.destroyForcibly();
    }

    /** Kills the process as {@code kill -9} does, and what it has started. */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /**
     * What became of a process.
     *
     * @param exit its exit code
     * @param output what it said on both streams
     */
    public record Outcome(int exit, String output) {}

    /**
     * Waits for the process's end.
     *
     * @return what became of it
     */
    public Outcome finish() {
        return finish(Duration.ofSeconds(SECONDS));
    }

    /**
     * Waits for the process's end.
     *
     * @param most for how long
     * @return what became of it
     */
    public Outcome finish(Duration most) {
        try {
            if (!process.waitFor(most.toSeconds(), TimeUnit.SECONDS)) {
                kill();
                throw new AssertionError("the child did not end within " + most.toSeconds() + " s; it said: " + said());
            }
            return new Outcome(process.exitValue(), said());
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for a child", e);
        }
    }

    /**
     * Runs a command from start to end.
     *
     * @param command program and arguments
     * @return what became of it
     */
    public static Outcome run(List<String> command) {
        try (Child child = of(command)) {
            return child.start().finish();
        }
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            kill();
            finish();
        }
        try {
            Files.deleteIfExists(output);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
