package dev.sluice.cli;

import dev.sluice.jvm.Agent;
import dev.sluice.jvm.MeetingPoint;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

    private static final Pattern AGENT =
            Pattern.compile("-javaagent:([^=]*/)?sluice-jvm[^/=]*\\.jar(=.*)?", Pattern.DOTALL);

    private static final Pattern VERSION = Pattern.compile("^JAVA_VERSION=\"(\\d+)", Pattern.MULTILINE);

    /** What `jlink` has made says what is in it; without this module no JVM loads an agent, or even begins. */
    private static final Pattern LACKING =
            Pattern.compile("^MODULES=\"(?![^\"]*\\bjava\\.instrument\\b)", Pattern.MULTILINE);

    private JavaAgent() {}

    /**
     * {@return the option of {@code java} that loads the agent, if this program stands in jars, as it is installed} It has nothing
     * in it that a shell would take apart.
     */
    static Optional<String> option() {
        CodeSource source = Agent.class.getProtectionDomain().getCodeSource();
        return Optional.ofNullable(source)
                .map(CodeSource::getLocation)
                .map(JavaAgent::file)
                .filter(JavaAgent::isComplete)
                .map(JavaAgent::option);
    }

    static String option(Path jar) {
        return "-javaagent:" + (isPlain(jar) ? jar : linked(jar));
    }

    /** Is it one word for every shell, and is nothing of it an option of the agent? */
    private static boolean isPlain(Path path) {
        return path.toString().chars().allMatch(c -> Character.isLetterOrDigit(c) || "/._-+@:%,".indexOf(c) >= 0);
    }

    /** By a link to the jars' folder, in that folder of the user's where servers are met; it stays for the next. */
    private static Path linked(Path jar) {
        Path folder = jar.toAbsolutePath().resolveSibling("");
        try {
            for (MeetingPoint point : MeetingPoint.all(folder)) {
                Path link = point.file("jars");
                if (isPlain(link) && Station.isMade(point.folder())) {
                    link(link, point.directory());
                    return link.resolve(jar.getFileName());
                }
            }
            return jar;
        } catch (IOException e) {
            return jar; // who puts it in quotes can use it
        }
    }

    private static void link(Path link, Path folder) throws IOException {
        if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(folder)) {
            return;
        }
        Path made = link.resolveSibling(
                link.getFileName() + "." + ProcessHandle.current().pid());
        Files.deleteIfExists(made);
        Files.createSymbolicLink(made, folder);
        Files.move(made, link, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path file(URL location) {
        try {
            return Path.of(location.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("no place of a program: " + location, e);
        }
    }

    /** Those that it needs stand beside it. */
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
        if (isJava(command.getFirst()) && command.stream().noneMatch(JavaAgent::isAgent)) {
            all.add(1, option);
        }
        return all;
    }

    /** Who says it himself, as in the command of a flow, means the same. */
    private static boolean isAgent(String word) {
        return AGENT.matcher(word).matches();
    }

    private static boolean isJava(String program) {
        return (program.equals("java") || program.endsWith("/java")) && release(program) >= RELEASE;
    }

    /** The release of a JDK stands in a file beside its programs. {@return it, 0 when it cannot load an agent} */
    private static int release(String program) {
        try {
            Optional<Path> found = program.contains("/") ? Optional.of(Path.of(program)) : inPath(program);
            if (found.isEmpty()) {
                return 0;
            }
            Path file = found.get().toRealPath().resolveSibling("..").resolve("release");
            String said = Files.readString(file, StandardCharsets.UTF_8);
            Matcher version = VERSION.matcher(said);
            boolean isAble = version.find() && !LACKING.matcher(said).find();
            return isAble ? Integer.parseInt(version.group(1)) : 0;
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
