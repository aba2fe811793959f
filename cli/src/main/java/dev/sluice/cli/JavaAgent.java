package dev.sluice.cli;

import dev.sluice.jvm.Agent;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What makes a Java program take part from inside itself. Stateless. */
final class JavaAgent {
    /** The first release whose JVM can load it. */
    private static final int RELEASE = 25;

    private static final Pattern VERSION = Pattern.compile("^JAVA_VERSION=\"(\\d+)", Pattern.MULTILINE);

    private JavaAgent() {}

    /** {@return the option of {@code java} that loads the agent, if this program stands in jars, as it is installed} */
    static Optional<String> option() {
        CodeSource source = Agent.class.getProtectionDomain().getCodeSource();
        return Optional.ofNullable(source)
                .map(CodeSource::getLocation)
                .map(JavaAgent::file)
                .filter(JavaAgent::isComplete)
                .map(jar -> "-javaagent:" + jar);
    }

    private static Path file(URL location) {
        try {
            return Path.of(location.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("no place of a program: " + location, e);
        }
    }

    /** The jar names those that it needs, which stand beside it. */
    private static boolean isComplete(Path jar) {
        String name = String.valueOf(jar.getFileName());
        return name.endsWith(".jar") && Files.exists(jar.resolveSibling(name.replace("sluice-jvm", "sluice-stream")));
    }

    /** {@return a command with the agent, if it is one of a Java that can load it; else the command} */
    static List<String> with(List<String> command) {
        return option().map(option -> with(command, option)).orElse(command);
    }

    static List<String> with(List<String> command, String option) {
        List<String> all = new ArrayList<>(command);
        if (isJava(command.getFirst())) {
            all.add(1, option);
        }
        return all;
    }

    private static boolean isJava(String program) {
        return (program.equals("java") || program.endsWith("/java")) && release(program) >= RELEASE;
    }

    /** The release of a JDK stands in a file beside its programs. */
    private static int release(String program) {
        try {
            Optional<Path> found = program.contains("/") ? Optional.of(Path.of(program)) : inPath(program);
            if (found.isEmpty()) {
                return 0;
            }
            Path file = found.get().toRealPath().resolveSibling("..").resolve("release");
            Matcher version = VERSION.matcher(Files.readString(file, StandardCharsets.UTF_8));
            return version.find() ? Integer.parseInt(version.group(1)) : 0;
        } catch (IOException e) {
            return 0; // it is none, or one that does not say; then the mount serves it
        }
    }

    private static Optional<Path> inPath(String program) {
        String path = System.getenv("PATH");
        return Stream.of((path == null ? "" : path).split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder.isEmpty() ? "." : folder, program))
                .filter(file -> Files.isExecutable(file) && !Files.isDirectory(file))
                .findFirst();
    }
}
