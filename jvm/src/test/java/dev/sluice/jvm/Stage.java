package dev.sluice.jvm;

import dev.sluice.language.Flow;
import dev.sluice.stream.Session;
import dev.sluice.testing.Child;
import dev.sluice.testing.Compiled;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A managed directory without a mount, and other people's programs that take part by the agent, as it is installed. Nothing of ours
 * is on their class path. Owns the children, and ends them. One thread at a time.
 */
final class Stage implements AutoCloseable {
    /** Where the build has put the programs' jars. */
    private static final Path PROGRAMS = Path.of("target/programs").toAbsolutePath();

    /** Small and quick to start. */
    private static final List<String> QUICK = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    final Managed managed;
    final Host host;
    private final Path folder;
    private final String agent;
    private final Path classes;
    private final List<Child> children = new ArrayList<>();

    Stage(Path folder, Flow flow) throws IOException {
        this.folder = folder;
        managed = Managed.in(folder.toRealPath(), flow);
        host = new Host(managed.workflow);
        agent = Jars.agent(folder.resolve("lib"));
        classes = Files.createDirectory(folder.resolve("classes"));
    }

    /** {@return a path in the managed directory} */
    String path(String name) {
        return managed.directory.resolve(name).toString();
    }

    /** {@return the option that loads the agent} */
    String agent() {
        return agent;
    }

    static Path jar(String name) {
        Path jar = PROGRAMS.resolve(name + ".jar");
        if (!Files.exists(jar)) {
            throw new AssertionError("the build has not brought " + jar);
        }
        return jar;
    }

    /** Compiles a program, which is not run yet. */
    void compile(String main, String text, String... jars) throws IOException {
        Compiled.in(
                classes,
                main,
                text,
                Stream.concat(Arrays.stream(jars).map(Stage::jar), Stream.of(classes))
                        .toArray(Path[]::new));
    }

    /** {@return what starts a class of a program, or of its libraries} */
    List<String> java(String main, List<String> jars, String... words) {
        List<String> command = new ArrayList<>(List.of(Compiled.java()));
        command.addAll(QUICK);
        command.addAll(List.of("-cp", places(jars), main));
        command.addAll(List.of(words));
        return command;
    }

    private String places(List<String> jars) {
        return Stream.concat(Stream.of(classes), jars.stream().map(Stage::jar))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Prepares a program, with the agent, as a process of a step. */
    Child child(Session session, List<String> java) {
        List<String> command = new ArrayList<>(java);
        command.add(1, command.getFirst().endsWith("/java") ? agent : "-J" + agent);
        return plain(command)
                .with("SLUICE_DIR", managed.directory.toString())
                .with("SLUICE_STEP", session.step())
                .with("SLUICE_SESSION", host.word(session));
    }

    /** Prepares a command as it is. */
    Child plain(List<String> command) {
        Child child = Child.of(command);
        children.add(child);
        return child;
    }

    /** Lets a program go on that waits for a line. */
    static void goOn(Child child) throws IOException {
        child.input().write('\n');
        child.input().flush();
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        children.forEach(Child::close);
        host.close();
        managed.close();
    }
}
