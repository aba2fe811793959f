package dev.sluice.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Child;
import dev.sluice.testing.Compiled;
import dev.sluice.testing.JarLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Methods of classes that are steps, by the agent. */
@Timeout(120)
class AnnotatedTest {
    @TempDir
    private Path folder;

    private Managed managed;
    private Host host;
    private String agent;

    @BeforeEach
    void serve() throws IOException {
        managed = Managed.in(folder.toRealPath());
        host = new Host(managed.workflow);
        agent = Jars.agent(folder.resolve("lib"));
    }

    @AfterEach
    void end() throws IOException {
        host.close();
        managed.close();
    }

    private Child.Outcome run(Path classes, String main, String... words) {
        List<String> command = new ArrayList<>(
                List.of(Compiled.java(), agent + "=dir=" + managed.directory + ",step=use", "-cp", classes.toString()));
        command.add(main);
        command.addAll(List.of(words));
        return Child.run(command);
    }

    private Path compiled(String name, String text) throws IOException {
        return Compiled.in(folder.resolve("classes"), name, text, JarLayout.agent(folder.resolve("lib")));
    }

    @Test
    void everyCallOfAnAnnotatedMethodIsARunOfItsStep() throws IOException {
        Path classes = compiled("Steps", """
            import dev.sluice.jvm.AsStep;
            import java.nio.file.*;
            class Steps {
                final Path work;
                Steps(Path work) { this.work = work; }
                @AsStep("make") private long writes(byte a, long b, String text, double[] more) throws Exception {
                    Files.writeString(work.resolve("data"), text + a + b + more[0]);
                    return b + 1;
                }
                @AsStep("make") static int adds(int one, int other) { return one + other; }
                @AsStep("make") void nothing() {}
                @AsStep("make") synchronized float deep(int depth) { return depth == 0 ? 0.5f : deep(depth - 1); }
                @AsStep("make") java.util.concurrent.CompletableFuture<String> later() {
                    return java.util.concurrent.CompletableFuture.supplyAsync(() -> "later");
                }
                boolean plain() { return true; }
                public static void main(String[] words) throws Exception {
                    Steps steps = new Steps(Path.of(words[0]));
                    System.out.println(steps.writes((byte) 1, 2L, "text", new double[] {3}) + " "
                            + Files.readString(steps.work.resolve("data")));
                    System.out.println(adds(3, 4) + " " + steps.deep(1) + " " + steps.later().join() + " " + steps.plain());
                    steps.nothing();
                }
            }
            """);
        assertThat(run(classes, "Steps", managed.directory.toString()))
                .isEqualTo(new Child.Outcome(0, "3 text123.0\n7 0.5 later true\n"));
        List<String> expected = new ArrayList<>(List.of("begins use"));
        for (int i = 0; i < 5; i++) {
            expected.addAll(List.of("begins make", "ends make with 0")); // one is deep in itself, and the same run
        }
        expected.add("ends use with 0");
        dev.sluice.testing.Deadline.until("all is told", () -> host.runs().size() == expected.size());
        assertThat(host.runs()).isEqualTo(expected);
    }

    @Test
    void anExceptionIsThrownAsItIsAndIsARunThatHasFailed() throws IOException {
        Path classes = compiled("Fails", """
            import dev.sluice.jvm.AsStep;
            class Fails {
                static class Own extends Throwable {}
                static final Own OWN = new Own();
                static final RuntimeException RUNTIME = new RuntimeException();
                static final java.io.IOException IO = new java.io.IOException();
                @AsStep("make") static void own() throws Own { throw OWN; }
                @AsStep("make") static int runtime() { throw RUNTIME; }
                @AsStep("make") static Object io() throws java.io.IOException { throw IO; }
                @AsStep("nobody") static void refused() {}
                @AsStep("nobody") static void told() throws java.io.IOException {}
                public static void main(String[] words) throws Exception {
                    try { own(); } catch (Own e) { System.out.println(e == OWN); }
                    try { runtime(); } catch (RuntimeException e) { System.out.println(e == RUNTIME); }
                    try { io(); } catch (java.io.IOException e) { System.out.println(e == IO); }
                    try { refused(); } catch (RuntimeException e) { System.out.println(e.getClass()); }
                    try { told(); } catch (java.io.IOException e) { System.out.println("told"); }
                }
            }
            """);
        assertThat(run(classes, "Fails")).isEqualTo(new Child.Outcome(0, """
            true
            true
            true
            class java.io.UncheckedIOException
            told
            """));
        assertThat(host.runs()).filteredOn("ends make with 1"::equals).hasSize(3);
    }

    @Test
    void subclassesInterfacesThreadsAndClassesThatAreLoadedLaterAreNoDifferent() throws IOException {
        Path later = compiled("Late", """
            public class Late implements Runnable {
                @dev.sluice.jvm.AsStep("make") public void run() { System.out.println("late in " + Thread.currentThread().isVirtual()); }
            }
            """);
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.move(later.resolve("Late.class"), elsewhere.resolve("Late.class"));
        Path classes = compiled("Kinds", """
            import dev.sluice.jvm.AsStep;
            class Kinds {
                interface Says {
                    @AsStep("make") default String says(String what) { return "says " + what; }
                    @AsStep("make") static String all() { return "all"; }
                }
                static class Over {
                    @AsStep("make") String name() { return "over"; }
                }
                static class Under extends Over implements Says {
                    @Override String name() { return "under " + super.name(); }
                }
                public static void main(String[] words) throws Exception {
                    Under under = new Under();
                    System.out.println(under.name() + " " + under.says("it") + " " + Says.all());
                    var loader = new java.net.URLClassLoader(
                            new java.net.URL[] {java.nio.file.Path.of(words[0]).toUri().toURL()});
                    Thread thread = Thread.ofPlatform().start(() -> {
                        try {
                            Runnable late = (Runnable) loader.loadClass("Late").getDeclaredConstructor().newInstance();
                            Thread.ofVirtual().start(late).join();
                            late.run();
                        } catch (Exception e) {
                            e.printStackTrace();
                        }
                    });
                    thread.join();
                }
            }
            """);
        assertThat(run(classes, "Kinds", elsewhere.toString()))
                .isEqualTo(new Child.Outcome(0, "under over says it all\nlate in true\nlate in false\n"));
        assertThat(host.runs()).filteredOn("begins make"::equals).hasSize(5);
    }

    @Test
    void theStepOfTheWholeProgramIsTheSameRun() throws IOException {
        Path classes = compiled("Same", """
            class Same {
                @dev.sluice.jvm.AsStep("use") static String uses() { return "used"; }
                public static void main(String[] words) { System.out.println(uses()); }
            }
            """);
        assertThat(run(classes, "Same")).isEqualTo(new Child.Outcome(0, "used\n"));
        assertThat(host.runs()).filteredOn("begins use"::equals).hasSize(1);
    }
}
