package dev.sluice.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.stream.Session;
import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who waits for a server in a virtual thread that keeps its carrier, where there is no other one. */
@Timeout(120)
class HandsTest extends OnStage {
    private Child pinned(Session session, String main, String... words) {
        List<String> java = stage.java(main, List.of(), words);
        java.addAll(
                1, List.of("-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1"));
        return stage.child(session, java);
    }

    /** A class is initialized by code that the JVM calls, so the thread in which that is done cannot leave its carrier. */
    @Test
    void virtualThreadsReadAndWriteInTheInitializersOfClasses() throws IOException {
        stage.compile("Writes", """
            class Writes {
                static String file;
                static class All {
                    static {
                        try (var out = new java.io.FileOutputStream(file)) {
                            for (int i = 0; i < 16; i++) { out.write(new byte[65_536]); }
                            System.out.println("holds");
                            System.in.read();
                            out.write("end".getBytes());
                        } catch (java.io.IOException e) { throw new java.io.UncheckedIOException(e); }
                    }
                    static void wake() {}
                }
                public static void main(String[] words) throws Exception {
                    file = words[0];
                    Thread.ofVirtual().start(All::wake).join();
                }
            }
            """);
        stage.compile("Reads", """
            class Reads {
                static String file;
                static class All {
                    static final long BYTES;
                    static {
                        try (var in = new java.io.FileInputStream(file)) {
                            long bytes = in.readNBytes(200_000).length;
                            System.out.println("reads");
                            BYTES = bytes + in.transferTo(java.io.OutputStream.nullOutputStream());
                        } catch (java.io.IOException e) { throw new java.io.UncheckedIOException(e); }
                    }
                }
                public static void main(String[] words) throws Exception {
                    file = words[0];
                    Thread.ofVirtual().start(() -> System.out.println(All.BYTES)).join();
                }
            }
            """);
        Child writer = pinned(stage.managed.making, "Writes", stage.path("data"))
                .start()
                .untilItSays("holds");
        Child reader =
                pinned(stage.managed.using, "Reads", stage.path("data")).start().untilItSays("reads");
        Deadline.until("it waits", () -> stage.managed.workflow.waiting().size() == 1);
        Stage.goOn(writer);
        assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, "reads\n1048579\n"));
        assertThat(writer.finish()).isEqualTo(new Child.Outcome(0, "holds\n"));
    }
}
