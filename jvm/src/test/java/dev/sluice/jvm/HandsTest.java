package dev.sluice.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.linux.OpenFlag;
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
    private static final List<String> ONE_CARRIER =
            List.of("-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1");
    private static final int NEW = OpenFlag.WRITE_ONLY.bits() | OpenFlag.CREATE.bits();

    private Child pinned(Session session, String main, String... words) {
        List<String> java = stage.java(main, List.of(), words);
        java.addAll(1, ONE_CARRIER);
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

    /** What a channel does by itself, and what watches a directory, is done by other threads than the one that waits for it. */
    @Test
    void virtualThreadsWaitForOthersInTheInitializersOfClasses() throws IOException {
        stage.compile("Waits", """
            import java.nio.file.*;
            class Waits {
                static String data;
                static String parts;
                static class All {
                    static {
                        try (var channel = java.nio.channels.AsynchronousFileChannel.open(Path.of(data));
                                var watches = FileSystems.getDefault().newWatchService()) {
                            var bytes = java.nio.ByteBuffer.allocate(10);
                            System.out.println(channel.read(bytes, 0).get() + " " + channel.lock(0, 1, true).get().isValid());
                            Path.of(parts).register(watches, StandardWatchEventKinds.ENTRY_CREATE);
                            System.out.println("watches");
                            System.out.println(watches.take().pollEvents().getFirst().context());
                        } catch (Exception e) { throw new AssertionError(e); }
                    }
                    static void wake() {}
                }
                public static void main(String[] words) throws Exception {
                    data = words[0];
                    parts = words[1];
                    Thread.ofVirtual().start(All::wake).join();
                }
            }
            """);
        stage.managed.maker.makeDirectory("parts", 0755);
        stage.managed.maker.open("data", NEW, 0644).write(DoorContract.bytes("text"), 0);
        Child waits = pinned(stage.managed.using, "Waits", stage.path("data"), stage.path("parts"))
                .start()
                .untilItSays("4 true\nwatches\n");
        stage.managed.maker.open("parts/1", NEW, 0644).close();
        assertThat(waits.finish()).isEqualTo(new Child.Outcome(0, "4 true\nwatches\n1\n"));
    }

    @Test
    void aScopeIsOpenedAndClosedInTheInitializerOfAClass() throws IOException {
        stage.host.accepting.lock(); // the server is slow, so that the thread has to wait for it
        try {
            Child opens = stage.plain(Child.java(
                            ScopeInInitializer.class.getName(),
                            ScopeInInitializer.class,
                            ONE_CARRIER,
                            stage.managed.directory.toString()))
                    .start()
                    .untilItSays("waits\n");
            stage.host.accepting.unlock();
            assertThat(opens.finish()).isEqualTo(new Child.Outcome(0, "waits\nbegins\nends\n"));
        } finally {
            if (stage.host.accepting.isHeldByCurrentThread()) {
                stage.host.accepting.unlock();
            }
        }
        assertThat(stage.host.runs()).containsExactly("begins make", "ends make with 0");
    }
}
